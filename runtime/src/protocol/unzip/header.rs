//! Parses the local header before the file of a zip archive.

use bytes::{Buf, BytesMut};

use super::invalid;
use crate::Error;

const LENGTH: usize = 30;

/// The local header of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LocalHeader {
    pub(super) compression: Compression,
    /// The checksum, the compressed and the uncompressed length, unless they follow the data.
    pub(super) sums: Option<(u32, u64, u64)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compression {
    Stored { length: u64 },
    Deflated,
}

impl LocalHeader {
    /// Takes the header from the input; `None` if more input is needed.
    pub(super) fn read(input: &mut BytesMut) -> Result<Option<Self>, Error> {
        let (Some(name_length), Some(extra_length)) = (u16_at(input, 26), u16_at(input, 28)) else { return Ok(None) };
        let name_end = LENGTH + usize::from(name_length);
        let end = name_end + usize::from(extra_length);
        let (Some(name), Some(extra)) = (input.get(LENGTH..name_end), input.get(name_end..end)) else {
            return Ok(None);
        };
        check_name(name)?;
        let header = Self::parse(input, extra)?;
        input.advance(end);
        Ok(Some(header))
    }

    fn parse(input: &[u8], extra: &[u8]) -> Result<Self, Error> {
        let cut_off = || invalid("truncated local file header");
        let flags = u16_at(input, 6).ok_or_else(cut_off)?;
        let checksum = u32_at(input, 14).ok_or_else(cut_off)?;
        let compressed = u32_at(input, 18).ok_or_else(cut_off)?;
        let length = u32_at(input, 22).ok_or_else(cut_off)?;
        if flags & 1 != 0 {
            return Err(invalid("it is encrypted"));
        }
        let follows = flags & 8 != 0;
        let (compressed, length) = sizes(compressed, length, extra).ok_or_else(cut_off)?;
        let compression = match u16_at(input, 8).ok_or_else(cut_off)? {
            0 if follows => return Err(invalid("missing size in the local file header")),
            0 => Compression::Stored { length },
            8 => Compression::Deflated,
            other => return Err(invalid(&format!("unsupported compression method {other}"))),
        };
        Ok(Self { compression, sums: (!follows).then_some((checksum, compressed, length)) })
    }
}

/// Returns the compressed and the uncompressed length; large ones are in an extra field.
fn sizes(compressed: u32, length: u32, mut extra: &[u8]) -> Option<(u64, u64)> {
    if compressed != u32::MAX && length != u32::MAX {
        return Some((compressed.into(), length.into()));
    }
    loop {
        let (kind, size) = (u16_at(extra, 0)?, usize::from(u16_at(extra, 2)?));
        let field = extra.get(4..4 + size)?;
        if kind == 1 {
            let mut numbers = field.chunks_exact(8).filter_map(|bytes| bytes.try_into().ok().map(u64::from_le_bytes));
            // The uncompressed length is first.
            let length = if length == u32::MAX { numbers.next()? } else { length.into() };
            let compressed = if compressed == u32::MAX { numbers.next()? } else { compressed.into() };
            return Some((compressed, length));
        }
        extra = extra.get(4 + size..)?;
    }
}

/// Refuses file names that lead out of the directory of an archive. Nothing is written under the name, but such an archive
/// is not to be trusted.
fn check_name(name: &[u8]) -> Result<(), Error> {
    let name = String::from_utf8_lossy(name);
    let mut segments = name.split(['/', '\\']);
    let reason = if name.is_empty() || name.ends_with(['/', '\\']) {
        "its first entry is not a file"
    } else if name.starts_with(['/', '\\']) || name.as_bytes().get(1) == Some(&b':') {
        "the name of its file is absolute"
    } else if segments.any(|segment| segment == "..") {
        "the name of its file leads to a parent directory"
    } else {
        return Ok(());
    };
    Err(invalid(reason))
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}
