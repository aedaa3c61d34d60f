//! Lists, page after page.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use tokio::task::JoinHandle;

use super::Client;
use crate::protocol::exchange::Exchange;
use crate::protocol::items::{self, Fetched};
use crate::protocol::pager::{Pager, Read};
use crate::{Error, ErrorKind, ListRequest, Response};

/// The pages of a list; made by [`Items::pages`]. It is a [`Stream`] too.
///
/// After an error there is nothing more.
#[must_use = "nothing is fetched until it is requested for"]
pub struct Pages<R: ListRequest> {
    client: Client,
    pager: Option<Result<Pager<R>, Error>>,
    prefetch: Option<Prefetch<Fetched<R>>>,
}

/// A page that is being fetched, also while nobody asks for it.
struct Prefetch<T>(JoinHandle<Result<Response<T>, Error>>);

impl<T> Drop for Prefetch<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl<R: ListRequest> Pages<R> {
    pub(super) fn new(client: Client, pager: Result<Pager<R>, Error>) -> Self {
        Self { client, pager: Some(pager), prefetch: None }
    }

    /// The next page; nothing at the end. Pages come as they are, backwards too.
    ///
    /// # Errors
    ///
    /// Like [`Client::send`]; [`Pagination`](ErrorKind::Pagination) when the list can't continue;
    /// [`EmptyPages`](ErrorKind::EmptyPages) when a hundred pages in a row have no items.
    pub async fn try_next(&mut self) -> Result<Option<R::Response>, Error> {
        std::future::poll_fn(|context| self.poll(context, Pager::read)).await.transpose()
    }

    /// Fetches the next page, and reads it in this way.
    fn poll<P>(&mut self, context: &mut Context<'_>, read: Read<R, P>) -> Poll<Option<Result<P, Error>>> {
        let pager = match &mut self.pager {
            Some(Ok(pager)) => pager,
            other => return Poll::Ready(other.take().and_then(Result::err).map(Err)),
        };
        let prefetch = match &mut self.prefetch {
            Some(prefetch) => prefetch,
            none => match pager.next().map(|exchange| fetch(&self.client, exchange)) {
                Some(Ok(prefetch)) => none.insert(prefetch),
                Some(Err(error)) => return self.end(Some(error)),
                None => return self.end(None),
            },
        };
        let response = ready!(Pin::new(&mut prefetch.0).poll(context));
        self.prefetch = None;
        let response = response.unwrap_or_else(|error| match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(error) => {
                let message = "the runtime was shut down while a task fetched the page";
                Err(Error::new(ErrorKind::Connection, message).with_source(error))
            }
        });
        match response.and_then(|response| read(pager, response)) {
            Ok(page) => {
                // While this page is looked at, the next one comes.
                match pager.next().map(|exchange| fetch(&self.client, exchange)).transpose() {
                    Ok(prefetch) => self.prefetch = prefetch,
                    Err(error) => self.pager = Some(Err(error)),
                }
                Poll::Ready(Some(Ok(page)))
            }
            Err(error) => self.end(Some(error)),
        }
    }

    fn end<P>(&mut self, error: Option<Error>) -> Poll<Option<Result<P, Error>>> {
        self.pager = None;
        Poll::Ready(error.map(Err))
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

fn fetch<T: Send + 'static>(client: &Client, exchange: Exchange<T>) -> Result<Prefetch<T>, Error> {
    let runtime = super::runtime()?;
    let client = client.clone();
    Ok(Prefetch(runtime.spawn(async move { client.exchange(exchange).await })))
}

/// The items of a list; made by [`Client::list`]. It is a [`Stream`] too.
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
    /// Like [`Client::send`]; [`Pagination`](ErrorKind::Pagination) when the list can't continue;
    /// [`EmptyPages`](ErrorKind::EmptyPages) when a hundred pages in a row have no items.
    pub async fn try_next(&mut self) -> Result<Option<R::Item>, Error> {
        std::future::poll_fn(|context| self.poll_item(context)).await.transpose()
    }

    /// Collects all items that are left; the first error ends it, also that of an item that does not decode.
    ///
    /// # Errors
    ///
    /// Like [`try_next`](Self::try_next).
    pub async fn try_collect(mut self) -> Result<Vec<R::Item>, Error> {
        let mut items = Vec::new();
        while let Some(item) = self.try_next().await? {
            items.push(item);
        }
        Ok(items)
    }

    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<R::Item, Error>>> {
        loop {
            if let Some(item) = self.items.next() {
                return Poll::Ready(Some(item));
            }
            match ready!(self.pages.poll(context, Pager::read_items)) {
                Some(Ok(items)) => self.items = items,
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

// Nothing in them is ever pinned.
impl<R: ListRequest> Unpin for Pages<R> {}
impl<R: ListRequest> Unpin for Items<R> {}

impl<R: ListRequest> Stream for Pages<R> {
    type Item = Result<R::Response, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll(context, Pager::read)
    }
}

impl<R: ListRequest> Stream for Items<R> {
    type Item = Result<R::Item, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_item(context)
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
