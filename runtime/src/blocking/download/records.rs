//! The rows of a file as an iterator.

use std::task::Poll;

use serde::de::DeserializeOwned;

use super::Chunks;
use crate::Error;
use crate::protocol::records::RecordReader;
use crate::shared::opaque_debug;

/// An iterator over the rows of a CSV file; created by [`FileDownload::records`](super::FileDownload::records).
///
/// An error of the kind [`Decode`](crate::ErrorKind::Decode) has the number of the row and the name of the column. The
/// iterator ends after an error.
#[must_use = "the download starts with the first row"]
pub struct Records<T> {
    chunks: Chunks,
    reader: RecordReader<T>,
}

impl<T: DeserializeOwned> Records<T> {
    pub(super) fn new(chunks: Chunks, reader: RecordReader<T>) -> Self {
        Self { chunks, reader }
    }
}

impl<T: DeserializeOwned> Iterator for Records<T> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Poll::Ready(record) = self.reader.next() {
                return record;
            }
            self.reader.feed(self.chunks.next().transpose());
        }
    }
}

opaque_debug!(Records<T>);
