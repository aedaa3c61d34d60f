//! What clients ask of whatever moves the bytes.

pub(crate) mod tls;

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use crate::error::Source;
use crate::{Error, ErrorKind};

/// How long a transport may take for one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// To connect, TLS included.
    pub connect: Duration,
    /// Until the head of the answer is there.
    pub head: Duration,
    /// For each wait for more of the body.
    pub read: Duration,
    /// For everything, to the last byte of the body; `None` without a limit. For a file, it is what is left of the time for
    /// the download.
    pub whole: Option<Duration>,
}

/// Why a transport has no answer.
///
/// `Display`, `Debug` and the [source](StdError::source) are safe to print, as those of an [`Error`] are; what was given to
/// [`new`](Self::new) is in [`get_ref`](Self::get_ref).
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    is_unsent: bool,
    source: Source,
    cause: Cause,
}

/// The cause verbatim, which may say anything.
struct Cause(Box<dyn StdError + Send + Sync>);

/// What happened to the connection; it decides whether another attempt is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The connection was not made, or broke. Worth another attempt.
    Connection,
    /// It took too long. Worth another attempt.
    Timeout,
    /// The other side is not who it should be, or the two do not understand each other. It stays so.
    Tls,
    /// The request can't be sent as it is. It stays so.
    Request,
    /// There is more of the answer than is taken. It stays so.
    TooLarge,
}

impl TransportError {
    /// An error of this kind.
    pub fn new(kind: TransportErrorKind, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        let cause = source.into();
        let is_unsent = kind == TransportErrorKind::Request;
        Self { kind, is_unsent, source: Source::copy_of(cause.as_ref()), cause: Cause(cause) }
    }

    /// The cause that the error was made of, to `downcast_ref`. It is verbatim: print the error instead.
    #[must_use]
    pub fn get_ref(&self) -> &(dyn StdError + Send + Sync + 'static) {
        self.cause.0.as_ref()
    }

    /// States that no byte of the request was sent, such as when no connection was made: the server cannot have processed
    /// it. [`Error::may_have_been_processed`] is `true` otherwise, except for the kind
    /// [`Request`](TransportErrorKind::Request).
    #[must_use]
    pub fn unsent(mut self) -> Self {
        self.is_unsent = true;
        self
    }

    pub(crate) fn may_have_been_sent(&self) -> bool {
        !self.is_unsent
    }

    /// What happened.
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

/// The cause that says most: "connection refused" rather than "client error".
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
    fn says_what_is_at_the_bottom() {
        let io = std::io::Error::new(std::io::ErrorKind::ConnectionRefused, "connection refused");
        let outer = TransportError::new(TransportErrorKind::Connection, io);
        let error = Error::from(TransportError::new(TransportErrorKind::Connection, outer));
        assert_eq!(error.kind(), ErrorKind::Connection);
        assert!(error.is_retryable());
        assert_eq!(error.to_string(), "connection failed: connection refused");
    }
}
