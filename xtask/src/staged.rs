//! Writes files: all of them, or none. Links stay links, and files keep their permissions.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process;

use crate::root;

/// Temporary files with the paths that they get; those that were not renamed are removed on drop.
#[derive(Default)]
pub(crate) struct Staged {
    files: Vec<Pending>,
}

/// A temporary file.
struct Pending {
    staged: PathBuf,
    path: PathBuf,
    /// The text that the path must still have, and its file, which is locked.
    read: Option<(String, File)>,
}

impl Staged {
    /// Writes a temporary file.
    pub(crate) fn write(&mut self, path: &Path, text: &str) -> io::Result<()> {
        self.stage(path, text, None)
    }

    /// Writes a temporary file for one that was read, and that must not have changed since.
    pub(crate) fn replace(&mut self, path: &Path, old: &str, text: &str) -> io::Result<()> {
        let file = File::open(path).map_err(|error| about(path, &error))?;
        // Where files cannot be locked, a change between the comparison and the renaming is lost.
        let _ = file.lock();
        // Renaming would replace it all the same.
        if file.metadata().map_err(|error| about(path, &error))?.permissions().readonly() {
            let message = format!("`{}` is read-only", root::shown(path));
            return Err(io::Error::new(io::ErrorKind::PermissionDenied, message));
        }
        self.stage(path, text, Some((old.to_owned(), file)))
    }

    fn stage(&mut self, path: &Path, text: &str, read: Option<(String, File)>) -> io::Result<()> {
        // Renaming to a link would replace the link.
        let path = root::absolute(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| about(folder, &error))?;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let staged = path.with_file_name(format!(".{name}.{}", process::id()));
        let write = || {
            let mut file = File::create(&staged)?;
            if let Ok(metadata) = fs::metadata(&path) {
                file.set_permissions(metadata.permissions())?;
            }
            file.write_all(text.as_bytes())?;
            file.sync_all()
        };
        let written = write().map_err(|error| about(&path, &error));
        self.files.push(Pending { staged, path, read });
        written
    }

    /// Renames all temporary files to their paths.
    pub(crate) fn rename(mut self) -> io::Result<()> {
        for Pending { path, read, .. } in &self.files {
            let Some((old, _)) = read else { continue };
            if fs::read(path).map_err(|error| about(path, &error))? != old.as_bytes() {
                let message = format!("`{}` has changed meanwhile\nhelp: run the command again", root::shown(path));
                return Err(io::Error::other(message));
            }
        }
        // The locks end with the loop.
        for Pending { staged, path, .. } in &std::mem::take(&mut self.files) {
            fs::rename(staged, path).map_err(|error| about(path, &error))?;
        }
        Ok(())
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        for Pending { staged, .. } in &self.files {
            // A temporary file that cannot be removed changes nothing that was generated.
            let _ = fs::remove_file(staged);
        }
    }
}

/// Returns an error with the path that it is about.
pub(crate) fn about(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("`{}`: {error}", root::shown(path)))
}
