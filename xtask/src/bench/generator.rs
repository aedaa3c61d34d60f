//! Measures the generator, compared with `serde_yaml` reading the same text.

use std::hint::black_box;
use std::time::{Duration, Instant};

use serde_yaml::Value;
use stripe_reporting_codegen::diff::diff;
use stripe_reporting_codegen::{Options, Source, generate, read, render_human};

use super::enlarge::{enlarged, size};
use crate::report::{print, say};
use crate::{Outcome, descriptions, root};

/// The size of Stripe's whole description, in bytes.
const STRIPE: usize = 2_500_000;

/// Runs the benchmark.
pub(super) fn run(runs: u32) -> Outcome {
    let own = match descriptions::read(&[root::project().join("spec")]) {
        Ok(sources) => sources,
        Err(message) => {
            say(&format!("error: {message}"));
            return Outcome::WrongUsage;
        }
    };
    let build = if cfg!(debug_assertions) { "debug" } else { "release" };
    print(&format!(
        "Shortest of {runs}, one thread, {build} build; the ratio is to `serde_yaml` reading the same text\n"
    ));
    print(&format!("{:<44}{:>10}{:>12}{:>10}", "what", "bytes", "time", "ratio"));
    for (name, bytes) in [("the project's", 0), ("Stripe's size", STRIPE), ("twice that", 2 * STRIPE)] {
        let sources = match enlarged(&own, bytes) {
            Ok(sources) => sources,
            Err(error) => {
                say(&format!("error: cannot copy the description: {error}"));
                return Outcome::Failed;
            }
        };
        if !measured(name, &sources, runs) {
            return Outcome::Failed;
        }
    }
    Outcome::Done
}

/// Measures all operations on a description, and returns whether it is valid.
fn measured(name: &str, sources: &[Source], runs: u32) -> bool {
    let (base, head) = match read(sources).and_then(|base| Ok((base, read(&changed(sources))?))) {
        Ok(sides) => sides,
        Err(diagnostics) => {
            say(&render_human(&diagnostics, sources));
            return false;
        }
    };
    let options = Options::new("measured", "0.1.0", "../runtime");
    let yaml = shortest(runs, || {
        sources.iter().map(|source| serde_yaml::from_str::<Value>(&source.text).is_ok()).collect::<Vec<_>>()
    });
    let line = |what: &str, time: Duration| {
        let ratio = time.as_secs_f64() / yaml.as_secs_f64();
        let milliseconds = time.as_secs_f64() * 1000.0;
        print(&format!("{:<44}{:>10}{milliseconds:>9.1} ms{ratio:>10.2}", format!("{what}, {name}"), size(sources)));
    };
    line("read", shortest(runs, || read(sources).is_ok()));
    line("generate", shortest(runs, || generate(sources, &options).is_ok()));
    line("compare", shortest(runs, || diff(&base, &head)));
    line("read both and compare", shortest(runs, || Some(diff(&read(sources).ok()?, &read(&changed(sources)).ok()?))));
    true
}

/// Returns the descriptions with other documentation.
fn changed(sources: &[Source]) -> Vec<Source> {
    let change = |source: &Source| Source {
        name: source.name.clone(),
        text: source.text.replace("description: The", "description: This is the"),
    };
    sources.iter().map(change).collect()
}

fn shortest<T>(runs: u32, work: impl Fn() -> T) -> Duration {
    let time = || {
        let start = Instant::now();
        black_box(work());
        start.elapsed()
    };
    (0..runs.max(1)).map(|_| time()).min().unwrap_or_default()
}
