//! Files as they come, or out of their archives.

use bytes::{Bytes, BytesMut};

#[cfg(feature = "zip")]
use super::unzip::Unzip;
use crate::Error;

/// What a zip archive begins with; no text does.
const ZIP: &[u8] = b"PK\x03\x04";

/// How much is taken out of an archive unless another limit is set, in bytes: four times the largest result.
#[cfg(any(feature = "zip", feature = "csv"))]
pub(crate) const LARGEST_FILE: u64 = 20 << 30;

/// Takes the bytes of a file, gives the bytes that are wanted.
pub(crate) enum Decoder {
    /// As they come.
    AsIs(Option<Bytes>),
    /// Not enough has come to know what it is.
    #[cfg_attr(not(any(feature = "zip", feature = "csv")), allow(dead_code))]
    Undecided { begun: BytesMut, largest: u64 },
    #[cfg(feature = "zip")]
    Zip(Box<Unzip>),
}

impl Decoder {
    pub(crate) fn as_is() -> Self {
        Self::AsIs(None)
    }

    /// Takes an archive apart, if it is one; what is inside may have no more bytes than `largest`.
    #[cfg(any(feature = "zip", feature = "csv"))]
    pub(crate) fn decompressing(largest: u64) -> Self {
        Self::Undecided { begun: BytesMut::new(), largest }
    }

    /// Takes the next bytes, once [`Self::next`] has nothing more to give.
    pub(crate) fn feed(&mut self, bytes: Bytes) -> Result<(), Error> {
        match self {
            Self::AsIs(next) => *next = Some(bytes),
            Self::Undecided { begun, largest } => {
                begun.extend_from_slice(&bytes);
                let length = begun.len().min(ZIP.len());
                if begun.get(..length) != ZIP.get(..length) {
                    *self = Self::AsIs(Some(std::mem::take(begun).freeze()));
                } else if begun.len() >= ZIP.len() {
                    let begun = std::mem::take(begun).freeze();
                    *self = Self::archive(*largest)?;
                    return self.feed(begun);
                }
            }
            #[cfg(feature = "zip")]
            Self::Zip(unzip) => unzip.feed(&bytes),
        }
        Ok(())
    }

    #[cfg(feature = "zip")]
    fn archive(largest: u64) -> Result<Self, Error> {
        Ok(Self::Zip(Box::new(Unzip::new(largest))))
    }

    #[cfg(not(feature = "zip"))]
    fn archive(_: u64) -> Result<Self, Error> {
        Err(Error::new(crate::ErrorKind::Download, "the file is a zip archive; turn on the crate's feature `zip`"))
    }

    /// Bytes that are wanted; nothing when more are needed.
    pub(crate) fn next(&mut self) -> Result<Option<Bytes>, Error> {
        match self {
            Self::AsIs(next) => Ok(next.take()),
            Self::Undecided { .. } => Ok(None),
            #[cfg(feature = "zip")]
            Self::Zip(unzip) => unzip.next(),
        }
    }

    /// Takes the end. There may be bytes left to give.
    pub(crate) fn finish(&mut self) -> Result<(), Error> {
        match self {
            Self::AsIs(_) => Ok(()),
            // A very small file that might have become an archive.
            Self::Undecided { begun, .. } => {
                let begun = std::mem::take(begun).freeze();
                *self = Self::AsIs(Some(begun).filter(|begun| !begun.is_empty()));
                Ok(())
            }
            #[cfg(feature = "zip")]
            Self::Zip(unzip) => unzip.finish(),
        }
    }
}
