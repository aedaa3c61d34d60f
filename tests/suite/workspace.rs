//! Generated crates as one workspace, joined to few packages: dependencies are built once, and a package costs far more to compile
//! than a module.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::sync::Once;

use stripe_reporting_codegen::File;
use stripe_reporting_tests::{Fixture, project};

use crate::cargo::{cargo, target};
use crate::dialect::generated;
use crate::shared_modules::SharedModules;

pub(crate) struct Workspace {
    pub(crate) folder: PathBuf,
    members: Vec<String>,
    files: BTreeSet<PathBuf>,
    /// Whether others are removed; tests use a workspace in parallel.
    is_clean: Once,
}

impl Workspace {
    /// Creates an empty workspace in a folder that is kept, so that the next run builds only what has changed.
    pub(crate) fn new(name: &str) -> Self {
        Self {
            folder: target().join("crates").join(name),
            members: Vec::new(),
            files: BTreeSet::new(),
            is_clean: Once::new(),
        }
    }

    /// Writes a file of a member.
    pub(crate) fn file(&mut self, member: &str, path: &str, text: &str) {
        if self.members.last().is_none_or(|last| last != member) {
            self.members.push(member.to_owned());
        }
        let path = self.folder.join(member).join(path);
        write(&path, text);
        self.files.insert(path);
    }

    /// Removes the modules that an earlier run has left: a module cannot be in two files.
    fn remove_others(&self) {
        let mut folders: Vec<_> = self.members.iter().map(|member| self.folder.join(member).join("src")).collect();
        while let Some(folder) = folders.pop() {
            for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs") && !self.files.contains(&path) {
                    fs::remove_file(path).unwrap();
                }
            }
        }
    }

    /// Adds generated crates as modules of the packages `{prefix}_0`, `{prefix}_1` and so on, and returns the package of each crate.
    pub(crate) fn join(&mut self, prefix: &str, crates: &[Generated]) -> Vec<String> {
        let mut packages = vec![String::new(); crates.len()];
        let mut next = 0;
        for lints in [None, Some(LINTS)] {
            let group: Vec<usize> = (0..crates.len()).filter(|index| crates[*index].lints() == lints).collect();
            for indices in group.chunks(group.len().div_ceil(PACKAGES).max(1)) {
                let package = format!("{prefix}_{next}");
                self.package(&package, lints, indices.iter().map(|index| &crates[*index]));
                indices.iter().for_each(|index| packages[*index].clone_from(&package));
                next += 1;
            }
        }
        packages
    }

    fn package<'a>(&mut self, package: &str, lints: Option<&str>, crates: impl Iterator<Item = &'a Generated> + Clone) {
        // The one with the most features has those of the others.
        let manifest = crates.clone().map(Generated::manifest).max_by_key(String::len).unwrap();
        let named =
            |line: &str| if line.starts_with("name = ") { format!("name = {package:?}") } else { line.to_owned() };
        let manifest: Vec<_> = manifest.lines().map(named).collect();
        self.file(package, "Cargo.toml", &manifest.join("\n"));
        let allowed = lints.map(|lints| format!("#![allow({})]\n\n", lints.replace("non_camel_case_types,", "")));
        let mut shared_modules = SharedModules::default();
        let mut root = format!("//! Generated crates.\n\n#![deny(warnings)]\n{}", allowed.unwrap_or_default());
        for generated @ Generated { name: module, files } in crates {
            let shared = shared_modules.of(generated);
            root.push_str(&format!("pub mod {module};\n"));
            for file in files.iter().filter(|file| file.path.ends_with(".rs")) {
                let path = file.path.replace("src/lib.rs", "src/mod.rs").replacen("src/", &format!("src/{module}/"), 1);
                // A module can allow one of the lints by itself.
                let text = file.text.replace(&format!("#![allow(\n{LINTS}\n)]\n"), "#![allow(non_camel_case_types)]\n");
                self.file(package, &path, shared.get(&file.path).unwrap_or(&moved(&text, package, module)));
            }
        }
        self.file(package, "src/lib.rs", &root);
    }

    /// Adds a program that depends on packages of joined crates, with some of their features.
    pub(crate) fn program(&mut self, name: &str, packages: &[String], features: &[&str], main: &str) {
        let packages: BTreeSet<_> = packages.iter().collect();
        let dependency = |package| {
            format!("{package} = {{ path = \"../{package}\", default-features = false, features = {features:?} }}\n")
        };
        let dependencies: String = packages.into_iter().map(dependency).collect();
        let manifest = format!(
            "[package]\nname = {name:?}\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\nserde = \"1\"\n\
             serde_json = \"1\"\nfeatures = {{ path = \"../features\" }}\n{dependencies}"
        );
        self.file(name, "Cargo.toml", &manifest);
        self.file(name, "src/main.rs", main);
    }

    /// Runs cargo on all members.
    pub(crate) fn cargo(&self, arguments: &[&str]) -> Output {
        self.is_clean.call_once(|| self.remove_others());
        write(&self.folder.join("features/Cargo.toml"), FEATURES);
        write(&self.folder.join("features/src/lib.rs"), "");
        let members = self.members.iter().map(String::as_str).chain(["features"]);
        let members: Vec<_> = members.map(|member| format!("{member:?}")).collect();
        let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = [{}]\n\n{}", members.join(", "), profiles());
        write(&self.folder.join("Cargo.toml"), &manifest);
        write(&self.folder.join("Cargo.lock"), &fs::read_to_string(project().join("Cargo.lock")).unwrap());
        cargo(&self.folder)
            .args(arguments)
            // The clients are the same for all crates, and the project's own crate is compiled with them.
            .arg("--no-default-features")
            .env("RUSTDOCFLAGS", "-D warnings")
            .output()
            .unwrap()
    }
}

/// A generated crate that becomes a module of its name.
pub(crate) struct Generated {
    pub(crate) name: String,
    pub(crate) files: Vec<File>,
}

impl Generated {
    /// Generates the crate of a fixture of the dialect.
    pub(crate) fn of_fixture(fixture: &Fixture) -> Self {
        Self { name: format!("fixture_{}", fixture.name), files: generated(fixture).files }
    }

    fn text(&self, path: &str) -> &str {
        self.files.iter().find(|file| file.path == path).map_or("", |file| &file.text)
    }

    /// Returns the manifest, which says where the runtime is.
    pub(crate) fn manifest(&self) -> String {
        let runtime = format!("{:?}", project().join("runtime"));
        self.text("Cargo.toml").replace("\"../../runtime\"", &runtime)
    }

    /// Returns the number of lines of code.
    pub(crate) fn lines(&self) -> usize {
        self.files.iter().filter(|file| file.path.ends_with(".rs")).map(|file| file.text.lines().count()).sum()
    }

    /// Returns the lints that the crate allows since it has names of other scripts.
    fn lints(&self) -> Option<&'static str> {
        self.text("src/lib.rs").contains(LINTS).then_some(LINTS)
    }
}

/// A package for its features only: dependencies that have those of `cargo test --workspace` are not built again.
const FEATURES: &str = r#"[package]
name = "features"
version = "0.1.0"
edition = "2024"

[dependencies]
jiff = { version = "0.2", default-features = false, features = ["tzdb-bundle-always"] }
memchr = "2"
serde = { version = "1", features = ["alloc"] }
serde_core = "1"
serde_json = { version = "1", features = ["float_roundtrip"] }

[build-dependencies]
proc-macro2 = "1"
quote = "1"
syn = { version = "3", features = ["full"] }
"#;

/// How many packages the crates of one kind are joined to, so that all cores are used.
const PACKAGES: usize = 2;

/// The lints that crates allow that have names of other scripts.
const LINTS: &str =
    "    confusable_idents,\n    mixed_script_confusables,\n    non_camel_case_types,\n    uncommon_codepoints";

/// Returns the text of a file whose crate has become a module. What this misses does not compile: the old paths do not exist.
fn moved(text: &str, package: &str, module: &str) -> String {
    let text = replaced(text, &format!("{module}::"), &format!("{package}::{module}::"));
    replaced(&text, "crate::", &format!("crate::{module}::"))
}

/// Replaces the start of paths, and not the end of longer ones.
fn replaced(text: &str, path: &str, new: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut rest = text;
    while let Some(at) = rest.find(path) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let is_start = !before.ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$');
        out.push_str(if is_start { new } else { path });
        rest = &from[path.len()..];
    }
    out.push_str(rest);
    out
}

/// Returns the profiles of the project: dependencies with the same ones are not built again.
fn profiles() -> String {
    let manifest = fs::read_to_string(project().join("Cargo.toml")).unwrap();
    let (mut profiles, mut is_profile) = (String::new(), false);
    for line in manifest.lines() {
        if line.starts_with('[') {
            is_profile = line.starts_with("[profile.dev");
        }
        if is_profile {
            profiles.push_str(line);
            profiles.push('\n');
        }
    }
    // Members are built once.
    profiles.replace("[profile.dev]\n", "[profile.dev]\nincremental = false\n")
}

/// Writes a file unless it is the same, so that cargo builds only what has changed.
fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|present| present == text) {
        return;
    }
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}
