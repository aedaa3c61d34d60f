//! The interface of the async client to HTTP.

use std::pin::Pin;

use bytes::Bytes;
use http_body_util::combinators::UnsyncBoxBody;

use crate::transport::{Limits, TransportError};

/// The body of a response, as a stream.
pub type Body = UnsyncBoxBody<Bytes, TransportError>;

/// A boxed future.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Sends single requests for an async client.
///
/// It must not follow redirects, retry, or decompress: the client decides all of that. It enforces
/// [`Limits::connect`]; the client enforces the other limits.
pub trait Transport: Send + Sync + 'static {
    /// Sends a request, and returns the response with its unread body.
    ///
    /// The response must keep its HTTP version, `Content-Length` and `Transfer-Encoding`, by which a download of unknown
    /// size detects whether it is complete. A non-2xx response is not an error here.
    fn send(
        &self,
        request: http::Request<Bytes>,
        limits: Limits,
    ) -> BoxFuture<'_, Result<http::Response<Body>, TransportError>>;
}
