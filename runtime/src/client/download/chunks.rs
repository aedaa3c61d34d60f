//! A file as a stream.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use bytes::Bytes;
use futures_core::Stream;

use super::super::{Body, BoxFuture, Client, body};
use super::OnProgress;
use crate::protocol::decoder::Decoder;
use crate::protocol::transfer::{LARGEST_REFUSAL, Opened, Step, Transfer};
use crate::telemetry::AttemptSpan;
use crate::{Error, Progress};

/// The pieces of a file, in order; made by [`FileDownload::chunks`](super::FileDownload::chunks). It is a [`Stream`] too.
///
/// After an error there is nothing more.
#[must_use = "nothing is downloaded until it is asked for"]
pub struct Chunks(State);

/// The work goes on inside of a future that is kept, so that nothing is lost when an asker goes away.
enum State {
    Idle(Box<Inner>),
    Busy(BoxFuture<'static, (Box<Inner>, Piece)>),
    Over,
}

/// Nothing at the end.
type Piece = Result<Option<Bytes>, Error>;

struct Inner {
    client: Client,
    transfer: Transfer,
    decoder: Decoder,
    is_complete: bool,
    on_progress: Option<OnProgress>,
    body: Option<Body>,
    read: std::time::Duration,
}

impl Chunks {
    pub(super) fn new(client: Client, transfer: Transfer, decoder: Decoder, on_progress: Option<OnProgress>) -> Self {
        let read = std::time::Duration::ZERO;
        let inner = Inner { client, transfer, decoder, is_complete: false, on_progress, body: None, read };
        Self(State::Idle(Box::new(inner)))
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
                    let (inner, result) = ready!(future.as_mut().poll(context));
                    self.0 = match &result {
                        Ok(Some(_)) => State::Idle(inner),
                        Ok(None) | Err(_) => State::Over,
                    };
                    return Poll::Ready(result.transpose());
                }
                State::Idle(_) => {
                    if let State::Idle(mut inner) = std::mem::replace(&mut self.0, State::Over) {
                        self.0 = State::Busy(Box::pin(async move {
                            let result = inner.next().await;
                            (inner, result)
                        }));
                    }
                }
            }
        }
    }
}

impl Inner {
    /// The next piece of what is wanted.
    async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            if let Some(bytes) = self.decoder.next()? {
                return Ok(Some(bytes));
            }
            if self.is_complete {
                return Ok(None);
            }
            match self.fetch().await? {
                Some(bytes) => self.decoder.feed(bytes)?,
                None => {
                    self.decoder.finish()?;
                    self.is_complete = true;
                }
            }
        }
    }

    /// The next piece of what comes.
    async fn fetch(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            match self.transfer.next(Instant::now())? {
                Step::Open(attempt) => {
                    self.read = attempt.limits.read;
                    let span = AttemptSpan::new(&attempt);
                    match span.observe(self.client.open(*attempt)).await {
                        Ok(response) => self.opened(response).await?,
                        Err(error) => self.transfer.broke(Instant::now(), error)?,
                    }
                }
                Step::Read => {
                    let Some(body) = &mut self.body else {
                        self.transfer.ended(Instant::now())?;
                        continue;
                    };
                    match body::next(body, self.read).await {
                        Ok(Some(bytes)) => {
                            if let Some(bytes) = self.transfer.received(bytes)? {
                                if let Some(on_progress) = &mut self.on_progress {
                                    on_progress(Progress {
                                        received: self.transfer.offset(),
                                        total: self.transfer.size(),
                                    });
                                }
                                return Ok(Some(bytes));
                            }
                        }
                        Ok(None) => self.transfer.ended(Instant::now())?,
                        Err(error) => self.transfer.broke(Instant::now(), error)?,
                    }
                }
                Step::Renew(exchange) => {
                    let answer = self.client.exchange(*exchange).await;
                    self.transfer.renewed(answer)?;
                }
                Step::Sleep(pause) => {
                    // A connection that waits is one that breaks.
                    self.body = None;
                    super::super::sleep(pause).await?;
                }
                Step::Done => return Ok(None),
            }
        }
    }

    async fn opened(&mut self, response: http::Response<Body>) -> Result<(), Error> {
        let (parts, body) = response.into_parts();
        self.body = None;
        match self.transfer.opened(parts.status, &parts.headers)? {
            Opened::Read => self.body = Some(body),
            Opened::Refused => {
                let text = body::read_some(body, LARGEST_REFUSAL, self.read).await;
                self.transfer.refused(Instant::now(), parts.status, &parts.headers, &text)?;
            }
            Opened::Drop => {}
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
