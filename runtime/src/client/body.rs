//! Reads bodies, bounded in size and in time.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::BodyExt;

use super::transport::Body;
use crate::protocol::body::WholeBody;
use crate::transport::{TransportError, TransportErrorKind};

/// Reads a whole body.
pub(super) async fn read_whole(mut body: Body, mut whole: WholeBody) -> Result<Bytes, TransportError> {
    loop {
        let read = match whole.time_left(Instant::now()) {
            Ok(left) => next(&mut body, left).await,
            Err(error) => Err(error),
        };
        if whole.on_read(read)? {
            return Ok(whole.into_bytes());
        }
    }
}

/// Reads the next bytes of a body; `None` at its end.
pub(super) async fn next(body: &mut Body, within: Duration) -> Result<Option<Bytes>, TransportError> {
    with_timeout(within, async {
        loop {
            match body.frame().await.transpose()?.map(|frame| frame.into_data()) {
                Some(Ok(data)) => return Ok(Some(data)),
                // Trailers are ignored.
                Some(Err(_)) => {}
                None => return Ok(None),
            }
        }
    })
    .await
}

/// Returns the output of a future, or an error if it takes too long.
pub(super) async fn with_timeout<T>(
    within: Duration,
    future: impl Future<Output = Result<T, TransportError>>,
) -> Result<T, TransportError> {
    tokio::time::timeout(within, future).await.unwrap_or_else(|_| {
        let message = format!("no response within {within:?}");
        Err(TransportError::new(TransportErrorKind::Timeout, message))
    })
}
