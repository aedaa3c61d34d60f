//! The whole body of a response, bounded in size and in time.

use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use http::StatusCode;

use crate::transport::{Limits, TransportError, TransportErrorKind};

/// The largest body of a response, in bytes. Files are not read as a whole.
pub(crate) const LARGEST_BODY: usize = 64 << 20;

/// The body of a response that is being read.
pub(crate) struct WholeBody {
    status: StatusCode,
    bytes: BytesMut,
    deadline: Option<Instant>,
    limits: Limits,
}

impl WholeBody {
    /// A body of which nothing has been read; `sent` is when its request was.
    pub(crate) fn new(status: StatusCode, limits: Limits, sent: Instant) -> Self {
        let deadline = limits.whole.and_then(|whole| sent.checked_add(whole));
        Self { status, bytes: BytesMut::new(), deadline, limits }
    }

    /// Returns how long to wait for more of it. A body that is always ready must end as well, so this is checked before each
    /// read.
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
    /// The status of an error says more than why its body ends early, so such a body is complete wherever it ends.
    pub(crate) fn received(&mut self, bytes: Result<Option<Bytes>, TransportError>) -> Result<bool, TransportError> {
        let has_space = |bytes: &Bytes| self.bytes.len().saturating_add(bytes.len()) <= LARGEST_BODY;
        match bytes {
            Ok(Some(bytes)) if has_space(&bytes) => {
                self.bytes.extend_from_slice(&bytes);
                Ok(false)
            }
            Ok(None) => Ok(true),
            _ if !self.status.is_success() => Ok(true),
            Err(error) => Err(error),
            Ok(Some(_)) => {
                let message = format!("the response has more than {LARGEST_BODY} bytes");
                Err(TransportError::new(TransportErrorKind::TooLarge, message))
            }
        }
    }

    pub(crate) fn into_bytes(self) -> Bytes {
        self.bytes.freeze()
    }
}
