//! What commands tell: to people on standard error, to programs as JSON on standard output.

use std::io::{self, Write};

use clap::ValueEnum;

/// Whom messages are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum MessageFormat {
    /// Text, with the line that a message is about.
    Human,
    /// One JSON object a line: code, file, line, column, pointer, message, help.
    Json,
}

/// Prints a line or more for people.
pub(crate) fn say(text: &str) {
    // Nobody is left to be told when standard error is closed.
    let _ = writeln!(io::stderr(), "{}", text.trim_end());
}

/// Prints lines for programs.
pub(crate) fn print(text: &str) {
    let _ = writeln!(io::stdout(), "{}", text.trim_end());
}
