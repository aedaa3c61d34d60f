//! Collects a body in memory, bounded in size and in time.
//!
//! Chunks go in; the time left for the next one comes out, and finally the bytes.

use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use http::StatusCode;

use crate::transport::{Limits, TransportError, TransportErrorKind};
use crate::{Error, ErrorKind};

/// The largest response body, in bytes. Files are streamed instead.
const LARGEST_BODY: usize = 64 << 20;

/// How much is read of an error response to a download, in bytes.
const LARGEST_FILE_ERROR: usize = 64 << 10;

/// The body of a response that is being read.
pub(crate) struct WholeBody {
    is_error: bool,
    largest: usize,
    bytes: BytesMut,
    deadline: Option<Instant>,
    limits: Limits,
}

impl WholeBody {
    /// Creates an empty body of a response with this status, whose request was sent at `sent`.
    pub(crate) fn new(status: StatusCode, limits: Limits, sent: Instant) -> Self {
        let deadline = limits.whole.and_then(|whole| sent.checked_add(whole));
        Self { is_error: !status.is_success(), largest: LARGEST_BODY, bytes: BytesMut::new(), deadline, limits }
    }

    /// Creates an empty body of an error response to a download.
    pub(crate) fn of_file_error(limits: Limits, sent: Instant) -> Self {
        Self { is_error: true, largest: LARGEST_FILE_ERROR, ..Self::new(StatusCode::OK, limits, sent) }
    }

    /// Returns how long to wait for the next bytes. This is checked before each read, since bytes that are always available
    /// would never time out.
    pub(crate) fn time_left(&self, now: Instant) -> Result<Duration, TransportError> {
        match self.deadline {
            None => Ok(self.limits.read),
            Some(deadline) if deadline > now => Ok(self.limits.read.min(deadline.saturating_duration_since(now))),
            Some(_) => {
                let message =
                    format!("the response was not complete within {:?}", self.limits.whole.unwrap_or_default());
                Err(TransportError::new(TransportErrorKind::Timeout, message))
            }
        }
    }

    /// Takes the next bytes, the end or an error; returns whether the body is complete.
    ///
    /// The body of an error response is complete wherever it ends: its status says more than the reason for that.
    pub(crate) fn on_read(&mut self, read: Result<Option<Bytes>, TransportError>) -> Result<bool, TransportError> {
        let space = self.largest.saturating_sub(self.bytes.len());
        match read {
            Ok(Some(bytes)) if bytes.len() <= space => {
                self.bytes.extend_from_slice(&bytes);
                Ok(false)
            }
            Ok(Some(mut bytes)) if self.is_error => {
                bytes.truncate(space);
                self.bytes.extend_from_slice(&bytes);
                Ok(true)
            }
            Ok(Some(_)) => {
                let message = format!("the response has more than {} bytes", self.largest);
                Err(TransportError::new(TransportErrorKind::TooLarge, message))
            }
            Ok(None) => Ok(true),
            Err(_) if self.is_error => Ok(true),
            Err(error) => Err(error),
        }
    }

    pub(crate) fn into_bytes(self) -> Bytes {
        self.bytes.freeze()
    }
}

/// A file that is collected in memory, up to a limit.
pub(crate) struct FileBytes {
    bytes: BytesMut,
    limit: usize,
}

impl FileBytes {
    /// Fails if the size is known to exceed the limit.
    pub(crate) fn new(size: Option<u64>, limit: usize) -> Result<Self, Error> {
        let file = Self { bytes: BytesMut::new(), limit };
        if size.is_some_and(|size| size > limit as u64) { Err(file.too_large()) } else { Ok(file) }
    }

    pub(crate) fn push(&mut self, chunk: &[u8]) -> Result<(), Error> {
        if chunk.len() > self.limit - self.bytes.len() {
            return Err(self.too_large());
        }
        self.bytes.extend_from_slice(chunk);
        Ok(())
    }

    pub(crate) fn into_bytes(self) -> Bytes {
        self.bytes.freeze()
    }

    fn too_large(&self) -> Error {
        Error::new(ErrorKind::TooLarge, format!("the file has more than {} bytes", self.limit))
    }
}
