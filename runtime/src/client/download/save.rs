//! Saves a download to disk.

use std::path::PathBuf;

use tokio::task::JoinHandle;

use super::chunks::Fetch;
use crate::download::partial_file::PartialFile;
use crate::protocol::decoder::Piece;
use crate::{Error, ErrorKind};

/// How much is written at a time, in bytes, while the next batch is received.
const BATCH: usize = 1 << 20;

/// Saves a download, and returns its size.
pub(super) async fn save(fetch: Fetch, path: PathBuf) -> Result<u64, Error> {
    let mut writer = Writer::Idle(blocking(move || PartialFile::create(path))?.await.map_err(ended)??);
    let received = receive(fetch, &mut writer).await;
    // Also after an error, so that the partial file is deleted before the error is returned.
    let file = writer.file().await;
    let size = received?;
    let file = file?;
    blocking(move || file.finish())?.await.map_err(ended)??;
    Ok(size)
}

async fn receive(mut fetch: Fetch, writer: &mut Writer) -> Result<u64, Error> {
    let mut size = 0;
    loop {
        let mut batch = Vec::new();
        let mut length = 0;
        let mut is_complete = false;
        while length < BATCH && !is_complete {
            match fetch.next().await? {
                Piece::Bytes(bytes) => {
                    length += bytes.len();
                    batch.push(bytes);
                }
                Piece::Rewind => {
                    batch.clear();
                    (size, length) = (0, 0);
                    writer.run(PartialFile::rewind).await?;
                }
                Piece::End => is_complete = true,
            }
        }
        size += length as u64;
        writer.run(move |file| file.write(&batch)).await?;
        if is_complete {
            return Ok(size);
        }
    }
}

/// Writes one batch while the next one is received.
enum Writer {
    Idle(PartialFile),
    Busy(JoinHandle<Result<PartialFile, Error>>),
    Failed,
}

impl Writer {
    /// Waits for the file.
    async fn file(&mut self) -> Result<PartialFile, Error> {
        match std::mem::replace(self, Self::Failed) {
            Self::Idle(file) => Ok(file),
            Self::Busy(task) => task.await.map_err(ended)?,
            Self::Failed => Err(Error::new(ErrorKind::File, "a previous write failed")),
        }
    }

    /// Starts work on the file after the previous work is done.
    async fn run(
        &mut self,
        work: impl FnOnce(&mut PartialFile) -> Result<(), Error> + Send + 'static,
    ) -> Result<(), Error> {
        let mut file = self.file().await?;
        *self = Self::Busy(blocking(move || work(&mut file).map(|()| file))?);
        Ok(())
    }
}

fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<JoinHandle<T>, Error> {
    Ok(super::super::runtime()?.spawn_blocking(work))
}

fn ended(error: tokio::task::JoinError) -> Error {
    Error::new(ErrorKind::File, "the runtime was shut down while it wrote the file").with_source(error)
}
