//! What the tests share: the project's description, fixtures, and values made up from the description.
#![forbid(unsafe_code)]

use std::fs;
use std::path::{Path, PathBuf};

use stripe_reporting_codegen::Source;

pub mod models;
pub mod sample;

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

/// The project's own description.
///
/// # Errors
///
/// When a file can't be read.
pub fn description() -> std::io::Result<Vec<Source>> {
    let read = |name: &str| {
        let text = fs::read_to_string(project().join("spec").join(name))?;
        Ok(Source { name: format!("spec/{name}"), text })
    };
    ["v1.yaml", "v2.yaml"].into_iter().map(read).collect()
}
