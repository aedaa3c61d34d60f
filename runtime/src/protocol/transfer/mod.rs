//! Fetching a file, however often the connection breaks.

mod facts;
mod renewal;
#[cfg(test)]
mod tests;

use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, ETAG, HeaderValue, IF_RANGE, LOCATION, RANGE};
use http::{HeaderMap, Method, StatusCode, Uri};

use self::facts::{ContentRange, content_length, unsatisfied_total};
pub(crate) use self::renewal::FreshFile;
use self::renewal::Renewal;
use super::exchange::{Attempt, Exchange};
use super::origin::Origin;
use super::retry::{FailedAttempt, Policy, Random};
use crate::transport::{Limits, TransportError};
use crate::{
    Answer, Config, Download, DownloadAccess, Error, ErrorKind, Operation, Request, RequestOptions, decode, encoding,
};

/// How far a redirection is followed.
const MOST_REDIRECTIONS: u32 = 5;

/// How much of an error's body is read.
pub(crate) const LARGEST_REFUSAL: usize = 64 << 10;

/// A file that is being fetched. The bytes of it are given in order and once each, whatever happens in between.
pub(crate) struct Transfer {
    config: Config,
    options: RequestOptions,
    policy: Policy,
    random: Random,
    access: DownloadAccess,
    /// What fetches the resource; its version is the one that the file is asked for in.
    operation: Operation,
    /// Where the file is said to be; a secret, if it is pre-signed.
    url: String,
    renewal: Renewal,
    timeout: Duration,
    started: Option<Instant>,
    deadline: Option<Instant>,
    phase: Phase,
    /// How many bytes have been given.
    offset: u64,
    /// How many bytes of this body have been given before, when the server began at the beginning again.
    to_skip: u64,
    size: Option<u64>,
    etag: Option<HeaderValue>,
    /// Attempts in all, for errors.
    attempts: u32,
    /// What failed since the last byte came.
    failures: u32,
    renewals: u32,
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
    Renew,
    Read {
        left: Option<u64>,
    },
    Done,
}

/// What to do now.
pub(crate) enum Step {
    /// Open it, and tell [`Transfer::opened`] or [`Transfer::broke`].
    Open(Box<Attempt>),
    /// Make this request, and tell [`Transfer::renewed`].
    Renew(Box<Exchange<FreshFile>>),
    Sleep(Duration),
    /// Read from the body that is open, and tell [`Transfer::received`], [`Transfer::ended`] or [`Transfer::broke`].
    Read,
    Done,
}

/// What to do with an answer's body.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Opened {
    /// It is the file.
    Read,
    /// It is an error: read some of it, and tell [`Transfer::refused`].
    Refused,
    /// It is of no use.
    Drop,
}

impl Transfer {
    pub(crate) fn new<T: Download>(resource: &T, config: Config) -> Result<Self, Error> {
        let Some(file) = resource.result_file() else {
            return Err(Error::new(
                ErrorKind::NoResult,
                "there is no result file; a run has one once it succeeded, so wait for it first",
            ));
        };
        let size = file.size.and_then(|size| u64::try_from(size).ok());
        let transfer = Self {
            policy: Policy::new(config.options()),
            options: RequestOptions::new(),
            random: fastrand::f64,
            access: T::ACCESS,
            operation: resource.renewal().operation(),
            url: config.file_location(file.url),
            renewal: Renewal::new(resource),
            timeout: Duration::from_secs(12 * 60 * 60),
            started: None,
            deadline: None,
            phase: Phase::Open { at: None },
            offset: 0,
            to_skip: 0,
            size,
            etag: None,
            attempts: 0,
            failures: 0,
            renewals: 0,
            redirections: 0,
            config,
        };
        transfer.address()?;
        Ok(transfer)
    }

    pub(crate) fn set_options(&mut self, options: RequestOptions) {
        self.policy = Policy::new(&options.clone().or(self.config.options()));
        self.options = options;
    }

    pub(crate) fn set_timeout(&mut self, timeout: Duration) {
        self.timeout = timeout;
    }

    /// How many bytes there are in all, as far as is known.
    pub(crate) fn size(&self) -> Option<u64> {
        self.size
    }

    /// How many bytes have come.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// What to do now. It stays the same until something is told.
    pub(crate) fn next(&mut self, now: Instant) -> Result<Step, Error> {
        if self.started.is_none() {
            self.started = Some(now);
            self.deadline = now.checked_add(self.timeout);
        }
        if matches!(self.phase, Phase::Done) {
            return Ok(Step::Done);
        }
        let left = self.deadline.map_or(Duration::MAX, |deadline| deadline.saturating_duration_since(now));
        if left.is_zero() {
            return Err(
                self.failed(Error::new(ErrorKind::Timeout, format!("the file is not there after {:?}", self.timeout)))
            );
        }
        if let Phase::Pause { until } = self.phase {
            if until > now {
                return Ok(Step::Sleep(until.saturating_duration_since(now)));
            }
            self.phase = Phase::Open { at: None };
        }
        match &self.phase {
            Phase::Read { .. } => Ok(Step::Read),
            Phase::Renew => Ok(Step::Renew(Box::new(self.renewal.exchange(&self.options, &self.config)?.within(left)))),
            Phase::Open { at } => {
                let uri = match at {
                    Some(uri) => uri.clone(),
                    None => self.address()?,
                };
                let request = self.request(uri)?;
                let head = self.policy.attempt.min(left);
                let limits =
                    Limits { connect: self.policy.connect.min(head), head, read: self.policy.attempt, whole: None };
                let number = self.attempts.saturating_add(1);
                Ok(Step::Open(Box::new(Attempt { request, template: "[file]", limits, number })))
            }
            Phase::Pause { .. } | Phase::Done => Ok(Step::Done),
        }
    }

    /// Takes the head of an answer.
    pub(crate) fn opened(&mut self, status: StatusCode, headers: &HeaderMap) -> Result<Opened, Error> {
        self.attempts = self.attempts.saturating_add(1);
        match status {
            StatusCode::OK => self.begin_anew(headers).map(|()| Opened::Read),
            StatusCode::PARTIAL_CONTENT => self.resume(headers).map(|()| Opened::Read),
            StatusCode::RANGE_NOT_SATISFIABLE if self.offset > 0 && unsatisfied_total(headers) == Some(self.offset) => {
                self.phase = Phase::Done;
                Ok(Opened::Drop)
            }
            status if status.is_redirection() && headers.contains_key(LOCATION) => {
                self.redirect(headers).map(|()| Opened::Drop)
            }
            _ => Ok(Opened::Refused),
        }
    }

    /// Takes an answer that is not the file, with the beginning of its body.
    pub(crate) fn refused(
        &mut self,
        now: Instant,
        status: StatusCode,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<(), Error> {
        let error = Error::api_error(status, decode::request_id(headers), body);
        // A pre-signed URL that is too old is refused in as many ways as there are object stores.
        let may_be_expired = self.access == DownloadAccess::PreSigned && status.is_client_error();
        if may_be_expired && status != StatusCode::TOO_MANY_REQUESTS && self.renewals == 0 {
            self.renewals += 1;
            self.phase = Phase::Renew;
            return Ok(());
        }
        self.try_again(now, error, headers)
    }

    /// Takes the answer to the request for a fresh URL.
    pub(crate) fn renewed(&mut self, answer: Result<Answer<FreshFile>, Error>) -> Result<(), Error> {
        let file = answer?.value;
        let size = file.size.and_then(|size| u64::try_from(size).ok());
        if self.size.is_some() && size.is_some() && self.size != size {
            return Err(self.failed(Error::new(ErrorKind::Download, "the file has another size now")));
        }
        self.url = self.config.file_location(&file.url);
        self.phase = Phase::Open { at: None };
        Ok(())
    }

    /// Takes bytes; gives those that have not been given before.
    pub(crate) fn received(&mut self, mut bytes: Bytes) -> Result<Option<Bytes>, Error> {
        let Phase::Read { left } = &mut self.phase else { return Ok(None) };
        let length = bytes.len() as u64;
        if let Some(left) = left {
            *left = left.saturating_sub(length);
        }
        let skipped = self.to_skip.min(length);
        self.to_skip -= skipped;
        // Not more than there are bytes.
        let _ = bytes.split_to(usize::try_from(skipped).unwrap_or(bytes.len()).min(bytes.len()));
        if bytes.is_empty() {
            return Ok(None);
        }
        self.offset = self.offset.saturating_add(bytes.len() as u64);
        self.failures = 0;
        self.renewals = 0;
        if let Some(size) = self.size.filter(|size| self.offset > *size) {
            let message = format!("it is larger than the {size} bytes that were promised");
            return Err(self.failed(Error::new(ErrorKind::Download, message)));
        }
        Ok(Some(bytes))
    }

    /// Takes the end of the body.
    pub(crate) fn ended(&mut self, now: Instant) -> Result<(), Error> {
        let missing = match (&self.phase, self.size) {
            (Phase::Read { left: Some(left) }, _) if *left > 0 => true,
            (_, Some(size)) => self.offset < size,
            _ => self.to_skip > 0,
        };
        if missing {
            let message = match self.size {
                Some(size) => format!("the connection ended after {} of {size} bytes", self.offset),
                None => format!("the connection ended after {} bytes", self.offset),
            };
            let error = Error::new(ErrorKind::Connection, message).retryable(true);
            return self.try_again(now, error, &HeaderMap::new());
        }
        self.phase = Phase::Done;
        Ok(())
    }

    /// Takes what broke: while it was opened, or while it was read.
    pub(crate) fn broke(&mut self, now: Instant, error: TransportError) -> Result<(), Error> {
        if !matches!(self.phase, Phase::Read { .. }) {
            self.attempts = self.attempts.saturating_add(1);
        }
        if self.size.is_some_and(|size| self.offset == size) && matches!(self.phase, Phase::Read { .. }) {
            self.phase = Phase::Done;
            return Ok(());
        }
        self.try_again(now, error.into(), &HeaderMap::new())
    }

    fn try_again(&mut self, now: Instant, error: Error, headers: &HeaderMap) -> Result<(), Error> {
        self.failures += 1;
        let error = self.failed(error);
        let failed = FailedAttempt {
            error: &error,
            headers,
            attempt: self.failures,
            max_retries: self.policy.max_retries,
            elapsed: now.saturating_duration_since(self.started.unwrap_or(now)),
            is_download: true,
            random: (self.random)(),
        };
        let Some(pause) = self.config.retry_policy().delay(&failed) else { return Err(error) };
        self.phase = Phase::Pause { until: now.checked_add(pause).unwrap_or(now) };
        Ok(())
    }

    /// The whole file comes: what has been given is skipped, if it is still the same file.
    fn begin_anew(&mut self, headers: &HeaderMap) -> Result<(), Error> {
        let length = content_length(headers);
        self.check_same(headers, length)?;
        self.size = self.size.or(length);
        self.to_skip = self.offset;
        self.phase = Phase::Read { left: length };
        self.redirections = 0;
        Ok(())
    }

    /// The rest of the file comes.
    fn resume(&mut self, headers: &HeaderMap) -> Result<(), Error> {
        let range = ContentRange::of(headers);
        let Some(range) = range.filter(|range| range.first <= self.offset) else {
            return Err(self.failed(Error::new(ErrorKind::Download, "the server sent another part than was asked for")));
        };
        self.check_same(headers, range.total)?;
        self.size = self.size.or(range.total);
        self.to_skip = self.offset - range.first;
        self.phase = Phase::Read { left: content_length(headers) };
        self.redirections = 0;
        Ok(())
    }

    fn check_same(&mut self, headers: &HeaderMap, size: Option<u64>) -> Result<(), Error> {
        if let Some(encoding) = headers.get(CONTENT_ENCODING).filter(|encoding| *encoding != "identity") {
            let message = format!("it comes in the encoding {encoding:?}, which was not asked for");
            return Err(self.failed(Error::new(ErrorKind::Download, message)));
        }
        if let (Some(expected), Some(size)) = (self.size, size)
            && expected != size
        {
            let message = format!("it has {size} bytes, not the {expected} that were promised");
            return Err(self.failed(Error::new(ErrorKind::Download, message)));
        }
        let etag = headers.get(ETAG).filter(|etag| !etag.as_bytes().starts_with(b"W/"));
        match (&self.etag, etag) {
            (Some(before), Some(now)) if before != now && self.offset > 0 => {
                Err(self.failed(Error::new(ErrorKind::Download, "it changed while it was downloaded")))
            }
            (_, etag) => {
                self.etag = etag.cloned();
                Ok(())
            }
        }
    }

    fn redirect(&mut self, headers: &HeaderMap) -> Result<(), Error> {
        let refuse = |reason: &str| Error::new(ErrorKind::Download, reason);
        self.redirections += 1;
        if self.redirections > MOST_REDIRECTIONS {
            return Err(self.failed(refuse("it is redirected again and again")));
        }
        let from = match &self.phase {
            Phase::Open { at: Some(uri) } => uri.clone(),
            _ => self.address()?,
        };
        let location = headers.get(LOCATION).and_then(|location| location.to_str().ok());
        let target = location.and_then(|location| resolve(&from, location));
        let Some(target) = target else { return Err(self.failed(refuse("it is redirected to what is no URL"))) };
        let is_secure = |uri: &Uri| Origin::of(uri).is_some_and(|origin| origin.is_secure());
        if is_secure(&from) && !is_secure(&target) {
            return Err(self.failed(refuse("it is redirected to where nothing is encrypted")));
        }
        self.phase = Phase::Open { at: Some(target) };
        Ok(())
    }

    /// Where the file is, checked.
    fn address(&self) -> Result<Uri, Error> {
        // The URL is not repeated in the messages: it gives access.
        let refuse = |reason: &str| Error::new(ErrorKind::Download, reason);
        let uri: Uri =
            self.url.parse().map_err(|error: http::uri::InvalidUri| refuse("its URL is invalid").with_source(error))?;
        let origin = Origin::of(&uri).ok_or_else(|| refuse("its URL is neither `http://…` nor `https://…`"))?;
        match self.access {
            DownloadAccess::ApiKey if !self.config.trusts(&origin) => {
                Err(refuse(&format!("it is on `{}`, which must not get the API key", origin.host())))
            }
            DownloadAccess::PreSigned if !origin.is_secure() && !self.config.is_plain() => {
                Err(refuse("its URL is not `https://…`"))
            }
            _ => Ok(uri),
        }
    }

    /// The request for what is missing. The key goes with it only if the file needs it and the server may have it.
    fn request(&self, uri: Uri) -> Result<http::Request<Bytes>, Error> {
        let with_key =
            self.access == DownloadAccess::ApiKey && Origin::of(&uri).is_some_and(|origin| self.config.trusts(&origin));
        let mut headers = if with_key {
            encoding::headers(&self.operation, &self.options.clone().or(self.config.options()), &self.config, &uri)?
        } else {
            encoding::anonymous_headers(&self.operation)
        };
        headers.insert(ACCEPT, HeaderValue::from_static("*/*"));
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        if self.offset > 0 {
            let range = HeaderValue::try_from(format!("bytes={}-", self.offset));
            headers.insert(RANGE, range.map_err(|error| Error::invalid_request("no range").with_source(error))?);
            if let Some(etag) = &self.etag {
                headers.insert(IF_RANGE, etag.clone());
            }
        }
        let mut request = http::Request::new(Bytes::new());
        *request.method_mut() = Method::GET;
        *request.uri_mut() = uri;
        *request.headers_mut() = headers;
        Ok(request)
    }

    fn failed(&self, error: Error) -> Error {
        let endpoint = match self.access {
            DownloadAccess::PreSigned => "GET [pre-signed URL]".to_owned(),
            DownloadAccess::ApiKey => {
                let path = self.url.parse::<Uri>().map(|uri| uri.path().to_owned());
                format!("GET {}", path.unwrap_or_default())
            }
        };
        error.of_endpoint(endpoint).after_attempts(self.attempts)
    }
}

/// The address that a redirection from `base` leads to.
fn resolve(base: &Uri, location: &str) -> Option<Uri> {
    let without_fragment = location.split('#').next()?;
    if without_fragment.starts_with('/') && !without_fragment.starts_with("//") {
        let mut parts = base.clone().into_parts();
        parts.path_and_query = Some(without_fragment.parse().ok()?);
        return Uri::from_parts(parts).ok();
    }
    let uri: Uri = without_fragment.parse().ok()?;
    Origin::of(&uri).map(|_| uri)
}
