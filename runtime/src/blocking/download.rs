//! Downloads.

mod chunks;
mod reader;
#[cfg(feature = "csv")]
mod records;

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use bytes::{Bytes, BytesMut};

pub use self::chunks::Chunks;
use self::chunks::Fetch;
pub use self::reader::Reader;
#[cfg(feature = "csv")]
pub use self::records::Records;
use super::Client;
use crate::download::partial_file::PartialFile;
use crate::protocol::decoder::{Decoder, Piece};
use crate::protocol::transfer::Transfer;
use crate::{Error, ErrorKind, Progress, RequestOptions};

/// A file that is about to be downloaded; made by [`Client::download`].
///
/// However it is read:
///
/// - A connection that breaks is resumed where it broke, if the server names the version of the file: by a strong `ETag`, or
///   by a `Last-Modified` that is at least a minute older than the response. Otherwise, or when the version changes, the
///   download restarts. Restarts count as retries until they bring more than was there before.
/// - After a restart, [`save_to`](Self::save_to) writes the file anew. All others, which can't take back what they gave,
///   compare it with the bytes that come again; if these differ, they fail with [`Download`](ErrorKind::Download).
/// - A file is complete only with the size that the run or the server promised. Without a size, its end must be marked by
///   HTTP: that the connection closes is not enough.
/// - A URL that is too old is replaced by a fresh one.
/// - The API key goes with files that need it, and to Stripe only.
#[must_use = "nothing is downloaded until it is said where to"]
pub struct FileDownload {
    client: Client,
    transfer: Transfer,
    decoder: Decoder,
    on_progress: Option<OnProgress>,
}

type OnProgress = Box<dyn FnMut(Progress) + Send>;

impl FileDownload {
    pub(super) fn new(client: Client, transfer: Transfer) -> Self {
        Self { client, transfer, decoder: Decoder::verbatim(), on_progress: None }
    }

    /// Options for each request, such as the account that the file belongs to.
    pub fn options(mut self, options: RequestOptions) -> Self {
        self.transfer.set_options(options);
        self
    }

    /// How long the whole download may take; 12 hours unless it is set. That no bytes come for a while is limited by
    /// [`RequestOptions::attempt_timeout`].
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.transfer.set_timeout(timeout);
        self
    }

    /// Calls back whenever bytes have come.
    pub fn on_progress(mut self, on_progress: impl FnMut(Progress) + Send + 'static) -> Self {
        self.on_progress = Some(Box::new(on_progress));
        self
    }

    /// Extracts the file from its zip archive, if it comes in one, up to 20 GiB of it. Any other file stays as it is.
    ///
    /// An archive that has no file, or more than one, that is split or encrypted, whose file name leads elsewhere, or that
    /// does not match its checksum is an error of the kind [`Download`](ErrorKind::Download).
    #[cfg(feature = "zip")]
    pub fn decompress(self) -> Self {
        self.decompress_up_to(crate::protocol::decoder::LARGEST_FILE)
    }

    /// The same with another limit, in bytes; more is an error of the kind [`TooLarge`](ErrorKind::TooLarge).
    #[cfg(feature = "zip")]
    pub fn decompress_up_to(mut self, largest: u64) -> Self {
        self.decoder = Decoder::decompressing(largest);
        self
    }

    /// The size in bytes as it is sent, if it is known before the download begins.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        self.transfer.size()
    }

    /// Saves the file, and returns its size in bytes. It appears when it is whole and on the disk: there is never half a
    /// file, and one that exists stays until then.
    ///
    /// - What can't work fails before the first request: a missing or unwritable folder, a path that is a folder or ends with a
    ///   slash, a name of more than some 235 bytes.
    /// - On Unix, the permissions of a file that is replaced are kept, without setuid, setgid and the sticky bit. Its owner, its
    ///   access control lists and its other hard links are not.
    /// - A symbolic link stays, and the file that it leads to is replaced or created.
    /// - Devices, pipes and sockets, such as `/dev/stdout` or `/dev/null`, are refused with
    ///   [`InvalidRequest`](ErrorKind::InvalidRequest): they can't hold a file that starts over. Copy to them from
    ///   [`reader`](Self::reader).
    /// - Until then, the bytes are beside the file in `.NAME.RANDOM.part`. A process that is killed leaves that file, and the
    ///   next download to the same name deletes it; those of other downloads, which hold a lock, stay.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](ErrorKind::InvalidRequest) and [`File`](ErrorKind::File) when the file can't be written;
    /// [`Connection`](ErrorKind::Connection), [`Timeout`](ErrorKind::Timeout), [`Tls`](ErrorKind::Tls) and
    /// [`Api`](ErrorKind::Api) when it can't be downloaded, with all retries; [`Download`](ErrorKind::Download) when it is
    /// not what was promised.
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

    /// The file in memory, if it has no more bytes than `limit`.
    ///
    /// # Errors
    ///
    /// [`TooLarge`](ErrorKind::TooLarge) when it has more, or like [`save_to`](Self::save_to).
    pub fn bytes(self, limit: usize) -> Result<Bytes, Error> {
        let too_large = || Error::new(ErrorKind::TooLarge, format!("the file has more than {limit} bytes"));
        if self.decoder.is_verbatim() && self.size().is_some_and(|size| size > limit as u64) {
            return Err(too_large());
        }
        let mut bytes = BytesMut::new();
        for chunk in self.chunks() {
            let chunk = chunk?;
            if bytes.len() + chunk.len() > limit {
                return Err(too_large());
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes.freeze())
    }

    /// The file in pieces, an iterator.
    pub fn chunks(self) -> Chunks {
        Chunks::new(self.fetch())
    }

    fn fetch(self) -> Fetch {
        Fetch::new(self.client, self.transfer, self.decoder, self.on_progress)
    }

    /// The file to read from, as `Read`.
    pub fn reader(self) -> Reader {
        Reader::new(self.chunks())
    }

    /// Reads the rows of a CSV file, from its zip archive if it comes in one. The first line names the columns.
    ///
    /// A file that ends inside of a quoted field is an error of the kind [`Decode`](ErrorKind::Decode), after the rows
    /// before it.
    #[cfg(feature = "csv")]
    pub fn records<T: serde::de::DeserializeOwned>(mut self) -> Records<T> {
        if self.decoder.is_verbatim() {
            self.decoder = Decoder::decompressing(crate::protocol::decoder::LARGEST_FILE);
        }
        Records::new(self.chunks())
    }
}

impl fmt::Debug for FileDownload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileDownload").field("size", &self.size()).finish_non_exhaustive()
    }
}
