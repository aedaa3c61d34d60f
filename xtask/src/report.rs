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

/// Prints lines that are asked for; tells whether it could. Whoever closes the output early has read enough.
pub(crate) fn print(text: &str) -> bool {
    let mut out = io::stdout().lock();
    match writeln!(out, "{}", text.trim_end()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            say(&format!("error: standard output can't be written: {error}"));
            false
        }
        _ => true,
    }
}

/// So many mistakes, in words.
pub(crate) fn mistakes(count: usize) -> String {
    if count == 1 { "1 mistake".to_owned() } else { format!("{count} mistakes") }
}
