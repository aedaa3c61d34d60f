//! The time limits and the errors of transports, which send one request each.

pub(crate) mod tls;

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use crate::error::Source;
use crate::{Error, ErrorKind};

/// The time limits of one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// For connecting, including TLS.
    pub connect: Duration,
    /// Until the response head has been received.
    pub head: Duration,
    /// For each read of the body.
    pub read: Duration,
    /// Until the end of the body; `None` for no limit. For a file, the remaining time of the download.
    pub whole: Option<Duration>,
}

/// The error of a transport.
///
/// `Display`, `Debug` and the [source](StdError::source) are safe to print, like those of [`Error`]. The original cause is
/// returned by [`get_ref`](Self::get_ref).
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    is_unsent: bool,
    source: Source,
    cause: Cause,
}

/// The original cause, which must not be printed.
struct Cause(Box<dyn StdError + Send + Sync>);

/// The kind of a transport error; determines whether the request is retried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The connection failed or was closed early. Transient.
    Connection,
    /// A time limit was exceeded. Transient.
    Timeout,
    /// The TLS handshake failed, for example because of an invalid certificate. Not retried.
    Tls,
    /// The request is invalid and was not sent. Not retried.
    Request,
    /// The response exceeds a size limit. Not retried.
    TooLarge,
}

impl TransportError {
    /// Creates an error.
    pub fn new(kind: TransportErrorKind, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let cause = source.into();
        let is_unsent = kind == TransportErrorKind::Request;
        Self { kind, is_unsent, source: Source::copy_of(cause.as_ref()), cause: Cause(cause) }
    }

    /// Returns the original cause, to `downcast_ref`. It may contain secrets: print the error instead.
    #[must_use]
    pub fn get_ref(&self) -> &(dyn StdError + Send + Sync + 'static) {
        self.cause.0.as_ref()
    }

    /// Marks the request as not sent, for example because the connection failed: the server cannot have processed it.
    ///
    /// Otherwise [`Error::may_have_been_processed`] is `true`, except for the kind
    /// [`Request`](TransportErrorKind::Request).
    #[must_use]
    pub fn unsent(mut self) -> Self {
        self.is_unsent = true;
        self
    }

    pub(crate) fn may_have_been_sent(&self) -> bool {
        !self.is_unsent
    }

    /// Returns the kind of the error.
    #[must_use]
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    pub(crate) fn is_transient(&self) -> bool {
        matches!(self.kind, TransportErrorKind::Connection | TransportErrorKind::Timeout)
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.source)
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(self.source.get())
    }
}

impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[verbatim]")
    }
}

impl From<TransportError> for Error {
    fn from(error: TransportError) -> Self {
        let kind = match error.kind {
            TransportErrorKind::Connection => ErrorKind::Connection,
            TransportErrorKind::Timeout => ErrorKind::Timeout,
            TransportErrorKind::Tls => ErrorKind::Tls,
            TransportErrorKind::Request => ErrorKind::InvalidRequest,
            TransportErrorKind::TooLarge => ErrorKind::TooLarge,
        };
        Error::new(kind, innermost(error.source.get())).retryable(error.is_transient()).with_printable_source(error)
    }
}

/// Returns the text of the innermost cause: "connection refused" rather than "client error".
fn innermost(error: &(dyn StdError + 'static)) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_the_innermost_cause() {
        let io = std::io::Error::new(std::io::ErrorKind::ConnectionRefused, "connection refused");
        let outer = TransportError::new(TransportErrorKind::Connection, io);
        let error = Error::from(TransportError::new(TransportErrorKind::Connection, outer));
        assert_eq!(error.kind(), ErrorKind::Connection);
        assert!(error.is_retryable());
        assert_eq!(error.to_string(), "connection failed: connection refused");
    }
}
