//! What git knows: revisions, and the descriptions in them.

use std::path::Path;
use std::process::{Command, Output};

use stripe_reporting_codegen::Source;

use crate::{descriptions, root};

/// What the main branch may be called, the most telling first.
const MAIN: [&str; 5] = ["origin/HEAD", "origin/main", "origin/master", "main", "master"];

/// The commit that a revision names, if it names one.
pub(crate) fn commit(revision: &str) -> Result<Option<String>, String> {
    let commit = format!("{revision}^{{commit}}");
    let output = git(&["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])?;
    Ok(output.status.success().then(|| text(&output.stdout)))
}

/// The commit at which the present branch left the main branch.
pub(crate) fn merge_base() -> Result<String, String> {
    for branch in MAIN {
        if commit(branch)?.is_none() {
            continue;
        }
        let output = git(&["merge-base", "HEAD", branch])?;
        if output.status.success() {
            return Ok(text(&output.stdout));
        }
        return Err(format!(
            "this branch and `{branch}` have no commit in common; fetch more of the history (`git fetch --unshallow`), or \
             name the BASE"
        ));
    }
    Err(format!("there is no main branch ({}) to compare with; name the BASE", MAIN.join(", ")))
}

/// The descriptions in the folder `spec` of a commit.
pub(crate) fn descriptions(commit: &str) -> Result<Vec<Source>, String> {
    let list = run(&["ls-tree", "-z", "--name-only", commit, "--", "spec/"])?;
    let list = text(&list.stdout);
    let mut names: Vec<&str> = list.split('\0').filter(|name| descriptions::is_description(Path::new(name))).collect();
    names.sort_unstable();
    names
        .iter()
        .map(|name| descriptions::source((*name).to_owned(), run(&["show", &format!("{commit}:./{name}")])?.stdout))
        .collect()
}

fn run(arguments: &[&str]) -> Result<Output, String> {
    let output = git(arguments)?;
    if output.status.success() {
        return Ok(output);
    }
    Err(format!("`git {}` failed: {}", arguments.join(" "), text(&output.stderr)))
}

fn git(arguments: &[&str]) -> Result<Output, String> {
    let output = Command::new("git").arg("-C").arg(root::project()).args(arguments).output();
    let output = output.map_err(|error| format!("git can't be run, which knows revisions: {error}"))?;
    let said = text(&output.stderr);
    if said.contains("not a git repository") {
        return Err(
            "the project is not in a git repository: name folders of descriptions instead of revisions".to_owned()
        );
    }
    Ok(output)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim().to_owned()
}
