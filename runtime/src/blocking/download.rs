//! Downloads.

mod chunks;
mod reader;
#[cfg(feature = "csv")]
mod records;

use std::path::PathBuf;

use bytes::Bytes;

pub use self::chunks::Chunks;
use self::chunks::Fetch;
pub use self::reader::Reader;
#[cfg(feature = "csv")]
pub use self::records::Records;
use super::Client;
use crate::Error;
use crate::download::partial_file::PartialFile;
use crate::protocol::decoder::Piece;
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
    pub fn save_to(mut self, path: impl Into<PathBuf>) -> Result<u64, Error> {
        let mut file = PartialFile::create(path.into())?;
        self.transfer.rewind_on_restart();
        let mut fetch = self.fetch();
        let mut size = 0;
        loop {
            match fetch.next()? {
                Piece::Bytes(bytes) => {
                    size += bytes.len() as u64;
                    file.write(&[bytes])?;
                }
                Piece::Rewind => {
                    size = 0;
                    file.rewind()?;
                }
                Piece::End => {
                    file.finish()?;
                    return Ok(size);
                }
            }
        }
    }

    /// Returns the file in memory, if it has at most `limit` bytes.
    ///
    /// # Errors
    ///
    /// [`TooLarge`](crate::ErrorKind::TooLarge) if it has more, or like [`save_to`](Self::save_to).
    pub fn bytes(self, limit: usize) -> Result<Bytes, Error> {
        let mut file = self.transfer.in_memory(limit)?;
        for chunk in self.chunks() {
            file.push(&chunk?)?;
        }
        Ok(file.into_bytes())
    }

    /// Returns an iterator over the chunks of the file.
    pub fn chunks(self) -> Chunks {
        Chunks::new(self.fetch())
    }

    /// Returns the file as [`Read`](std::io::Read).
    pub fn reader(self) -> Reader {
        Reader::new(self.chunks())
    }
}

opaque_debug!(FileDownload, "size": FileDownload::size);
