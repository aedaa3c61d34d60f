//! The output of commands: messages for people on standard error, results on standard output.

use std::io::{self, Write};

use clap::ValueEnum;

/// The format of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum MessageFormat {
    /// Text for people, with a source excerpt.
    Human,
    /// One JSON object per line: code, file, line, column, pointer, message, help.
    Json,
}

/// Prints lines to standard error.
pub(crate) fn say(text: &str) {
    // If standard error is closed, nobody reads the message.
    let _ = writeln!(io::stderr(), "{}", text.trim_end());
}

/// Prints a result to standard output, and returns whether that worked. A reader may close the pipe early.
pub(crate) fn print(text: &str) -> bool {
    let mut out = io::stdout().lock();
    match writeln!(out, "{}", text.trim_end()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            say(&format!("error: could not write to standard output: {error}"));
            false
        }
        _ => true,
    }
}

/// A number of errors, in words.
pub(crate) fn errors(count: usize) -> String {
    if count == 1 { "1 error".to_owned() } else { format!("{count} errors") }
}
