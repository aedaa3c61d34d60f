//! Kinds of errors.

use std::fmt;

/// The kind of an [`Error`](crate::Error).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The status of the response is not 2xx. [`Error::api`](crate::Error::api) returns the error in the body.
    Api,
    /// A 2xx response, an event or a record of a file could not be decoded.
    Decode,
    /// The request, the configuration or the webhook secret is invalid. Nothing was sent.
    InvalidRequest,
    /// The connection failed, or was closed before the end of the response.
    Connection,
    /// The TLS handshake failed, or the crate was built without TLS.
    Tls,
    /// A time limit of [`RequestOptions`](crate::RequestOptions) or of a download was exceeded.
    Timeout,
    /// The next page cannot be requested: the cursor is missing or does not advance, or its URL is invalid or on another
    /// host.
    Pagination,
    /// A list returned a hundred empty pages in a row, each with a next page.
    EmptyPages,
    /// The run failed. [`Error::run`](crate::Error::run) returns the run, [`Error::code`](crate::Error::code) and
    /// [`Error::message`](crate::Error::message) the cause.
    RunFailed,
    /// The run was canceled. [`Error::run`](crate::Error::run) returns the run,
    /// [`Error::run_canceled_at`](crate::Error::run_canceled_at) the time, [`Error::message`](crate::Error::message) the reason.
    RunCanceled,
    /// The time limit of a wait was exceeded. [`Error::run`](crate::Error::run) returns the last state of the run.
    WaitTimeout,
    /// The resource has no file to download, or no inline rows.
    NoResult,
    /// The downloaded file is incomplete or invalid, or has changed.
    Download,
    /// A size limit was exceeded.
    TooLarge,
    /// The signature of a webhook is invalid or too old.
    Signature,
    /// A local file could not be written or read.
    File,
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Api => "Stripe returned an error",
            Self::Decode => "decoding failed",
            Self::InvalidRequest => "invalid request",
            Self::Connection => "connection failed",
            Self::Tls => "TLS failed",
            Self::Timeout => "timed out",
            Self::Pagination => "pagination failed",
            Self::EmptyPages => "the list does not end",
            Self::RunFailed => "the run failed",
            Self::RunCanceled => "the run was canceled",
            Self::WaitTimeout => "timed out waiting for the run",
            Self::NoResult => "no result",
            Self::Download => "download failed",
            Self::TooLarge => "size limit exceeded",
            Self::Signature => "invalid webhook signature",
            Self::File => "file operation failed",
        })
    }
}
