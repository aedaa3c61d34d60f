//! `cargo xtask bench`: how long things take, next to what one would have without them.

mod enlarge;
mod generator;

use std::env;
use std::process::Command;

use clap::{Args, ValueEnum};

use crate::report::say;
use crate::{Outcome, root};

#[derive(Args)]
pub(crate) struct Arguments {
    /// What is measured [default: generator and clients]
    what: Option<What>,
    /// How often the generator is measured; the shortest time counts
    #[arg(long, value_name = "NUMBER", default_value_t = 5)]
    runs: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    /// Reading, generating and comparing descriptions, next to reading their YAML.
    Generator,
    /// Decoding and downloading, in a release build, next to structs written by hand and to `curl`.
    Clients,
    /// Both clients under faults: 10,000 creates and 1,000 downloads each, of whose attempts 20 % fail.
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

/// The clients are measured by a package of their own: a generator that needed what it generates could not mend it.
fn bench(name: &str) -> Outcome {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["bench", "--quiet", "--package", "stripe-reporting-tests", "--bench", name];
    match Command::new(cargo).args(arguments).current_dir(root::project()).status() {
        Ok(status) if status.success() => Outcome::Done,
        Ok(_) => Outcome::Failed,
        Err(error) => {
            say(&format!("error: cargo can't be run: {error}"));
            Outcome::WrongUsage
        }
    }
}
