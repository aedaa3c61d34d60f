//! Helpers of the tests: the project's description, fixtures, and samples of its types.
#![forbid(unsafe_code)]
#![allow(deprecated, reason = "Stripe may deprecate what the tests use")]

use std::fs;
use std::path::{Path, PathBuf};

use stripe_reporting_codegen::Source;

pub mod little;
pub mod models;
pub mod published;
pub mod random;
pub mod sample;
pub mod server;

/// Compiles and runs the README's code.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub struct Readme;

/// Returns the project's folder.
#[must_use]
pub fn project() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap_or(tests).to_owned()
}

/// Returns the folder of fixtures with this name.
#[must_use]
pub fn fixtures(name: &str) -> PathBuf {
    project().join("tests/fixtures").join(name)
}

/// A small description.
#[derive(Debug, Clone)]
pub struct Fixture {
    /// The name of its file, without the extension.
    pub name: String,
    /// Its text.
    pub text: String,
}

impl Fixture {
    /// Reads all fixtures in a folder, sorted by name.
    ///
    /// # Panics
    ///
    /// Panics if the folder cannot be read.
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

/// Reads the project's description.
///
/// # Errors
///
/// Returns an error if a file cannot be read.
pub fn description() -> std::io::Result<Vec<Source>> {
    read_descriptions(&project().join("spec"))
}

include!("read_descriptions.rs");
