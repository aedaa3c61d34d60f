//! The rows of a file.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use serde::de::DeserializeOwned;

use super::Chunks;
use crate::Error;
use crate::protocol::records::RecordReader;

/// The rows of a CSV file; made by [`FileDownload::records`](super::FileDownload::records). It is a [`Stream`] too.
///
/// After an error there is nothing more.
#[must_use = "nothing is downloaded until it is asked for"]
pub struct Records<T> {
    chunks: Option<Chunks>,
    reader: RecordReader<T>,
    is_over: bool,
}

impl<T: DeserializeOwned> Records<T> {
    pub(super) fn new(chunks: Chunks) -> Self {
        Self { chunks: Some(chunks), reader: RecordReader::new(), is_over: false }
    }

    /// The next row; nothing at the end.
    ///
    /// # Errors
    ///
    /// [`Decode`](crate::ErrorKind::Decode) when a row does not fit the type, with its number and the column's name;
    /// or like [`FileDownload::save_to`](super::FileDownload::save_to).
    pub async fn try_next(&mut self) -> Result<Option<T>, Error> {
        std::future::poll_fn(|context| self.poll_record(context)).await.transpose()
    }

    fn poll_record(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<T, Error>>> {
        if self.is_over {
            return Poll::Ready(None);
        }
        let result = ready!(self.poll_read(context));
        self.is_over = !matches!(result, Ok(Some(_)));
        Poll::Ready(result.transpose())
    }

    fn poll_read(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<T>, Error>> {
        loop {
            if let Some(record) = self.reader.next()? {
                return Poll::Ready(Ok(Some(record)));
            }
            let Some(chunks) = &mut self.chunks else { return Poll::Ready(Ok(None)) };
            match ready!(chunks.poll_chunk(context)) {
                Some(chunk) => self.reader.feed(chunk?),
                None => {
                    self.chunks = None;
                    self.reader.finish();
                }
            }
        }
    }
}

// Nothing in it is ever pinned.
impl<T> Unpin for Records<T> {}

impl<T: DeserializeOwned> Stream for Records<T> {
    type Item = Result<T, Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_record(context)
    }
}

impl<T> fmt::Debug for Records<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Records").finish_non_exhaustive()
    }
}
