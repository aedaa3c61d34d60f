//! Downloads.

mod chunks;
mod reader;
#[cfg(feature = "csv")]
mod records;
mod save;

use std::path::PathBuf;

use bytes::Bytes;

pub use self::chunks::Chunks;
use self::chunks::Fetch;
pub use self::reader::Reader;
#[cfg(feature = "csv")]
pub use self::records::Records;
use super::Client;
use crate::Error;
use crate::protocol::transfer::Transfer;
use crate::shared::{file_download_methods, opaque_debug};

/// A download that has not started; created by [`Client::download`].
///
#[doc = include_str!("../shared/file_download.md")]
#[must_use = "the download starts when the file is read or saved"]
pub struct FileDownload {
    client: Client,
    transfer: Transfer,
}

impl FileDownload {
    file_download_methods!();

    #[doc = include_str!("../shared/save_to.md")]
    pub async fn save_to(mut self, path: impl Into<PathBuf>) -> Result<u64, Error> {
        self.transfer.rewind_on_restart();
        save::save(self.fetch(), path.into()).await
    }

    /// Returns the file in memory, if it has at most `limit` bytes.
    ///
    /// # Errors
    ///
    /// [`TooLarge`](crate::ErrorKind::TooLarge) if it has more, or like [`save_to`](Self::save_to).
    pub async fn bytes(self, limit: usize) -> Result<Bytes, Error> {
        let mut file = self.transfer.in_memory(limit)?;
        let mut chunks = self.chunks();
        while let Some(chunk) = chunks.try_next().await? {
            file.push(&chunk)?;
        }
        Ok(file.into_bytes())
    }

    /// Returns the file as a stream of chunks.
    pub fn chunks(self) -> Chunks {
        Chunks::new(self.fetch())
    }

    /// Returns the file as tokio's `AsyncRead`.
    pub fn reader(self) -> Reader {
        Reader::new(self.chunks())
    }
}

opaque_debug!(FileDownload, "size": FileDownload::size);
