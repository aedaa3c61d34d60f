//! How far a download is.

/// How far a download is, in bytes as they are sent: of the archive, if the file comes in one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// How many have come.
    pub received: u64,
    /// How many there are, once that is known.
    pub total: Option<u64>,
}
