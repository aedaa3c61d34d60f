//! Runs cargo for the tests: offline, with the packages that `cargo test --workspace` has downloaded, in its target directory.
//!
//! No other module runs cargo: a run with other settings fails on a fresh machine, or builds in a folder that the user did not choose.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use stripe_reporting_tests::project;

/// Prepares a run of cargo in a folder.
pub(crate) fn cargo(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(folder).env("CARGO_NET_OFFLINE", "true").env("CARGO_TARGET_DIR", target());
    // Build scripts of dependencies depend on some of them: `ring` and all above it would be built again.
    std::env::vars_os().map(|(name, _)| name).filter(|name| is_of_the_tests(name)).for_each(|name| {
        command.env_remove(name);
    });
    command
}

/// Returns whether cargo sets a variable for the package whose tests it runs.
fn is_of_the_tests(name: &OsStr) -> bool {
    let of_the_tests = ["CARGO_MANIFEST_", "CARGO_PKG_", "OUT_DIR"];
    name.to_str().is_some_and(|name| of_the_tests.iter().any(|prefix| name.starts_with(prefix)))
}

/// Returns the target directory that the tests are built in.
pub(crate) fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().to_owned()
}

/// Returns the path and the text of every Rust file in a folder of the project.
pub(crate) fn rust_files(folder: &str) -> Vec<(PathBuf, String)> {
    let mut pending = vec![project().join(folder)];
    let mut found = Vec::new();
    while let Some(path) = pending.pop() {
        if path.is_dir() {
            pending.extend(fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
    found
}

#[test]
fn cargo_builds_in_the_target_directory_of_the_tests() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("src")).unwrap();
    fs::write(folder.path().join("src/lib.rs"), "").unwrap();
    fs::write(folder.path().join("Cargo.toml"), "[package]\nname = \"any\"\n").unwrap();
    let output = cargo(folder.path()).args(["metadata", "--no-deps", "--format-version=1"]).output().unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(metadata["target_directory"], target().to_str().unwrap());
    assert!(std::env::current_exe().unwrap().starts_with(target()));
}

#[test]
fn cargo_does_not_inherit_the_package_of_the_tests() {
    let command = cargo(&project());
    let removed: Vec<_> = command.get_envs().filter(|(_, value)| value.is_none()).map(|(name, _)| name).collect();
    for name in ["CARGO_MANIFEST_DIR", "CARGO_PKG_NAME", "OUT_DIR"] {
        assert!(std::env::var_os(name).is_none() || removed.contains(&OsStr::new(name)), "{name}");
    }
}

#[test]
fn no_other_module_runs_cargo() {
    let runs = ["env!(\"CARGO\")", "var(\"CARGO\")", "var_os(\"CARGO\")", "new(\"cargo"];
    let files = ["codegen", "examples", "runtime", "tests"].into_iter().flat_map(rust_files);
    let found = files.filter(|(_, text)| runs.iter().any(|run| text.contains(run))).map(|(path, _)| path);
    assert_eq!(found.collect::<Vec<_>>(), [project().join("tests/suite/cargo.rs")]);
}
