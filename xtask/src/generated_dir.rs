//! A folder of generated files: compares it with its expected content, and updates it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use stripe_reporting_codegen::File;

use crate::staged::{Staged, about};

/// The mark in the first line of every generated file. No other file is ever overwritten or removed.
const MARK: &str = "@generated";

/// How a folder differs from its expected content.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) folder: PathBuf,
    /// The expected content.
    pub(crate) files: Vec<File>,
    /// Generated files with other content.
    pub(crate) stale: Vec<String>,
    /// Files that do not exist.
    pub(crate) missing: Vec<String>,
    /// Generated files that are no longer expected.
    pub(crate) orphaned: Vec<String>,
    /// Files in the place of generated ones that were not generated.
    pub(crate) foreign: Vec<String>,
}

impl Plan {
    /// Compares a folder with the expected files.
    pub(crate) fn new(folder: PathBuf, files: Vec<File>) -> io::Result<Self> {
        let mut present = BTreeMap::new();
        for file in files.iter().filter(|file| !file.path.contains('/')) {
            let path = folder.join(&file.path);
            if path.is_file() {
                present.insert(file.path.clone(), fs::read(&path)?);
            }
        }
        collect(&folder.join("src"), "src", &mut present)?;
        let (stale, missing, orphaned, foreign) = Default::default();
        let mut plan = Self { folder, files, stale, missing, orphaned, foreign };
        for file in &plan.files {
            match present.remove(&file.path) {
                None => plan.missing.push(file.path.clone()),
                Some(bytes) if bytes == file.text.as_bytes() => {}
                Some(bytes) if is_generated(&bytes) => plan.stale.push(file.path.clone()),
                Some(_) => plan.foreign.push(file.path.clone()),
            }
        }
        for (path, bytes) in present {
            if is_generated(&bytes) {
                plan.orphaned.push(path);
            } else {
                plan.foreign.push(path);
            }
        }
        Ok(plan)
    }

    /// Returns whether the folder has exactly the expected files.
    pub(crate) fn is_fresh(&self) -> bool {
        self.stale.is_empty() && self.missing.is_empty() && self.orphaned.is_empty() && self.foreign.is_empty()
    }

    /// Returns how many files differ or do not exist.
    pub(crate) fn changed(&self) -> usize {
        self.stale.len() + self.missing.len()
    }
}

/// Writes the files that differ, and removes orphaned ones. Every file is written to a temporary file before the first is renamed,
/// so that a full disk or a missing permission changes nothing.
pub(crate) fn carry_out(plans: &[Plan]) -> io::Result<()> {
    let mut staged = Staged::default();
    for plan in plans {
        let changed = |file: &&File| plan.stale.contains(&file.path) || plan.missing.contains(&file.path);
        for file in plan.files.iter().filter(changed) {
            staged.write(&plan.folder.join(&file.path), &file.text)?;
        }
    }
    staged.rename()?;
    for Plan { folder, orphaned, .. } in plans {
        for path in orphaned.iter().map(|path| folder.join(path)) {
            fs::remove_file(&path).map_err(|error| about(&path, &error))?;
            remove_empty_folders(path.parent(), folder);
        }
    }
    Ok(())
}

fn collect(folder: &Path, name: &str, found: &mut BTreeMap<String, Vec<u8>>) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(about(folder, &error)),
    };
    for entry in entries {
        let entry = entry?;
        let path = format!("{name}/{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &path, found)?;
        } else {
            found.insert(path, fs::read(entry.path()).map_err(|error| about(&entry.path(), &error))?);
        }
    }
    Ok(())
}

fn is_generated(bytes: &[u8]) -> bool {
    let first = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    String::from_utf8_lossy(first).contains(MARK)
}

fn remove_empty_folders(mut folder: Option<&Path>, root: &Path) {
    while let Some(path) = folder.filter(|path| *path != root && path.starts_with(root)) {
        if fs::remove_dir(path).is_err() {
            return;
        }
        folder = path.parent();
    }
}
