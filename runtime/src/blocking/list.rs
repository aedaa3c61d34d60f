//! Lists, by page or by item.

use super::Client;
use super::prefetch::Prefetch;
use crate::protocol::items::{self, Fetched};
use crate::protocol::listing::Listing;
use crate::protocol::pager::{Pager, Read};
use crate::shared::{items_methods, opaque_debug};
use crate::{Error, ListRequest};

/// An iterator over the pages of a list; created by [`Items::pages`].
///
/// A page has its items in the order of the response, also when reading backwards. An item that does not decode is an error
/// of its page. The iterator ends after an error.
#[must_use = "the first page is requested when it is read"]
pub struct Pages<R: ListRequest> {
    client: Client,
    listing: Listing<R>,
    prefetch: Option<Prefetch<Fetched<R>>>,
}

impl<R: ListRequest> Pages<R> {
    fn fetch<P>(&mut self, read: Read<R, P>) -> Result<Option<P>, Error> {
        let response = match self.prefetch.take() {
            Some(prefetch) => prefetch.join(),
            None => match self.listing.next()? {
                Some(exchange) => self.client.exchange(exchange),
                None => return Ok(None),
            },
        };
        let page = self.listing.read(response, read)?;
        // Fetches the next page while the caller uses this one.
        self.prefetch = self.listing.peek().and_then(|exchange| Prefetch::start(&self.client, exchange));
        if self.prefetch.is_some() {
            self.listing.next()?;
        }
        Ok(page)
    }
}

impl<R: ListRequest> Iterator for Pages<R> {
    type Item = Result<R::Response, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.fetch(Pager::read).transpose()
    }
}

/// An iterator over the items of a list; created by [`Client::list`].
///
/// An item that does not decode is an error of the kind [`Decode`](crate::ErrorKind::Decode) with its
/// [`item_index`](Error::item_index), and the list continues with the next item. It ends after any other error.
#[must_use = "the first page is requested when it is read"]
pub struct Items<R: ListRequest> {
    pages: Pages<R>,
    items: items::Items<R::Item>,
}

impl<R: ListRequest> Items<R> {
    items_methods!();

    /// Returns the next item; `None` at the end.
    ///
    /// # Errors
    ///
    /// - [`Pagination`](crate::ErrorKind::Pagination) if the list cannot continue;
    /// - [`EmptyPages`](crate::ErrorKind::EmptyPages) if a hundred pages in a row have no items;
    /// - those of [`Client::send`].
    pub fn try_next(&mut self) -> Result<Option<R::Item>, Error> {
        self.next().transpose()
    }
}

impl<R: ListRequest> Iterator for Items<R> {
    type Item = Result<R::Item, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.items.next() {
                return Some(item);
            }
            match self.pages.fetch(Pager::read_items).transpose()? {
                Ok(items) => self.items = items,
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

opaque_debug!(Pages<R: ListRequest>);
opaque_debug!(Items<R: ListRequest>);
