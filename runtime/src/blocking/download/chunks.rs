//! A file as an iterator.

use std::time::Instant;

use bytes::Bytes;

use super::super::{Body, Client, body};
use crate::Error;
use crate::protocol::decoder::Piece;
use crate::protocol::transfer::{BodyUse, Step, Transfer};
use crate::shared::opaque_debug;
use crate::telemetry::AttemptSpan;

/// An iterator over the chunks of a file, in order, none of them empty; created by
/// [`FileDownload::chunks`](super::FileDownload::chunks).
///
/// It ends after an error.
#[must_use = "the download starts with the first chunk"]
pub struct Chunks {
    fetch: Fetch,
    is_over: bool,
}

/// Performs the steps of a transfer.
pub(super) struct Fetch {
    pub(super) client: Client,
    pub(super) transfer: Transfer,
    pub(super) body: Option<Body>,
}

impl Chunks {
    pub(super) fn new(fetch: Fetch) -> Self {
        Self { fetch, is_over: false }
    }
}

impl Fetch {
    /// Returns the next piece of the file.
    pub(super) fn next(&mut self) -> Result<Piece, Error> {
        loop {
            match self.transfer.next(Instant::now())? {
                Step::Open(attempt) => {
                    self.body = None;
                    let span = AttemptSpan::new(&attempt);
                    match span.observe_blocking(|| self.client.open(*attempt)) {
                        Ok(response) => self.on_response(response)?,
                        Err(error) => self.transfer.on_error(Instant::now(), error)?,
                    }
                }
                Step::Read { .. } => {
                    let read = self.body.as_mut().map_or(Ok(None), |body| body.read());
                    self.transfer.on_read(Instant::now(), read)?;
                }
                Step::Refresh(exchange) => {
                    let response = self.client.exchange(*exchange);
                    self.transfer.on_refresh(response)?;
                }
                Step::Sleep(delay) => {
                    // An idle connection would break.
                    self.body = None;
                    std::thread::sleep(delay);
                }
                Step::Yield(piece) => return Ok(piece),
            }
        }
    }

    fn on_response(&mut self, response: http::Response<Body>) -> Result<(), Error> {
        let (head, body) = response.into_parts();
        match self.transfer.on_response(Instant::now(), &head)? {
            BodyUse::File => self.body = Some(body),
            BodyUse::Error(whole) => {
                let text = body::read_whole(body, whole)?;
                self.transfer.on_error_response(Instant::now(), &head, &text)?;
            }
            BodyUse::Discard => {}
        }
        Ok(())
    }
}

impl Iterator for Chunks {
    type Item = Result<Bytes, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let chunk = self.fetch.next().and_then(Piece::into_chunk);
        self.is_over = !matches!(chunk, Ok(Some(_)));
        chunk.transpose()
    }
}

opaque_debug!(Chunks);
