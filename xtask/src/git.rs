//! Runs git: resolves revisions, and reads the descriptions in them.

use std::path::Path;
use std::process::{Command, Output};

use stripe_reporting_codegen::Source;

use crate::descriptions::{self, Unreadable};
use crate::root;

/// Names of the main branch, in order of preference.
const MAIN: [&str; 5] = ["origin/HEAD", "origin/main", "origin/master", "main", "master"];

/// Resolves a revision to a commit; `None` if it is unknown.
pub(crate) fn commit(revision: &str) -> Result<Option<String>, String> {
    let commit = format!("{revision}^{{commit}}");
    let output = git(&["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])?;
    let stderr = text(&output.stderr);
    match output.status.success() {
        true => Ok(Some(text(&output.stdout))),
        // With `--quiet`, git prints nothing for an unknown revision.
        false if stderr.is_empty() => Ok(None),
        false => Err(format!("git could not resolve `{revision}`: {stderr}")),
    }
}

/// The merge base of the current branch and the main branch.
pub(crate) fn merge_base() -> Result<String, String> {
    if commit("HEAD")?.is_none() {
        return Err("the repository has no commits\nhelp: pass directories of descriptions".to_owned());
    }
    for branch in MAIN {
        if commit(branch)?.is_none() {
            continue;
        }
        let output = git(&["merge-base", "HEAD", branch])?;
        if output.status.success() {
            return Ok(text(&output.stdout));
        }
        return Err(format!(
            "this branch and `{branch}` have no common ancestor\nhelp: fetch more history with `git fetch --unshallow`, or pass \
             a base"
        ));
    }
    Err(format!("no main branch ({})\nhelp: pass a base", MAIN.join(", ")))
}

/// Whether the repository lacks a part of its history.
pub(crate) fn is_shallow() -> bool {
    git(&["rev-parse", "--is-shallow-repository"]).is_ok_and(|output| text(&output.stdout) == "true")
}

/// Reads the descriptions in the folder `spec` of a commit.
pub(crate) fn descriptions(commit: &str) -> Result<Vec<Source>, Unreadable> {
    let list = run(&["ls-tree", "-z", commit, "--", "spec/"]).map_err(Unreadable::Missing)?;
    let list = text(&list.stdout);
    let mut found = Vec::new();
    // Each entry is `mode type object`, a tab and the path.
    for (facts, path) in list.split('\0').filter_map(|entry| entry.split_once('\t')) {
        if !facts.contains(" blob ") || !descriptions::is_description(Path::new(path)) {
            continue;
        }
        if facts.starts_with("120000") {
            let commit = commit.get(..12).unwrap_or(commit);
            let message =
                format!("`{path}` is a symbolic link in {commit}, which is not followed\nhelp: compare folders");
            return Err(Unreadable::Missing(message));
        }
        let blob = run(&["show", &format!("{commit}:./{path}")]).map_err(Unreadable::Missing)?;
        found.push(descriptions::source(path.to_owned(), blob.stdout)?);
    }
    Ok(found)
}

/// Returns the first tracked file that differs from the last commit, or is staged.
pub(crate) fn changed() -> Result<Option<String>, String> {
    let output = run(&["diff", "--name-only", "HEAD", "--"])?;
    Ok(text(&output.stdout).lines().next().map(str::to_owned))
}

/// Returns the tag of the last release before this commit.
pub(crate) fn last_release() -> Result<Option<String>, String> {
    let output = git(&["describe", "--tags", "--abbrev=0", "--match", "v[0-9]*"])?;
    let stderr = text(&output.stderr);
    match output.status.success() {
        true => Ok(Some(text(&output.stdout))),
        false if stderr.contains("No names found") || stderr.contains("No tags can describe") => match is_shallow() {
            true => Err("tags may be missing in a shallow clone\nhelp: run `git fetch --unshallow --tags`".to_owned()),
            false => Ok(None),
        },
        false => Err(format!("git could not find the last release: {stderr}")),
    }
}

/// Restores files as they are committed.
pub(crate) fn restore(paths: &[&str]) -> Result<(), String> {
    run(&[&["checkout", "--quiet", "HEAD", "--"], paths].concat()).map(drop)
}

fn run(arguments: &[&str]) -> Result<Output, String> {
    let output = git(arguments)?;
    if output.status.success() {
        return Ok(output);
    }
    Err(format!("`git {}` failed: {}", arguments.join(" "), text(&output.stderr)))
}

/// Runs git in the folder of the current project; the variables of a hook must not select another repository.
fn git(arguments: &[&str]) -> Result<Output, String> {
    let mut command = Command::new("git");
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        command.env_remove(variable);
    }
    let output = command.env("LC_ALL", "C").arg("-C").arg(root::current()).args(arguments).output();
    let output = output.map_err(|error| format!("could not run git: {error}"))?;
    if text(&output.stderr).contains("not a git repository") {
        return Err("the project is not in a git repository\nhelp: pass directories of descriptions".to_owned());
    }
    Ok(output)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).trim().to_owned()
}
