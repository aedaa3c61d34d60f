//! Saved files.

use super::*;

#[test]
fn never_saves_a_truncated_file() {
    let body = large();
    each(|kind| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("result.csv");
        fs::write(&path, "before").unwrap();
        let (_store, url) = pre_signed([Reply::new(200, "text/csv", body.clone()).truncated_at(1_000_000)]);
        let client = kind.with("http://127.0.0.1:1", quick().max_retries(0));
        let error = client.save(&run("succeeded", Some((&url, body.len()))), &path).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connection, "{error:?}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "before");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "the partial file is deleted");

        let (_store, url) = pre_signed([Reply::file(CSV)]);
        let error = kind.client("http://127.0.0.1:1").save(&run("succeeded", Some((&url, 7))), &path).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Download, "expected another size");
        assert_eq!(fs::read_to_string(&path).unwrap(), "before");
    });
}

#[test]
#[cfg(target_os = "linux")]
fn an_unwritable_path_fails_before_the_first_request() {
    each(|kind| {
        let folder = tempfile::tempdir().unwrap();
        let (store, url) = pre_signed([]);
        let run = run("succeeded", Some((&url, CSV.len())));
        let client = kind.client("http://127.0.0.1:1");
        let long = "x".repeat(250);
        for (name, expected) in [
            ("missing/result.csv", ErrorKind::File),
            ("new/", ErrorKind::InvalidRequest),
            ("new/.", ErrorKind::InvalidRequest),
            ("", ErrorKind::InvalidRequest),
            (&long, ErrorKind::File),
            ("/dev/null", ErrorKind::InvalidRequest),
            ("/proc/result.csv", ErrorKind::File),
        ] {
            let error = client.save(&run, &folder.path().join(name)).unwrap_err();
            assert_eq!(error.kind(), expected, "{kind:?}, {name}: {error}");
        }
        assert!(store.requests().is_empty());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    });
}

#[test]
#[cfg(unix)]
fn replaces_a_file_through_links_and_keeps_its_permissions() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    each(|kind| {
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("result.csv"), folder.path().join("latest"));
        fs::write(&path, "before").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        symlink("result.csv", &link).unwrap();
        // One of a killed process, and one that is locked by a running download.
        let [abandoned, held] = ["AbandonedAbc", "HeldHeldHeld"].map(|random| {
            let neighbour = folder.path().join(format!(".result.csv.{random}.part"));
            fs::write(&neighbour, "half").unwrap();
            neighbour
        });
        let lock = fs::File::open(&held).unwrap();
        lock.try_lock().unwrap();
        let (_store, url) = pre_signed([Reply::file(CSV)]);
        let client = kind.client("http://127.0.0.1:1");
        client.save(&run("succeeded", Some((&url, CSV.len()))), &link).unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&path).unwrap(), CSV);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(!abandoned.exists() && held.exists());
    });
}
