//! Reads bodies, bounded in size and in time.

use std::time::Instant;

use bytes::Bytes;

use super::Body;
use crate::protocol::body::WholeBody;
use crate::transport::TransportError;

/// Reads a whole body. A read in progress is limited by its attempt only.
pub(super) fn read_whole(mut body: Body, mut whole: WholeBody) -> Result<Bytes, TransportError> {
    loop {
        let read = match whole.time_left(Instant::now()) {
            Ok(_) => body.read(),
            Err(error) => Err(error),
        };
        if whole.on_read(read)? {
            return Ok(whole.into_bytes());
        }
    }
}
