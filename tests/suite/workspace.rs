//! Generated crates as one workspace, so that their dependencies are built once.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use stripe_reporting_codegen::Generated;
use stripe_reporting_tests::project;

use crate::cargo::{self, cargo};

pub(crate) struct Workspace {
    pub(crate) folder: PathBuf,
    members: Vec<String>,
}

impl Workspace {
    /// An empty one in a folder that stays, so that the next run builds only what has changed.
    pub(crate) fn new(name: &str) -> Self {
        Self { folder: target().join(name), members: Vec::new() }
    }

    /// Adds a file to a member.
    pub(crate) fn file(&mut self, member: &str, path: &str, text: &str) {
        if self.members.last().is_none_or(|last| last != member) {
            self.members.push(member.to_owned());
        }
        write(&self.folder.join(member).join(path), text);
    }

    /// Adds a generated crate.
    pub(crate) fn generated(&mut self, member: &str, generated: Generated) {
        for file in generated.files {
            match file.path.as_str() {
                "Cargo.toml" => self.manifest(member, &file.text),
                path => self.file(member, path, &file.text),
            }
        }
    }

    /// Adds the manifest of a generated crate, which says where the runtime is.
    pub(crate) fn manifest(&mut self, member: &str, text: &str) {
        let runtime = format!("{:?}", project().join("runtime"));
        self.file(member, "Cargo.toml", &text.replace("\"../../runtime\"", &runtime));
    }

    /// Runs cargo on all members.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Output {
        let members: Vec<_> = self.members.iter().map(|member| format!("{member:?}")).collect();
        let manifest = format!(
            "[workspace]\nresolver = \"3\"\nmembers = [{}]\n\n[profile.dev]\ndebug = false\nincremental = false\n",
            members.join(", ")
        );
        write(&self.folder.join("Cargo.toml"), &manifest);
        write(&self.folder.join("Cargo.lock"), &fs::read_to_string(project().join("Cargo.lock")).unwrap());
        cargo(&self.folder)
            .args(arguments)
            // The clients are the same for all crates, and the project's own crate is compiled with them.
            .arg("--no-default-features")
            .env("CARGO_TARGET_DIR", target())
            .env("RUSTFLAGS", "-D warnings")
            .env("RUSTDOCFLAGS", "-D warnings")
            .output()
            .unwrap()
    }
}

/// Where generated crates are built.
pub(crate) fn target() -> PathBuf {
    cargo::target().join("fixtures")
}

/// Leaves alone what is as it should be, so that cargo builds what has changed.
fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|present| present == text) {
        return;
    }
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}
