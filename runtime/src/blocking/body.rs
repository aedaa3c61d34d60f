//! Reading bodies, within bounds.

use bytes::{Bytes, BytesMut};

use super::Body;
use crate::protocol::exchange::LARGEST_ANSWER;
use crate::transport::{TransportError, TransportErrorKind};

/// An answer, whole.
pub(super) fn read_whole(response: http::Response<Body>) -> Result<http::Response<Bytes>, TransportError> {
    let (parts, mut body) = response.into_parts();
    let mut read = BytesMut::new();
    loop {
        match body.read() {
            Ok(Some(chunk)) if read.len() + chunk.len() > LARGEST_ANSWER => {
                let message = format!("the answer has more than {LARGEST_ANSWER} bytes");
                return Err(TransportError::new(TransportErrorKind::TooLarge, message));
            }
            Ok(Some(chunk)) => read.extend_from_slice(&chunk),
            Ok(None) => break,
            Err(error) if parts.status.is_success() => return Err(error),
            // What came of an error's body is worth more than the news that it is not all.
            Err(_) => break,
        }
    }
    Ok(http::Response::from_parts(parts, read.freeze()))
}

/// The beginning of a body, as far as it comes.
pub(super) fn read_some(mut body: Body, most: usize) -> Bytes {
    let mut bytes = BytesMut::new();
    while bytes.len() < most {
        match body.read() {
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) | Err(_) => break,
        }
    }
    bytes.truncate(most);
    bytes.freeze()
}
