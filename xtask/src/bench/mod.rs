//! `cargo xtask bench`: measures the generator and the clients, and compares them with a baseline.

mod enlarge;
mod generator;

use clap::{Args, ValueEnum};

use crate::{Outcome, cargo};

#[derive(Args)]
pub(crate) struct Arguments {
    /// The benchmark [default: generator and clients]
    what: Option<What>,
    /// The number of runs of the generator's benchmark; the shortest time counts
    #[arg(long, value_name = "NUMBER", default_value_t = 5)]
    runs: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    /// Reading, generating and comparing descriptions, compared with reading their YAML.
    Generator,
    /// Decoding and downloading in a release build, compared with handwritten structs and with `curl`.
    Clients,
    /// 10,000 creates and 1,000 downloads by each client, with 20 % of all attempts failing.
    Soak,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    match arguments.what {
        Some(What::Generator) => generator::run(arguments.runs),
        Some(What::Clients) => bench("clients"),
        Some(What::Soak) => bench("soak"),
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
