//! Positions in the text of a query: lines and columns for messages, offsets for programs.

use sqlparser::tokenizer::{Location, Span};

use crate::data::error::{SqlError, SqlErrorKind};

/// The text of a query.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) text: &'a str,
}

impl Source<'_> {
    /// An error at a position, which is left out if it is unknown.
    pub(super) fn error(&self, at: Span, message: impl Into<String>) -> SqlError {
        self.error_at(at.start, &message.into())
    }

    fn error_at(&self, at: Location, message: &str) -> SqlError {
        if at.line == 0 {
            return SqlError::new(SqlErrorKind::Invalid, message);
        }
        // What follows the first line is help.
        let (first, rest) = message.split_at(message.find('\n').unwrap_or(message.len()));
        let mut error = SqlError::new(SqlErrorKind::Invalid, format!("{first} at {}:{}{rest}", at.line, at.column));
        error.offset = Some(self.offset(at));
        error
    }

    /// The position of the first character that is no space.
    pub(super) fn start(&self) -> Span {
        let before = self.text.get(..self.text.len() - self.text.trim_start().len()).unwrap_or_default();
        let line = before.matches('\n').count() as u64 + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() as u64 + 1;
        Span::new(Location { line, column }, Location { line, column })
    }

    /// An error of the parser, whose message ends with the position.
    pub(super) fn syntax_error(&self, message: &str) -> SqlError {
        let (text, position) = message.split_once(" at Line: ").unwrap_or((message, ""));
        let mut numbers = position.split(", Column: ").map(|number| number.trim().parse::<u64>().unwrap_or(0));
        let (line, column) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
        let text = match text.strip_prefix("Expected: ").and_then(|rest| rest.split_once(", found: ")) {
            Some((expected, "EOF")) => format!("expected {expected}, found the end"),
            Some((expected, found)) => format!("expected {expected}, found `{found}`"),
            None => {
                let mut letters = text.chars();
                letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
            }
        };
        let end = || {
            let line = self.text.lines().count().max(1) as u64;
            let column = self.text.lines().last().map_or(0, |line| line.chars().count()) as u64 + 1;
            Location { line, column }
        };
        self.error_at(if line == 0 { end() } else { Location { line, column } }, &text)
    }

    fn offset(&self, at: Location) -> usize {
        let number = |n: u64| usize::try_from(n).unwrap_or(usize::MAX).saturating_sub(1);
        let start: usize = self.text.split_inclusive('\n').take(number(at.line)).map(str::len).sum();
        let line = self.text.get(start..).unwrap_or_default();
        start + line.char_indices().nth(number(at.column)).map_or(line.len(), |(at, _)| at)
    }
}
