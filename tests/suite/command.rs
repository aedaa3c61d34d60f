//! `cargo xtask codegen`, run as its users run it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;
use std::time::SystemTime;

use serde_json::Value;
use stripe_reporting_tests::project;
use tempfile::TempDir;

use crate::cargo::{cargo, target};

/// The command's program; tests of one package can't ask for another's.
static XTASK: LazyLock<PathBuf> = LazyLock::new(|| {
    let target = target().join("command");
    let mut build = cargo(&project());
    let built =
        build.args(["build", "--package", "xtask", "--quiet"]).env("CARGO_TARGET_DIR", &target).output().unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    target.join("debug").join(format!("xtask{}", std::env::consts::EXE_SUFFIX))
});

/// The command of a project, as cargo would run it in a folder.
pub(crate) fn xtask(project: &Path, folder: &Path, arguments: &[&str]) -> Output {
    xtask_command(project, folder, arguments).output().unwrap()
}

/// The same, not run yet.
pub(crate) fn xtask_command(project: &Path, folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(&*XTASK);
    command.args(arguments).current_dir(folder).env("CARGO_MANIFEST_DIR", project.join("xtask"));
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    xtask(&project(), folder, &[&["codegen"], arguments].concat())
}

pub(crate) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub(crate) fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

/// All files of a folder with their content.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut pending = vec![folder.to_owned()];
    while let Some(at) = pending.pop() {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                pending.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// A folder with a small description in `spec`.
fn small() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("spec")).unwrap();
    for name in ["wait", "thin_event"] {
        let from = stripe_reporting_tests::fixtures("dialect").join(format!("{name}.yaml"));
        fs::copy(from, folder.path().join(format!("{name}.yaml"))).unwrap();
    }
    fs::copy(folder.path().join("wait.yaml"), folder.path().join("spec/wait.yaml")).unwrap();
    folder
}

const SMALL: &[&str] = &["--spec", "spec", "--out", "out"];

#[test]
fn the_project_is_up_to_date() {
    let output = run(&project(), &["--check"]);
    assert_eq!(code(&output), 0, "{}", said(&output));
}

#[test]
fn an_empty_folder_becomes_a_crate_and_stays_as_it_is() {
    let folder = small();
    let first = run(folder.path(), SMALL);
    assert_eq!(code(&first), 0, "{}", said(&first));
    let out = folder.path().join("out");
    let written = files(&out);
    assert!(written.contains_key("Cargo.toml") && written.contains_key("src/lib.rs"));
    let times = || -> BTreeMap<String, SystemTime> {
        let time = |name: &String| fs::metadata(out.join(name)).unwrap().modified().unwrap();
        written.keys().map(|name| (name.clone(), time(name))).collect()
    };
    let before = times();
    let second = run(folder.path(), SMALL);
    assert!(said(&second).contains("0 written, 0 removed"), "{}", said(&second));
    assert_eq!(times(), before);
    assert_eq!(code(&run(folder.path(), &["--spec", "spec", "--out", "out", "--check"])), 0);
    assert_eq!(files(&out), written);
}

#[test]
fn check_lists_what_differs_and_codegen_mends_it() {
    let folder = small();
    run(folder.path(), SMALL);
    let out = folder.path().join("out");
    let fresh = files(&out);
    let edited = out.join("src/v1/run.rs");
    let mut text = fs::read_to_string(&edited).unwrap();
    text.push_str("// mine\n");
    fs::write(&edited, text).unwrap();
    fs::remove_file(out.join("src/lib.rs")).unwrap();
    fs::create_dir(out.join("src/v3")).unwrap();
    fs::write(out.join("src/v3/old.rs"), "// @generated long ago\n").unwrap();
    let stale = files(&out);

    let check = run(folder.path(), &["--spec", "spec", "--out", "out", "--check"]);
    assert_eq!(code(&check), 1);
    let text = said(&check);
    for line in ["stale: ", "missing: ", "orphaned: ", "src/v1/run.rs", "src/lib.rs", "src/v3/old.rs"] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    assert!(text.contains("run `cargo xtask codegen --spec spec --out out`"), "{text}");
    assert_eq!(files(&out), stale, "a check writes nothing");

    let json = run(folder.path(), &["--spec", "spec", "--out", "out", "--check", "--message-format", "json"]);
    let codes: Vec<_> = String::from_utf8(json.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["code"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(codes, ["stale-file", "missing-file", "orphaned-file"]);

    assert_eq!(code(&run(folder.path(), SMALL)), 0);
    assert_eq!(files(&out), fresh);
    assert!(!out.join("src/v3").exists());
}

#[test]
fn a_file_that_was_not_generated_is_never_touched() {
    for name in ["src/mine.rs", "Cargo.toml", "src/lib.rs"] {
        let folder = small();
        let file = folder.path().join("out").join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, "mine\n").unwrap();
        let before = files(folder.path());
        for arguments in [SMALL, &["--spec", "spec", "--out", "out", "--check"]] {
            let output = run(folder.path(), arguments);
            assert_eq!(code(&output), 1, "{name}");
            assert!(said(&output).contains(name), "{}", said(&output));
        }
        assert_eq!(files(folder.path()), before, "{name}");
    }
}

#[test]
fn a_bad_description_writes_nothing_and_tells_all_mistakes_of_all_files() {
    let folder = small();
    run(folder.path(), SMALL);
    for name in ["one", "two"] {
        let text = "openapi: 3.0.3\ninfo: {title: a, version: b}\npaths: {}\ncomponents: {schemas: {a: {tpe: strng, type: strng}}}\n";
        fs::write(folder.path().join(format!("spec/{name}.yaml")), text).unwrap();
    }
    let before = files(folder.path());
    let output = run(folder.path(), SMALL);
    assert_eq!(code(&output), 1);
    let text = said(&output);
    for part in ["one.yaml:4:", "two.yaml:4:", "nothing was written", "did you mean `string`?"] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert_eq!(files(folder.path()), before);

    let json = run(folder.path(), &["--spec", "spec", "--out", "out", "--message-format", "json"]);
    assert_eq!(code(&json), 1);
    let lines = String::from_utf8(json.stdout).unwrap();
    assert!(lines.lines().count() >= 2);
    for line in lines.lines() {
        let object: Value = serde_json::from_str(line).unwrap();
        for key in ["code", "file", "line", "column", "pointer", "message", "help"] {
            assert!(object.get(key).is_some(), "{key} is not in {line}");
        }
    }
}

#[test]
fn wrong_usage_is_told_apart() {
    let folder = small();
    fs::create_dir(folder.path().join("empty")).unwrap();
    fs::write(folder.path().join("text.txt"), "").unwrap();
    for (arguments, part) in [
        (&["--what"][..], "--what"),
        (&["--spec", "missing.yaml"], "missing.yaml"),
        (&["--spec", "empty"], "empty"),
        (&["--spec", "text.txt"], "text.txt"),
        (&["--spec", "spec", "--out", "text.txt"], "text.txt"),
        (&["--spec", "spec", "--out", "out", "--crate-name", "1st"], "1st"),
        (&["--spec", "spec", "--out", "out", "--crate-name", "fn"], "fn"),
        (&["--message-format", "xml"], "xml"),
    ] {
        let output = run(folder.path(), arguments);
        assert_eq!(code(&output), 2, "{arguments:?}: {}", said(&output));
        assert!(said(&output).contains(part), "{arguments:?}: {}", said(&output));
    }
    assert!(!folder.path().join("out").exists());
}

#[test]
fn the_name_of_the_crate_shows_in_its_manifest_and_its_examples() {
    let folder = small();
    run(folder.path(), &["--spec", "spec", "--out", "out", "--crate-name", "other-name"]);
    let manifest = fs::read_to_string(folder.path().join("out/Cargo.toml")).unwrap();
    assert!(manifest.contains("name = \"other-name\""), "{manifest}");
    let source = fs::read_to_string(folder.path().join("out/src/v1/run.rs")).unwrap();
    assert!(source.contains("use other_name::v1::Run;"), "{source}");
}

#[test]
fn files_folders_endings_and_places_make_no_difference() {
    let folder = small();
    run(folder.path(), SMALL);
    let expected = files(&folder.path().join("out"));
    let inside = folder.path().join("spec");
    let output = run(&inside, &["--spec", "wait.yaml", "--spec", "../spec", "--out", "../other"]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    assert_eq!(files(&folder.path().join("other")), expected);

    fs::rename(folder.path().join("spec/wait.yaml"), folder.path().join("spec/wait.yml")).unwrap();
    run(folder.path(), &["--spec", "spec", "--out", "third"]);
    let renamed = files(&folder.path().join("third"));
    assert_eq!(renamed.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
}

#[test]
fn two_files_become_one_crate() {
    let folder = small();
    let other = r##"{
        "openapi": "3.0.3", "info": {"title": "Other", "version": "2020-01-01"}, "paths": {},
        "components": {"schemas": {"v2.core.walk": {"type": "object", "properties": {"steps": {"type": "integer"}}}}}
    }"##;
    fs::write(folder.path().join("other.json"), other).unwrap();
    let output = run(folder.path(), &["--spec", "wait.yaml", "--spec", "other.json", "--out", "out"]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    let written = files(&folder.path().join("out"));
    assert!(
        written.contains_key("src/v1/run.rs") && written.contains_key("src/v2/core/walk.rs"),
        "{:?}",
        written.keys()
    );
}
