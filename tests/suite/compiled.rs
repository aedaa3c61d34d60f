//! What is generated from the fixtures compiles, its examples run, and neither clippy nor rustdoc has anything to say.

use std::fs;
use std::path::Path;
use std::process::Command;

use stripe_reporting_tests::{Fixture, project};

/// Writes all fixtures as crates of one workspace, so that their dependencies are built once.
fn workspace(folder: &Path) {
    let mut members = Vec::new();
    for fixture in Fixture::all("dialect") {
        let generated = super::dialect::generated(&fixture);
        for file in generated.files {
            let runtime = format!("{:?}", project().join("runtime"));
            let text = file.text.replace("\"../../runtime\"", &runtime);
            write(&folder.join(&fixture.name).join(&file.path), &text);
        }
        members.push(format!("{:?}", fixture.name));
    }
    let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = [{}]\n", members.join(", "));
    write(&folder.join("Cargo.toml"), &manifest);
    write(&folder.join("Cargo.lock"), &fs::read_to_string(project().join("Cargo.lock")).unwrap());
}

/// Leaves alone what is as it should be, so that cargo builds what has changed.
fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|present| present == text) {
        return;
    }
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn cargo(folder: &Path, arguments: &[&str]) {
    let target = project().join("target/fixtures");
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        // The clients are the same for all crates, and the project's own crate is compiled with them.
        .args(["--workspace", "--offline", "--no-default-features"])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target)
        .env("RUSTFLAGS", "-D warnings")
        .env("RUSTDOCFLAGS", "-D warnings")
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo {arguments:?}:\n{text}\n{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn every_fixture_compiles_without_a_warning_and_its_examples_run() {
    let folder = project().join("target/fixtures/workspace");
    workspace(&folder);
    // rustdoc joins what it makes to what is there, which takes longer each time.
    let _ = fs::remove_dir_all(project().join("target/fixtures/doc"));
    cargo(&folder, &["clippy"]);
    cargo(&folder, &["doc", "--no-deps"]);
    cargo(&folder, &["test", "--doc"]);
}
