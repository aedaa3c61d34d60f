//! Writes a file atomically.
//!
//! The bytes are written to a temporary file next to the target, `.NAME.RANDOM.part`, which is renamed at the end. It is
//! locked until then: an unlocked one was left by a crash, and is deleted by the next download to the same target.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, TryLockError};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use tempfile::NamedTempFile;

use crate::{Error, ErrorKind};

/// The number of random characters in the name of a temporary file.
const RANDOM: usize = 12;

const SUFFIX: &str = ".part";

/// The limit of Linux.
const MAX_LINKS: usize = 40;

/// A temporary file next to its target; deleted when dropped before [`finish`](Self::finish).
#[derive(Debug)]
pub(crate) struct PartialFile {
    file: NamedTempFile,
    path: PathBuf,
}

impl PartialFile {
    /// Creates the temporary file. A file that exists at the path is replaced by [`finish`](Self::finish).
    pub(crate) fn create(path: PathBuf) -> Result<Self, Error> {
        name(&path)?;
        let path = target(&path)?;
        let mut prefix = OsString::from(".");
        prefix.push(name(&path)?);
        prefix.push(".");
        delete_abandoned(directory(&path), &prefix);
        let mut builder = tempfile::Builder::new();
        builder.prefix(&prefix).suffix(SUFFIX).rand_bytes(RANDOM);
        // The permissions of the file to replace, or those of any new file.
        #[cfg(unix)]
        builder.permissions(permissions(&path).unwrap_or(std::os::unix::fs::PermissionsExt::from_mode(0o666)));
        loop {
            let file = builder
                .tempfile_in(directory(&path))
                .map_err(|error| failed("create a temporary file next to", &path, error))?;
            match file.as_file().try_lock() {
                // Another process may have deleted it before it was locked.
                Ok(()) if !file.path().exists() => {}
                Err(TryLockError::WouldBlock) => {}
                // On a file system without locks, no process can lock it to delete it.
                Ok(()) | Err(TryLockError::Error(_)) => return Ok(Self { file, path }),
            }
        }
    }

    pub(crate) fn write(&mut self, chunks: &[Bytes]) -> Result<(), Error> {
        for chunk in chunks {
            self.file.write_all(chunk).map_err(|error| failed("write", &self.path, error))?;
        }
        Ok(())
    }

    /// Discards the bytes written so far.
    pub(crate) fn rewind(&mut self) -> Result<(), Error> {
        let rewound = self.file.rewind().and_then(|()| self.file.as_file().set_len(0));
        rewound.map_err(|error| failed("write", &self.path, error))
    }

    /// Syncs the file and renames it to the target.
    pub(crate) fn finish(self) -> Result<(), Error> {
        let Self { file, path } = self;
        file.as_file().sync_all().map_err(|error| failed("write", &path, error))?;
        #[cfg(unix)]
        if let Some(permissions) = permissions(&path) {
            let kept = file.as_file().set_permissions(permissions);
            kept.map_err(|error| failed("set the permissions of", &path, error))?;
        }
        file.persist(&path).map_err(|error| failed("rename the temporary file to", &path, error.error))?;
        // Sync the rename as well, where the file system supports it.
        if cfg!(unix) {
            let _ = File::open(directory(&path)).and_then(|directory| directory.sync_all());
        }
        Ok(())
    }
}

/// Follows symbolic links to the file to replace, which may not exist.
fn target(path: &Path) -> Result<PathBuf, Error> {
    let refuse = |what: &str| Err(Error::invalid_request(format!("`{}` {what}", path.display())));
    match fs::metadata(path) {
        Ok(existing) if existing.is_dir() => return refuse("is a directory"),
        Ok(existing) if !existing.is_file() => {
            return refuse("is not a regular file; help: write to it from `reader` or `chunks`");
        }
        _ => {}
    }
    let mut target = path.to_owned();
    for _ in 0..MAX_LINKS {
        match fs::read_link(&target) {
            Ok(next) => target = directory(&target).join(next),
            Err(_) => return Ok(target),
        }
    }
    refuse("is a loop of symbolic links")
}

/// Returns the file name of a path; `a/b/` and `a/b/.` are directories.
fn name(path: &Path) -> Result<&OsStr, Error> {
    let is_last = |name: &&OsStr| path.as_os_str().as_encoded_bytes().ends_with(name.as_encoded_bytes());
    path.file_name()
        .filter(is_last)
        .ok_or_else(|| Error::invalid_request(format!("`{}` is not a file name", path.display())))
}

/// Returns the permissions of the file without bits such as setuid, which the new content must not inherit.
#[cfg(unix)]
fn permissions(path: &Path) -> Option<fs::Permissions> {
    use std::os::unix::fs::PermissionsExt;

    let mode = fs::metadata(path).ok()?.permissions().mode();
    Some(fs::Permissions::from_mode(mode & 0o777))
}

/// Deletes temporary files that no process has locked. Ignores errors: the download does not depend on it.
fn delete_abandoned(directory: &Path, prefix: &OsStr) {
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        if !is_temporary(&entry.file_name(), prefix) || !entry.file_type().is_ok_and(|kind| kind.is_file()) {
            continue;
        }
        // Network file systems only lock files that are open for writing.
        let opened = File::options().read(true).write(true).open(entry.path()).or_else(|_| File::open(entry.path()));
        let Ok(file) = opened else { continue };
        // Deleted while locked: `create` checks that the file exists after locking it.
        if file.try_lock().is_ok() {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn is_temporary(name: &OsStr, prefix: &OsStr) -> bool {
    let random = name.as_encoded_bytes().strip_prefix(prefix.as_encoded_bytes());
    let random = random.and_then(|rest| rest.strip_suffix(SUFFIX.as_bytes()));
    random.is_some_and(|random| random.len() == RANDOM && random.iter().all(u8::is_ascii_alphanumeric))
}

fn directory(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn failed(what: &str, path: &Path, error: io::Error) -> Error {
    let mut message = format!("cannot {what} `{}`: {error}", path.display());
    if error.kind() == io::ErrorKind::NotFound && fs::metadata(directory(path)).is_err() {
        message = format!("cannot {what} `{}`: the directory does not exist", path.display());
    }
    Error::new(ErrorKind::File, message).with_source(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};

    fn names(directory: &Path) -> Vec<String> {
        fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    #[cfg(unix)]
    fn new_files_have_default_permissions() {
        let directory = tempfile::tempdir().unwrap();
        let (ours, any) = (directory.path().join("ours"), directory.path().join("any"));
        PartialFile::create(ours.clone()).unwrap().finish().unwrap();
        fs::write(&any, "").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&ours), mode(&any));
    }

    #[test]
    #[cfg(unix)]
    fn keeps_the_permissions_of_a_replaced_file() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.csv");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
        for kept in [0o600, 0o640, 0o666, 0o444, 0o400] {
            fs::write(&path, "before").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(kept)).unwrap();
            let mut partial = PartialFile::create(path.clone()).unwrap();
            assert_eq!(mode(partial.file.path()) & !kept, 0, "the temporary file is not more accessible");
            partial.write(&[Bytes::from_static(b"after")]).unwrap();
            partial.finish().unwrap();
            assert_eq!((mode(&path), fs::read(&path).unwrap().as_slice()), (kept, &b"after"[..]), "{kept:o}");
            fs::remove_file(&path).unwrap();
        }
        // Downloaded content must not inherit setuid.
        fs::write(&path, "before").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o6755)).unwrap();
        PartialFile::create(path.clone()).unwrap().finish().unwrap();
        assert_eq!(mode(&path), 0o755);
    }

    #[test]
    fn deletes_abandoned_temporary_files() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.csv");
        let concurrent = PartialFile::create(path.clone()).unwrap();
        // As left by a killed process.
        let abandoned = directory.path().join(".a.csv.AbCdEf012345.part");
        fs::write(&abandoned, "half").unwrap();
        let others =
            [".a.csv.AbCdEf.part", ".a.csv.b.AbCdEf01234.part", ".b.csv.AbCdEf012345.part", "a.csv.AbCdEf012345.part"];
        for other in others {
            fs::write(directory.path().join(other), "").unwrap();
        }
        let mut partial = PartialFile::create(path.clone()).unwrap();
        assert!(!abandoned.exists());
        assert_eq!(names(directory.path()).len(), 2 + others.len());
        partial.write(&[Bytes::from_static(b"second")]).unwrap();
        partial.finish().unwrap();
        concurrent.finish().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"");
        assert_eq!(names(directory.path()).len(), 1 + others.len());
    }

    #[test]
    fn concurrent_writers_do_not_interfere() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.csv");
        std::thread::scope(|scope| {
            for writer in b'a'..b'i' {
                let path = &path;
                scope.spawn(move || {
                    for _ in 0..25 {
                        let mut partial = PartialFile::create(path.clone()).unwrap();
                        partial.write(&[Bytes::from(vec![writer; 1000])]).unwrap();
                        assert!(partial.file.path().exists());
                        partial.finish().unwrap();
                    }
                });
            }
        });
        let written = fs::read(&path).unwrap();
        assert!(written.len() == 1000 && written.iter().all(|byte| *byte == written[0]));
        assert_eq!(names(directory.path()), ["a.csv"]);
    }

    #[test]
    fn refuses_invalid_file_names() {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("file"), "").unwrap();
        for (name, kind, expected) in [
            ("no/a.csv", ErrorKind::File, "the directory does not exist"),
            ("file/a.csv", ErrorKind::File, "cannot create a temporary file"),
            ("", ErrorKind::InvalidRequest, "is not a file name"),
            ("new//", ErrorKind::InvalidRequest, "is not a file name"),
            ("new/..", ErrorKind::InvalidRequest, "is not a file name"),
            (".", ErrorKind::InvalidRequest, "is not a file name"),
            ("..", ErrorKind::InvalidRequest, "is not a file name"),
        ] {
            let error = PartialFile::create(directory.path().join(name)).unwrap_err();
            assert!(error.kind() == kind && error.to_string().contains(expected), "{name:?}: {error}");
        }
        assert_eq!(names(directory.path()), ["file"]);
    }

    #[test]
    #[cfg(unix)]
    fn follows_links_and_refuses_special_files() {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        fs::create_dir(at("data")).unwrap();
        fs::write(at("data/old.csv"), "before").unwrap();
        for (link, target) in [("old", "data/old.csv"), ("new", "data/new.csv"), ("link", "old"), ("loop", "loop")] {
            symlink(target, at(link)).unwrap();
        }
        for (link, target) in [("old", "data/old.csv"), ("new", "data/new.csv"), ("link", "data/old.csv")] {
            let mut partial = PartialFile::create(at(link)).unwrap();
            partial.write(&[Bytes::copy_from_slice(link.as_bytes())]).unwrap();
            partial.finish().unwrap();
            assert!(fs::symlink_metadata(at(link)).unwrap().is_symlink());
            assert_eq!(fs::read(at(target)).unwrap(), link.as_bytes());
        }
        let _socket = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
        for name in [at("loop"), at("data"), at("socket"), "/dev/null".into()] {
            let error = PartialFile::create(name.clone()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
        }
        assert!(fs::symlink_metadata("/dev/null").unwrap().file_type().is_char_device());
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn supports_names_that_are_not_utf8() {
        use std::os::unix::ffi::OsStrExt;

        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(OsStr::from_bytes(b"\xff caf\xe9"));
        fs::write(directory.path().join(OsStr::from_bytes(b".\xff caf\xe9.AbCdEf012345.part")), "").unwrap();
        PartialFile::create(path.clone()).unwrap().finish().unwrap();
        assert!(path.exists());
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
        assert_eq!(PartialFile::create("/proc/a.csv".into()).unwrap_err().kind(), ErrorKind::File);
    }
}
