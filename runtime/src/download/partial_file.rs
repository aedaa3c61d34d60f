//! Writes a file that appears as a whole or not at all.
//!
//! Bytes go in; a file appears at the end. Until then they are in a neighbour, `.NAME.RANDOM.part`, which is locked: neighbours
//! that no process holds were left by a crash, and the next download to the same name deletes them.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, TryLockError};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use tempfile::NamedTempFile;

use crate::{Error, ErrorKind};

/// How many characters of a neighbour's name are random.
const RANDOM: usize = 12;

const SUFFIX: &str = ".part";

/// As many as Linux follows.
const MOST_LINKS: usize = 40;

/// How often a neighbour is created: another process may delete one that is not locked yet.
const MOST_NEIGHBOURS: usize = 100;

/// A file under another name beside its own, until it is whole. Dropped before that, it is removed.
#[derive(Debug)]
pub(crate) struct PartialFile {
    file: NamedTempFile,
    path: PathBuf,
}

impl PartialFile {
    /// Creates the neighbour of the file at the path; a file that exists there stays until the end.
    pub(crate) fn create(path: PathBuf) -> Result<Self, Error> {
        name(&path)?;
        let path = target(&path)?;
        let mut prefix = OsString::from(".");
        prefix.push(name(&path)?);
        prefix.push(".");
        remove_abandoned(folder(&path), &prefix);
        let mut builder = tempfile::Builder::new();
        builder.prefix(&prefix).suffix(SUFFIX).rand_bytes(RANDOM);
        // As any file that a program creates, but readable for no more than the file that it will replace.
        #[cfg(unix)]
        builder.permissions(permissions(&path).unwrap_or(std::os::unix::fs::PermissionsExt::from_mode(0o666)));
        for _ in 0..MOST_NEIGHBOURS {
            let file = builder
                .tempfile_in(folder(&path))
                .map_err(|error| failed("create a temporary file beside", &path, error))?;
            match file.as_file().try_lock() {
                // Before the lock, another process may have deleted it.
                Ok(()) if !file.path().exists() => {}
                Err(TryLockError::WouldBlock) => {}
                // A file system without locks: nobody can lock it to delete it either.
                Ok(()) | Err(TryLockError::Error(_)) => return Ok(Self { file, path }),
            }
        }
        Err(Error::new(ErrorKind::File, format!("temporary files beside `{}` keep vanishing", path.display())))
    }

    pub(crate) fn write(&mut self, chunks: &[Bytes]) -> Result<(), Error> {
        for chunk in chunks {
            self.file.write_all(chunk).map_err(|error| failed("write", &self.path, error))?;
        }
        Ok(())
    }

    /// Discards what was written.
    pub(crate) fn rewind(&mut self) -> Result<(), Error> {
        let rewound = self.file.rewind().and_then(|()| self.file.as_file().set_len(0));
        rewound.map_err(|error| failed("write", &self.path, error))
    }

    /// Gives the file its name, once everything is on the disk.
    pub(crate) fn finish(self) -> Result<(), Error> {
        let Self { file, path } = self;
        file.as_file().sync_all().map_err(|error| failed("write", &path, error))?;
        #[cfg(unix)]
        if let Some(permissions) = permissions(&path) {
            let kept = file.as_file().set_permissions(permissions);
            kept.map_err(|error| failed("keep the permissions of", &path, error))?;
        }
        file.persist(&path).map_err(|error| failed("rename what was downloaded to", &path, error.error))?;
        // The new name is to last too. Not every file system can do that for folders, and the file is there.
        if cfg!(unix) {
            let _ = File::open(folder(&path)).and_then(|folder| folder.sync_all());
        }
        Ok(())
    }
}

/// Follows symbolic links to the file that is to be replaced, which need not exist.
fn target(path: &Path) -> Result<PathBuf, Error> {
    let refuse = |what: &str| Err(Error::invalid_request(format!("`{}` {what}", path.display())));
    let existing = fs::metadata(path).ok();
    match &existing {
        Some(existing) if existing.is_dir() => return refuse("is a folder"),
        Some(existing) if !existing.is_file() => {
            return refuse("is not a regular file; help: copy to it from `reader` or `chunks`");
        }
        _ => {}
    }
    let mut target = path.to_owned();
    for _ in 0..MOST_LINKS {
        match fs::read_link(&target) {
            Ok(next) => target = folder(&target).join(next),
            // Such as of a file that is open, but deleted.
            Err(_) if existing.is_some() && !target.exists() => return refuse("leads to a file without a name"),
            Err(_) => return Ok(target),
        }
    }
    refuse("is a symbolic link that leads back to itself")
}

/// Returns the last part of a path; `a/b/` and `a/b/.` mean a folder.
fn name(path: &Path) -> Result<&OsStr, Error> {
    let is_last = |name: &&OsStr| path.as_os_str().as_encoded_bytes().ends_with(name.as_encoded_bytes());
    path.file_name()
        .filter(is_last)
        .ok_or_else(|| Error::invalid_request(format!("`{}` is not the name of a file", path.display())))
}

/// Returns who may read and write the file. Other bits, such as setuid, were given to what another owner put there.
#[cfg(unix)]
fn permissions(path: &Path) -> Option<fs::Permissions> {
    use std::os::unix::fs::PermissionsExt;

    let mode = fs::metadata(path).ok()?.permissions().mode();
    Some(fs::Permissions::from_mode(mode & 0o777))
}

/// Deletes the neighbours that no process holds. What can't be read or deleted stays: it is not needed for the download.
fn remove_abandoned(folder: &Path, prefix: &OsStr) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if !is_neighbour(&entry.file_name(), prefix) || !entry.file_type().is_ok_and(|kind| kind.is_file()) {
            continue;
        }
        // Network file systems lock only what is open for writing.
        let opened = File::options().read(true).write(true).open(entry.path()).or_else(|_| File::open(entry.path()));
        let Ok(file) = opened else { continue };
        // It is deleted while it is locked: whoever creates it checks after locking that it still exists.
        if file.try_lock().is_ok() {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn is_neighbour(name: &OsStr, prefix: &OsStr) -> bool {
    let random = name.as_encoded_bytes().strip_prefix(prefix.as_encoded_bytes());
    let random = random.and_then(|rest| rest.strip_suffix(SUFFIX.as_bytes()));
    random.is_some_and(|random| random.len() == RANDOM && random.iter().all(u8::is_ascii_alphanumeric))
}

fn folder(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

fn failed(what: &str, path: &Path, error: io::Error) -> Error {
    let mut message = format!("can't {what} `{}`: {error}", path.display());
    if error.kind() == io::ErrorKind::NotFound && fs::metadata(folder(path)).is_err() {
        message = format!("can't {what} `{}`: there is no such folder", path.display());
    }
    Error::new(ErrorKind::File, message).with_source(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    use std::os::unix::fs::FileTypeExt;

    fn names(folder: &Path) -> Vec<String> {
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn is_there_as_a_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        fs::write(&path, "before").unwrap();
        let mut partial = PartialFile::create(path.clone()).unwrap();
        partial.write(&[Bytes::from_static(b"a,"), Bytes::from_static(b"b")]).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"before");
        assert_eq!(names(folder.path()).len(), 2);
        partial.finish().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"a,b");
        assert_eq!(names(folder.path()), ["a.csv"]);

        let mut partial = PartialFile::create(path.clone()).unwrap();
        partial.write(&[Bytes::from_static(b"half")]).unwrap();
        drop(partial);
        assert_eq!(fs::read(&path).unwrap(), b"a,b");
        assert_eq!(names(folder.path()), ["a.csv"]);
    }

    #[test]
    #[cfg(unix)]
    fn has_the_permissions_of_any_file() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        let (ours, any) = (folder.path().join("ours"), folder.path().join("any"));
        PartialFile::create(ours.clone()).unwrap().finish().unwrap();
        fs::write(&any, "").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&ours), mode(&any));
    }

    #[test]
    fn says_what_is_wrong_with_the_path() {
        let folder = tempfile::tempdir().unwrap();
        let error = PartialFile::create(folder.path().join("no/a.csv")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::File);
        assert!(error.to_string().ends_with("there is no such folder"), "{error}");
        let error = PartialFile::create(folder.path().to_owned()).unwrap_err();
        assert!(error.to_string().ends_with("is a folder"), "{error}");
        let error = PartialFile::create(PathBuf::from("..")).unwrap_err();
        assert!(error.to_string().contains("is not the name of a file"), "{error}");
    }

    #[test]
    #[cfg(unix)]
    fn keeps_the_permissions_of_the_file_that_it_replaces() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
        for kept in [0o600, 0o640, 0o666, 0o444, 0o400] {
            fs::write(&path, "before").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(kept)).unwrap();
            let mut partial = PartialFile::create(path.clone()).unwrap();
            assert_eq!(mode(partial.file.path()) & !kept, 0, "nobody else reads what comes");
            partial.write(&[Bytes::from_static(b"after")]).unwrap();
            partial.finish().unwrap();
            assert_eq!((mode(&path), fs::read(&path).unwrap().as_slice()), (kept, &b"after"[..]), "{kept:o}");
            fs::remove_file(&path).unwrap();
        }
        // What another owner's program may do is not for what comes from elsewhere.
        fs::write(&path, "before").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o6755)).unwrap();
        PartialFile::create(path.clone()).unwrap().finish().unwrap();
        assert_eq!(mode(&path), 0o755);
    }

    #[test]
    fn deletes_neighbours_that_nobody_holds() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        let concurrent = PartialFile::create(path.clone()).unwrap();
        // As a process leaves it that is killed.
        let abandoned = folder.path().join(".a.csv.AbCdEf012345.part");
        fs::write(&abandoned, "half").unwrap();
        let others =
            [".a.csv.AbCdEf.part", ".a.csv.b.AbCdEf01234.part", ".b.csv.AbCdEf012345.part", "a.csv.AbCdEf012345.part"];
        for other in others {
            fs::write(folder.path().join(other), "").unwrap();
        }
        let mut partial = PartialFile::create(path.clone()).unwrap();
        assert!(!abandoned.exists());
        assert_eq!(names(folder.path()).len(), 2 + others.len());
        partial.write(&[Bytes::from_static(b"second")]).unwrap();
        partial.finish().unwrap();
        concurrent.finish().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"");
        assert_eq!(names(folder.path()).len(), 1 + others.len());
    }

    #[test]
    fn many_at_once_do_not_disturb_each_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
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
        assert_eq!(names(folder.path()), ["a.csv"]);
    }

    #[test]
    fn refuses_what_can_not_be_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| PartialFile::create(folder.path().join(name)).unwrap_err();
        for name in ["new/", "new/.", "new//", "", ".", "..", "new/.."] {
            assert!(matches!(at(name).kind(), ErrorKind::InvalidRequest | ErrorKind::File), "{name:?}: {}", at(name));
        }
        assert_eq!(at("new/").kind(), ErrorKind::InvalidRequest);
        assert_eq!(at("no/new").kind(), ErrorKind::File);
        assert_eq!(at(&"x".repeat(250)).kind(), ErrorKind::File);
        fs::write(folder.path().join("file"), "").unwrap();
        assert_eq!(at("file/a.csv").kind(), ErrorKind::File);
        assert_eq!(names(folder.path()), ["file"]);
    }

    #[test]
    #[cfg(unix)]
    fn follows_links_and_refuses_special_files() {
        use std::os::unix::fs::symlink;

        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
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
    fn any_name_will_do() {
        use std::os::unix::ffi::OsStrExt;

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(OsStr::from_bytes(b"\xff caf\xe9"));
        fs::write(folder.path().join(OsStr::from_bytes(b".\xff caf\xe9.AbCdEf012345.part")), "").unwrap();
        PartialFile::create(path.clone()).unwrap().finish().unwrap();
        assert!(path.exists());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert_eq!(PartialFile::create("/proc/a.csv".into()).unwrap_err().kind(), ErrorKind::File);
    }
}
