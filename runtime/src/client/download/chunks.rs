//! A file as a stream.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use bytes::Bytes;
use futures_core::Stream;

use super::super::{Body, BoxFuture, Client, body};
use super::OnProgress;
use crate::protocol::decoder::{Decoder, Piece};
use crate::protocol::transfer::{BodyUse, LARGEST_ERROR_BODY, Step, Transfer};
use crate::telemetry::AttemptSpan;
use crate::{Error, ErrorKind};

/// The pieces of a file, in order; made by [`FileDownload::chunks`](super::FileDownload::chunks). It is a [`Stream`] too.
///
/// After an error there is nothing more.
#[must_use = "nothing is downloaded until it is asked for"]
pub struct Chunks(State);

/// The work goes on inside of a future that is kept, so that nothing is lost when an asker goes away.
enum State {
    Idle(Box<Fetch>),
    Busy(BoxFuture<'static, (Box<Fetch>, Result<Piece, Error>)>),
    Over,
}

/// Downloads, and decodes what comes.
pub(super) struct Fetch {
    client: Client,
    transfer: Transfer,
    decoder: Decoder,
    is_complete: bool,
    on_progress: Option<OnProgress>,
    body: Option<Body>,
}

impl Chunks {
    pub(super) fn new(fetch: Fetch) -> Self {
        Self(State::Idle(Box::new(fetch)))
    }

    /// The next piece; nothing at the end. None is empty.
    ///
    /// # Errors
    ///
    /// Like [`FileDownload::save_to`](super::FileDownload::save_to).
    pub async fn try_next(&mut self) -> Result<Option<Bytes>, Error> {
        std::future::poll_fn(|context| self.poll_chunk(context)).await.transpose()
    }

    pub(super) fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Error>>> {
        loop {
            match &mut self.0 {
                State::Over => return Poll::Ready(None),
                State::Busy(future) => {
                    let (fetch, piece) = ready!(future.as_mut().poll(context));
                    self.0 = State::Over;
                    return Poll::Ready(match piece {
                        Ok(Piece::Bytes(bytes)) => {
                            self.0 = State::Idle(fetch);
                            Some(Ok(bytes))
                        }
                        Ok(Piece::End) => None,
                        Ok(Piece::Rewind) => Some(Err(Error::new(ErrorKind::Download, "a stream can't be rewound"))),
                        Err(error) => Some(Err(error)),
                    });
                }
                State::Idle(_) => {
                    if let State::Idle(mut fetch) = std::mem::replace(&mut self.0, State::Over) {
                        self.0 = State::Busy(Box::pin(async move {
                            let piece = fetch.next().await;
                            (fetch, piece)
                        }));
                    }
                }
            }
        }
    }
}

impl Fetch {
    pub(super) fn new(client: Client, transfer: Transfer, decoder: Decoder, on_progress: Option<OnProgress>) -> Self {
        Self { client, transfer, decoder, is_complete: false, on_progress, body: None }
    }

    /// The next piece of what is wanted.
    pub(super) async fn next(&mut self) -> Result<Piece, Error> {
        loop {
            if let Some(bytes) = self.decoder.next()? {
                return Ok(Piece::Bytes(bytes));
            }
            if self.is_complete {
                return Ok(Piece::End);
            }
            match self.fetch().await? {
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
    async fn fetch(&mut self) -> Result<Piece, Error> {
        loop {
            match self.transfer.next(Instant::now())? {
                Step::Open(attempt) => {
                    let span = AttemptSpan::new(&attempt);
                    let sent = Instant::now();
                    match span.observe(self.client.open(*attempt)).await {
                        Ok(response) => self.opened(sent, response).await?,
                        Err(error) => self.transfer.on_error(Instant::now(), error)?,
                    }
                }
                Step::Rewind => {
                    self.transfer.on_rewind();
                    return Ok(Piece::Rewind);
                }
                Step::Read { within } => {
                    let Some(body) = &mut self.body else {
                        self.transfer.on_end(Instant::now())?;
                        continue;
                    };
                    match body::next(body, within).await {
                        Ok(Some(bytes)) => {
                            if let Some(bytes) = self.transfer.on_bytes(Instant::now(), bytes)? {
                                if let (Some(report), Some(progress)) =
                                    (&mut self.on_progress, self.transfer.progress())
                                {
                                    report(progress);
                                }
                                return Ok(Piece::Bytes(bytes));
                            }
                        }
                        Ok(None) => self.transfer.on_end(Instant::now())?,
                        Err(error) => self.transfer.on_error(Instant::now(), error)?,
                    }
                }
                Step::Refresh(exchange) => {
                    let response = self.client.exchange(*exchange).await;
                    self.transfer.on_refresh(response)?;
                }
                Step::Sleep(pause) => {
                    // A connection that waits is one that breaks.
                    self.body = None;
                    super::super::sleep(pause).await?;
                }
                Step::Done => return Ok(Piece::End),
            }
        }
    }

    async fn opened(&mut self, sent: Instant, response: http::Response<Body>) -> Result<(), Error> {
        let (head, body) = response.into_parts();
        self.body = None;
        match self.transfer.on_response(Instant::now(), &head)? {
            BodyUse::File => self.body = Some(body),
            BodyUse::Error => {
                let within = self.transfer.read_limit(sent).saturating_sub(sent.elapsed());
                let text = body::read_some(body, LARGEST_ERROR_BODY, within).await;
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

impl fmt::Debug for Chunks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chunks").finish_non_exhaustive()
    }
}
