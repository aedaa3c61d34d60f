//! What was requested, with the responses: the latest, within a number.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use axum::body::Bytes;
use http::{Method, StatusCode};
use jiff::Timestamp;

/// The number of requests that are kept.
const KEPT: usize = 1_000;
/// The part of a body that is kept.
const BODY: usize = 64 << 10;

/// A request and its response.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Exchange {
    /// The id of the request (`req_…`).
    pub id: String,
    /// When it was received, on the server's clock.
    pub received: Timestamp,
    /// The method of the request.
    pub method: Method,
    /// The path, as it was sent.
    pub path: String,
    /// The query, or an empty string.
    pub query: String,
    /// The headers of the request without the key.
    pub headers: Vec<(String, String)>,
    /// The body of the request, or its beginning.
    pub body: Bytes,
    /// The `operationId`, if an operation was requested.
    pub operation: Option<String>,
    /// The status of the response.
    pub status: StatusCode,
    /// The body of the response, or its beginning.
    pub response: Bytes,
}

/// The latest requests.
#[derive(Debug, Default)]
pub(crate) struct Log(Mutex<VecDeque<Exchange>>);

impl Log {
    pub(crate) fn add(&self, mut exchange: Exchange) {
        exchange.body.truncate(BODY);
        exchange.response.truncate(BODY);
        let mut log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if log.len() == KEPT {
            log.pop_front();
        }
        log.push_back(exchange);
    }

    /// Returns the requests in the order of their responses.
    pub(crate) fn exchanges(&self) -> Vec<Exchange> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}
