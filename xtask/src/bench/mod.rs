//! `cargo xtask bench`: measures the generator and the clients, relative to `serde_yaml`, hand-written code and `curl`.

mod enlarge;
mod generator;

use clap::{Args, ValueEnum};

use crate::{Outcome, cargo};

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
    /// 10,000 creates and 1,000 downloads by each client, with 20 % of all attempts failing.
    Soak,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    match arguments.benchmark {
        Some(Benchmark::Generator) => generator::run(arguments.runs),
        Some(Benchmark::Clients) => bench("clients"),
        Some(Benchmark::Soak) => bench("soak"),
        None => match generator::run(arguments.runs) {
            Outcome::Done => bench("clients"),
            outcome => outcome,
        },
    }
}

/// Runs a benchmark of the clients. It belongs to another package, since this one builds without the generated crate, which it
/// must be able to fix.
fn bench(name: &str) -> Outcome {
    cargo::run(&mut cargo::command(&["bench", "--quiet", "--package", "stripe-reporting-tests", "--bench", name]))
}
