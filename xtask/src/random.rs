//! `cargo xtask random`: compiles the crates of random descriptions until the time is over.

use clap::Args;

use crate::{Outcome, cargo};

/// The test that does it, which `cargo test` ignores.
const TEST: &str = "random::random_descriptions_have_no_lints_and_their_examples_run";

#[derive(Args)]
pub(crate) struct Arguments {
    /// The seed of the first description
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    seed: u64,
    /// The number of descriptions [default: no limit]
    #[arg(long, value_name = "NUMBER")]
    count: Option<u64>,
    /// The time limit in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 600)]
    seconds: u64,
}

/// Runs the command. It is a test of another package, since this one builds without the generated crate, which it must be able
/// to fix.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let test = ["test", "--quiet", "--package", "stripe-reporting-tests", "--test", "suite", "--", "--exact", TEST];
    let mut command = cargo::command(&test);
    command
        .args(["--ignored", "--nocapture"])
        .env("RANDOM_SEED", arguments.seed.to_string())
        .env("RANDOM_SECONDS", arguments.seconds.to_string());
    if let Some(count) = arguments.count {
        command.env("RANDOM_COUNT", count.to_string());
    }
    cargo::run(&mut command)
}
