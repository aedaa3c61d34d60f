//! Reading bodies, within bounds.

use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};

use super::Body;
use crate::protocol::body::WholeBody;
use crate::transport::{Limits, TransportError};

/// Reads the whole response to an attempt.
pub(super) fn read_whole(
    send: impl FnOnce() -> Result<http::Response<Body>, TransportError>,
    limits: Limits,
) -> Result<http::Response<Bytes>, TransportError> {
    let sent = Instant::now();
    let (parts, mut body) = send()?.into_parts();
    let mut whole = WholeBody::new(parts.status, limits, sent);
    loop {
        let bytes = match whole.time_left(Instant::now()) {
            Ok(_) => body.read(),
            Err(error) => Err(error),
        };
        if whole.received(bytes)? {
            return Ok(http::Response::from_parts(parts, whole.into_bytes()));
        }
    }
}

/// Reads the beginning of a body, as far as it comes in time; a read that has begun ends by the limits of its attempt.
pub(super) fn read_some(mut body: Body, most: usize, within: Duration) -> Bytes {
    let mut bytes = BytesMut::new();
    let started = Instant::now();
    while bytes.len() < most && started.elapsed() < within {
        match body.read() {
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) | Err(_) => break,
        }
    }
    bytes.truncate(most);
    bytes.freeze()
}
