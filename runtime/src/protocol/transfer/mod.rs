//! Downloads a file, however often the connection breaks.
//!
//! Responses go in; requests, delays and the bytes of the file come out. A file is complete only with the expected size or an
//! end that HTTP marks, and bytes of two versions are never mixed.

mod delivered;
mod framing;
mod head;
mod refresh;
mod request;
mod settings;
#[cfg(test)]
mod tests;
mod validator;

use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::LOCATION;
use http::response::Parts;
use http::{HeaderMap, StatusCode, Uri};

use self::delivered::Delivered;
use self::framing::Framing;
pub(crate) use self::refresh::FreshFile;
use self::refresh::Refresh;
use self::validator::Validator;
use super::body::WholeBody;
use super::decoder::{Decoder, Piece};
use super::exchange::{Attempt, Exchange};
use super::retry::{Policy, Retries};
use crate::transport::{Limits, TransportError};
use crate::{Config, DownloadAccess, Error, ErrorKind, Operation, Progress, RequestOptions, Response, response};

/// A file that is being downloaded. Its bytes are yielded in order and once each, unless it
/// [rewinds](Self::rewind_on_restart).
pub(crate) struct Transfer {
    config: Config,
    options: RequestOptions,
    policy: Policy,
    /// Counts the failures since the file last progressed.
    retries: Retries,
    access: DownloadAccess,
    /// The operation that retrieves the resource; the file is requested in the same API version.
    operation: Operation,
    /// The URL of the file; a secret, if it is pre-signed.
    url: String,
    refresh: Box<Refresh>,
    timeout: Duration,
    on_progress: Option<Box<dyn FnMut(Progress) + Send>>,
    decoder: Decoder,
    /// When the current attempt was requested; `None` until the download starts.
    sent: Option<Instant>,
    deadline: Option<Instant>,
    phase: Phase,
    delivered: Delivered,
    /// The bytes delivered so far are invalid, which the client does not know yet.
    must_rewind: bool,
    /// The size that the resource reports.
    expected_size: Option<u64>,
    /// The columns that the resource reports.
    #[cfg(feature = "csv")]
    columns: Option<Vec<String>>,
    /// The size that a response reports.
    reported_size: Option<u64>,
    /// The validator of the version that was delivered up to the position; without one, the download restarts.
    validator: Option<Validator>,
    /// Why the last attempt failed, unless the file has progressed since.
    last_error: Option<Error>,
    /// Attempts in total, for errors.
    attempts: u32,
    refreshes: u32,
    redirections: u32,
}

enum Phase {
    /// Request the file at this URL, or at its own.
    Open {
        at: Option<Uri>,
    },
    Pause {
        until: Instant,
    },
    Refresh,
    Read {
        /// How many bytes the body has left.
        left: Option<u64>,
        framing: Framing,
    },
    Done,
}

/// The next step of a download.
pub(crate) enum Step {
    /// Send this, and call [`Transfer::on_response`] or [`Transfer::on_error`].
    Open(Box<Attempt>),
    /// Send this, and call [`Transfer::on_refresh`].
    Refresh(Box<Exchange<FreshFile>>),
    Sleep(Duration),
    /// Read from the open body for at most this time, and call [`Transfer::on_bytes`] or [`Transfer::on_error`].
    Read {
        #[cfg_attr(not(feature = "client"), allow(dead_code, reason = "blocking reads are limited by the attempt"))]
        within: Duration,
    },
    /// Hand this to the caller.
    Yield(Piece),
}

/// What to do with the body of a response.
pub(crate) enum BodyUse {
    /// It is the file.
    File,
    /// It describes an error: collect it, and call [`Transfer::on_error_response`].
    Error(WholeBody),
    Discard,
}

impl Transfer {
    /// Returns what to do now. Except for [`Step::Yield`], it stays the same until its outcome is reported.
    pub(crate) fn next(&mut self, now: Instant) -> Result<Step, Error> {
        if let Some(bytes) = self.decoder.next()? {
            return Ok(Step::Yield(Piece::Bytes(bytes)));
        }
        if matches!(self.phase, Phase::Done) {
            return Ok(Step::Yield(Piece::End));
        }
        if self.sent.is_none() {
            self.sent = Some(now);
            self.retries.elapsed(now);
            self.deadline = now.checked_add(self.timeout);
        }
        let left = self.time_left(now);
        if left.is_zero() {
            let message = format!("the file is not complete after {:?}", self.timeout);
            let error = self.with_context(Error::new(ErrorKind::Timeout, message));
            return Err(match self.last_error.take() {
                Some(last) => error.with_source(last),
                None => error,
            });
        }
        if std::mem::take(&mut self.must_rewind) {
            self.decoder.reset();
            return Ok(Step::Yield(Piece::Rewind));
        }
        let uri = match &self.phase {
            Phase::Read { .. } => return Ok(Step::Read { within: self.read_limit(now) }),
            Phase::Refresh => {
                let exchange = (self.refresh)(&self.options, &self.config)?;
                return Ok(Step::Refresh(Box::new(exchange.within(left))));
            }
            Phase::Pause { until } if *until > now => {
                return Ok(Step::Sleep(until.saturating_duration_since(now).min(left)));
            }
            Phase::Open { at: Some(uri) } => uri.clone(),
            Phase::Open { at: None } | Phase::Pause { .. } | Phase::Done => self.checked_url()?,
        };
        let request = self.request(uri)?;
        self.sent = Some(now);
        let limits = Limits { whole: self.deadline.map(|_| left), ..self.limits(now) };
        let number = self.attempts.saturating_add(1);
        Ok(Step::Open(Box::new(Attempt { request, template: "[file]", limits, number })))
    }

    /// Returns how long to wait for the next bytes of a body.
    fn read_limit(&self, now: Instant) -> Duration {
        self.policy.attempt.min(self.time_left(now))
    }

    /// Returns the limits of an attempt that is sent now, with its body.
    fn limits(&self, now: Instant) -> Limits {
        let limit = self.read_limit(now);
        Limits { connect: self.policy.connect.min(limit), head: limit, read: limit, whole: Some(limit) }
    }

    fn time_left(&self, now: Instant) -> Duration {
        self.deadline.map_or(Duration::MAX, |deadline| deadline.saturating_duration_since(now))
    }

    /// Takes the head of a response.
    pub(crate) fn on_response(&mut self, now: Instant, head: &Parts) -> Result<BodyUse, Error> {
        self.attempts = self.attempts.saturating_add(1);
        let resumes = self.resumes_with().is_some();
        match head.status {
            StatusCode::OK => self.start(head),
            StatusCode::PARTIAL_CONTENT if resumes => self.resume(now, head),
            StatusCode::PARTIAL_CONTENT => self.restart(now, "unexpected partial response (206)"),
            StatusCode::RANGE_NOT_SATISFIABLE if resumes => {
                let position = self.delivered.position();
                let message = format!("range not satisfiable: the server reports at most {position} bytes");
                self.restart(now, &message)
            }
            status if status.is_redirection() && head.headers.contains_key(LOCATION) => {
                self.redirect(&head.headers).map(|()| BodyUse::Discard)
            }
            _ => {
                let sent = self.sent.unwrap_or(now);
                Ok(BodyUse::Error(WholeBody::of_file_error(self.limits(sent), sent)))
            }
        }
    }

    /// Takes an error response with its body.
    pub(crate) fn on_error_response(&mut self, now: Instant, head: &Parts, body: &[u8]) -> Result<(), Error> {
        let error = Error::api_error(head.status, response::request_id(&head.headers), body);
        // Object stores refuse an expired pre-signed URL with various statuses.
        let may_be_expired = self.access == DownloadAccess::PreSigned && head.status.is_client_error();
        if may_be_expired && head.status != StatusCode::TOO_MANY_REQUESTS && self.refreshes == 0 {
            self.refreshes += 1;
            self.phase = Phase::Refresh;
            return Ok(());
        }
        self.retry(now, error, &head.headers)
    }

    /// Takes the response to the request for a fresh URL.
    pub(crate) fn on_refresh(&mut self, response: Result<Response<FreshFile>, Error>) -> Result<(), Error> {
        let FreshFile { url, size } = response?.value;
        if size.is_some() && size != self.size() {
            if let (Some(from), Some(to)) = (self.size(), size)
                && !self.delivered.may_change()
            {
                let message = format!("the file's size changed from {from} to {to}");
                return Err(self.with_context(Error::new(ErrorKind::Download, message)));
            }
            (self.expected_size, self.reported_size, self.validator) = (size, None, None);
        }
        self.url = self.config.file_location(&url);
        self.phase = Phase::Open { at: None };
        Ok(())
    }

    /// Takes what was read from the body: bytes, its end, or an error.
    pub(crate) fn on_read(&mut self, now: Instant, read: Result<Option<Bytes>, TransportError>) -> Result<(), Error> {
        match read {
            Ok(Some(bytes)) => self.on_bytes(now, bytes),
            Ok(None) => self.on_end(now),
            Err(error) => self.on_error(now, error),
        }
    }

    fn on_bytes(&mut self, now: Instant, bytes: Bytes) -> Result<(), Error> {
        let length = bytes.len() as u64;
        match &mut self.phase {
            Phase::Read { left: Some(left), .. } if length > *left => {
                return self.restart(now, "the response body is longer than its headers say").map(|_| ());
            }
            Phase::Read { left: Some(left), .. } => *left -= length,
            Phase::Read { left: None, .. } => {}
            _ => return Ok(()),
        }
        if let Some(size) = self.size().filter(|size| self.delivered.position().saturating_add(length) > *size) {
            let message = format!("expected {size} bytes, found more");
            return Err(self.with_context(Error::new(ErrorKind::Download, message)));
        }
        let furthest = self.delivered.furthest();
        let Ok(bytes) = self.delivered.accept(bytes) else { return Err(self.changed()) };
        let received = self.delivered.furthest();
        if received > furthest {
            self.retries.advance();
            self.last_error = None;
            self.refreshes = 0;
            let total = self.size().map(|size| size.max(received));
            if let Some(on_progress) = &mut self.on_progress {
                on_progress(Progress { received, total });
            }
        }
        if bytes.is_empty() { Ok(()) } else { self.decoder.feed(bytes) }
    }

    fn on_end(&mut self, now: Instant) -> Result<(), Error> {
        let position = self.delivered.position();
        let is_marked = matches!(self.phase, Phase::Read { left: None, framing: Framing::Marked });
        let message = match self.size() {
            Some(_) if self.has_all_bytes() => return self.complete(),
            None if is_marked && self.delivered.is_repeating() => return Err(self.changed()),
            None if is_marked => return self.complete(),
            Some(size) => format!("received {position} of {size} bytes"),
            None => format!("received {position} bytes of a file of unknown size"),
        };
        self.retry(now, Error::new(ErrorKind::Connection, message).retryable(true), &HeaderMap::new())
    }

    /// Takes the error of an attempt or of its body.
    pub(crate) fn on_error(&mut self, now: Instant, error: TransportError) -> Result<(), Error> {
        if !matches!(self.phase, Phase::Read { .. }) {
            self.attempts = self.attempts.saturating_add(1);
        } else if self.has_all_bytes() {
            return self.complete();
        }
        self.retry(now, error.into(), &HeaderMap::new())
    }

    fn has_all_bytes(&self) -> bool {
        self.size() == Some(self.delivered.offset()) && !self.delivered.is_repeating()
    }

    fn complete(&mut self) -> Result<(), Error> {
        self.phase = Phase::Done;
        self.decoder.finish()
    }

    fn retry(&mut self, now: Instant, error: Error, headers: &HeaderMap) -> Result<(), Error> {
        let error = self.with_context(error);
        let Some(delay) = self.retries.delay(now, &error, headers) else { return Err(error) };
        self.last_error = Some(error);
        self.phase = Phase::Pause { until: now.checked_add(delay).unwrap_or(now) };
        Ok(())
    }

    fn with_context(&self, error: Error) -> Error {
        let endpoint = match self.access {
            DownloadAccess::PreSigned => "GET [pre-signed URL]".to_owned(),
            DownloadAccess::ApiKey => {
                let path = self.url.parse::<Uri>().map(|uri| uri.path().to_owned());
                format!("GET {}", path.unwrap_or_default())
            }
        };
        error.with_endpoint(endpoint).with_attempts(self.attempts)
    }
}
