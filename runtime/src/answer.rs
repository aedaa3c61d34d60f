//! Answers with what came beside their value.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::error::Verbatim;

/// An answer: its value, and the HTTP around it.
///
/// The body is not in its `Debug` output: it may hold a URL that gives access to a file.
#[derive(Clone)]
#[non_exhaustive]
pub struct Answer<T> {
    /// What the body says.
    pub value: T,
    /// The status, 2xx.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as it came.
    pub body: Bytes,
    /// How many times the request was sent.
    pub attempts: u32,
}

impl<T> Answer<T> {
    /// The `Request-Id`: what Stripe's support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.headers.get("request-id")?.to_str().ok()
    }

    /// The `Idempotency-Key` that Stripe saw.
    #[must_use]
    pub fn idempotency_key(&self) -> Option<&str> {
        self.headers.get("idempotency-key")?.to_str().ok()
    }
}

impl<T: fmt::Debug> fmt::Debug for Answer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("value", &self.value)
            .field("status", &self.status)
            .field("request_id", &self.request_id().map(Verbatim::from))
            .field("body", &format_args!("[{} bytes]", self.body.len()))
            .field("attempts", &self.attempts)
            .finish_non_exhaustive()
    }
}
