//! Decoded responses together with their HTTP parts.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::error::Verbatim;

/// A decoded response with its HTTP status, headers and body.
///
/// `Debug` does not show the body, which may contain a pre-signed URL.
#[derive(Clone)]
#[non_exhaustive]
pub struct Response<T> {
    /// The decoded body.
    pub value: T,
    /// The HTTP status, 2xx.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, verbatim.
    pub body: Bytes,
    /// The number of attempts.
    pub attempts: u32,
}

impl<T> Response<T> {
    /// Returns the `Request-Id` header, which Stripe support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.headers.get("request-id")?.to_str().ok()
    }

    /// Returns the `Idempotency-Key` header.
    #[must_use]
    pub fn idempotency_key(&self) -> Option<&str> {
        self.headers.get("idempotency-key")?.to_str().ok()
    }
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("value", &self.value)
            .field("status", &self.status)
            .field("request_id", &self.request_id().map(Verbatim::from))
            .field("body", &format_args!("[{} bytes]", self.body.len()))
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}
