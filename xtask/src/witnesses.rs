//! `cargo xtask witnesses`: compares the official SDKs with both clients.

use std::env;
use std::process::Command;

use clap::Args;

use crate::report::say;
use crate::{Outcome, cargo};

/// The program that does it.
const PROGRAM: &str = "witnesses";

#[derive(Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Arguments {
    /// What the program takes; `--help` lists it
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENTS")]
    arguments: Vec<String>,
}

/// Runs the command. It is a program of another package, since this one builds without the generated crate, which it must be
/// able to fix. All packages are selected, so that it is built with the features of the tests.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let built = cargo::run(&mut cargo::command(&["build", "--quiet", "--workspace", "--example", PROGRAM]));
    if built != Outcome::Done {
        return built;
    }
    match env::current_exe() {
        Ok(program) => {
            let program = program.with_file_name("examples").join(format!("{PROGRAM}{}", env::consts::EXE_SUFFIX));
            cargo::run(Command::new(program).args(&arguments.arguments))
        }
        Err(error) => {
            say(&format!("error: cannot find `{PROGRAM}`: {error}"));
            Outcome::WrongUsage
        }
    }
}
