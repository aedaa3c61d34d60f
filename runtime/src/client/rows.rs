//! Inline rows as a stream.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use serde::de::DeserializeOwned;

use super::{BoxFuture, Client};
use crate::protocol::rows::{RowReader, RowsPage, Step};
use crate::shared::{opaque_debug, rows_methods};
use crate::{Error, Response};

/// The inline rows of a run, also as a [`Stream`]; created by [`Client::rows`].
///
/// It ends after an error.
#[must_use = "the first page is requested when it is read"]
pub struct Rows<T> {
    client: Client,
    reader: RowReader<T>,
    /// The page that is being fetched, so that a cancelled `try_next` loses nothing.
    fetch: Option<BoxFuture<'static, Result<Response<RowsPage>, Error>>>,
}

impl<T: DeserializeOwned> Rows<T> {
    rows_methods!();

    pub(super) fn new(client: Client, reader: RowReader<T>) -> Self {
        Self { client, reader, fetch: None }
    }

    /// Returns the next row; `None` at the end.
    ///
    #[doc = include_str!("../shared/rows_errors.md")]
    pub async fn try_next(&mut self) -> Result<Option<T>, Error> {
        std::future::poll_fn(|context| self.poll_row(context)).await.transpose()
    }

    fn poll_row(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T, Error>>> {
        loop {
            if let Some(fetch) = &mut self.fetch {
                let response = ready!(fetch.as_mut().poll(context));
                self.fetch = None;
                self.reader.on_page(response)?;
            }
            match self.reader.next()? {
                Step::Fetch(exchange) => {
                    let client = self.client.clone();
                    self.fetch = Some(Box::pin(async move { client.exchange(*exchange).await }));
                }
                Step::Yield(row) => return Poll::Ready(Some(Ok(row))),
                Step::End => return Poll::Ready(None),
            }
        }
    }
}

// No field is ever pinned.
impl<T> Unpin for Rows<T> {}

impl<T: DeserializeOwned> Stream for Rows<T> {
    type Item = Result<T, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_row(context)
    }
}

opaque_debug!(Rows<T>);
