//! What the tests share: the project's description, fixtures, and values made up from the description.
#![forbid(unsafe_code)]
#![allow(deprecated, reason = "Stripe may deprecate what the tests use")]

use std::fs;
use std::path::{Path, PathBuf};

use stripe_reporting_codegen::Source;

pub mod little;
pub mod models;
pub mod random;
pub mod sample;
pub mod server;
pub mod soak;

/// The README's code is compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;

/// The project's folder.
#[must_use]
pub fn project() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap_or(tests).to_owned()
}

/// The folder of fixtures with this name.
#[must_use]
pub fn fixtures(name: &str) -> PathBuf {
    project().join("tests/fixtures").join(name)
}

/// A description that shows one thing.
#[derive(Debug, Clone)]
pub struct Fixture {
    /// The name of its file, without the ending.
    pub name: String,
    /// Its text.
    pub text: String,
}

impl Fixture {
    /// All fixtures in a folder, sorted by name.
    ///
    /// # Panics
    ///
    /// When the folder can't be read.
    #[must_use]
    #[allow(clippy::unwrap_used, reason = "a fixture that can't be read is a failed test")]
    pub fn all(folder: &str) -> Vec<Self> {
        let mut paths: Vec<_> = fs::read_dir(fixtures(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        let read = |path: PathBuf| Self {
            name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            text: fs::read_to_string(&path).unwrap(),
        };
        paths.into_iter().map(read).collect()
    }
}

/// The project's own description.
///
/// # Errors
///
/// When a file can't be read.
pub fn description() -> std::io::Result<Vec<Source>> {
    read_descriptions(&project().join("spec"))
}

include!("read_descriptions.rs");
