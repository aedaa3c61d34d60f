//! The project's commands: `cargo xtask --help`.
#![forbid(unsafe_code)]

mod bench;
mod codegen;
mod crate_dir;
mod descriptions;
mod diff;
mod git;
mod random;
mod report;
mod root;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The project's commands.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Generate the crate from the description, or check that it is up to date.
    Codegen(codegen::Arguments),
    /// Compare two descriptions: report changes on the wire and for programs that use the crate.
    Diff(diff::Arguments),
    /// Measure the generator and the clients, next to what one would have without them.
    Bench(bench::Arguments),
    /// Generate crates from random descriptions, and run clippy, rustdoc and their examples.
    Random(random::Arguments),
}

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Codegen(arguments) => codegen::run(&arguments).into(),
        Command::Diff(arguments) => diff::run(&arguments).into(),
        Command::Bench(arguments) => bench::run(&arguments).into(),
        Command::Random(arguments) => random::run(&arguments).into(),
    }
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Done, or found to be in order.
    Done,
    /// The files are stale, or the change is as serious as `--fail-on` names; for `codegen`, the description is bad.
    Failed,
    /// The command can't be carried out as it was given.
    WrongUsage,
    /// A description that was to be compared is bad.
    BadDescription,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => Self::SUCCESS,
            Outcome::Failed => Self::from(1),
            Outcome::WrongUsage => Self::from(2),
            Outcome::BadDescription => Self::from(3),
        }
    }
}
