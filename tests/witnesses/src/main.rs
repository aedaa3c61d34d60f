//! `cargo xtask witnesses`: runs the same steps through the official SDKs and through both clients, and compares what they do.
#![forbid(unsafe_code)]

mod accepted;
mod compare;
mod install;
mod ours;
mod requests;
mod run;
mod script;
mod sharpness;
#[cfg(test)]
mod tests;
mod witness;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use serde_json::{Value, json};

use accepted::Accepted;
use install::Missing;
use ours::Kind;
use run::Record;
use script::Script;
use sharpness::Change;
use tokio::runtime::Runtime;
use witness::{Program, Witness};

/// Compares the official SDKs with both clients.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask witnesses", bin_name = "cargo xtask witnesses")]
struct Arguments {
    /// Only the witnesses whose name contains this text.
    #[arg(long, value_name = "TEXT", default_value = "")]
    only: String,
    /// Also change the sandbox's description in several ways, of which each must make the comparison fail.
    #[arg(long)]
    sharpness: bool,
}

fn main() -> ExitCode {
    match compare(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// The folder with the scripts, lock files and tables.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("witnesses")
}

/// The folder that SDKs are installed in: in the target directory, which has this program.
fn target() -> Result<PathBuf, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let target = program.parent().and_then(Path::parent).ok_or("the program is not in a target directory")?;
    Ok(target.join("witnesses"))
}

/// Runs all witnesses, and returns whether they agree.
fn compare(arguments: &Arguments) -> Result<bool, String> {
    let (folder, target) = (folder(), target()?);
    let script = Script::read(&folder.join("steps.yaml"))?;
    let accepted = Accepted::read(&folder.join("differences.yaml"))?;
    let runtime = Runtime::new().map_err(|error| error.to_string())?;
    let here = Witness { name: "stripe-reporting".to_owned(), program: Program::Ours(Kind::Async) };
    let ours = run::run(&runtime, &script, &here, None, None)?;
    save(&target, &here.name, &ours)?;
    let blocking = Witness { name: "stripe-reporting (blocking)".to_owned(), program: Program::Ours(Kind::Blocking) };
    let mut witnesses = vec![blocking];
    let (mut agree, mut used) = (true, BTreeSet::new());
    for message in unknown(&ours) {
        println!("{}: {message}", here.name);
        agree = false;
    }
    let (sdks, skipped) = installed(&folder, &target)?;
    witnesses.extend(sdks);
    witnesses.retain(|witness| witness.name.contains(&arguments.only));
    for witness in &witnesses {
        let record = run::run(&runtime, &script, witness, None, Some(&ours))?;
        save(&target, &witness.name, &record)?;
        agree &= report(witness, &ours, &record, &accepted, &mut used);
    }
    // An entry is checked if all witnesses that it may be about have run.
    if arguments.only.is_empty() && !skipped {
        for entry in accepted.iter().filter(|entry| !used.contains(entry.to_string().as_str())) {
            println!("`differences.yaml`: unused entry: {entry}\nhelp: remove it");
            agree = false;
        }
    }
    let sdk = witnesses.iter().find(|witness| matches!(witness.program, Program::Process(_)));
    if let Some(witness) = sdk.filter(|_| arguments.sharpness) {
        for change in sharpness::CHANGES {
            agree &= is_noticed(&runtime, &script, &accepted, [&here, witness], &ours, change)?;
        }
    }
    Ok(agree)
}

/// Installs the SDKs, and reports in one line those that are skipped. Returns whether there are any.
fn installed(folder: &Path, target: &Path) -> Result<(Vec<Witness>, bool), String> {
    let (mut witnesses, mut reasons, mut skipped) = (Vec::new(), BTreeMap::new(), Vec::new());
    for sdk in install::locked(folder)? {
        // What one version of a library lacks, the others lack as well.
        if let Some(reason) = reasons.get(&sdk.language) {
            skipped.push(format!("{} ({reason})", sdk.name));
            continue;
        }
        match sdk.install(folder, target) {
            Ok(witness) => witnesses.push(witness),
            Err(Missing::Skipped(reason)) => {
                skipped.push(format!("{} ({reason})", sdk.name));
                reasons.insert(sdk.language, reason);
            }
            Err(Missing::Failed(message)) => return Err(message),
        }
    }
    if !skipped.is_empty() {
        println!("skipped: {}", skipped.join(", "));
    }
    Ok((witnesses, !skipped.is_empty()))
}

/// Returns a message for each value that the crate does not know, and for each step that could not be run.
fn unknown(ours: &Record) -> Vec<String> {
    let mut messages = Vec::new();
    for (step, seen) in ours {
        let values = seen.get("unknown").and_then(Value::as_object).into_iter().flat_map(|texts| texts.keys());
        messages.extend(values.map(|value| format!("{step}: the crate does not know the value {value}")));
        if seen.pointer("/error/class").is_some_and(|class| class == script::CLASS) {
            let message = seen.pointer("/error/message").and_then(Value::as_str).unwrap_or_default();
            messages.push(format!("{step}: {message}"));
        }
    }
    messages
}

/// Reports the differences of a witness that are not accepted, and adds the entries of those that are. Returns whether there are
/// none.
fn report(
    witness: &Witness,
    ours: &Record,
    theirs: &Record,
    accepted: &[Accepted],
    used: &mut BTreeSet<String>,
) -> bool {
    let found = compare::records(ours, theirs);
    let mut new = Vec::new();
    for difference in &found {
        match accepted.iter().find(|entry| entry.covers(&witness.name, difference)) {
            Some(entry) => {
                used.insert(entry.to_string());
            }
            None => new.push(difference),
        }
    }
    let (name, steps, known) = (&witness.name, ours.len(), found.len() - new.len());
    println!("{name}: {steps} steps, {known} explained differences, {} others", new.len());
    for difference in &new {
        println!("  {difference}");
    }
    new.is_empty()
}

/// Runs both witnesses with a changed description, and returns whether the comparison notices.
fn is_noticed(
    runtime: &Runtime,
    script: &Script,
    accepted: &[Accepted],
    [here, witness]: [&Witness; 2],
    versions: &Record,
    change: &Change,
) -> Result<bool, String> {
    let spec = tempfile::tempdir().map_err(|error| error.to_string())?;
    change.write(&folder().join("../../spec"), spec.path())?;
    let ours = run::run(runtime, script, here, Some(spec.path()), Some(versions))?;
    let theirs = run::run(runtime, script, witness, Some(spec.path()), Some(versions))?;
    let (found, unknown) = (compare::records(&ours, &theirs), unknown(&ours));
    let mut new =
        found.iter().filter(|difference| !accepted.iter().any(|entry| entry.covers(&witness.name, difference)));
    match (new.next(), unknown.first()) {
        (Some(difference), _) => println!("sharp: {change}: {difference}"),
        (None, Some(message)) => println!("sharp: {change}: {message}"),
        (None, None) => {
            println!("not sharp: {change}");
            return Ok(false);
        }
    }
    Ok(true)
}

/// Writes what a witness saw, a line for each step.
fn save(target: &Path, name: &str, record: &Record) -> Result<(), String> {
    let folder = target.join("records");
    let path = folder.join(format!("{}.jsonl", name.replace(' ', "-")));
    let lines: Vec<_> = record.iter().map(|(step, seen)| json!({"step": step, "outcome": seen}).to_string()).collect();
    let written = fs::create_dir_all(&folder).and_then(|()| fs::write(&path, lines.join("\n") + "\n"));
    written.map_err(|error| format!("{}: {error}", path.display()))
}
