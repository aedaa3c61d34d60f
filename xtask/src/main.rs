//! The project's commands: `cargo xtask --help`.
#![forbid(unsafe_code)]

mod bench;
mod cargo;
mod ci;
mod codegen;
mod descriptions;
mod diff;
mod drift;
mod generated_dir;
mod git;
mod import;
mod random;
mod release;
mod report;
mod root;
mod staged;
mod witnesses;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Generate, compare and check the crate.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Generate the crate, or check that it is up to date.
    Codegen(codegen::Arguments),
    /// Compare two versions of the descriptions: changes to the wire and to the Rust API.
    Diff(diff::Arguments),
    /// Compare the descriptions with those that Stripe publishes.
    Drift(drift::Arguments),
    /// Write parts of a published description into the curated ones.
    Import(import::Arguments),
    /// Measure the generator, the clients and the sandbox.
    Bench(bench::Arguments),
    /// Generate crates from random descriptions, and run clippy, rustdoc and their examples.
    Random(random::Arguments),
    /// Prepare a release: version, changelog, generated crate and packages. Nothing is published.
    Release(release::Arguments),
    /// Run the same steps through the official SDKs and through both clients, and compare what they do.
    Witnesses(witnesses::Arguments),
    /// Run all CI checks except the workspace tests.
    Ci(ci::Arguments),
}

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Codegen(arguments) => codegen::run(&arguments).into(),
        Command::Diff(arguments) => diff::run(&arguments).into(),
        Command::Drift(arguments) => drift::run(&arguments).into(),
        Command::Import(arguments) => import::run(&arguments).into(),
        Command::Bench(arguments) => bench::run(&arguments).into(),
        Command::Random(arguments) => random::run(&arguments).into(),
        Command::Release(arguments) => release::run(&arguments).into(),
        Command::Witnesses(arguments) => witnesses::run(&arguments).into(),
        Command::Ci(arguments) => ci::run(&arguments).into(),
    }
}

/// The outcome of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// The command succeeded, or its check passed.
    Done,
    /// The files are stale, the change is as serious as `--fail-on`, or, for `codegen`, the description is not valid.
    Failed,
    /// The command cannot run with these arguments.
    WrongUsage,
    /// A description that was to be compared is not valid.
    InvalidDescription,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => Self::SUCCESS,
            Outcome::Failed => Self::from(1),
            Outcome::WrongUsage => Self::from(2),
            Outcome::InvalidDescription => Self::from(3),
        }
    }
}
