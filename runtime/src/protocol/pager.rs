//! From page to page.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use http::Uri;
use http::uri::PathAndQuery;
use percent_encoding::utf8_percent_encode;

use super::exchange::{Exchange, RawAnswer};
use super::origin::Origin;
use crate::encoding::RESERVED;
use crate::{Config, Error, ErrorKind, ListRequest, ListResponse, Pagination};

/// A list that is being read.
#[derive(Debug)]
pub(crate) struct Pager {
    /// The first request; it keeps the filters and the options.
    first: Exchange,
    /// The path of the base URL that the user set, which stands before `/v1` and `/v2`.
    prefix: String,
    pagination: Pagination,
    is_backward: bool,
    next: Option<Exchange>,
    /// Where the list has been: to come back there would mean to go round for ever.
    seen: HashSet<u64>,
}

/// What a page says of the way on.
struct Ends<'a> {
    first: Option<&'a str>,
    last: Option<&'a str>,
    has_more: bool,
    next_page: Option<&'a str>,
    previous_page: Option<&'a str>,
}

impl Pager {
    pub(crate) fn new<R: ListRequest>(request: &R, config: &Config) -> Result<Self, Error> {
        let exchange = Exchange::new(request, config)?;
        let mut uri = exchange.uri().clone();
        let is_backward = R::PAGINATION == Pagination::Cursor && has_parameter(&uri, BEFORE);
        if let Some(size) = R::MAX_PAGE_SIZE.filter(|_| !has_parameter(&uri, LIMIT)) {
            uri = with_parameter(&uri, LIMIT, &size.to_string(), &[])?;
        }
        let first = exchange.at(uri);
        let prefix = config.base_url().and_then(|url| url.parse::<Uri>().ok());
        let prefix = prefix.map(|uri| uri.path().trim_end_matches('/').to_owned()).unwrap_or_default();
        let pagination = R::PAGINATION;
        Ok(Self { next: Some(first.clone()), first, prefix, pagination, is_backward, seen: HashSet::new() })
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

    /// Begins at a page whose URL an earlier answer had.
    pub(crate) fn begin_at(&mut self, page_url: &str) -> Result<(), Error> {
        self.next = Some(self.follow(page_url)?);
        Ok(())
    }

    /// Whether the items of a page are to be given last to first.
    pub(crate) fn is_backward(&self) -> bool {
        self.is_backward
    }

    /// The request for the next page; nothing at the end. Each is given once.
    pub(crate) fn next(&mut self) -> Option<Exchange> {
        self.next.take()
    }

    /// Reads a page, and prepares for the next.
    pub(crate) fn read<R: ListRequest>(&mut self, answer: RawAnswer) -> Result<R::Response, Error> {
        let answer = answer.decode::<R::Response>()?;
        let (request_id, attempts) = (answer.request_id().map(str::to_owned), answer.attempts);
        let (status, page) = (answer.status, answer.value);
        let items = page.items();
        let ends = Ends {
            first: items.first().and_then(R::cursor),
            last: items.last().and_then(R::cursor),
            has_more: page.has_more(),
            next_page: page.next_page(),
            previous_page: page.previous_page(),
        };
        self.next = self.after(&ends).map_err(|error| {
            let endpoint = format!("GET {}", self.first.uri().path());
            error.of_endpoint(endpoint).of_answer(status, request_id).after_attempts(attempts)
        })?;
        Ok(page)
    }

    fn after(&mut self, ends: &Ends<'_>) -> Result<Option<Exchange>, Error> {
        match self.pagination {
            Pagination::SinglePage => Ok(None),
            Pagination::Cursor if !ends.has_more => Ok(None),
            Pagination::Cursor => {
                let cursor = if self.is_backward { ends.first } else { ends.last };
                let cursor = cursor
                    .ok_or_else(|| Error::new(ErrorKind::Pagination, "there is more, but no item to go on from"))?;
                self.advance(cursor)?;
                let name = if self.is_backward { BEFORE } else { AFTER };
                let uri = with_parameter(self.first.uri(), name, cursor, &[BEFORE, AFTER])?;
                Ok(Some(self.first.at(uri)))
            }
            Pagination::PageUrl => {
                let url = if self.is_backward { ends.previous_page } else { ends.next_page };
                let Some(url) = url else { return Ok(None) };
                self.advance(url)?;
                self.follow(url).map(Some)
            }
        }
    }

    fn advance(&mut self, cursor: &str) -> Result<(), Error> {
        let mut hasher = DefaultHasher::new();
        cursor.hash(&mut hasher);
        if self.seen.insert(hasher.finish()) {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Pagination, "it comes back to where it was: its cursor does not advance"))
    }

    /// The request for a page by its URL, as it is; only on the server that the first request went to.
    fn follow(&self, url: &str) -> Result<Exchange, Error> {
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
    let value = utf8_percent_encode(value, RESERVED);
    let added = format!("{name}={value}");
    let kept = parameters(uri).filter(|pair| key(pair) != name && !without.contains(&key(pair)));
    let query = kept.chain([added.as_str()]).collect::<Vec<_>>().join("&");
    let mut parts = uri.clone().into_parts();
    let invalid = |error: http::Error| Error::invalid_request("the URL of the page is invalid").with_source(error);
    let target = format!("{}?{query}", uri.path()).parse::<PathAndQuery>();
    parts.path_and_query = Some(target.map_err(|error| invalid(error.into()))?);
    Uri::from_parts(parts).map_err(|error| invalid(error.into()))
}
