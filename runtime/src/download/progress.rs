//! Download progress.

/// The progress of a download, in bytes as transferred: those of the archive if the file is in one.
///
/// It never decreases. A download that restarts reports no progress until it exceeds the previous one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// The number of bytes received.
    pub received: u64,
    /// The size of the file, if known; at least `received`.
    ///
    /// It only changes if `save_to` restarts with a new version of the file.
    pub total: Option<u64>,
}
