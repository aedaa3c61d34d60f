//! What can happen.

use std::fmt;

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The status of the answer is not 2xx. What the body says of it, if it can be read, is in
    /// [`Error::api`](crate::Error::api).
    Api,
    /// What came is not what the type promises: the body of a 2xx answer, an event, a record of a file.
    Decode,
    /// The request, the configuration or the webhook secret is invalid; nothing was sent.
    InvalidRequest,
    /// The server could not be reached, or the connection broke before the whole answer was there.
    Connection,
    /// The connection can't be trusted or made secure.
    Tls,
    /// The answer was not there in time; [`RequestOptions`](crate::RequestOptions) sets how long that is.
    Timeout,
    /// A list can't go on: its cursor does not advance, or its next page is on another host.
    Pagination,
    /// A hundred pages of a list in a row have no items, although each has a next page: the list may never end.
    EmptyPages,
    /// The run that was waited for ended without a result. [`Error::run`](crate::Error::run) is the run,
    /// [`Error::code`](crate::Error::code) and the message say why.
    RunFailed,
    /// The run that was waited for was not done by the deadline. [`Error::run`](crate::Error::run) is its last state.
    WaitTimeout,
    /// There is no file to download.
    NoResult,
    /// The file that came is not the file that was promised: its size or its content is another.
    Download,
    /// There is more than the limit allows.
    TooLarge,
    /// A webhook is not from Stripe, or was signed too long ago.
    Signature,
    /// A file of this machine can't be written or read.
    File,
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Api => "Stripe answered with an error",
            Self::Decode => "decoding failed",
            Self::InvalidRequest => "invalid request",
            Self::Connection => "connection failed",
            Self::Tls => "secure connection failed",
            Self::Timeout => "timed out",
            Self::Pagination => "the list can't go on",
            Self::EmptyPages => "the list does not end",
            Self::RunFailed => "the run failed",
            Self::WaitTimeout => "the run is not done in time",
            Self::NoResult => "nothing to download",
            Self::Download => "download failed",
            Self::TooLarge => "too large",
            Self::Signature => "not from Stripe",
            Self::File => "file error",
        })
    }
}
