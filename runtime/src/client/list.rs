//! Lists, by page or by item.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use tokio::task::JoinHandle;

use super::Client;
use crate::protocol::items::{self, Fetched};
use crate::protocol::listing::Listing;
use crate::protocol::pager::{Pager, Read};
use crate::shared::{items_methods, opaque_debug};
use crate::{Error, ErrorKind, ListRequest, Response};

/// The pages of a list, also as a [`Stream`]; created by [`Items::pages`].
///
/// It ends after an error.
#[must_use = "the first page is requested when it is read"]
pub struct Pages<R: ListRequest> {
    client: Client,
    listing: Listing<R>,
    prefetch: Option<Prefetch<Fetched<R>>>,
}

/// A page that a task fetches, until it is dropped.
struct Prefetch<T>(JoinHandle<Result<Response<T>, Error>>);

impl<T> Drop for Prefetch<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl<R: ListRequest> Pages<R> {
    /// Returns the next page, in the order of the response also when reading backwards; `None` at the end.
    ///
    /// # Errors
    ///
    /// Like [`Items::try_next`]. An item that does not decode is an error of its page, which ends the list.
    pub async fn try_next(&mut self) -> Result<Option<R::Response>, Error> {
        std::future::poll_fn(|context| self.poll(context, Pager::read)).await.transpose()
    }

    fn poll<P>(&mut self, context: &mut Context<'_>, read: Read<R, P>) -> Poll<Option<Result<P, Error>>> {
        if self.prefetch.is_none() {
            self.start_prefetch()?;
        }
        let Some(prefetch) = &mut self.prefetch else { return Poll::Ready(None) };
        let response = ready!(Pin::new(&mut prefetch.0).poll(context));
        self.prefetch = None;
        let response = response.unwrap_or_else(|error| match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(error) => {
                let message = "the runtime was shut down while it fetched the page";
                Err(Error::new(ErrorKind::Connection, message).with_source(error))
            }
        });
        let page = self.listing.read(response, read);
        // Fetches the next page while the caller uses this one.
        if let Err(error) = self.start_prefetch() {
            self.listing.fail(error);
        }
        Poll::Ready(page.transpose())
    }

    /// Starts to fetch the next page, if there is one.
    fn start_prefetch(&mut self) -> Result<(), Error> {
        if let Some(exchange) = self.listing.next()? {
            let (runtime, client) = (super::runtime()?, self.client.clone());
            self.prefetch = Some(Prefetch(runtime.spawn(async move { client.exchange(exchange).await })));
        }
        Ok(())
    }
}

/// The items of a list, also as a [`Stream`]; created by [`Client::list`].
///
/// An item that does not decode is an error of the kind [`Decode`](ErrorKind::Decode) with its
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
    /// - [`Pagination`](ErrorKind::Pagination) if the list cannot continue;
    /// - [`EmptyPages`](ErrorKind::EmptyPages) if a hundred pages in a row have no items;
    /// - those of [`Client::send`].
    pub async fn try_next(&mut self) -> Result<Option<R::Item>, Error> {
        std::future::poll_fn(|context| self.poll_item(context)).await.transpose()
    }

    /// Collects all remaining items. The first error ends it, including that of an item that does not decode.
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

// No field is ever pinned.
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

opaque_debug!(Pages<R: ListRequest>);
opaque_debug!(Items<R: ListRequest>);
