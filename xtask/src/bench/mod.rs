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
    /// What is measured [default: both]
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
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    if arguments.what != Some(What::Clients) {
        let outcome = generator::run(arguments.runs);
        if outcome != Outcome::Done {
            return outcome;
        }
    }
    if arguments.what == Some(What::Generator) { Outcome::Done } else { clients() }
}

/// The clients are measured by a package of their own: a generator that needed what it generates could not mend it.
fn clients() -> Outcome {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let arguments = ["bench", "--quiet", "--package", "stripe-reporting-tests", "--bench", "clients"];
    match Command::new(cargo).args(arguments).current_dir(root::project()).status() {
        Ok(status) if status.success() => Outcome::Done,
        Ok(_) => Outcome::Failed,
        Err(error) => {
            say(&format!("error: cargo can't be run: {error}"));
            Outcome::WrongUsage
        }
    }
}
