//! Decides by the head of a response whether its body starts or continues the file, or whether the download restarts.

use std::time::Instant;

use http::header::{CONTENT_ENCODING, TRANSFER_ENCODING};
use http::response::Parts;
use http::{HeaderMap, HeaderValue};

use super::framing::{ContentRange, Framing};
use super::validator::Validator;
use super::{BodyUse, Phase, Transfer};
use crate::{Error, ErrorKind};

impl Transfer {
    /// Returns the validator to resume with; `None` requests the whole file.
    pub(super) fn resumes_with(&self) -> Option<&Validator> {
        self.validator.as_ref().filter(|_| self.delivered.position() > 0)
    }

    /// Takes the head of the whole file.
    pub(super) fn start(&mut self, head: &Parts) -> Result<BodyUse, Error> {
        self.check_encoding(&head.headers)?;
        let framing = Framing::of(head.version, &head.headers);
        let validator = Validator::of(&head.headers);
        let is_same = self.validator.is_some() && self.validator == validator;
        let is_other = self.validator.is_some() && validator.is_some() && !is_same;
        if is_other && self.delivered.may_change() {
            self.reported_size = None;
        }
        if let Some(size) = framing.length() {
            self.check_size(size)?;
            let is_resized =
                self.reported_size.is_some_and(|reported| reported != size) || size < self.delivered.offset();
            if is_resized && (is_same || !self.delivered.may_change()) {
                return Err(self.changed());
            }
            self.reported_size = Some(size);
        }
        self.validator = validator;
        self.must_rewind |= self.delivered.restart();
        self.phase = Phase::Read { left: framing.length(), framing };
        self.redirections = 0;
        Ok(BodyUse::File)
    }

    /// Takes the head of the rest of the file.
    pub(super) fn resume(&mut self, now: Instant, head: &Parts) -> Result<BodyUse, Error> {
        self.check_encoding(&head.headers)?;
        let framing = Framing::of(head.version, &head.headers);
        let range = ContentRange::of(&head.headers).filter(|range| range.first == self.delivered.position());
        let range = range.filter(|range| framing.length().is_none_or(|length| length == range.length()));
        let Some(range) = range else {
            return self.restart(now, "the server returned a different range than requested");
        };
        if !self.validator.as_ref().is_some_and(|validator| validator.matches(&head.headers)) {
            return self.restart(now, "the file changed during the download");
        }
        if let Some(total) = range.total {
            self.check_size(total)?;
            if self.reported_size.is_some_and(|reported| reported != total) {
                return self.restart(now, "the file changed during the download");
            }
            self.reported_size = Some(total);
        }
        self.phase = Phase::Read { left: Some(range.length()), framing };
        self.redirections = 0;
        Ok(BodyUse::File)
    }

    /// Requests the whole file next, since this response does not continue the delivered bytes.
    pub(super) fn restart(&mut self, now: Instant, reason: &str) -> Result<BodyUse, Error> {
        self.validator = None;
        let error = Error::new(ErrorKind::Download, reason).retryable(true);
        self.retry(now, error, &HeaderMap::new()).map(|()| BodyUse::Discard)
    }

    fn check_encoding(&self, headers: &HeaderMap) -> Result<(), Error> {
        let content = headers.get_all(CONTENT_ENCODING).iter().find(|encoding| *encoding != "identity");
        let is_chunked = |encoding: &HeaderValue| encoding.as_bytes().eq_ignore_ascii_case(b"chunked");
        let transfer = || headers.get_all(TRANSFER_ENCODING).iter().find(|encoding| !is_chunked(encoding));
        let Some(encoding) = content.or_else(transfer) else { return Ok(()) };
        let message = format!("the file has the encoding {encoding:?}, which was not requested");
        Err(self.with_context(Error::new(ErrorKind::Download, message)))
    }

    fn check_size(&self, size: u64) -> Result<(), Error> {
        let Some(expected) = self.expected_size.filter(|expected| *expected != size) else { return Ok(()) };
        let message = format!("expected {expected} bytes, found {size}");
        Err(self.with_context(Error::new(ErrorKind::Download, message)))
    }

    /// Returns the error of a stream whose delivered bytes have changed.
    pub(super) fn changed(&self) -> Error {
        self.with_context(Error::new(ErrorKind::Download, "the file changed during the download"))
    }
}
