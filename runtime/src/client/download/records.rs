//! The rows of a file as a stream.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use serde::de::DeserializeOwned;

use super::Chunks;
use crate::Error;
use crate::protocol::records::RecordReader;
use crate::shared::opaque_debug;

/// The rows of a CSV file, also as a [`Stream`]; created by [`FileDownload::records`](super::FileDownload::records).
///
/// It ends after an error.
#[must_use = "the download starts with the first row"]
pub struct Records<T> {
    chunks: Chunks,
    reader: RecordReader<T>,
}

impl<T: DeserializeOwned> Records<T> {
    pub(super) fn new(chunks: Chunks, reader: RecordReader<T>) -> Self {
        Self { chunks, reader }
    }

    /// Returns the next row; `None` at the end.
    ///
    /// # Errors
    ///
    /// [`Decode`](crate::ErrorKind::Decode) if a row does not match the type, with its number and the name of the column;
    /// or like [`FileDownload::save_to`](super::FileDownload::save_to).
    pub async fn try_next(&mut self) -> Result<Option<T>, Error> {
        std::future::poll_fn(|context| self.poll_record(context)).await.transpose()
    }

    fn poll_record(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T, Error>>> {
        loop {
            if let Poll::Ready(record) = self.reader.next() {
                return Poll::Ready(record);
            }
            let chunk = ready!(self.chunks.poll_chunk(context));
            self.reader.feed(chunk.transpose());
        }
    }
}

// No field is ever pinned.
impl<T> Unpin for Records<T> {}

impl<T: DeserializeOwned> Stream for Records<T> {
    type Item = Result<T, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_record(context)
    }
}

opaque_debug!(Records<T>);
