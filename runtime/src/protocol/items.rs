//! Decodes the items of a page, including pages with an item that does not decode.
//!
//! A page is decoded once, as a whole. Only if an item fails, its items are decoded one by one: those that fail become
//! errors, and the rest of the page decides how the list continues.

use bytes::Bytes;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::{Error, ListRequest, Request, response};

/// A page, or the error of the first of its items that does not decode.
pub(crate) type Fetched<R> = Result<<R as Request>::Response, Error>;

/// Decodes the response to the request for a page.
pub(super) fn decode_page<R: ListRequest>(response: &http::Response<Bytes>) -> Result<Fetched<R>, Error> {
    let (status, headers, body) = (response.status(), response.headers(), response.body());
    match response::decode(status, headers, body) {
        Err(error) if error.path().is_some_and(|path| path.starts_with("data[")) => {
            // The rest has not been parsed yet, and a truncated response is retried.
            response::decode::<IgnoredAny>(status, headers, body).map(|_| Err(error))
        }
        result => result.map(Ok),
    }
}

/// Pages with more items fail as a whole, since each item could become an error, which is larger than it.
const MOST_ITEMS: usize = 1_000;

/// A page whose items were decoded one by one.
pub(super) struct Salvaged<R: ListRequest> {
    /// The page without its items.
    pub(super) page: R::Response,
    pub(super) items: Vec<Result<R::Item, Error>>,
}

impl<R: ListRequest> Salvaged<R> {
    /// Decodes the items one by one; `None` if the rest of the page does not decode either.
    pub(super) fn new(body: &[u8]) -> Option<Self> {
        #[derive(Deserialize)]
        struct Envelope<'a> {
            #[serde(borrow)]
            data: &'a RawValue,
        }

        let text = str::from_utf8(body).ok()?;
        let data = serde_json::from_str::<Envelope<'_>>(text).ok()?.data.get();
        let items = serde_json::from_str::<Vec<&RawValue>>(data).ok().filter(|items| items.len() <= MOST_ITEMS)?;
        let page = serde_json::from_slice(text.replacen(data, "[]", 1).as_bytes()).ok()?;
        let items = items.into_iter().enumerate().map(|(index, item)| {
            response::decode_json(item.get().as_bytes()).map_err(|error: Error| error.with_item(index, id(item)))
        });
        Some(Self { page, items: items.collect() })
    }
}

/// Returns the id of an item, if it has one.
fn id(item: &RawValue) -> Option<String> {
    #[derive(Deserialize)]
    struct Identified {
        id: String,
    }

    serde_json::from_str::<Identified>(item.get()).ok().map(|item| item.id)
}

/// The items of a page, in the order in which they are returned.
pub(crate) enum Items<T> {
    /// The page decoded as a whole.
    Whole(std::vec::IntoIter<T>),
    /// Its items were decoded one by one.
    Salvaged(std::vec::IntoIter<Result<T, Error>>),
}

impl<T> Default for Items<T> {
    fn default() -> Self {
        Self::Whole(Vec::new().into_iter())
    }
}

impl<T> Iterator for Items<T> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Whole(items) => items.next().map(Ok),
            Self::Salvaged(items) => items.next(),
        }
    }
}
