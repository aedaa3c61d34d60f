//! Places in the texts of descriptions.

use std::ops::Range;

/// A description, by its index in the list of sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub usize);

/// Where something stands in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The description.
    pub file: FileId,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The bytes.
    pub span: Range<usize>,
}
