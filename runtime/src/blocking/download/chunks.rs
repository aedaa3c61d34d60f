//! A file in pieces.

use std::fmt;
use std::time::Instant;

use bytes::Bytes;

use super::super::{Body, Client, body};
use super::OnProgress;
use crate::protocol::decoder::{Decoder, Piece};
use crate::protocol::transfer::{BodyUse, LARGEST_ERROR_BODY, Step, Transfer};
use crate::telemetry::AttemptSpan;
use crate::{Error, ErrorKind};

/// The pieces of a file, in order, an iterator; made by [`FileDownload::chunks`](super::FileDownload::chunks). None is
/// empty.
///
/// After an error there is nothing more.
#[must_use = "nothing is downloaded until it is asked for"]
pub struct Chunks {
    fetch: Fetch,
    is_over: bool,
}

/// Downloads, and decodes what comes.
pub(super) struct Fetch {
    client: Client,
    transfer: Transfer,
    decoder: Decoder,
    /// No more comes; what has come may not have been given yet.
    is_complete: bool,
    on_progress: Option<OnProgress>,
    body: Option<Body>,
}

impl Chunks {
    pub(super) fn new(fetch: Fetch) -> Self {
        Self { fetch, is_over: false }
    }
}

impl Fetch {
    pub(super) fn new(client: Client, transfer: Transfer, decoder: Decoder, on_progress: Option<OnProgress>) -> Self {
        Self { client, transfer, decoder, is_complete: false, on_progress, body: None }
    }

    /// The next piece of what is wanted.
    pub(super) fn next(&mut self) -> Result<Piece, Error> {
        loop {
            if let Some(bytes) = self.decoder.next()? {
                return Ok(Piece::Bytes(bytes));
            }
            if self.is_complete {
                return Ok(Piece::End);
            }
            match self.fetch()? {
                Piece::Bytes(bytes) => self.decoder.feed(bytes)?,
                Piece::Rewind => {
                    self.decoder.reset();
                    return Ok(Piece::Rewind);
                }
                Piece::End => {
                    self.decoder.finish()?;
                    self.is_complete = true;
                }
            }
        }
    }

    /// The next piece of what comes.
    fn fetch(&mut self) -> Result<Piece, Error> {
        loop {
            match self.transfer.next(Instant::now())? {
                Step::Open(attempt) => {
                    let span = AttemptSpan::new(&attempt);
                    let sent = Instant::now();
                    match span.observe_blocking(|| self.client.open(*attempt)) {
                        Ok(response) => self.opened(sent, response)?,
                        Err(error) => self.transfer.on_error(Instant::now(), error)?,
                    }
                }
                Step::Rewind => {
                    self.transfer.on_rewind();
                    return Ok(Piece::Rewind);
                }
                Step::Read { .. } => match self.body.as_mut().map_or(Ok(None), |body| body.read()) {
                    Ok(Some(bytes)) => {
                        if let Some(bytes) = self.transfer.on_bytes(Instant::now(), bytes)? {
                            if let (Some(report), Some(progress)) = (&mut self.on_progress, self.transfer.progress()) {
                                report(progress);
                            }
                            return Ok(Piece::Bytes(bytes));
                        }
                    }
                    Ok(None) => self.transfer.on_end(Instant::now())?,
                    Err(error) => self.transfer.on_error(Instant::now(), error)?,
                },
                Step::Refresh(exchange) => {
                    let response = self.client.exchange(*exchange);
                    self.transfer.on_refresh(response)?;
                }
                Step::Sleep(pause) => {
                    // A connection that waits is one that breaks.
                    self.body = None;
                    std::thread::sleep(pause);
                }
                Step::Done => return Ok(Piece::End),
            }
        }
    }

    fn opened(&mut self, sent: Instant, response: http::Response<Body>) -> Result<(), Error> {
        let (head, body) = response.into_parts();
        self.body = None;
        match self.transfer.on_response(Instant::now(), &head)? {
            BodyUse::File => self.body = Some(body),
            BodyUse::Error => {
                let within = self.transfer.read_limit(sent).saturating_sub(sent.elapsed());
                let text = body::read_some(body, LARGEST_ERROR_BODY, within);
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
        let piece = self.fetch.next();
        self.is_over = !matches!(piece, Ok(Piece::Bytes(_)));
        match piece {
            Ok(Piece::Bytes(bytes)) => Some(Ok(bytes)),
            Ok(Piece::End) => None,
            Ok(Piece::Rewind) => Some(Err(Error::new(ErrorKind::Download, "a stream can't be rewound"))),
            Err(error) => Some(Err(error)),
        }
    }
}

impl fmt::Debug for Chunks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chunks").finish_non_exhaustive()
    }
}
