//! The rows of a file.

use std::fmt;

use serde::de::DeserializeOwned;

use super::Chunks;
use crate::Error;
use crate::protocol::records::RecordReader;

/// The rows of a CSV file, an iterator; made by [`FileDownload::records`](super::FileDownload::records).
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

    fn read(&mut self) -> Result<Option<T>, Error> {
        loop {
            if let Some(record) = self.reader.next()? {
                return Ok(Some(record));
            }
            let Some(chunks) = &mut self.chunks else { return Ok(None) };
            match chunks.next() {
                Some(chunk) => self.reader.feed(chunk?),
                None => {
                    self.chunks = None;
                    self.reader.finish();
                }
            }
        }
    }
}

impl<T: DeserializeOwned> Iterator for Records<T> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let result = self.read();
        self.is_over = !matches!(result, Ok(Some(_)));
        result.transpose()
    }
}

impl<T> fmt::Debug for Records<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Records").finish_non_exhaustive()
    }
}
