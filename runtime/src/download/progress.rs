//! Progress of a download.

/// Progress of a download, in bytes as they are sent: of the archive, if the file comes in one.
///
/// It never decreases. A download that restarts reports nothing until it is further on than before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// How many bytes have been received.
    pub received: u64,
    /// The size of the file, once it is known; never less than `received`.
    ///
    /// It changes only if the file does, when `save_to` starts over with a file of another size.
    pub total: Option<u64>,
}
