//! A file as `Read`.

use std::io::{self, BufRead, Read};

use bytes::{Buf, Bytes};

use super::Chunks;

/// Reads a file; created by [`FileDownload::reader`](super::FileDownload::reader).
///
/// Its errors are [`io::Error`]s that wrap an [`Error`](crate::Error).
#[derive(Debug)]
pub struct Reader {
    chunks: Chunks,
    chunk: Bytes,
}

impl Reader {
    pub(super) fn new(chunks: Chunks) -> Self {
        Self { chunks, chunk: Bytes::new() }
    }
}

impl BufRead for Reader {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.chunk.is_empty() {
            match self.chunks.next() {
                Some(chunk) => self.chunk = chunk.map_err(io::Error::other)?,
                None => break,
            }
        }
        Ok(&self.chunk)
    }

    fn consume(&mut self, amount: usize) {
        self.chunk.advance(amount.min(self.chunk.len()));
    }
}

impl Read for Reader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.fill_buf()?.read(buffer)?;
        self.consume(length);
        Ok(length)
    }
}
