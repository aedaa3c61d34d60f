//! What moves the bytes.

use bytes::Bytes;

use crate::transport::{Limits, TransportError};

/// The body of a response, as it comes.
pub type Body = Box<dyn ReadBody>;

/// Reads the body of a response.
pub trait ReadBody: Send {
    /// The next bytes; nothing at the end.
    ///
    /// # Errors
    ///
    /// When the connection breaks, or the time is over.
    fn read(&mut self) -> Result<Option<Bytes>, TransportError>;
}

/// Moves the bytes of a blocking client: sends one request and gives the head of the response, with its body to be read.
///
/// It follows no redirection, tries nothing twice and decompresses nothing: the client decides on all of that. It keeps
/// all the limits, for nobody else can: what blocks can't be interrupted.
pub trait Transport: Send + Sync + 'static {
    /// Sends a request.
    ///
    /// The response keeps its version and the headers that frame its body, `Content-Length` and `Transfer-Encoding`: by
    /// them, a download of unknown size knows whether it is complete.
    ///
    /// # Errors
    ///
    /// When there is no response, or not in time. A response with any status is none.
    fn send(&self, request: http::Request<Bytes>, limits: Limits) -> Result<http::Response<Body>, TransportError>;
}
