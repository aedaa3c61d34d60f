//! A file in pieces.

use std::fmt;
use std::time::Instant;

use bytes::Bytes;

use super::super::{Body, Client, body};
use super::OnProgress;
use crate::protocol::decoder::Decoder;
use crate::protocol::transfer::{LARGEST_REFUSAL, Opened, Step, Transfer};
use crate::telemetry::AttemptSpan;
use crate::{Error, Progress};

/// The pieces of a file, in order, an iterator; made by [`FileDownload::chunks`](super::FileDownload::chunks). None is
/// empty.
///
/// After an error there is nothing more.
#[must_use = "nothing is downloaded until it is asked for"]
pub struct Chunks {
    client: Client,
    transfer: Transfer,
    decoder: Decoder,
    /// No more comes; what has come may not have been given yet.
    is_complete: bool,
    is_over: bool,
    on_progress: Option<OnProgress>,
    body: Option<Body>,
}

impl Chunks {
    pub(super) fn new(client: Client, transfer: Transfer, decoder: Decoder, on_progress: Option<OnProgress>) -> Self {
        Self { client, transfer, decoder, is_complete: false, is_over: false, on_progress, body: None }
    }

    /// The next piece of what is wanted.
    fn read(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            if let Some(bytes) = self.decoder.next()? {
                return Ok(Some(bytes));
            }
            if self.is_complete {
                return Ok(None);
            }
            match self.fetch()? {
                Some(bytes) => self.decoder.feed(bytes)?,
                None => {
                    self.decoder.finish()?;
                    self.is_complete = true;
                }
            }
        }
    }

    /// The next piece of what comes.
    fn fetch(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            match self.transfer.next(Instant::now())? {
                Step::Open(attempt) => {
                    let span = AttemptSpan::new(&attempt);
                    match span.observe_blocking(|| self.client.open(*attempt)) {
                        Ok(response) => self.opened(response)?,
                        Err(error) => self.transfer.broke(Instant::now(), error)?,
                    }
                }
                Step::Read => match self.body.as_mut().map_or(Ok(None), |body| body.read()) {
                    Ok(Some(bytes)) => {
                        if let Some(bytes) = self.transfer.received(bytes)? {
                            if let Some(on_progress) = &mut self.on_progress {
                                on_progress(Progress { received: self.transfer.offset(), total: self.transfer.size() });
                            }
                            return Ok(Some(bytes));
                        }
                    }
                    Ok(None) => self.transfer.ended(Instant::now())?,
                    Err(error) => self.transfer.broke(Instant::now(), error)?,
                },
                Step::Renew(exchange) => {
                    let answer = self.client.exchange(*exchange);
                    self.transfer.renewed(answer)?;
                }
                Step::Sleep(pause) => {
                    // A connection that waits is one that breaks.
                    self.body = None;
                    std::thread::sleep(pause);
                }
                Step::Done => return Ok(None),
            }
        }
    }

    fn opened(&mut self, response: http::Response<Body>) -> Result<(), Error> {
        let (parts, body) = response.into_parts();
        self.body = None;
        match self.transfer.opened(parts.status, &parts.headers)? {
            Opened::Read => self.body = Some(body),
            Opened::Refused => {
                let text = body::read_some(body, LARGEST_REFUSAL);
                self.transfer.refused(Instant::now(), parts.status, &parts.headers, &text)?;
            }
            Opened::Drop => {}
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
        let result = self.read();
        self.is_over = !matches!(result, Ok(Some(_)));
        result.transpose()
    }
}

impl fmt::Debug for Chunks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chunks").finish_non_exhaustive()
    }
}
