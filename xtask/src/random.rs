//! `cargo xtask random`: compiles what is generated from random descriptions, for as long as one likes.

use std::env;
use std::process::Command;

use clap::Args;

use crate::report::say;
use crate::{Outcome, root};

/// The test that does it, which `cargo test` leaves out.
const TEST: &str = "random::random_descriptions_have_no_lints_and_their_examples_run";

#[derive(Args)]
pub(crate) struct Arguments {
    /// The first description
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    seed: u64,
    /// How many descriptions [default: as many as there is time for]
    #[arg(long, value_name = "NUMBER")]
    count: Option<u64>,
    /// For how long, in seconds
    #[arg(long, value_name = "NUMBER", default_value_t = 600)]
    seconds: u64,
}

/// Runs the command: the test has what compiles crates, and a generator that needed what it generates could not be fixed.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(["test", "--quiet", "--package", "stripe-reporting-tests", "--test", "suite", "--"])
        .args(["--exact", TEST, "--ignored", "--nocapture"])
        .env("RANDOM_SEED", arguments.seed.to_string())
        .env("RANDOM_SECONDS", arguments.seconds.to_string())
        .current_dir(root::project());
    if let Some(count) = arguments.count {
        command.env("RANDOM_COUNT", count.to_string());
    }
    match command.status() {
        Ok(status) if status.success() => Outcome::Done,
        Ok(_) => Outcome::Failed,
        Err(error) => {
            say(&format!("error: cargo can't be run: {error}"));
            Outcome::WrongUsage
        }
    }
}
