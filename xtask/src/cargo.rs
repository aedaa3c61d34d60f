//! Runs cargo for the other commands.

use std::env;
use std::process::Command;

use crate::report::say;
use crate::{Outcome, root};

/// Prepares cargo to run in the project's folder.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(root::project());
    command
}

/// Runs a program to its end.
pub(crate) fn run(command: &mut Command) -> Outcome {
    match command.status() {
        Ok(status) if status.success() => Outcome::Done,
        Ok(_) => Outcome::Failed,
        Err(error) => {
            say(&format!("error: cannot run `{}`: {error}", command.get_program().to_string_lossy()));
            Outcome::WrongUsage
        }
    }
}
