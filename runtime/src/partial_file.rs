//! Files that are there as a whole or not at all.

use std::fs::{self, File};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use tempfile::NamedTempFile;

use crate::{Error, ErrorKind};

/// A file under another name beside the one asked for, until it is whole. Dropped before that, it is gone.
#[derive(Debug)]
pub(crate) struct PartialFile {
    file: NamedTempFile,
    path: PathBuf,
}

impl PartialFile {
    /// Begins the file that is to be at the path; what is there now stays until then.
    pub(crate) fn create(path: PathBuf) -> Result<Self, Error> {
        let refuse = |error: io::Error| failed("create a file beside", &path, error);
        let Some(name) = path.file_name() else {
            return Err(Error::invalid_request(format!("`{}` is no name for a file", path.display())));
        };
        if path.is_dir() {
            return Err(Error::invalid_request(format!("`{}` is a folder", path.display())));
        }
        let mut prefix = std::ffi::OsString::from(".");
        prefix.push(name);
        prefix.push(".");
        let mut builder = tempfile::Builder::new();
        builder.prefix(&prefix).suffix(".part");
        // As any file that a program creates; otherwise it would be readable for its owner only.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let file = builder.tempfile_in(folder(&path)).map_err(refuse)?;
        Ok(Self { file, path })
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
        file.persist(&path).map_err(|error| failed("rename what was downloaded to", &path, error.error))?;
        // The new name is to last too. Not every file system can do that for folders, and the file is there.
        if cfg!(unix) {
            let _ = File::open(folder(&path)).and_then(|folder| folder.sync_all());
        }
        Ok(())
    }
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
        assert!(error.to_string().contains("is no name for a file"), "{error}");
    }
}
