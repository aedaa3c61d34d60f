//! Downloads a file, however often the connection breaks.
//!
//! Responses go in; what to request, to sleep and to give comes out. A file is complete only with the size that was promised,
//! or with an end that HTTP marks; bytes of two files are never mixed.

mod delivered;
mod framing;
mod head;
mod refresh;
mod request;
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
use self::refresh::RefreshRequest;
use self::validator::Validator;
use super::exchange::{Attempt, Exchange};
use super::retry::{Policy, Retries};
use crate::transport::{Limits, TransportError};
use crate::{
    Config, Download, DownloadAccess, Error, ErrorKind, Operation, Progress, Request, RequestOptions, Response,
    RunState, response,
};

/// How much of an error's body is read.
pub(crate) const LARGEST_ERROR_BODY: usize = 64 << 10;

/// A file that is being downloaded. Its bytes are given in order and once each, unless it [rewinds](Self::rewind_on_restart).
pub(crate) struct Transfer {
    config: Config,
    options: RequestOptions,
    policy: Policy,
    /// Its failures are those since bytes came that are further on than any before.
    retries: Retries,
    access: DownloadAccess,
    /// What fetches the resource; its version is the one that the file is asked for in.
    operation: Operation,
    /// Where the file is said to be; a secret, if it is pre-signed.
    url: String,
    refresh: RefreshRequest,
    timeout: Duration,
    is_started: bool,
    deadline: Option<Instant>,
    phase: Phase,
    delivered: Delivered,
    /// What was given is void, and the client does not know that yet.
    must_rewind: bool,
    /// Whether the last bytes that were given are further on than any before.
    has_advanced: bool,
    /// The size that the resource states.
    promised: Option<u64>,
    /// The size that a response states.
    learned: Option<u64>,
    /// The validator of the file that the bytes up to the position are from; without one, the download restarts.
    validator: Option<Validator>,
    /// Why the last attempt failed, unless bytes have come since that are further on.
    last_error: Option<Error>,
    /// Attempts in all, for errors.
    attempts: u32,
    refreshes: u32,
    redirections: u32,
}

enum Phase {
    /// Ask for the file at this address, or at the one it is said to be at.
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

/// What to do now.
pub(crate) enum Step {
    /// Open it, and tell [`Transfer::on_response`] or [`Transfer::on_error`].
    Open(Box<Attempt>),
    /// Make this request, and tell [`Transfer::on_refresh`].
    Refresh(Box<Exchange<FreshFile>>),
    Sleep(Duration),
    /// Discard everything that was given, and tell [`Transfer::on_rewind`].
    Rewind,
    /// Read from the body that is open, no longer than this, and tell [`Transfer::on_bytes`], [`Transfer::on_end`] or
    /// [`Transfer::on_error`].
    Read {
        #[cfg_attr(not(feature = "client"), allow(dead_code, reason = "what blocks has its limits from the attempt"))]
        within: Duration,
    },
    Done,
}

/// What to do with a response's body.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum BodyUse {
    /// It is the file.
    File,
    /// It is an error: read some of it, and tell [`Transfer::on_error_response`].
    Error,
    /// It is of no use.
    Discard,
}

impl Transfer {
    pub(crate) fn new<T: Download>(resource: &T, config: Config) -> Result<Self, Error> {
        let Some(file) = resource.result_file() else {
            return Err(Error::new(
                ErrorKind::NoResult,
                match resource.result_state() {
                    Some(RunState::Running) => "the run has no result file yet; wait for it first",
                    Some(RunState::Succeeded) => "the run succeeded, but its result has no URL",
                    Some(RunState::Failed) => "the run failed and has no result file",
                    Some(RunState::Unrecognized) => "the status of the run is unknown, and it has no result file",
                    None => "the file has no URL",
                },
            ));
        };
        let policy = Policy::new(config.options());
        let transfer = Self {
            retries: Retries::new(&policy, config.retry_policy(), true),
            policy,
            options: RequestOptions::new(),
            access: T::ACCESS,
            operation: resource.refresh_request().operation(),
            url: config.file_location(file.url),
            refresh: RefreshRequest::new(resource),
            timeout: Duration::from_secs(12 * 60 * 60),
            is_started: false,
            deadline: None,
            phase: Phase::Open { at: None },
            delivered: Delivered::new(),
            must_rewind: false,
            has_advanced: false,
            // Nothing has fewer than no bytes: such a size is not known.
            promised: file.size.and_then(|size| u64::try_from(size).ok()),
            learned: None,
            validator: None,
            last_error: None,
            attempts: 0,
            refreshes: 0,
            redirections: 0,
            config,
        };
        transfer.checked_url()?;
        Ok(transfer)
    }

    pub(crate) fn set_options(&mut self, options: RequestOptions) {
        self.policy = Policy::new(&options.clone().or(self.config.options()));
        self.retries = Retries::new(&self.policy, self.config.retry_policy(), true);
        self.options = options;
    }

    pub(crate) fn set_timeout(&mut self, timeout: Duration) {
        self.timeout = timeout;
    }

    /// Asks for a [`Step::Rewind`] when the file starts anew, in place of comparing its bytes with those that were given.
    pub(crate) fn rewind_on_restart(&mut self) {
        self.delivered.rewind_on_restart();
    }

    /// Returns the size of the whole file, as far as is known.
    pub(crate) fn size(&self) -> Option<u64> {
        self.promised.or(self.learned)
    }

    /// Returns the progress, if the bytes that were given last are further on than any before.
    pub(crate) fn progress(&self) -> Option<Progress> {
        let received = self.delivered.furthest();
        let total = self.size().map(|size| size.max(received));
        self.has_advanced.then_some(Progress { received, total })
    }

    /// Returns what to do now. It stays the same until its outcome is reported.
    pub(crate) fn next(&mut self, now: Instant) -> Result<Step, Error> {
        if !self.is_started {
            self.is_started = true;
            self.retries.elapsed(now);
            self.deadline = now.checked_add(self.timeout);
        }
        if matches!(self.phase, Phase::Done) {
            return Ok(Step::Done);
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
        if self.must_rewind {
            return Ok(Step::Rewind);
        }
        if let Phase::Pause { until } = self.phase {
            if until > now {
                return Ok(Step::Sleep(until.saturating_duration_since(now).min(left)));
            }
            self.phase = Phase::Open { at: None };
        }
        match &self.phase {
            Phase::Read { .. } => Ok(Step::Read { within: self.read_limit(now) }),
            Phase::Refresh => {
                Ok(Step::Refresh(Box::new(self.refresh.exchange(&self.options, &self.config)?.within(left))))
            }
            Phase::Open { at } => {
                let uri = match at {
                    Some(uri) => uri.clone(),
                    None => self.checked_url()?,
                };
                let request = self.request(uri)?;
                let head = self.read_limit(now);
                let limits = Limits {
                    connect: self.policy.connect.min(head),
                    head,
                    read: head,
                    whole: self.deadline.map(|_| left),
                };
                let number = self.attempts.saturating_add(1);
                Ok(Step::Open(Box::new(Attempt { request, template: "[file]", limits, number })))
            }
            Phase::Pause { .. } | Phase::Done => Ok(Step::Done),
        }
    }

    /// Returns how long to wait for more of a body.
    pub(crate) fn read_limit(&self, now: Instant) -> Duration {
        self.policy.attempt.min(self.time_left(now))
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
            StatusCode::PARTIAL_CONTENT => {
                self.restart(now, "the server sent a part of the file, which was not requested")
            }
            StatusCode::RANGE_NOT_SATISFIABLE if resumes => {
                let message = format!("the server says that the file ends after {} bytes", self.delivered.position());
                self.restart(now, &message)
            }
            status if status.is_redirection() && head.headers.contains_key(LOCATION) => {
                self.redirect(&head.headers).map(|()| BodyUse::Discard)
            }
            _ => Ok(BodyUse::Error),
        }
    }

    /// Takes a response that is not the file, with the beginning of its body.
    pub(crate) fn on_error_response(&mut self, now: Instant, head: &Parts, body: &[u8]) -> Result<(), Error> {
        let error = Error::api_error(head.status, response::request_id(&head.headers), body);
        // A pre-signed URL that is too old is refused in as many ways as there are object stores.
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
        let file = response?.value;
        let size = file.size.and_then(|size| u64::try_from(size).ok());
        if size.is_some() && size != self.size() {
            if self.size().is_some() && !self.delivered.may_change() {
                return Err(self.with_context(Error::new(ErrorKind::Download, "the file has another size now")));
            }
            (self.promised, self.learned, self.validator) = (size, None, None);
        }
        self.url = self.config.file_location(&file.url);
        self.phase = Phase::Open { at: None };
        Ok(())
    }

    /// Takes the news that everything that was given is discarded.
    pub(crate) fn on_rewind(&mut self) {
        self.must_rewind = false;
    }

    /// Takes bytes; returns those that have not been given before.
    pub(crate) fn on_bytes(&mut self, now: Instant, bytes: Bytes) -> Result<Option<Bytes>, Error> {
        self.has_advanced = false;
        let length = bytes.len() as u64;
        match &mut self.phase {
            Phase::Read { left: Some(left), .. } if length > *left => {
                return self.restart(now, "the server sent more than it announced").map(|_| None);
            }
            Phase::Read { left: Some(left), .. } => *left -= length,
            Phase::Read { left: None, .. } => {}
            _ => return Ok(None),
        }
        if let Some(size) = self.size().filter(|size| self.delivered.position().saturating_add(length) > *size) {
            let message = format!("the file is larger than the {size} bytes that were promised");
            return Err(self.with_context(Error::new(ErrorKind::Download, message)));
        }
        let furthest = self.delivered.furthest();
        let Ok(bytes) = self.delivered.accept(bytes) else { return Err(self.changed()) };
        if self.delivered.furthest() > furthest {
            self.has_advanced = true;
            self.retries.advance();
            self.last_error = None;
            self.refreshes = 0;
        }
        Ok(Some(bytes).filter(|bytes| !bytes.is_empty()))
    }

    /// Takes the end of the body.
    pub(crate) fn on_end(&mut self, now: Instant) -> Result<(), Error> {
        let (offset, is_repeating) = (self.delivered.offset(), self.delivered.is_repeating());
        let is_marked = matches!(self.phase, Phase::Read { left: None, framing: Framing::Marked });
        let message = match self.size() {
            Some(size) if size == offset && !is_repeating => {
                self.phase = Phase::Done;
                return Ok(());
            }
            None if is_marked && is_repeating => return Err(self.changed()),
            None if is_marked => {
                self.phase = Phase::Done;
                return Ok(());
            }
            Some(size) => format!("the connection ended after {} of {size} bytes", self.delivered.position()),
            None => {
                format!("the connection ended after {} bytes, and the size is not known", self.delivered.position())
            }
        };
        self.retry(now, Error::new(ErrorKind::Connection, message).retryable(true), &HeaderMap::new())
    }

    /// Takes what broke: while it was opened, or while it was read.
    pub(crate) fn on_error(&mut self, now: Instant, error: TransportError) -> Result<(), Error> {
        if !matches!(self.phase, Phase::Read { .. }) {
            self.attempts = self.attempts.saturating_add(1);
        } else if self.size() == Some(self.delivered.offset()) && !self.delivered.is_repeating() {
            self.phase = Phase::Done;
            return Ok(());
        }
        self.retry(now, error.into(), &HeaderMap::new())
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
