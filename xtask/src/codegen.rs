//! `cargo xtask codegen`: generates the crate from the description. Writing and checking are one code path.

use std::path::{Path, PathBuf};

use clap::Args;
use stripe_reporting_codegen::{Generated, Options, Source, Workspace, generate, render_human, render_json};

use crate::crate_dir::Plan;
use crate::report::{MessageFormat, errors, print, say};
use crate::{Outcome, descriptions, root};

/// The version of everything in the workspace.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The name of the project's crate.
const CRATE_NAME: &str = "stripe-reporting";

/// How many files that were not generated are listed when the crate cannot be written.
const MOST_LISTED: usize = 10;

/// The command that fixes what `--check` reports.
const FIX: &str = "cargo xtask codegen";

/// The exit codes, for `--help`.
const EXIT_CODES: &str = "Exit codes:\n  0  the crate is up to date, or was written\n  1  the description is invalid, the crate is \
                          not up to date, or a file cannot be written\n  2  wrong usage";

#[derive(Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    /// Check that the crate is up to date; write nothing
    #[arg(long)]
    check: bool,
    /// Description file or directory; repeatable [default: spec/]
    #[arg(long = "spec", value_name = "PATH")]
    spec: Vec<PathBuf>,
    /// Output directory [default: generated/]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The name of the crate
    #[arg(long, value_name = "NAME", default_value = CRATE_NAME, value_parser = crate_name)]
    crate_name: String,
    /// The format of messages
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    message_format: MessageFormat,
}

fn crate_name(name: &str) -> Result<String, String> {
    Options::check_crate_name(name).map(|()| name.to_owned())
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    run_with_version(arguments, VERSION)
}

/// Checks that the project's crate is up to date, given its version.
pub(crate) fn check_project(version: &str) -> Outcome {
    run_with_version(&Arguments::of_project(true), version)
}

/// Writes the project's crate with a version.
pub(crate) fn write_project(version: &str) -> Outcome {
    run_with_version(&Arguments::of_project(false), version)
}

impl Arguments {
    fn of_project(check: bool) -> Self {
        let crate_name = CRATE_NAME.to_owned();
        Self { check, spec: Vec::new(), out: None, crate_name, message_format: MessageFormat::Human }
    }
}

fn run_with_version(arguments: &Arguments, version: &str) -> Outcome {
    let project = root::project();
    let spec = if arguments.spec.is_empty() { vec![project.join("spec")] } else { arguments.spec.clone() };
    let out = arguments.out.clone().unwrap_or_else(|| project.join("generated"));
    let sources = match descriptions::read(&spec) {
        Ok(sources) => sources,
        Err(message) => {
            say(&format!("error: {message}"));
            return Outcome::WrongUsage;
        }
    };
    if out.is_file() {
        say(&format!("error: `{}` is a file\nhelp: pass a directory to `--out`", root::shown(&out)));
        return Outcome::WrongUsage;
    }
    let Some(generated) = generated(&sources, &options(arguments, version, &project, &out), arguments.message_format)
    else {
        return Outcome::Failed;
    };
    let plan = match Plan::new(&out, &generated.files) {
        Ok(plan) => plan,
        Err(error) => {
            say(&format!("error: {error}"));
            return Outcome::Failed;
        }
    };
    if arguments.check { check(&plan, &out, arguments) } else { write(&plan, &out, &generated) }
}

fn options(arguments: &Arguments, version: &str, project: &Path, out: &Path) -> Options {
    let folder = root::absolute(out);
    let is_inside = folder.starts_with(project) && folder != project.join("generated");
    Options {
        workspace: if is_inside { Workspace::Own } else { Workspace::Member },
        ..Options::new(&arguments.crate_name, version, &root::relative(&folder, &project.join("runtime")))
    }
}

fn generated(sources: &[Source], options: &Options, format: MessageFormat) -> Option<Generated> {
    let diagnostics = match generate(sources, options) {
        Ok(generated) => return Some(generated),
        Err(diagnostics) => diagnostics,
    };
    match format {
        MessageFormat::Json => {
            print(&render_json(&diagnostics, sources));
        }
        MessageFormat::Human => {
            say(&render_human(&diagnostics, sources));
            say(&format!("\nerror: {} in the description; nothing was written", errors(diagnostics.len())));
        }
    }
    None
}

/// Returns the lists of a plan, each with its code and its word.
fn differences(plan: &Plan) -> [(&'static str, &'static str, &[String]); 4] {
    [
        ("stale-file", "stale", &plan.stale),
        ("missing-file", "missing", &plan.missing),
        ("orphaned-file", "orphaned", &plan.orphaned),
        ("foreign-file", "not generated", &plan.foreign),
    ]
}

fn check(plan: &Plan, out: &Path, arguments: &Arguments) -> Outcome {
    if plan.is_fresh() {
        if arguments.message_format == MessageFormat::Human {
            say(&format!("`{}` is up to date", root::shown(out)));
        }
        return Outcome::Done;
    }
    let help = help(plan, arguments);
    for (code, word, paths) in differences(plan) {
        for path in paths {
            let file = root::shown(&out.join(path));
            match arguments.message_format {
                MessageFormat::Human => say(&format!("{word}: {file}")),
                MessageFormat::Json => {
                    print(&stripe_reporting_codegen::render_file_json(code, &file, word, &help));
                }
            }
        }
    }
    if arguments.message_format == MessageFormat::Human {
        say(&format!("error: `{}` is not up to date with the description\nhelp: {help}", root::shown(out)));
    }
    Outcome::Failed
}

/// Returns how to fix the differences that a check found.
fn help(plan: &Plan, arguments: &Arguments) -> String {
    let mut command = FIX.to_owned();
    for path in &arguments.spec {
        command.push_str(&format!(" --spec {}", path.display()));
    }
    if let Some(out) = &arguments.out {
        command.push_str(&format!(" --out {}", out.display()));
    }
    if arguments.crate_name != CRATE_NAME {
        command.push_str(&format!(" --crate-name {}", arguments.crate_name));
    }
    if plan.foreign.is_empty() {
        format!("run `{command}`")
    } else {
        format!("move the files that were not generated out of the way, then run `{command}`")
    }
}

fn write(plan: &Plan, out: &Path, generated: &Generated) -> Outcome {
    let shown = root::shown(out);
    if !plan.foreign.is_empty() {
        for path in plan.foreign.iter().take(MOST_LISTED) {
            say(&format!("not generated: {}", root::shown(&out.join(path))));
        }
        if let Some(more) = plan.foreign.len().checked_sub(MOST_LISTED).filter(|more| *more > 0) {
            say(&format!("and {more} more"));
        }
        say(&format!(
            "error: `{shown}` contains files that this command did not write\nhelp: move them, or choose another `--out`"
        ));
        return Outcome::Failed;
    }
    if let Err(error) = plan.carry_out(out, &generated.files) {
        say(&format!("error: {error}"));
        return Outcome::Failed;
    }
    let api = &generated.api;
    let written = plan.stale.len() + plan.missing.len();
    say(&format!(
        "`{shown}`: {} operations and {} types in {} files; {written} written, {} removed, {} unchanged",
        api.operations.len(),
        api.types.len(),
        generated.files.len(),
        plan.orphaned.len(),
        generated.files.len() - written,
    ));
    Outcome::Done
}
