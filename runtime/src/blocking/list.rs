//! Lists, page after page.

use std::fmt;

use super::Client;
use super::prefetch::Prefetch;
use crate::protocol::pager::Pager;
use crate::{Error, ListRequest, ListResponse};

/// The pages of a list; made by [`Items::pages`].
///
/// After an error there is nothing more.
#[must_use = "nothing is fetched until it is asked for"]
pub struct Pages<R: ListRequest> {
    client: Client,
    pager: Option<Result<Pager<R>, Error>>,
    coming: Option<Prefetch<R::Response>>,
}

impl<R: ListRequest> Pages<R> {
    pub(super) fn new(client: Client, pager: Result<Pager<R>, Error>) -> Self {
        Self { client, pager: Some(pager), coming: None }
    }

    fn fetch(&mut self) -> Result<Option<R::Response>, Error> {
        let Some(pager) = self.pager.take() else { return Ok(None) };
        let mut pager = pager?;
        let answer = match self.coming.take() {
            Some(coming) => coming.join()?,
            None => match pager.next() {
                Some(exchange) => self.client.exchange(exchange)?,
                None => return Ok(None),
            },
        };
        let page = pager.read(answer)?;
        // While this page is looked at, the next one comes.
        self.coming = pager.peek().and_then(|exchange| Prefetch::start(&self.client, exchange));
        if self.coming.is_some() {
            pager.next();
        }
        self.pager = Some(Ok(pager));
        Ok(Some(page))
    }

    /// Changes the way before it is gone; a mistake is told when the first page is asked for.
    fn redirect(&mut self, change: impl FnOnce(&mut Pager<R>) -> Result<(), Error>) {
        if let Some(Ok(pager)) = &mut self.pager
            && let Err(error) = change(pager)
        {
            self.pager = Some(Err(error));
        }
    }

    fn is_backward(&self) -> bool {
        matches!(&self.pager, Some(Ok(pager)) if pager.is_backward())
    }
}

impl<R: ListRequest> Iterator for Pages<R> {
    type Item = Result<R::Response, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.fetch().transpose()
    }
}

/// The items of a list, an iterator; made by [`Client::list`].
///
/// After an error there is nothing more.
#[must_use = "nothing is fetched until it is asked for"]
pub struct Items<R: ListRequest> {
    pages: Pages<R>,
    items: std::vec::IntoIter<R::Item>,
    is_backward: bool,
}

impl<R: ListRequest> Items<R> {
    pub(super) fn new(pages: Pages<R>) -> Self {
        let is_backward = pages.is_backward();
        Self { pages, items: Vec::new().into_iter(), is_backward }
    }

    /// Goes backwards: to the previous pages, and through each from its last item to its first.
    ///
    /// A v1 list does so by itself when the request sets `ending_before`, and needs it; a v2 list follows
    /// `previous_page_url`.
    pub fn backwards(mut self) -> Self {
        self.pages.redirect(Pager::backwards);
        self.is_backward = true;
        self
    }

    /// Begins at a page whose URL an earlier answer had, such as the `next_page_url` of a v2 list.
    pub fn beginning_at(mut self, page_url: &str) -> Self {
        self.pages.redirect(|pager| pager.begin_at(page_url));
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
                return Some(Ok(item));
            }
            match self.pages.next()? {
                Ok(page) => {
                    let mut items = page.into_items();
                    if self.is_backward {
                        items.reverse();
                    }
                    self.items = items.into_iter();
                }
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
