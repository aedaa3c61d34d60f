//! A file on the disk.

use std::path::PathBuf;

use bytes::Bytes;
use tokio::task::JoinHandle;

use super::Chunks;
use crate::partial_file::PartialFile;
use crate::{Error, ErrorKind};

/// How much is written at a time, in bytes. While it is written, as much may come.
const BATCH: usize = 1 << 20;

/// Saves what comes; gives its size.
pub(super) async fn save(mut chunks: Chunks, path: PathBuf) -> Result<u64, Error> {
    let mut writer = Writer::Idle(blocking(move || PartialFile::create(path))?.await.map_err(ended)??);
    let mut size = 0;
    loop {
        let mut batch = Vec::new();
        let mut length = 0;
        let mut is_complete = false;
        while length < BATCH {
            match chunks.try_next().await? {
                Some(chunk) => {
                    length += chunk.len();
                    batch.push(chunk);
                }
                None => {
                    is_complete = true;
                    break;
                }
            }
        }
        size += length as u64;
        writer = writer.write(batch).await?;
        if is_complete {
            let file = writer.file().await?;
            blocking(move || file.finish())?.await.map_err(ended)??;
            return Ok(size);
        }
    }
}

/// Writes one batch while the next one comes.
enum Writer {
    Idle(PartialFile),
    Busy(JoinHandle<Result<PartialFile, Error>>),
}

impl Writer {
    async fn file(self) -> Result<PartialFile, Error> {
        match self {
            Self::Idle(file) => Ok(file),
            Self::Busy(task) => task.await.map_err(ended)?,
        }
    }

    async fn write(self, batch: Vec<Bytes>) -> Result<Self, Error> {
        let mut file = self.file().await?;
        Ok(Self::Busy(blocking(move || file.write(&batch).map(|()| file))?))
    }
}

fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<JoinHandle<T>, Error> {
    Ok(super::super::runtime()?.spawn_blocking(work))
}

fn ended(error: tokio::task::JoinError) -> Error {
    Error::new(ErrorKind::File, "the task that writes the file was ended").with_source(error)
}
