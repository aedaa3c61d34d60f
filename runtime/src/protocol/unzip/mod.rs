//! Extracts the only file of a zip archive from a stream.
//!
//! Chunks of the archive go in, bytes of the file come out. Libraries need the whole archive, since the central directory is
//! at the end, or do not support sizes that follow the data.

mod header;
mod tail;
#[cfg(test)]
mod tests;

use bytes::{Buf, Bytes, BytesMut};
use flate2::{Crc, Decompress, FlushDecompress, Status};

use self::header::{Compression, LocalHeader};
use crate::{Error, ErrorKind};

/// How many bytes are returned at a time.
const PIECE: usize = 64 << 10;

/// The limit for the central directory, in bytes.
const LARGEST_TAIL: usize = 1 << 20;

const LOCAL: &[u8] = b"PK\x03\x04";
const CENTRAL: &[u8] = b"PK\x01\x02";
const DESCRIPTOR: &[u8] = b"PK\x07\x08";
const END: &[u8] = b"PK\x05\x06";
const END_64: &[u8] = b"PK\x06\x06";

/// Refuses an archive that does not start with a local file header.
fn check_start(input: &[u8]) -> Result<(), Error> {
    match input.get(..LOCAL.len()) {
        None | Some(LOCAL) => Ok(()),
        Some(END | END_64) => Err(invalid("it is empty, expected one file")),
        Some(DESCRIPTOR) => Err(invalid("multi-part archives are not supported")),
        Some(_) => Err(invalid("missing local file header")),
    }
}

/// Extracts a file from the chunks of its archive.
pub(crate) struct Unzip {
    input: BytesMut,
    stage: Stage,
    /// The limit for the file.
    largest: u64,
    /// The extracted bytes so far.
    length: u64,
    checksum: Crc,
}

enum Stage {
    Header,
    Deflated {
        header: LocalHeader,
        inflate: Decompress,
    },
    Stored {
        header: LocalHeader,
        left: u64,
    },
    /// The sizes follow the data, unless the header has them.
    Trailer {
        header: LocalHeader,
        compressed: u64,
    },
    Tail,
}

impl Unzip {
    pub(crate) fn new(largest: u64) -> Self {
        Self { input: BytesMut::new(), stage: Stage::Header, largest, length: 0, checksum: Crc::new() }
    }

    pub(crate) fn feed(&mut self, bytes: &[u8]) {
        self.input.extend_from_slice(bytes);
    }

    /// Returns the next bytes of the file; `None` if more input is needed.
    pub(crate) fn next(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            match &mut self.stage {
                Stage::Header => {
                    check_start(&self.input)?;
                    let Some(header) = LocalHeader::read(&mut self.input)? else { return Ok(None) };
                    self.stage = match header.compression {
                        Compression::Deflated => Stage::Deflated { header, inflate: Decompress::new(false) },
                        Compression::Stored { length } => Stage::Stored { header, left: length },
                    };
                }
                Stage::Deflated { header, inflate } => {
                    let (read, written) = (inflate.total_in(), inflate.total_out());
                    let mut output = Vec::with_capacity(PIECE);
                    let status = inflate
                        .decompress_vec(&self.input, &mut output, FlushDecompress::None)
                        .map_err(|error| invalid("its data is corrupt").with_source(error))?;
                    let (read, written) = (inflate.total_in() - read, inflate.total_out() - written);
                    self.input.advance(usize::try_from(read).unwrap_or(usize::MAX).min(self.input.len()));
                    if status == Status::StreamEnd {
                        let (header, compressed) = (header.clone(), inflate.total_in());
                        self.stage = Stage::Trailer { header, compressed };
                    }
                    if written > 0 {
                        return self.output(output.into()).map(Some);
                    }
                    if status != Status::StreamEnd {
                        return Ok(None);
                    }
                }
                Stage::Stored { header, left } if *left == 0 => {
                    self.stage = Stage::Trailer { header: header.clone(), compressed: self.length };
                }
                Stage::Stored { left, .. } => {
                    let length = usize::try_from(*left).unwrap_or(usize::MAX).min(self.input.len()).min(PIECE);
                    if length == 0 {
                        return Ok(None);
                    }
                    *left -= length as u64;
                    let bytes = self.input.split_to(length).freeze();
                    return self.output(bytes).map(Some);
                }
                Stage::Trailer { header, compressed } => {
                    let sums = (self.checksum.sum(), *compressed, self.length);
                    if !check(header, sums, &mut self.input)? {
                        return Ok(None);
                    }
                    self.stage = Stage::Tail;
                }
                Stage::Tail if self.input.len() > LARGEST_TAIL => {
                    return Err(invalid("the central directory is too large"));
                }
                Stage::Tail => return Ok(None),
            }
        }
    }

    fn output(&mut self, bytes: Bytes) -> Result<Bytes, Error> {
        self.checksum.update(&bytes);
        self.length = self.length.saturating_add(bytes.len() as u64);
        if self.length > self.largest {
            let message = format!("the file in the archive has more than {} bytes", self.largest);
            return Err(Error::new(ErrorKind::TooLarge, message));
        }
        Ok(bytes)
    }

    /// Takes the end of the archive, whose central directory must list one file.
    pub(crate) fn finish(&mut self) -> Result<(), Error> {
        if !matches!(self.stage, Stage::Tail) {
            return Err(invalid("it is truncated"));
        }
        tail::check(&self.input, self.checksum.sum())
    }
}

/// Compares the checksum and sizes of the data with those of the header, or with those that follow the data. Returns `false`
/// if more input is needed.
fn check(header: &LocalHeader, sums: (u32, u64, u64), input: &mut BytesMut) -> Result<bool, Error> {
    match header.sums {
        Some(expected) if expected != sums => return Err(invalid("its data does not match its checksum and sizes")),
        Some(_) => {
            if input.len() < CENTRAL.len() {
                return Ok(false);
            }
        }
        None => {
            let (checksum, compressed, length) = sums;
            // The signature is optional, and sizes have 4 or 8 bytes: only the next signature shows which.
            let short =
                [checksum.to_le_bytes(), (compressed as u32).to_le_bytes(), (length as u32).to_le_bytes()].concat();
            let long = [&checksum.to_le_bytes()[..], &compressed.to_le_bytes()[..], &length.to_le_bytes()[..]].concat();
            let forms = [short, long].map(|form| [[DESCRIPTOR, &form].concat(), form]).concat();
            let longest = forms.iter().map(Vec::len).max().unwrap_or_default() + CENTRAL.len();
            let found = forms.iter().find(|form| {
                let after = input.strip_prefix(form.as_slice());
                after.is_some_and(|after| after.starts_with(CENTRAL) || after.starts_with(LOCAL))
            });
            match found {
                Some(form) => input.advance(form.len()),
                None if input.len() < longest => return Ok(false),
                None => return Err(invalid("its data does not match its checksum and sizes")),
            }
        }
    }
    if input.starts_with(LOCAL) {
        return Err(invalid("it has more than one file, expected one"));
    }
    if !input.starts_with(CENTRAL) {
        return Err(invalid("the central directory is corrupt"));
    }
    Ok(true)
}

fn invalid(reason: &str) -> Error {
    Error::new(ErrorKind::Download, format!("invalid zip archive: {reason}"))
}
