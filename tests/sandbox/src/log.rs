//! What was requested, with the responses: the latest, within a number.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use http::request::Parts;
use http::{HeaderMap, Method, StatusCode, header};
use jiff::Timestamp;

use crate::server::Received;

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
    /// The status of the response, before a fault changes it; 444 if a fault ends the connection without a response.
    pub status: StatusCode,
    /// The headers of the response.
    pub response_headers: Vec<(String, String)>,
    /// The body of the response, or its beginning. That of a file is not kept.
    pub response: Bytes,
    /// The fault that the request has met.
    pub fault: Option<&'static str>,
}

/// The fault that a request has met. An extension of requests.
#[derive(Debug, Clone)]
pub(crate) struct Met {
    pub(crate) fault: &'static str,
    /// The query as it was sent, if the fault has replaced it.
    pub(crate) query: Option<String>,
}

impl Exchange {
    /// Creates an exchange of a request that is no operation.
    pub(crate) fn new(received: Received, parts: &Parts, body: Bytes, status: StatusCode) -> Self {
        let met = parts.extensions.get::<Met>();
        let query = met.and_then(|met| met.query.as_deref()).or(parts.uri.query());
        Self {
            id: received.id,
            received: received.at,
            method: parts.method.clone(),
            path: parts.uri.path().to_owned(),
            query: query.unwrap_or_default().to_owned(),
            headers: texts(&parts.headers),
            body,
            operation: None,
            status,
            response_headers: Vec::new(),
            response: Bytes::new(),
            fault: met.map(|met| met.fault),
        }
    }
}

/// Returns headers without the key.
pub(crate) fn texts(headers: &HeaderMap) -> Vec<(String, String)> {
    let headers = headers.iter().filter(|(name, _)| *name != header::AUTHORIZATION);
    headers.map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())).collect()
}

/// The latest requests.
#[derive(Debug, Default)]
pub(crate) struct Log(Mutex<Latest>);

#[derive(Debug, Default)]
struct Latest {
    exchanges: VecDeque<Exchange>,
    /// The number of all requests.
    count: usize,
}

impl Log {
    pub(crate) fn add(&self, mut exchange: Exchange) {
        exchange.body.truncate(BODY);
        exchange.response.truncate(BODY);
        let mut latest = self.lock();
        if latest.exchanges.len() == KEPT {
            latest.exchanges.pop_front();
        }
        latest.exchanges.push_back(exchange);
        latest.count += 1;
    }

    fn lock(&self) -> MutexGuard<'_, Latest> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn count(&self) -> usize {
        self.lock().count
    }

    /// Returns the first result of a function that returns one, from the latest request on.
    pub(crate) fn find<T>(&self, find: impl FnMut(&Exchange) -> Option<T>) -> Option<T> {
        self.lock().exchanges.iter().rev().find_map(find)
    }

    pub(crate) fn get(&self, id: &str) -> Option<Exchange> {
        self.find(|exchange| (exchange.id == id).then(|| exchange.clone()))
    }

    /// Returns the latest requests, newest first.
    pub(crate) fn latest(&self, most: usize) -> Vec<Exchange> {
        self.lock().exchanges.iter().rev().take(most).cloned().collect()
    }

    /// Returns the requests in the order of their responses.
    pub(crate) fn exchanges(&self) -> Vec<Exchange> {
        self.lock().exchanges.iter().cloned().collect()
    }
}
