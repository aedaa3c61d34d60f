//! What moves the bytes.

use std::pin::Pin;

use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;

use crate::transport::{Limits, TransportError};

/// The body of a response, as it comes.
pub type Body = UnsyncBoxBody<Bytes, TransportError>;

/// A future on the heap.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Moves the bytes of an async client: sends one request and gives the head of the response, with its body to be read.
///
/// It follows no redirection, tries nothing twice and decompresses nothing: the client decides on all of that. It
/// keeps the time to connect; the client keeps the others.
pub trait Transport: Send + Sync + 'static {
    /// Sends a request.
    ///
    /// The response keeps its version and the headers that frame its body, `Content-Length` and `Transfer-Encoding`: by
    /// them, a download of unknown size knows whether it is complete.
    fn send(
        &self,
        request: http::Request<Bytes>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>>;
}
