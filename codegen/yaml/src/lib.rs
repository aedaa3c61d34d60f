//! The events of a YAML text, as `saphyr-parser` reads them.
//!
//! The parser is generic, so it is compiled in the package that uses it: this one, which is small and optimized in all profiles.
//! Otherwise a third of all the generator's time would be spent in it.
#![forbid(unsafe_code)]

pub use saphyr_parser::{Event, ScalarStyle, ScanError, Span};
use saphyr_parser::{Parser, StrInput};

/// The events of a text, each with its place, or why it is no YAML.
pub struct Events<'text>(Parser<'text, StrInput<'text>>);

impl<'text> Events<'text> {
    /// Begins at the start of a text.
    #[must_use]
    pub fn new(text: &'text str) -> Self {
        Self(Parser::new_from_str(text))
    }
}

impl<'text> Iterator for Events<'text> {
    type Item = Result<(Event<'text>, Span), ScanError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next()
    }
}
