//! Finds and reads the descriptions.

use std::path::{Path, PathBuf};
use std::{fmt, fs, io};

use stripe_reporting_codegen::Source;

use crate::root;

/// The extensions of descriptions.
const ENDINGS: [&str; 3] = ["yaml", "yml", "json"];

/// Why descriptions could not be read.
pub(crate) enum Unreadable {
    /// A description is missing, or its file cannot be read.
    Missing(String),
    /// A description is not UTF-8 text.
    NoText(String),
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(message) | Self::NoText(message) => f.write_str(message),
        }
    }
}

/// Reads the descriptions at the paths: files, or folders with all their descriptions.
pub(crate) fn read(paths: &[PathBuf]) -> Result<Vec<Source>, Unreadable> {
    Ok(read_with_paths(paths)?.into_iter().map(|(_, source)| source).collect())
}

/// Reads the descriptions at the paths, each with the path of its file.
pub(crate) fn read_with_paths(paths: &[PathBuf]) -> Result<Vec<(PathBuf, Source)>, Unreadable> {
    let files = files(paths).map_err(Unreadable::Missing)?;
    files.into_iter().map(|path| read_one(&path).map(|source| (path, source))).collect()
}

fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, String> {
    let mut files = Vec::new();
    for path in paths {
        let shown = root::shown(path);
        let metadata = fs::metadata(path).map_err(|error| explain(&shown, &error))?;
        if metadata.is_dir() {
            let found = in_folder(path).map_err(|error| explain(&shown, &error))?;
            if found.is_empty() {
                return Err(format!("`{shown}` has no description: no .yaml, .yml or .json file"));
            }
            files.extend(found);
        } else if is_description(path) {
            files.push(path.clone());
        } else {
            return Err(format!("`{shown}` is not a description: expected a .yaml, .yml or .json file"));
        }
    }
    // Neither the order of the arguments nor the folder of the files has an effect on what is generated.
    files.sort_by_key(|path| (path.file_name().map(ToOwned::to_owned), path.clone()));
    files.dedup_by_key(|path| root::absolute(path));
    Ok(files)
}

fn in_folder(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_file() && is_description(&path) {
            found.push(path);
        }
    }
    Ok(found)
}

/// Returns whether a file is a description, by its extension.
pub(crate) fn is_description(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

fn read_one(path: &Path) -> Result<Source, Unreadable> {
    let name = root::shown(path);
    let bytes = fs::read(path).map_err(|error| Unreadable::Missing(explain(&name, &error)))?;
    source(name, bytes)
}

/// Decodes a description.
pub(crate) fn source(name: String, bytes: Vec<u8>) -> Result<Source, Unreadable> {
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Source { name, text }),
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let line = error.as_bytes().iter().take(valid).filter(|byte| **byte == b'\n').count() + 1;
            Err(Unreadable::NoText(format!("`{name}` is not UTF-8 text: see line {line}")))
        }
    }
}

fn explain(name: &str, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => format!("`{name}` does not exist"),
        _ => format!("cannot read `{name}`: {error}"),
    }
}
