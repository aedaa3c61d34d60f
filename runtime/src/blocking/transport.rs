//! The interface of the blocking client to HTTP.

use bytes::Bytes;

use crate::transport::{Limits, TransportError};

/// The body of a response, to be read.
pub type Body = Box<dyn ReadBody>;

/// Reads the body of a response.
pub trait ReadBody: Send {
    /// Returns the next bytes; `None` at the end.
    ///
    /// # Errors
    ///
    /// If the connection breaks or a limit is exceeded.
    fn read(&mut self) -> Result<Option<Bytes>, TransportError>;
}

/// Sends single requests for a blocking client.
///
/// It must not follow redirects, retry, or decompress: the client decides all of that. It enforces all [`Limits`], since a
/// blocking call cannot be interrupted.
pub trait Transport: Send + Sync + 'static {
    /// Sends a request, and returns the response with its unread body.
    ///
    /// The response must keep its HTTP version, `Content-Length` and `Transfer-Encoding`, by which a download of unknown
    /// size detects whether it is complete.
    ///
    /// # Errors
    ///
    /// If there is no response within the limits. A non-2xx response is not an error here.
    fn send(&self, request: http::Request<Bytes>, limits: Limits) -> Result<http::Response<Body>, TransportError>;
}
