//! `cargo xtask bench`: measures the generator and the clients, relative to `serde_yaml`, hand-written code and `curl`, and the
//! sandbox under load.

mod enlarge;
mod generator;

use clap::{Args, ValueEnum};

use crate::{Outcome, cargo};

/// The package with the benchmarks of the clients.
const TESTS: &str = "stripe-reporting-tests";

#[derive(Args)]
pub(crate) struct Arguments {
    /// The benchmark [default: generator and clients]
    benchmark: Option<Benchmark>,
    /// The number of runs of the generator's benchmark; the fastest run is reported
    #[arg(long, value_name = "NUMBER", default_value_t = 5)]
    runs: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Benchmark {
    /// Reading, generating and comparing descriptions, relative to `serde_yaml`.
    Generator,
    /// Decoding and downloading in a release build, relative to hand-written structs and to `curl`.
    Clients,
    /// 500 concurrent runs of the sandbox, and its memory over 100,000 runs.
    Sandbox,
    /// 10,000 creates and 1,000 downloads by each client, with 20 % of all attempts failing.
    Soak,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    match arguments.benchmark {
        Some(Benchmark::Generator) => generator::run(arguments.runs),
        Some(Benchmark::Clients) => bench(TESTS, "clients"),
        Some(Benchmark::Sandbox) => bench("stripe-reporting-sandbox", "load"),
        Some(Benchmark::Soak) => bench(TESTS, "soak"),
        None => match generator::run(arguments.runs) {
            Outcome::Done => bench(TESTS, "clients"),
            outcome => outcome,
        },
    }
}

/// Runs a benchmark of another package: this one builds without the generated crate, which it must be able to fix.
fn bench(package: &str, name: &str) -> Outcome {
    cargo::run(&mut cargo::command(&["bench", "--quiet", "--package", package, "--bench", name]))
}
