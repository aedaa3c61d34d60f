//! `cargo xtask import`: writes parts of a published description into the curated ones.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use stripe_reporting_codegen::published::{self, Curated, Import, Published, Written};
use stripe_reporting_codegen::{Source, render_human};

use crate::report::{print, say};
use crate::staged::Staged;
use crate::{Outcome, descriptions, root};

/// The exit codes, for `--help`.
const EXIT_CODES: &str = "Exit codes:\n  0  the descriptions have what was requested\n  1  it cannot be imported, or a file cannot \
                          be written; nothing is changed\n  2  wrong usage, or a file cannot be read";

#[derive(Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    /// A description that Stripe publishes, JSON or YAML
    published: PathBuf,
    /// An operation ("GET /v1/files" or its operationId), a resource (reporting.report_run), an event type, or a namespace
    /// (v2.data); with everything that it reaches
    #[arg(required_unless_present = "update", value_parser = NonEmptyStringValueParser::new())]
    what: Vec<String>,
    /// Take over single facts of `cargo xtask drift`, by their fingerprints
    #[arg(long, value_name = "FINGERPRINT", value_delimiter = ',', num_args = 1.., conflicts_with_all = ["what", "file"])]
    update: Vec<String>,
    /// The description to import into [default: the one that has the same namespace]
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Description file or directory; repeatable [default: spec/]
    #[arg(long = "spec", value_name = "PATH")]
    spec: Vec<PathBuf>,
    /// Print what would be written; write nothing
    #[arg(long)]
    print: bool,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    match import(arguments) {
        Ok(()) => Outcome::Done,
        Err((outcome, message)) => {
            say(&format!("error: {message}"));
            outcome
        }
    }
}

fn import(arguments: &Arguments) -> Result<(), (Outcome, String)> {
    let spec = if arguments.spec.is_empty() { vec![root::current().join("spec")] } else { arguments.spec.clone() };
    let usage = |message: String| (Outcome::WrongUsage, message);
    let (paths, sources): (Vec<_>, Vec<_>) =
        descriptions::read_with_paths(&spec).map_err(|error| usage(error.to_string()))?.into_iter().unzip();
    let published = read_published(&arguments.published).map_err(usage)?;
    let failed = |message: String| (Outcome::Failed, format!("{message}\nnothing was written"));
    let import = if arguments.update.is_empty() {
        let file = arguments.file.as_deref().map(|file| name(file, &paths, &sources));
        published::import(&sources, &published, &arguments.what, file.as_deref())
    } else {
        let drift = Curated::read(&sources)
            .and_then(|curated| published::drift(&curated, std::slice::from_ref(&published)))
            .map_err(|diagnostics| failed(render_human(&diagnostics, &sources)))?;
        published::update(&sources, &drift, &arguments.update)
    };
    let import = import.map_err(|error| failed(error.to_string()))?;
    if arguments.print {
        let part = |part: &Written| format!("# {}: {}\n{}\n", part.file, part.pointer, part.text);
        print(&import.written.iter().map(part).collect::<Vec<_>>().join("\n"));
    } else {
        let mut staged = Staged::default();
        for file in &import.files {
            let read = paths.iter().zip(&sources).find(|(_, source)| source.name == file.name);
            let Some((path, source)) = read else { continue };
            staged.replace(path, &source.text, &file.text).map_err(|error| failed(error.to_string()))?;
        }
        staged.rename().map_err(|error| failed(error.to_string()))?;
    }
    say(&summary(&import, arguments.print));
    Ok(())
}

/// Reads a published description.
fn read_published(path: &Path) -> Result<Published, String> {
    let name = root::shown(path);
    let bytes = fs::read(path).map_err(|error| format!("cannot read `{name}`: {error}"))?;
    let source = descriptions::source(name, bytes).map_err(|error| error.to_string())?;
    published::read(&source.name, &source.text).map_err(|error| error.to_string())
}

/// Returns the name of the description at a path; what is no path of one may be its name.
fn name(file: &Path, paths: &[PathBuf], sources: &[Source]) -> String {
    let at = root::absolute(file);
    let found = paths.iter().zip(sources).find(|(path, _)| root::absolute(path) == at);
    found.map_or_else(|| file.to_string_lossy().into_owned(), |(_, source)| source.name.clone())
}

fn summary(import: &Import, is_printed: bool) -> String {
    let Import { files, written, removed, existing, lost, versions } = import;
    let mut lines: Vec<String> = Vec::new();
    lines.extend(existing.iter().map(|what| format!("{what} exists and stays as it is")));
    for (file, own, published) in versions {
        let (own, published) = (&own.text, &published.text);
        lines.push(format!("{file} describes {own}, the published description {published}: check what differs"));
    }
    let empty: Vec<_> = written.iter().flat_map(|part| part.empty.iter().map(|place| (&part.file, place))).collect();
    if !empty.is_empty() {
        lines.push("to be described, and `externalDocs` and examples to be added:".to_owned());
        lines.extend(empty.iter().map(|(file, (line, pointer))| format!("  {file}:{line} {pointer}")));
    }
    if !lost.is_empty() {
        lines.push("left out or wider, since the dialect cannot express it:".to_owned());
        lines.extend(lost.iter().map(|lost| format!("  {}: {}", lost.pointer, lost.construct)));
    }
    if files.is_empty() {
        lines.push("no file changes: nothing is missing".to_owned());
        return lines.join("\n");
    }
    let would = if is_printed { "would be " } else { "" };
    lines.extend(written.iter().map(|part| format!("{would}written: {}:{} {}", part.file, part.line, part.pointer)));
    lines.extend(removed.iter().map(|(file, pointer)| format!("{would}removed: {file} {pointer}")));
    let counts = [
        (written.len() + removed.len(), "part", "parts"),
        (empty.len(), "description to be written", "descriptions to be written"),
        (lost.len(), "construct left out or wider", "constructs left out or wider"),
    ];
    let counts = counts.iter().map(|(count, one, many)| format!("{count} {}", if *count == 1 { one } else { many }));
    lines.push(counts.collect::<Vec<_>>().join(", "));
    lines.join("\n")
}
