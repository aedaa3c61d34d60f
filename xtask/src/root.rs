//! The project's folder, and paths relative to it.

use std::env;
use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

/// Returns the project's folder.
pub(crate) fn project() -> PathBuf {
    let manifest =
        env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    let root = manifest.parent().unwrap_or(&manifest);
    absolute(root)
}

/// Returns the folder of the project that the current directory is in, which need not be the one that was built: the next folder
/// with a folder `spec`. Outside of any, it is the one that was built.
pub(crate) fn current() -> PathBuf {
    let here = env::current_dir().unwrap_or_default();
    here.ancestors().find(|folder| folder.join("spec").is_dir()).map_or_else(project, absolute)
}

/// Resolves links, `.` and `..` in a path whose last parts may not exist yet.
pub(crate) fn absolute(path: &Path) -> PathBuf {
    let full = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut missing: Vec<&OsStr> = Vec::new();
    let mut existing = full.as_path();
    loop {
        if let Ok(found) = existing.canonicalize() {
            return missing.iter().rev().fold(found, |path, part| path.join(part));
        }
        match (existing.parent(), existing.file_name()) {
            (Some(parent), Some(name)) => {
                missing.push(name);
                existing = parent;
            }
            _ => return full,
        }
    }
}

/// Returns the path relative to a folder, both absolute, with slashes.
pub(crate) fn relative(from: &Path, to: &Path) -> String {
    let (from_parts, to_parts): (Vec<_>, Vec<_>) = (from.components().collect(), to.components().collect());
    let shared = from_parts.iter().zip(&to_parts).take_while(|(a, b)| a == b).count();
    if shared == 0 {
        return slashes(to);
    }
    let up = from_parts.iter().skip(shared).map(|_| Component::ParentDir);
    let down = to_parts.iter().skip(shared).copied();
    let path: PathBuf = up.chain(down).collect();
    if path.as_os_str().is_empty() { ".".to_owned() } else { slashes(&path) }
}

/// Returns a path as messages show it: relative to the project's folder if it is inside.
pub(crate) fn shown(path: &Path) -> String {
    let full = absolute(path);
    let inside = [project(), current()].into_iter().find_map(|folder| full.strip_prefix(folder).ok().map(slashes));
    inside.filter(|inside| !inside.is_empty()).unwrap_or_else(|| slashes(path))
}

fn slashes(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}
