//! `cargo xtask drift`: compares the descriptions with those that Stripe publishes.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args;
use stripe_reporting_codegen::published::{
    Curated, DRIFT_SCHEMA, Drift, Published, drift, read, render_drift_github, render_drift_json,
    render_drift_markdown, render_drift_text,
};
use stripe_reporting_codegen::{Source, render_human};

use crate::descriptions::{self, Unreadable};
use crate::diff::{Format, Threshold};
use crate::report::{errors, print, say};
use crate::{Outcome, root};

/// The exit codes, for `--help`.
const EXIT_CODES: &str = "Exit codes:\n  0  the descriptions were compared\n  1  a change is as serious as \
                          `--fail-on`\n  2  wrong usage, or the report cannot be written\n  3  a description is invalid";

#[derive(Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    /// Published descriptions: `spec3.json`, `spec3.sdk.yaml` and others, or folders with them
    #[arg(required_unless_present = "schema")]
    published: Vec<PathBuf>,
    /// The curated descriptions: files, or folders with them [default: spec]
    #[arg(long, value_name = "PATH")]
    spec: Vec<PathBuf>,
    /// The format of the report
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Exit with 1 if any change has at least this level, or is breaking on the wire; with commas for either
    #[arg(long, value_name = "LEVEL", value_delimiter = ',')]
    fail_on: Vec<Threshold>,
    /// Print the JSON Schema of the reports with `--format json`, and exit
    #[arg(long, conflicts_with_all = ["published", "spec", "format", "fail_on"])]
    schema: bool,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    if arguments.schema {
        return if print(DRIFT_SCHEMA) { Outcome::Done } else { Outcome::WrongUsage };
    }
    match compare(arguments) {
        Ok(drift) => {
            let text = match arguments.format {
                Format::Text => render_drift_text(&drift),
                Format::Markdown => render_drift_markdown(&drift),
                Format::Json => render_drift_json(&drift),
                Format::Github => render_drift_github(&drift),
            };
            match print(&text) {
                true => outcome(&drift, &arguments.fail_on),
                false => Outcome::WrongUsage,
            }
        }
        Err((outcome, message)) => {
            say(&message);
            outcome
        }
    }
}

fn compare(arguments: &Arguments) -> Result<Drift, (Outcome, String)> {
    let spec = match arguments.spec.as_slice() {
        [] => vec![root::current().join("spec")],
        paths => paths.to_vec(),
    };
    let curated = sources(&spec)?;
    let published = published(&arguments.published)?;
    Curated::read(&curated).and_then(|curated| drift(&curated, &published)).map_err(|diagnostics| {
        let summary = format!("\nerror: {} in the description; nothing was compared", errors(diagnostics.len()));
        (Outcome::InvalidDescription, format!("{}\n{summary}", render_human(&diagnostics, &curated).trim_end()))
    })
}

/// Reads published descriptions; the errors of all are reported at once. What else is in a folder beside them is left out.
fn published(paths: &[PathBuf]) -> Result<Vec<Published>, (Outcome, String)> {
    let (mut found, mut left_out, mut errors) = (Vec::new(), Vec::new(), Vec::new());
    let files: BTreeSet<String> = paths.iter().filter(|path| path.is_file()).map(|path| root::shown(path)).collect();
    for Source { name, text } in sources(paths)? {
        match read(&name, &text) {
            Ok(published) => found.push(published),
            Err(error) if error.is_other && !files.contains(&name) => left_out.push(name),
            Err(error) => errors.push(format!("error: {error}")),
        }
    }
    if !left_out.is_empty() {
        say(&format!("left out, as not an OpenAPI description: {}", left_out.join(", ")));
    }
    match errors.as_slice() {
        [] => Ok(found),
        _ => Err((Outcome::InvalidDescription, errors.join("\n"))),
    }
}

fn sources(paths: &[PathBuf]) -> Result<Vec<Source>, (Outcome, String)> {
    descriptions::read(paths).map_err(|error| match error {
        Unreadable::Missing(message) => (Outcome::WrongUsage, format!("error: {message}")),
        Unreadable::NoText(message) => (Outcome::InvalidDescription, format!("error: {message}")),
    })
}

/// Deviations that are stale or outdated, and differences without a change, count as patches. If nothing was compared, nobody
/// knows.
fn outcome(drift: &Drift, fail_on: &[Threshold]) -> Outcome {
    let deviations = &drift.deviations;
    let has_old = !deviations.stale.is_empty() || !deviations.outdated.is_empty();
    let has_patch = has_old || !drift.silent.is_empty();
    let fails = fail_on.iter().any(|threshold| {
        drift.has_compared_nothing()
            || threshold.is_reached(&drift.report)
            || *threshold == Threshold::Patch && has_patch
    });
    if fails { Outcome::Failed } else { Outcome::Done }
}
