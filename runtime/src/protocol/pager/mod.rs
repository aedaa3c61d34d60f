//! From page to page.

#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use http::Uri;
use http::uri::PathAndQuery;

use super::exchange::Exchange;
use super::items::{Fetched, Items, Salvaged, decode_page};
use super::origin::Origin;
use crate::request::encoding::percent_encode;
use crate::{Config, Error, ErrorKind, ListRequest, ListResponse, Pagination, Response};

/// A list that is being read.
pub(crate) struct Pager<R: ListRequest> {
    /// The first request; it keeps the filters and the options.
    first: Exchange<Fetched<R>>,
    /// The path of the base URL that the user set, which stands before `/v1` and `/v2`.
    prefix: String,
    pagination: Pagination,
    is_backward: bool,
    next: Option<Exchange<Fetched<R>>>,
    /// Where the list has been: to come back there would mean to go round for ever.
    seen: HashSet<u64>,
    /// How many pages in a row had no items.
    empty_pages: u32,
}

/// A way to read a page: as it is, or its items.
pub(crate) type Read<R, P> = fn(&mut Pager<R>, Response<Fetched<R>>) -> Result<P, Error>;

/// With so many pages in a row that have no items, the list is taken to be endless.
const MOST_EMPTY_PAGES: u32 = 100;

/// What a page says of the way on.
struct PageCursors<'a> {
    is_empty: bool,
    first: Option<&'a str>,
    last: Option<&'a str>,
    has_more: bool,
    next_page: Option<&'a str>,
    previous_page: Option<&'a str>,
}

impl<'a> PageCursors<'a> {
    fn new(page: &'a impl ListResponse, first: Option<&'a str>, last: Option<&'a str>, is_empty: bool) -> Self {
        let (next_page, previous_page) = (page.next_page(), page.previous_page());
        Self { is_empty, first, last, has_more: page.has_more(), next_page, previous_page }
    }
}

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
        Ok(Self { next, first, prefix, pagination, is_backward, seen: HashSet::new(), empty_pages: 0 })
    }

    /// Goes to the previous pages instead of the next ones. A list with cursors does so when the request says where to
    /// begin, with `ending_before`.
    pub(crate) fn backwards(&mut self) -> Result<(), Error> {
        if self.pagination == Pagination::Cursor && !self.is_backward {
            return Err(Error::invalid_request(
                "a list with cursors is read backwards from an item: set `ending_before` to its id",
            ));
        }
        self.is_backward = true;
        Ok(())
    }

    /// Begins at a page whose URL an earlier response had.
    pub(crate) fn start_at(&mut self, page_url: &str) -> Result<(), Error> {
        self.next = Some(self.follow(page_url)?);
        Ok(())
    }

    /// The request for the next page; nothing at the end. Each is given once.
    pub(crate) fn next(&mut self) -> Option<Exchange<Fetched<R>>> {
        self.next.take()
    }

    /// The same, to be given again.
    #[cfg(feature = "blocking")]
    pub(crate) fn peek(&self) -> Option<&Exchange<Fetched<R>>> {
        self.next.as_ref()
    }

    /// Reads a page, and prepares for the next.
    pub(crate) fn read(&mut self, response: Response<Fetched<R>>) -> Result<R::Response, Error> {
        let context = self.context(&response);
        let page = response.value.map_err(&context)?;
        let items = page.items();
        let (first, last) = (items.first().and_then(R::cursor), items.last().and_then(R::cursor));
        self.next = self.after(&PageCursors::new(&page, first, last, items.is_empty())).map_err(context)?;
        Ok(page)
    }

    /// Reads the items of a page, and prepares for the next. An item that does not decode is an error in its place.
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
        let cursor = |item| match item {
            Ok(item) => R::cursor(item),
            Err(error) => Error::item_id(error),
        };
        let [first, last] = [items.first(), items.last()].map(|item| item.map(Result::as_ref).and_then(cursor));
        let next = self.after(&PageCursors::new(&page, first, last, items.is_empty()));
        let mut items: Vec<_> = items.into_iter().map(|item| item.map_err(&context)).collect();
        if self.is_backward {
            items.reverse();
        }
        match next {
            Ok(next) => self.next = next,
            // The items come first: their errors explain the missing cursor.
            Err(error) => items.push(Err(context(error))),
        }
        Ok(Items::Salvaged(items.into_iter()))
    }

    /// Adds to an error which response it is about.
    fn context(&self, response: &Response<Fetched<R>>) -> impl Fn(Error) -> Error + use<R> {
        let (status, request_id, attempts) =
            (response.status, response.request_id().map(str::to_owned), response.attempts);
        let endpoint = format!("GET {}", self.first.uri().path());
        move |error| {
            let error = error.with_endpoint(endpoint.as_str()).with_response(status, request_id.clone());
            error.with_attempts(attempts).with_request(None, true)
        }
    }

    fn after(&mut self, cursors: &PageCursors<'_>) -> Result<Option<Exchange<Fetched<R>>>, Error> {
        self.empty_pages = if cursors.is_empty { self.empty_pages + 1 } else { 0 };
        match self.pagination {
            Pagination::SinglePage => Ok(None),
            Pagination::Cursor if !cursors.has_more => Ok(None),
            Pagination::Cursor => {
                let cursor = if self.is_backward { cursors.first } else { cursors.last };
                let cursor = cursor.ok_or_else(|| {
                    let which = if self.is_backward { "first" } else { "last" };
                    let message = format!(
                        "the list has more items, but the {which} item of this page has no id to continue from"
                    );
                    Error::new(ErrorKind::Pagination, message)
                })?;
                self.advance(cursor)?;
                let name = if self.is_backward { BEFORE } else { AFTER };
                let uri = with_parameter(self.first.uri(), name, cursor, &[BEFORE, AFTER])?;
                Ok(Some(self.first.at(uri)))
            }
            Pagination::PageUrl => {
                let url = if self.is_backward { cursors.previous_page } else { cursors.next_page };
                let Some(url) = url else { return Ok(None) };
                self.advance(url)?;
                self.follow(url).map(Some)
            }
        }
    }

    fn advance(&mut self, cursor: &str) -> Result<(), Error> {
        if self.empty_pages >= MOST_EMPTY_PAGES {
            let message = format!("{MOST_EMPTY_PAGES} pages in a row have no items, and the last one has a next page");
            return Err(Error::new(ErrorKind::EmptyPages, message));
        }
        let mut hasher = DefaultHasher::new();
        cursor.hash(&mut hasher);
        if self.seen.insert(hasher.finish()) {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Pagination, "it comes back to where it was: its cursor does not advance"))
    }

    /// The request for a page by its URL, as it is; only on the server that the first request went to.
    fn follow(&self, url: &str) -> Result<Exchange<Fetched<R>>, Error> {
        let refuse = |reason: &str| Error::new(ErrorKind::Pagination, reason);
        let base = self.first.uri();
        let uri = if url.starts_with('/') && !url.starts_with("//") {
            let mut parts = base.clone().into_parts();
            let target = format!("{}{url}", self.prefix).parse::<PathAndQuery>();
            target.map_err(http::Error::from).and_then(|target| {
                parts.path_and_query = Some(target);
                Uri::from_parts(parts).map_err(http::Error::from)
            })
        } else {
            url.parse::<Uri>().map_err(http::Error::from)
        };
        let uri = uri.map_err(|error| refuse("the URL of the page is invalid").with_source(error))?;
        let origin = Origin::of(&uri);
        if origin.is_none() || origin != Origin::of(base) {
            let host = origin.map_or_else(|| "nowhere".to_owned(), |origin| format!("on `{}`", origin.host()));
            return Err(refuse(&format!("the next page is {host}, not where the list began; nothing was sent there")));
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

/// The address with one more parameter, and without those given.
fn with_parameter(uri: &Uri, name: &str, value: &str, without: &[&str]) -> Result<Uri, Error> {
    let value = percent_encode(value);
    let added = format!("{name}={value}");
    let kept = parameters(uri).filter(|pair| key(pair) != name && !without.contains(&key(pair)));
    let query = kept.chain([added.as_str()]).collect::<Vec<_>>().join("&");
    let mut parts = uri.clone().into_parts();
    let invalid = |error: http::Error| Error::invalid_request("the URL of the page is invalid").with_source(error);
    let target = format!("{}?{query}", uri.path()).parse::<PathAndQuery>();
    parts.path_and_query = Some(target.map_err(|error| invalid(error.into()))?);
    Uri::from_parts(parts).map_err(|error| invalid(error.into()))
}
