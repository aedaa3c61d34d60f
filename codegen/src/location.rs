//! Positions in the texts of descriptions.

use std::ops::Range;

/// The index of a description in the list of sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub usize);

/// A position in a description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The description.
    pub file: FileId,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The range in bytes.
    pub span: Range<usize>,
}

/// The starts of the lines of a text, in bytes.
pub(crate) struct Lines(Vec<usize>);

impl Lines {
    /// Breaks lines as YAML does. A byte order mark is part of no line.
    pub(crate) fn new(text: &str) -> Self {
        let first = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let mut starts = vec![first];
        let mut end = 0;
        for line in text.split_inclusive('\n') {
            // A carriage return before the line feed is part of the same break.
            let alone = line.strip_suffix("\r\n").unwrap_or(line);
            starts.extend(alone.match_indices('\r').map(|(at, _)| end + at + 1));
            end += line.len();
            starts.extend(line.ends_with('\n').then_some(end));
        }
        Self(starts)
    }

    /// Returns the number of the line of a byte, from 1, and the start of that line.
    pub(crate) fn at(&self, byte: usize) -> (usize, usize) {
        let line = self.0.partition_point(|start| *start <= byte).max(1);
        (line, self.0.get(line - 1).copied().unwrap_or_default())
    }

    /// Returns the start of the line after this one, if any.
    pub(crate) fn after(&self, line: usize) -> Option<usize> {
        self.0.get(line).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn lines_end_with_any_break() {
        let lines = Lines::new("\u{feff}a\nb\r\nc\rd\n");
        let found: Vec<_> = [0, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map(|byte| lines.at(byte)).to_vec();
        let expected = [(1, 3), (1, 3), (1, 3), (2, 5), (2, 5), (2, 5), (3, 8), (3, 8), (4, 10), (4, 10), (5, 12)];
        assert_eq!(found, expected);
        assert_eq!((lines.after(1), lines.after(5)), (Some(5), None));
        assert_eq!([Lines::new("").0, Lines::new("\r\r\n\r").0], [vec![0], vec![0, 1, 3, 4]]);
    }
}
