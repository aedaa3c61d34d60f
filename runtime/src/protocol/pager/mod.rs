//! Reads a list page by page.
//!
//! Pages go in, the requests for the next ones come out. No request goes to another server than the first.

pub(crate) mod progress;
#[cfg(test)]
mod tests;

use http::Uri;

use self::progress::Progress;

use super::exchange::Exchange;
use super::items::{Fetched, Items, Salvaged, decode_page};
use super::origin::{Origin, is_path, with_path};
use crate::request::encoding::percent_encode;
use crate::{Config, Error, ErrorKind, ListRequest, ListResponse, Pagination, Response};

/// Requests the pages of a list.
pub(crate) struct Pager<R: ListRequest> {
    /// The first request, with the filters and options of all others.
    first: Exchange<Fetched<R>>,
    /// The path of the configured base URL, before `/v1` and `/v2`.
    prefix: String,
    pagination: Pagination,
    is_backward: bool,
    next: Option<Exchange<Fetched<R>>>,
    progress: Progress,
}

/// Reads a page as a whole, or its items.
pub(crate) type Read<R, P> = fn(&mut Pager<R>, Response<Fetched<R>>) -> Result<P, Error>;

impl<R: ListRequest> Pager<R> {
    pub(crate) fn new(request: &R, config: &Config) -> Result<Self, Error> {
        let exchange = Exchange::new(request, config)?.decoding(decode_page::<R>);
        let mut uri = exchange.uri().clone();
        let is_backward = R::PAGINATION == Pagination::Cursor && has_parameter(&uri, BEFORE);
        if let Some(size) = R::MAX_PAGE_SIZE.filter(|_| !has_parameter(&uri, LIMIT)) {
            uri = with_parameter(&uri, LIMIT, &size.to_string(), &[])?;
        }
        let first = exchange.at(uri);
        let prefix = config.base_url().and_then(|url| url.parse::<Uri>().ok());
        let prefix = prefix.map(|uri| uri.path().trim_end_matches('/').to_owned()).unwrap_or_default();
        let pagination = R::PAGINATION;
        let next = Some(first.clone());
        Ok(Self { next, first, prefix, pagination, is_backward, progress: Progress::default() })
    }

    /// Reads the previous pages instead of the next ones. A list with cursors requires `ending_before` for this.
    pub(crate) fn backwards(&mut self) -> Result<(), Error> {
        if self.pagination == Pagination::Cursor && !self.is_backward {
            return Err(Error::invalid_request(
                "this list is read backwards from an item; help: set `ending_before` to its id",
            ));
        }
        self.is_backward = true;
        Ok(())
    }

    /// Starts at a page by its URL in an earlier response.
    pub(crate) fn start_at(&mut self, page_url: &str) -> Result<(), Error> {
        self.next = Some(self.follow(page_url)?);
        Ok(())
    }

    /// Returns the request for the next page, once; `None` at the end.
    pub(crate) fn next(&mut self) -> Option<Exchange<Fetched<R>>> {
        self.next.take()
    }

    /// Returns the request for the next page without taking it.
    #[cfg(feature = "blocking")]
    pub(crate) fn peek(&self) -> Option<&Exchange<Fetched<R>>> {
        self.next.as_ref()
    }

    /// Reads a page, and prepares the next request.
    pub(crate) fn read(&mut self, response: Response<Fetched<R>>) -> Result<R::Response, Error> {
        let context = self.context(&response);
        let page = response.value.map_err(&context)?;
        let last = self.last(page.items());
        self.next = self.after(&page, last.is_none(), last.and_then(R::cursor)).map_err(context)?;
        Ok(page)
    }

    /// Reads the items of a page, and prepares the next request. An item that does not decode is an error in its place.
    pub(crate) fn read_items(&mut self, response: Response<Fetched<R>>) -> Result<Items<R::Item>, Error> {
        let salvaged = match &response.value {
            Ok(_) => None,
            Err(_) => Salvaged::<R>::new(&response.body),
        };
        let Some(Salvaged { page, items }) = salvaged else {
            let mut items = self.read(response)?.into_items();
            if self.is_backward {
                items.reverse();
            }
            return Ok(Items::Whole(items.into_iter()));
        };
        let context = self.context(&response);
        let last = self.last(&items);
        let cursor = last.and_then(|item| item.as_ref().map_or_else(Error::item_id, R::cursor));
        let next = self.after(&page, last.is_none(), cursor);
        let mut items: Vec<_> = items.into_iter().map(|item| item.map_err(&context)).collect();
        if self.is_backward {
            items.reverse();
        }
        match next {
            Ok(next) => self.next = next,
            // After the items, whose errors explain the missing cursor.
            Err(error) => items.push(Err(context(error))),
        }
        Ok(Items::Salvaged(items.into_iter()))
    }

    /// Returns a function that adds the request and the response to an error.
    fn context(&self, response: &Response<Fetched<R>>) -> impl Fn(Error) -> Error + use<R> {
        let (status, request_id, attempts) =
            (response.status, response.request_id().map(str::to_owned), response.attempts);
        let endpoint = format!("GET {}", self.first.uri().path());
        move |error| {
            let error = error.with_endpoint(endpoint.as_str()).with_response(status, request_id.clone());
            error.with_attempts(attempts).with_request(None, true)
        }
    }

    /// Returns the last item of a page in the direction of reading.
    fn last<'a, T>(&self, items: &'a [T]) -> Option<&'a T> {
        if self.is_backward { items.first() } else { items.last() }
    }

    /// Returns the request for the page after this one, whose last item has this cursor.
    fn after(
        &mut self,
        page: &R::Response,
        is_empty: bool,
        cursor: Option<&str>,
    ) -> Result<Option<Exchange<Fetched<R>>>, Error> {
        self.progress.on_page(is_empty);
        match self.pagination {
            Pagination::SinglePage => Ok(None),
            Pagination::Cursor if !page.has_more() => Ok(None),
            Pagination::Cursor => {
                let cursor = cursor.ok_or_else(|| {
                    let which = if self.is_backward { "first" } else { "last" };
                    let message = format!("the list has more items, but the {which} item of this page has no id");
                    Error::new(ErrorKind::Pagination, message)
                })?;
                self.progress.advance(cursor)?;
                let name = if self.is_backward { BEFORE } else { AFTER };
                let uri = with_parameter(self.first.uri(), name, cursor, &[BEFORE, AFTER])?;
                Ok(Some(self.first.at(uri)))
            }
            Pagination::PageUrl => {
                let url = if self.is_backward { page.previous_page() } else { page.next_page() };
                let Some(url) = url else { return Ok(None) };
                self.progress.advance(url)?;
                self.follow(url).map(Some)
            }
        }
    }

    /// Returns the request for a page by its URL, verbatim; only on the server of the first request.
    fn follow(&self, url: &str) -> Result<Exchange<Fetched<R>>, Error> {
        let refuse = |reason: &str| Error::new(ErrorKind::Pagination, reason);
        let base = self.first.uri();
        let uri = if is_path(url) {
            with_path(base, &format!("{}{url}", self.prefix))
        } else {
            url.parse::<Uri>().map_err(http::Error::from)
        };
        let uri = uri.map_err(|error| refuse("invalid page URL").with_source(error))?;
        let origin = Origin::of(&uri);
        if origin.is_none() || origin != Origin::of(base) {
            let host = origin.map_or_else(|| "no server".to_owned(), |origin| format!("`{}`", origin.host()));
            return Err(refuse(&format!(
                "the next page is on {host}, not on the server of the list; nothing was sent"
            )));
        }
        Ok(self.first.at(uri))
    }
}

const LIMIT: &str = "limit";
const AFTER: &str = "starting_after";
const BEFORE: &str = "ending_before";

fn has_parameter(uri: &Uri, name: &str) -> bool {
    parameters(uri).any(|pair| key(pair) == name)
}

fn parameters(uri: &Uri) -> impl Iterator<Item = &str> {
    uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty())
}

fn key(pair: &str) -> &str {
    pair.split('=').next().unwrap_or(pair)
}

/// Returns the URL with one more parameter, and without some others.
pub(super) fn with_parameter(uri: &Uri, name: &str, value: &str, without: &[&str]) -> Result<Uri, Error> {
    let value = percent_encode(value);
    let added = format!("{name}={value}");
    let kept = parameters(uri).filter(|pair| key(pair) != name && !without.contains(&key(pair)));
    let query = kept.chain([added.as_str()]).collect::<Vec<_>>().join("&");
    with_path(uri, &format!("{}?{query}", uri.path()))
        .map_err(|error| Error::invalid_request("invalid page URL").with_source(error))
}
