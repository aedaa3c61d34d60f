//! Finds the parts of values in the text.

use std::ops::Range;

use super::EditError;
use crate::parse::{Content, Node};
use crate::pointer::Pointer;

/// The text of a description.
#[derive(Clone, Copy)]
pub(super) struct Text<'t>(pub(super) &'t str);

impl<'t> Text<'t> {
    /// Returns the rest of the text from a byte.
    pub(super) fn from(self, at: usize) -> &'t str {
        self.0.get(at..).unwrap_or_default()
    }

    pub(super) fn slice(self, range: Range<usize>) -> &'t str {
        self.0.get(range).unwrap_or_default()
    }

    /// Returns the start of the line that a byte is in, after a byte order mark.
    pub(super) fn line_start(self, at: usize) -> usize {
        let mark = if self.0.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        self.slice(0..at).rfind('\n').map_or(mark, |end| end + 1)
    }

    /// Returns the end of the line that a byte is in, after its break.
    pub(super) fn line_end(self, at: usize) -> usize {
        self.from(at).find('\n').map_or(self.0.len(), |end| at + end + 1)
    }

    /// Returns the column of a byte, from 0; only spaces and dashes are before it.
    pub(super) fn column(self, at: usize) -> usize {
        self.slice(self.line_start(at)..at).len()
    }

    /// Returns whether a byte is the first of its line besides indentation.
    pub(super) fn is_first(self, at: usize) -> bool {
        self.slice(self.line_start(at)..at).trim_start_matches(' ').is_empty()
    }

    /// Skips white space, line breaks and comments.
    pub(super) fn skip(self, mut at: usize) -> usize {
        loop {
            let rest = self.from(at);
            let space = rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{feff}']).len();
            at += space;
            if !self.from(at).starts_with('#') {
                return at;
            }
            at = self.line_end(at);
        }
    }

    /// Returns the byte after the closing quote of the string at a byte.
    fn quoted_end(self, start: usize) -> usize {
        let mut characters = self.from(start).char_indices();
        let quote = characters.next().map(|(_, quote)| quote);
        while let Some((at, c)) = characters.next() {
            match c {
                '\\' if quote == Some('"') => drop(characters.next()),
                c if Some(c) == quote => {
                    if c == '\'' && self.from(start + at + 1).starts_with('\'') {
                        characters.next();
                    } else {
                        return start + at + 1;
                    }
                }
                _ => {}
            }
        }
        self.0.len()
    }

    /// Returns the end of a key or a scalar in one of the styles that are not blocks.
    pub(super) fn flow_scalar_end(self, start: usize, end: usize) -> usize {
        if self.from(start).starts_with(['"', '\'']) {
            self.quoted_end(start)
        } else {
            start + self.slice(start..end).trim_end().len()
        }
    }

    /// Returns the byte after the colon of a key.
    pub(super) fn after_colon(self, key_start: usize, key_end: usize) -> usize {
        let end = self.flow_scalar_end(key_start, key_end);
        self.skip(end) + 1
    }

    /// Returns the range of the value after a colon or a dash. Comments at its end are not part of it.
    pub(super) fn value(self, node: &Node, after: usize) -> Range<usize> {
        let is_missing = matches!(node.content, Content::Null) && node.span.start >= node.span.end;
        if is_missing {
            return after..after;
        }
        let start = self.skip(after);
        let end = match &node.content {
            Content::Mapping(_) | Content::List(_) if self.is_flow(start) => self.flow_end(node, start),
            Content::Mapping(mapping) => mapping.entries().last().map_or(start, |entry| {
                self.value(&entry.value, self.after_colon(entry.key_span.start, entry.key_span.end)).end
            }),
            Content::List(items) => {
                let mut end = after;
                for item in items {
                    end = self.value(item, self.skip(end) + 1).end;
                }
                end
            }
            _ if self.from(start).starts_with(['|', '>']) => {
                let header = self.slice(start..self.line_end(start)).trim_end();
                let content = self.slice(start..node.span.end.max(start));
                let keeps_blank_lines = header.split('#').next().is_some_and(|header| header.contains('+'));
                let content = if keeps_blank_lines {
                    content.trim_end_matches([' ', '\r']).len().saturating_sub(1)
                } else {
                    content.trim_end().len()
                };
                start + content.max(header.len())
            }
            _ => self.flow_scalar_end(start, node.span.end),
        };
        start..end
    }

    /// Returns the end of a value inside of braces.
    pub(super) fn flow_end(self, node: &Node, start: usize) -> usize {
        let last = match &node.content {
            Content::Mapping(mapping) => mapping.entries().last().map(|entry| &entry.value),
            Content::List(items) => items.last(),
            _ => return self.flow_scalar_end(start, node.span.end.max(start)),
        };
        let end = self.skip(last.map_or(start + 1, |last| self.flow_end(last, last.span.start)));
        let end = if self.from(end).starts_with(',') { self.skip(end + 1) } else { end };
        // An object of one entry may have no braces.
        if self.is_flow(start) { end + 1 } else { end }
    }

    /// Returns whether the value at a byte is an object or a list in flow style.
    pub(super) fn is_flow(self, start: usize) -> bool {
        self.from(start).starts_with(['{', '['])
    }

    /// Checks that an object or a list in block style has a layout that can be edited.
    ///
    /// # Errors
    ///
    /// A key with a question mark.
    pub(super) fn check_layout(self, start: usize, pointer: &Pointer) -> Result<(), EditError> {
        let before = self.slice(self.line_start(start)..start);
        if before.bytes().all(|byte| b" -".contains(&byte)) {
            return Ok(());
        }
        Err(EditError::new(pointer, "this layout cannot be edited", "write each key on a line of its own"))
    }
}
