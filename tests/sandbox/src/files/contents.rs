//! The bytes of a file with their ETag, and what a changed file has instead.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;

use axum::body::Bytes;

use super::archive::archive;

/// The bytes of a file.
#[derive(Debug, Clone)]
pub(crate) struct Contents {
    pub(crate) bytes: Bytes,
    /// A strong ETag, with its quotation marks.
    pub(crate) etag: String,
}

/// How a file differs from the result of its run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// The last line is there twice.
    Longer,
    /// All digits but those of the header differ.
    SameSize,
}

impl Contents {
    /// Creates the file of a result from its CSV.
    pub(crate) fn new(csv: Vec<u8>, is_compressed: bool) -> io::Result<Self> {
        let bytes = if is_compressed { archive(&csv)? } else { csv };
        let mut hasher = DefaultHasher::new();
        bytes.hash(&mut hasher);
        let etag = format!("\"{:016x}\"", hasher.finish());
        Ok(Self { bytes: bytes.into(), etag })
    }
}

impl Change {
    /// Returns a CSV file with other contents.
    pub(super) fn apply(self, mut csv: Vec<u8>) -> Vec<u8> {
        match self {
            Self::Longer => {
                let lines = csv.strip_suffix(b"\n").unwrap_or(&csv);
                let last = lines.rsplit(|byte| *byte == b'\n').next().unwrap_or_default().to_vec();
                csv.extend(last.into_iter().chain([b'\n']));
            }
            Self::SameSize => {
                let header = csv.iter().position(|byte| *byte == b'\n').unwrap_or_default();
                for byte in csv.iter_mut().skip(header).filter(|byte| byte.is_ascii_digit()) {
                    *byte = b'0' + (b'9' - *byte);
                }
            }
        }
        csv
    }
}
