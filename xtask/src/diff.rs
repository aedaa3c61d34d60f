//! `cargo xtask diff`: what a change of the description does.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use stripe_reporting_codegen::api::Api;
use stripe_reporting_codegen::diff::{
    Level, Report, diff, render_diff_json, render_diff_markdown, render_diff_text, rules,
};
use stripe_reporting_codegen::{Source, read, render_human};

use crate::report::{print, say};
use crate::{Outcome, descriptions, git, root};

#[derive(Args)]
pub(crate) struct Arguments {
    /// What was: a folder of descriptions or a git revision [default: where this branch left the main branch]
    base: Option<String>,
    /// What is: a folder of descriptions or a git revision [default: the working tree]
    head: Option<String>,
    /// How the report is written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Fail (1) when the change is at least this serious
    #[arg(long, value_name = "LEVEL")]
    fail_on: Option<Threshold>,
    /// List the rules instead: id, level, wire, direction, what has changed
    #[arg(long)]
    rules: bool,
}

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal.
    Text,
    /// For a pull request, and as the draft of a changelog.
    Markdown,
    /// For programs; documented in spec/POLICY.md.
    Json,
}

/// How serious a change must be to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Threshold {
    /// Some program stops compiling or means something else.
    Major,
    /// Something is new.
    Minor,
    /// Anything has changed.
    Patch,
}

impl From<Threshold> for Level {
    fn from(threshold: Threshold) -> Self {
        match threshold {
            Threshold::Major => Self::Major,
            Threshold::Minor => Self::Minor,
            Threshold::Patch => Self::Patch,
        }
    }
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    if arguments.rules {
        for rule in rules() {
            let (level, wire, direction) = (rule.level, rule.wire, rule.direction);
            print(&format!("{:<45}{level:<7}{wire:<15}{direction:<10}{}", rule.id, rule.text));
        }
        return Outcome::Done;
    }
    let sides = sides(arguments).and_then(|(base, head)| Ok((base.sources()?, base, head.sources()?, head)));
    let (base_sources, base, head_sources, head) = match sides {
        Ok(sides) => sides,
        Err(message) => {
            say(&format!("error: {message}"));
            return Outcome::WrongUsage;
        }
    };
    let (Some(old), Some(new)) = (api(&base, &base_sources), api(&head, &head_sources)) else {
        return Outcome::BadDescription;
    };
    let report = diff(&old, &new);
    match arguments.format {
        Format::Text => print(&format!("{} -> {}: {}", base.name(), head.name(), render_diff_text(&report))),
        Format::Markdown => print(&render_diff_markdown(&report)),
        Format::Json => print(&render_diff_json(&report)),
    }
    outcome(&report, arguments.fail_on)
}

fn outcome(report: &Report, fail_on: Option<Threshold>) -> Outcome {
    let fails = fail_on.is_some_and(|threshold| report.level() >= Some(threshold.into()));
    if fails { Outcome::Failed } else { Outcome::Done }
}

/// One of the two things that are compared.
enum Side {
    Folder(PathBuf),
    Revision { said: String, commit: String },
    WorkingTree,
}

fn sides(arguments: &Arguments) -> Result<(Side, Side), String> {
    let base = match &arguments.base {
        Some(said) => Side::named(said)?,
        None => Side::Revision { said: "the main branch".to_owned(), commit: git::merge_base()? },
    };
    let head = arguments.head.as_deref().map_or(Ok(Side::WorkingTree), Side::named)?;
    Ok((base, head))
}

impl Side {
    /// A folder, or else a revision.
    fn named(said: &str) -> Result<Self, String> {
        let path = PathBuf::from(said);
        if path.is_dir() {
            return Ok(Self::Folder(path));
        }
        match git::commit(said)? {
            Some(commit) => Ok(Self::Revision { said: said.to_owned(), commit }),
            None => Err(format!("`{said}` is neither a folder nor a revision that git knows")),
        }
    }

    fn sources(&self) -> Result<Vec<Source>, String> {
        match self {
            Self::Folder(path) => descriptions::read(std::slice::from_ref(path)),
            Self::WorkingTree => descriptions::read(&[root::project().join("spec")]),
            Self::Revision { said, commit } => {
                let found = git::descriptions(commit)?;
                if found.is_empty() { Err(format!("there is no description in `spec` of {said}")) } else { Ok(found) }
            }
        }
    }

    fn name(&self) -> String {
        match self {
            Self::Folder(path) => root::shown(path),
            Self::WorkingTree => "working tree".to_owned(),
            Self::Revision { said, commit } => {
                let short = commit.get(..12).unwrap_or(commit);
                if commit.starts_with(said.as_str()) { short.to_owned() } else { format!("{said} ({short})") }
            }
        }
    }
}

/// What a side says; the mistakes are told when it has some.
fn api(side: &Side, sources: &[Source]) -> Option<Api> {
    match read(sources) {
        Ok(api) => Some(api),
        Err(diagnostics) => {
            say(&render_human(&diagnostics, sources));
            let mistakes =
                if diagnostics.len() == 1 { "1 mistake".to_owned() } else { format!("{} mistakes", diagnostics.len()) };
            say(&format!("error: {mistakes} in the description of {}; nothing was compared", side.name()));
            None
        }
    }
}
