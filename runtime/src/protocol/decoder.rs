//! Extracts a file from its archive, or passes it on verbatim.
//!
//! The bytes of a download go in, the bytes of the file come out.

use bytes::{Bytes, BytesMut};

#[cfg(feature = "zip")]
use super::unzip::Unzip;
use crate::Error;

/// Returns whether a file is a zip archive by its first bytes; `None` if more are needed.
///
/// All signatures of zip, including those of empty and multi-part archives, are `PK` and two bytes below 9, which text does
/// not contain.
fn is_archive(start: &[u8]) -> Option<bool> {
    match start {
        [] | [b'P'] | [b'P', b'K'] | [b'P', b'K', 0..9] => None,
        [b'P', b'K', 0..9, 0..9, ..] => Some(true),
        _ => Some(false),
    }
}

/// The default limit for extracted files, in bytes: four times the largest result.
#[cfg(any(feature = "zip", feature = "csv"))]
pub(crate) const DEFAULT_MAX_EXTRACTED_BYTES: u64 = 20 << 30;

/// Decodes the chunks of a download.
pub(crate) struct Decoder {
    state: State,
    /// The limit for extracted files; `None` passes archives on verbatim.
    largest: Option<u64>,
}

enum State {
    Verbatim(Option<Bytes>),
    /// More bytes are needed to recognise an archive.
    Undecided {
        start: BytesMut,
        largest: u64,
    },
    #[cfg(feature = "zip")]
    Zip(Box<Unzip>),
}

/// What a download yields next.
pub(crate) enum Piece {
    Bytes(Bytes),
    /// The file restarts: discard everything before this.
    Rewind,
    End,
}

impl Piece {
    /// Returns the bytes of a stream, which ends with `None`.
    pub(crate) fn into_chunk(self) -> Result<Option<Bytes>, Error> {
        match self {
            Self::Bytes(bytes) => Ok(Some(bytes)),
            Self::End => Ok(None),
            Self::Rewind => Err(Error::new(crate::ErrorKind::Download, "a stream cannot be rewound")),
        }
    }
}

impl State {
    fn new(largest: Option<u64>) -> Self {
        match largest {
            Some(largest) => Self::Undecided { start: BytesMut::new(), largest },
            None => Self::Verbatim(None),
        }
    }

    #[cfg(feature = "zip")]
    fn archive(largest: u64) -> Result<Self, Error> {
        Ok(Self::Zip(Box::new(Unzip::new(largest))))
    }

    #[cfg(not(feature = "zip"))]
    fn archive(_: u64) -> Result<Self, Error> {
        Err(Error::new(crate::ErrorKind::Download, "the file is a zip archive; help: enable the feature `zip`"))
    }
}

impl Decoder {
    pub(crate) fn verbatim() -> Self {
        Self { state: State::new(None), largest: None }
    }

    /// Extracts the file from an archive, if it is one; the file may have no more bytes than `largest`.
    #[cfg(any(feature = "zip", feature = "csv"))]
    pub(crate) fn decompressing(largest: u64) -> Self {
        Self { state: State::new(Some(largest)), largest: Some(largest) }
    }

    pub(crate) fn is_verbatim(&self) -> bool {
        self.largest.is_none()
    }

    /// Discards all input so far.
    pub(crate) fn reset(&mut self) {
        self.state = State::new(self.largest);
    }

    /// Takes the next chunk, once [`Self::next`] returns `None`.
    pub(crate) fn feed(&mut self, bytes: Bytes) -> Result<(), Error> {
        match &mut self.state {
            State::Verbatim(next) => *next = Some(bytes),
            State::Undecided { start, largest } => {
                start.extend_from_slice(&bytes);
                match is_archive(start) {
                    None => {}
                    Some(false) => self.state = State::Verbatim(Some(std::mem::take(start).freeze())),
                    Some(true) => {
                        let start = std::mem::take(start).freeze();
                        self.state = State::archive(*largest)?;
                        return self.feed(start);
                    }
                }
            }
            #[cfg(feature = "zip")]
            State::Zip(unzip) => unzip.feed(&bytes),
        }
        Ok(())
    }

    /// Returns decoded bytes; `None` if more input is needed.
    pub(crate) fn next(&mut self) -> Result<Option<Bytes>, Error> {
        match &mut self.state {
            State::Verbatim(next) => Ok(next.take()),
            State::Undecided { .. } => Ok(None),
            #[cfg(feature = "zip")]
            State::Zip(unzip) => unzip.next(),
        }
    }

    /// Takes the end of the input, after which [`Self::next`] may return more bytes.
    pub(crate) fn finish(&mut self) -> Result<(), Error> {
        match &mut self.state {
            State::Verbatim(_) => Ok(()),
            // A file too small to be recognised.
            State::Undecided { start, largest } => {
                let start = std::mem::take(start).freeze();
                // A truncated signature.
                if start.len() > b"PK".len() {
                    self.state = State::archive(*largest)?;
                    self.feed(start)?;
                    return self.finish();
                }
                self.state = State::Verbatim(Some(start).filter(|start| !start.is_empty()));
                Ok(())
            }
            #[cfg(feature = "zip")]
            State::Zip(unzip) => unzip.finish(),
        }
    }
}

#[cfg(all(test, feature = "zip"))]
mod tests {
    use super::*;

    /// Decodes a file in chunks of this size.
    fn decode(file: &[u8], size: usize) -> Result<Vec<u8>, Error> {
        let mut decoder = Decoder::decompressing(DEFAULT_MAX_EXTRACTED_BYTES);
        let mut decoded = Vec::new();
        for piece in file.chunks(size) {
            decoder.feed(Bytes::copy_from_slice(piece))?;
            while let Some(bytes) = decoder.next()? {
                decoded.extend_from_slice(&bytes);
            }
        }
        decoder.finish()?;
        while let Some(bytes) = decoder.next()? {
            decoded.extend_from_slice(&bytes);
        }
        Ok(decoded)
    }

    #[test]
    fn restarts_after_a_reset() {
        let mut decoder = Decoder::decompressing(DEFAULT_MAX_EXTRACTED_BYTES);
        decoder.feed(Bytes::from_static(b"PK\x03\x04...")).unwrap();
        decoder.reset();
        decoder.feed(Bytes::from_static(b"id\n")).unwrap();
        assert_eq!(decoder.next().unwrap().unwrap(), "id\n");
    }

    #[test]
    fn text_prefixed_like_an_archive_is_text() {
        for text in ["", "P", "PK", "PKG,amount\n", "PK\n1\n", "PK\t1", "PK\r\n", "PK,a", "Pa"] {
            for size in [1, 2, 3, 100] {
                assert_eq!(decode(text.as_bytes(), size).unwrap(), text.as_bytes(), "{text:?}");
            }
        }
    }

    #[test]
    fn an_archive_without_a_file_is_an_error() {
        let empty = [&b"PK\x05\x06"[..], &[0; 18]].concat();
        let empty_64 = [&b"PK\x06\x06"[..], &[0; 52], &empty].concat();
        let cases = [
            (&empty[..], "it is empty"),
            (&empty_64, "it is empty"),
            (b"PK\x05\x06", "it is empty"),
            (b"PK\x07\x08PK\x03\x04", "multi-part"),
            (b"PK\x01\x02abc", "missing local file header"),
            (b"PK\x03\x04", "truncated"),
            (b"PK\x03", "truncated"),
            (b"PK\x05", "truncated"),
        ];
        for (archive, expected) in cases {
            for size in [1, 2, 3, 100] {
                let error = decode(archive, size).unwrap_err();
                assert_eq!(error.kind(), crate::ErrorKind::Download);
                assert!(error.to_string().contains(expected), "{archive:?}: {error}");
            }
        }
    }
}
