//! A file as a stream.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

use bytes::Bytes;
use futures_core::Stream;

use super::super::{Body, BoxFuture, Client, body};
use crate::Error;
use crate::protocol::decoder::Piece;
use crate::protocol::transfer::{BodyUse, Step, Transfer};
use crate::shared::opaque_debug;
use crate::telemetry::AttemptSpan;

/// The chunks of a file, in order, also as a [`Stream`]; created by [`FileDownload::chunks`](super::FileDownload::chunks).
///
/// It ends after an error.
#[must_use = "the download starts with the first chunk"]
pub struct Chunks(State);

/// The work runs in a future that is kept, so that a cancelled `try_next` loses nothing.
enum State {
    Idle(Box<Fetch>),
    Busy(BoxFuture<'static, (Box<Fetch>, Result<Piece, Error>)>),
    Over,
}

/// Performs the steps of a transfer.
pub(super) struct Fetch {
    pub(super) client: Client,
    pub(super) transfer: Transfer,
    pub(super) body: Option<Body>,
}

impl Chunks {
    pub(super) fn new(fetch: Fetch) -> Self {
        Self(State::Idle(Box::new(fetch)))
    }

    /// Returns the next chunk, which is not empty; `None` at the end.
    ///
    /// # Errors
    ///
    /// Like [`FileDownload::save_to`](super::FileDownload::save_to).
    pub async fn try_next(&mut self) -> Result<Option<Bytes>, Error> {
        std::future::poll_fn(|context| self.poll_chunk(context)).await.transpose()
    }

    pub(super) fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        let mut future = match std::mem::replace(&mut self.0, State::Over) {
            State::Idle(mut fetch) => Box::pin(async move {
                let piece = fetch.next().await;
                (fetch, piece)
            }),
            State::Busy(future) => future,
            State::Over => return Poll::Ready(None),
        };
        let Poll::Ready((fetch, piece)) = future.as_mut().poll(context) else {
            self.0 = State::Busy(future);
            return Poll::Pending;
        };
        let chunk = piece.and_then(Piece::into_chunk);
        if let Ok(Some(_)) = chunk {
            self.0 = State::Idle(fetch);
        }
        Poll::Ready(chunk.transpose())
    }
}

impl Fetch {
    /// Returns the next piece of the file.
    pub(super) async fn next(&mut self) -> Result<Piece, Error> {
        loop {
            match self.transfer.next(Instant::now())? {
                Step::Open(attempt) => {
                    self.body = None;
                    let span = AttemptSpan::new(&attempt);
                    match span.observe(self.client.open(*attempt)).await {
                        Ok(response) => self.on_response(response).await?,
                        Err(error) => self.transfer.on_error(Instant::now(), error)?,
                    }
                }
                Step::Read { within } => {
                    let read = match &mut self.body {
                        Some(body) => body::next(body, within).await,
                        None => Ok(None),
                    };
                    self.transfer.on_read(Instant::now(), read)?;
                }
                Step::Refresh(exchange) => {
                    let response = self.client.exchange(*exchange).await;
                    self.transfer.on_refresh(response)?;
                }
                Step::Sleep(delay) => {
                    // An idle connection would break.
                    self.body = None;
                    super::super::sleep(delay).await?;
                }
                Step::Yield(piece) => return Ok(piece),
            }
        }
    }

    async fn on_response(&mut self, response: http::Response<Body>) -> Result<(), Error> {
        let (head, body) = response.into_parts();
        match self.transfer.on_response(Instant::now(), &head)? {
            BodyUse::File => self.body = Some(body),
            BodyUse::Error(whole) => {
                let text = body::read_whole(body, whole).await?;
                self.transfer.on_error_response(Instant::now(), &head, &text)?;
            }
            BodyUse::Discard => {}
        }
        Ok(())
    }
}

impl Stream for Chunks {
    type Item = Result<Bytes, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_chunk(context)
    }
}

opaque_debug!(Chunks);
