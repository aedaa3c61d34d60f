//! Reading bodies, in time and within bounds.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use tokio::time::Instant;

use super::transport::Body;
use crate::protocol::body::WholeBody;
use crate::transport::{Limits, TransportError, TransportErrorKind};

/// Reads the whole response to an attempt.
pub(super) async fn read_whole(
    response: impl Future<Output = Result<http::Response<Body>, TransportError>>,
    limits: Limits,
) -> Result<http::Response<Bytes>, TransportError> {
    let sent = std::time::Instant::now();
    let (parts, mut body) = response.await?.into_parts();
    let mut whole = WholeBody::new(parts.status, limits, sent);
    loop {
        let bytes = match whole.time_left(std::time::Instant::now()) {
            Ok(left) => next(&mut body, left).await,
            Err(error) => Err(error),
        };
        if whole.received(bytes)? {
            return Ok(http::Response::from_parts(parts, whole.into_bytes()));
        }
    }
}

/// Reads the beginning of a body, as far as it comes in time.
pub(super) async fn read_some(mut body: Body, most: usize, within: Duration) -> Bytes {
    let mut bytes = BytesMut::new();
    let started = Instant::now();
    while bytes.len() < most {
        match next(&mut body, within.saturating_sub(started.elapsed())).await {
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) | Err(_) => break,
        }
    }
    bytes.truncate(most);
    bytes.freeze()
}

/// Reads the next bytes of a body; `None` at its end.
pub(super) async fn next(body: &mut Body, within: Duration) -> Result<Option<Bytes>, TransportError> {
    if within.is_zero() {
        // A body that is always ready would never be timed out.
        return Err(timed_out(within));
    }
    let next = async {
        loop {
            match body.frame().await.transpose()? {
                Some(frame) => {
                    // Trailers are of no interest.
                    if let Ok(data) = frame.into_data() {
                        return Ok(Some(data));
                    }
                }
                None => return Ok(None),
            }
        }
    };
    with_timeout(within, next).await
}

/// What a future comes to, unless it takes too long.
pub(super) async fn with_timeout<T>(
    within: Duration,
    future: impl Future<Output = Result<T, TransportError>>,
) -> Result<T, TransportError> {
    match tokio::time::timeout(within, future).await {
        Ok(result) => result,
        Err(_) => Err(timed_out(within)),
    }
}

fn timed_out(within: Duration) -> TransportError {
    TransportError::new(TransportErrorKind::Timeout, format!("the server did not respond within {within:?}"))
}
