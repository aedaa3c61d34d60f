//! `cargo xtask diff`: compares two descriptions.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use stripe_reporting_codegen::api::Api;
use stripe_reporting_codegen::diff::{
    Level, REPORT_SCHEMA, Report, Rule, Wire, diff, render_diff_github, render_diff_json, render_diff_markdown,
    render_diff_text, render_rules_json, rules,
};
use stripe_reporting_codegen::{Source, read, render_human};

use crate::descriptions::Unreadable;
use crate::report::{errors, print, say};
use crate::{Outcome, descriptions, git, root};

/// The exit codes, for `--help`.
const EXIT_CODES: &str = "Exit codes:\n  0  the descriptions were compared\n  1  a change is as serious as \
                          `--fail-on`\n  2  wrong usage, or the report cannot be written\n  3  a description is invalid";

#[derive(Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    /// Base: file, directory or git revision [default: the merge base with the main branch]
    base: Option<String>,
    /// Head: file, directory or git revision [default: the working tree]
    head: Option<String>,
    /// The format of the report
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Exit with 1 if any change has at least this level, or is breaking on the wire; with commas for either
    #[arg(long, value_name = "LEVEL", value_delimiter = ',')]
    fail_on: Vec<Threshold>,
    /// List all rules, as text or JSON, and exit
    #[arg(long, conflicts_with_all = ["base", "head", "fail_on"])]
    rules: bool,
    /// Print the JSON Schema of the reports with `--format json`, and exit
    #[arg(long, conflicts_with_all = ["base", "head", "fail_on", "rules", "format"])]
    schema: bool,
}

/// The format of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For a terminal.
    Text,
    /// For a pull request, or as the draft of a changelog.
    Markdown,
    /// For programs, as documented in spec/POLICY.md.
    Json,
    /// Annotations of the description, in the log of a GitHub workflow.
    Github,
}

/// The changes with which the command fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Threshold {
    /// Major changes.
    Major,
    /// Minor or major changes.
    Minor,
    /// Any change.
    Patch,
    /// Changes that are breaking on the wire, whatever their level.
    Breaking,
}

impl Threshold {
    pub(crate) fn is_reached(self, report: &Report) -> bool {
        match self {
            Self::Major => report.level() >= Some(Level::Major),
            Self::Minor => report.level() >= Some(Level::Minor),
            Self::Patch => report.level() >= Some(Level::Patch),
            Self::Breaking => report.wire() >= Some(Wire::Breaking),
        }
    }
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let text = match (arguments.schema, arguments.rules, arguments.format) {
        (true, ..) => Ok((REPORT_SCHEMA.to_owned(), None)),
        (_, true, Format::Json) => Ok((render_rules_json(), None)),
        (_, true, Format::Text) => Ok((list(), None)),
        (_, true, _) => {
            let message = "error: rules are listed as `--format text` or `--format json`";
            Err((Outcome::WrongUsage, message.to_owned()))
        }
        _ => compare(arguments),
    };
    match text {
        Ok((text, _)) if !print(&text) => Outcome::WrongUsage,
        Ok((_, report)) => report.map_or(Outcome::Done, |report| outcome(&report, &arguments.fail_on)),
        Err((outcome, message)) => {
            say(&message);
            outcome
        }
    }
}

/// All rules, one per line.
fn list() -> String {
    let line = |rule: &Rule| {
        let (level, wire, direction) = (rule.level, rule.wire, rule.direction);
        format!("{:<45}{level:<7}{wire:<15}{direction:<10}{}\n", rule.id, rule.text)
    };
    rules().map(line).collect()
}

/// The text of the report, and the report.
fn compare(arguments: &Arguments) -> Result<(String, Option<Report>), (Outcome, String)> {
    let (base, head) = sides(arguments).map_err(|message| (Outcome::WrongUsage, format!("error: {message}")))?;
    // The errors of both are reported at once.
    let report = match (base.api(), head.api()) {
        (Ok(base), Ok(head)) => diff(&base, &head),
        (Err((outcome, base)), Err((_, head))) => return Err((outcome, format!("{}\n{head}", base.trim_end()))),
        (Err(error), _) | (_, Err(error)) => return Err(error),
    };
    let text = match arguments.format {
        Format::Text => format!("{} -> {}: {}", base.name(), head.name(), render_diff_text(&report)),
        Format::Markdown => render_diff_markdown(&report),
        Format::Json => render_diff_json(&report),
        Format::Github => render_diff_github(&report),
    };
    Ok((text, Some(report)))
}

/// Compares the descriptions of a revision with those of the working tree.
pub(crate) fn since(revision: &str) -> Result<Report, (Outcome, String)> {
    let base = Side::named(revision).map_err(|message| (Outcome::WrongUsage, format!("error: {message}")))?;
    Ok(diff(&base.api()?, &Side::WorkingTree.api()?))
}

fn outcome(report: &Report, fail_on: &[Threshold]) -> Outcome {
    let fails = fail_on.iter().any(|threshold| threshold.is_reached(report));
    if fails { Outcome::Failed } else { Outcome::Done }
}

/// One of the compared descriptions.
enum Side {
    /// A file, or a folder with files.
    Path(PathBuf),
    Revision {
        name: String,
        commit: String,
    },
    WorkingTree,
}

fn sides(arguments: &Arguments) -> Result<(Side, Side), String> {
    let base = match &arguments.base {
        Some(name) => Side::named(name)?,
        None => Side::Revision { name: "the main branch".to_owned(), commit: git::merge_base()? },
    };
    let head = arguments.head.as_deref().map_or(Ok(Side::WorkingTree), Side::named)?;
    Ok((base, head))
}

impl Side {
    /// Finds a file or a folder, or else a revision.
    fn named(name: &str) -> Result<Self, String> {
        let path = PathBuf::from(name);
        if path.exists() {
            return Ok(Self::Path(path));
        }
        match git::commit(name)? {
            Some(commit) => Ok(Self::Revision { name: name.to_owned(), commit }),
            None if git::is_shallow() => Err(format!(
                "unknown file, directory or revision `{name}` in a shallow clone\nhelp: run `git fetch --unshallow`"
            )),
            None => Err(format!(
                "unknown file, directory or revision `{name}`\nhelp: pass a file, a directory or a git revision"
            )),
        }
    }

    fn sources(&self) -> Result<Vec<Source>, Unreadable> {
        match self {
            Self::Path(path) => descriptions::read(std::slice::from_ref(path)),
            Self::WorkingTree => descriptions::read(&[root::current().join("spec")]),
            Self::Revision { name, commit } => match git::descriptions(commit)? {
                found if found.is_empty() => Err(Unreadable::Missing(format!("no description in `spec` of {name}"))),
                found => Ok(found),
            },
        }
    }

    /// Reads and lowers the description.
    fn api(&self) -> Result<Api, (Outcome, String)> {
        let sources = self.sources().map_err(|error| match &error {
            Unreadable::Missing(message) => (Outcome::WrongUsage, format!("error: {message}")),
            Unreadable::NoText(message) => {
                (Outcome::InvalidDescription, format!("error: {message}, in {}; nothing was compared", self.name()))
            }
        })?;
        read(&sources).map_err(|diagnostics| {
            let (errors, name) = (errors(diagnostics.len()), self.name());
            let summary = format!("\nerror: {errors} in the description of {name}; nothing was compared");
            (Outcome::InvalidDescription, format!("{}\n{summary}", render_human(&diagnostics, &sources).trim_end()))
        })
    }

    fn name(&self) -> String {
        match self {
            Self::Path(path) => root::shown(path),
            Self::WorkingTree => "the working tree".to_owned(),
            Self::Revision { name, commit } => {
                let short = commit.get(..12).unwrap_or(commit);
                if commit.starts_with(name.as_str()) { short.to_owned() } else { format!("{name} ({short})") }
            }
        }
    }
}
