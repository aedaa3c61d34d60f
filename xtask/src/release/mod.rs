//! `cargo xtask release`: prepares a release in the working tree. Nothing is committed, tagged or published.

mod changelog;
mod manifest;
mod version;

use std::fs;
use std::path::Path;

use clap::{Args, ValueEnum};
use serde_json::Value;
use stripe_reporting_codegen::diff::Level;

use self::version::Version;
use crate::report::say;
use crate::{Outcome, cargo, codegen, diff, git, root};

/// What the command writes.
const WRITTEN: [&str; 4] = ["CHANGELOG.md", "Cargo.toml", "Cargo.lock", "generated"];

/// The exit codes, for `--help`.
const EXIT_CODES: &str = "Exit codes:\n  0  the release is prepared\n  1  it cannot be released, and nothing was changed\n  2  wrong \
                          usage\n  3  a description is invalid";

#[derive(Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    /// The level of the release, at least that of the changes since the last one
    level: ReleaseLevel,
    /// Do not build the packages from their archives
    #[arg(long)]
    no_verify: bool,
}

/// The level of a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ReleaseLevel {
    /// Programs may break.
    Major,
    /// Something is added.
    Minor,
    /// No program is affected.
    Patch,
}

impl From<ReleaseLevel> for Level {
    fn from(level: ReleaseLevel) -> Self {
        match level {
            ReleaseLevel::Major => Self::Major,
            ReleaseLevel::Minor => Self::Minor,
            ReleaseLevel::Patch => Self::Patch,
        }
    }
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let project = root::project();
    match Release::new(&project, arguments.level.into()) {
        Ok(release) => carry_out(&release, &project, arguments.no_verify),
        Err((outcome, message)) => {
            say(&message);
            outcome
        }
    }
}

/// A release whose level is sufficient: the texts to write.
struct Release {
    version: String,
    changelog: String,
    manifest: String,
}

impl Release {
    fn new(project: &Path, level: Level) -> Result<Self, (Outcome, String)> {
        let failed = |message: String| (Outcome::Failed, format!("error: {message}"));
        if let Some(changed) = git::changed().map_err(failed)? {
            return Err(failed(format!("`{changed}` has changes that are not committed\nhelp: commit them first")));
        }
        let [changelog, manifest] = ["CHANGELOG.md", "Cargo.toml"].map(|name| {
            fs::read_to_string(project.join(name)).map_err(|error| failed(format!("cannot read `{name}`: {error}")))
        });
        let (changelog, manifest) = (changelog?, manifest?);
        let current = manifest::version(&manifest)
            .ok_or_else(|| failed("`Cargo.toml` has no `version` in `[workspace.package]`".to_owned()))?;
        if codegen::check_project(current) != Outcome::Done {
            return Err(failed("the crate must be up to date before a release".to_owned()));
        }
        let version = match git::last_release().map_err(failed)? {
            Some(tag) => Self::after(&tag, level)?,
            // Nothing has been released: this version is the first.
            None => current.to_owned(),
        };
        let date = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
        let changelog = changelog::released(&changelog, &version, &date).map_err(failed)?;
        Ok(Self { changelog, manifest: manifest::with_version(&manifest, current, &version), version })
    }

    /// Returns the version after the last release, if the level is at least that of the changes since then.
    fn after(tag: &str, level: Level) -> Result<String, (Outcome, String)> {
        let failed = |message: String| (Outcome::Failed, format!("error: {message}"));
        let last = tag.strip_prefix('v').and_then(Version::parse);
        let last = last.ok_or_else(|| failed(format!("the tag `{tag}` is not a version, such as `v1.2.3`")))?;
        let required = diff::since(tag)?.level();
        match required.filter(|required| *required > level) {
            Some(required) => Err(failed(format!(
                "the changes since `{tag}` require a {required} release, not {level}\nhelp: run `cargo xtask diff {tag}` for the \
                 changes, and `cargo xtask release {required}`"
            ))),
            None => Ok(last.next(level).to_string()),
        }
    }
}

/// Writes everything, or nothing: the files were as committed before.
fn carry_out(release: &Release, project: &Path, no_verify: bool) -> Outcome {
    let version = &release.version;
    match write(release, project).and_then(|()| package(no_verify)) {
        Ok(packages) => {
            say(&format!(
                "version {version} is ready: {}\nnext: review `git diff`, commit, `git tag v{version}`, and `cargo publish --workspace`",
                packages.join(", ")
            ));
            Outcome::Done
        }
        Err(message) => {
            say(&format!("error: {message}"));
            match git::restore(&WRITTEN) {
                Ok(()) => say("nothing was changed"),
                Err(message) => say(&format!("error: {message}\nhelp: run `git restore {}`", WRITTEN.join(" "))),
            }
            Outcome::Failed
        }
    }
}

fn write(release: &Release, project: &Path) -> Result<(), String> {
    for (name, text) in [("CHANGELOG.md", &release.changelog), ("Cargo.toml", &release.manifest)] {
        fs::write(project.join(name), text).map_err(|error| format!("cannot write `{name}`: {error}"))?;
    }
    if codegen::write_project(&release.version) != Outcome::Done {
        return Err("the crate could not be generated".to_owned());
    }
    // Only the versions of the workspace's packages change.
    succeed(&["update", "--workspace", "--offline", "--quiet"])
}

/// Packages what is published, and returns the names.
fn package(no_verify: bool) -> Result<Vec<String>, String> {
    let packages = published()?;
    say(&format!(
        "building {}; to undo an interrupted release, run `git restore {}`",
        packages.join(", "),
        WRITTEN.join(" ")
    ));
    let mut arguments = vec!["package", "--allow-dirty", "--quiet"];
    arguments.extend(no_verify.then_some("--no-verify"));
    arguments.extend(packages.iter().flat_map(|name| ["--package", name.as_str()]));
    succeed(&arguments)?;
    Ok(packages)
}

fn succeed(arguments: &[&str]) -> Result<(), String> {
    match cargo::run(&mut cargo::command(arguments)) {
        Outcome::Done => Ok(()),
        _ => Err(format!("`cargo {}` failed", arguments.join(" "))),
    }
}

/// Returns the names of the packages that are published.
fn published() -> Result<Vec<String>, String> {
    let arguments = ["metadata", "--no-deps", "--format-version", "1", "--offline"];
    let output = cargo::command(&arguments).output().map_err(|error| format!("cannot run cargo: {error}"))?;
    let metadata: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("`cargo metadata` failed: {error}\n{}", String::from_utf8_lossy(&output.stderr)))?;
    let packages = metadata.get("packages").and_then(Value::as_array).into_iter().flatten();
    // `publish = false` is an empty list of registries.
    let published = packages.filter(|package| package.get("publish").is_none_or(Value::is_null));
    Ok(published.filter_map(|package| package.get("name")?.as_str().map(str::to_owned)).collect())
}
