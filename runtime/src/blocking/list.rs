//! Lists, page after page.

use std::fmt;

use super::Client;
use super::prefetch::Prefetch;
use crate::protocol::items::{self, Fetched};
use crate::protocol::pager::{Pager, Read};
use crate::{Error, ListRequest};

/// The pages of a list; made by [`Items::pages`].
///
/// After an error there is nothing more.
#[must_use = "nothing is fetched until it is requested for"]
pub struct Pages<R: ListRequest> {
    client: Client,
    pager: Option<Result<Pager<R>, Error>>,
    prefetch: Option<Prefetch<Fetched<R>>>,
}

impl<R: ListRequest> Pages<R> {
    pub(super) fn new(client: Client, pager: Result<Pager<R>, Error>) -> Self {
        Self { client, pager: Some(pager), prefetch: None }
    }

    /// Fetches the next page, and reads it in this way.
    fn fetch<P>(&mut self, read: Read<R, P>) -> Result<Option<P>, Error> {
        let Some(pager) = self.pager.take() else { return Ok(None) };
        let mut pager = pager?;
        let response = match self.prefetch.take() {
            Some(prefetch) => prefetch.join()?,
            None => match pager.next() {
                Some(exchange) => self.client.exchange(exchange)?,
                None => return Ok(None),
            },
        };
        let page = read(&mut pager, response)?;
        // While this page is looked at, the next one comes.
        self.prefetch = pager.peek().and_then(|exchange| Prefetch::start(&self.client, exchange));
        if self.prefetch.is_some() {
            pager.next();
        }
        self.pager = Some(Ok(pager));
        Ok(Some(page))
    }

    /// Changes the way before it is gone; a mistake is told when the first page is requested for.
    fn redirect(&mut self, change: impl FnOnce(&mut Pager<R>) -> Result<(), Error>) {
        if let Some(Ok(pager)) = &mut self.pager
            && let Err(error) = change(pager)
        {
            self.pager = Some(Err(error));
        }
    }
}

impl<R: ListRequest> Iterator for Pages<R> {
    type Item = Result<R::Response, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.fetch(Pager::read).transpose()
    }
}

/// The items of a list, an iterator; made by [`Client::list`].
///
/// An item that does not decode is an error of the kind [`Decode`](crate::ErrorKind::Decode) with its
/// [`item_index`](Error::item_index): the list continues with the item after it. After any other error there is nothing
/// more.
#[must_use = "nothing is fetched until it is requested for"]
pub struct Items<R: ListRequest> {
    pages: Pages<R>,
    items: items::Items<R::Item>,
}

impl<R: ListRequest> Items<R> {
    pub(super) fn new(pages: Pages<R>) -> Self {
        Self { pages, items: items::Items::default() }
    }

    /// Goes backwards: to the previous pages, and through each from its last item to its first.
    ///
    /// A v1 list does so by itself when the request sets `ending_before`, and needs it; a v2 list follows
    /// `previous_page_url`.
    pub fn backwards(mut self) -> Self {
        self.pages.redirect(Pager::backwards);
        self
    }

    /// Begins at a page whose URL an earlier response had, such as the `next_page_url` of a v2 list.
    pub fn starting_at_page(mut self, page_url: &str) -> Self {
        self.pages.redirect(|pager| pager.start_at(page_url));
        self
    }

    /// The pages instead of the items.
    pub fn pages(self) -> Pages<R> {
        self.pages
    }

    /// The next item; nothing at the end.
    ///
    /// # Errors
    ///
    /// Like [`Client::send`]; [`Pagination`](crate::ErrorKind::Pagination) when the list can't continue;
    /// [`EmptyPages`](crate::ErrorKind::EmptyPages) when a hundred pages in a row have no items.
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

impl<R: ListRequest> fmt::Debug for Pages<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages").finish_non_exhaustive()
    }
}

impl<R: ListRequest> fmt::Debug for Items<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").finish_non_exhaustive()
    }
}
