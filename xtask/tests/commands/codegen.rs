//! `cargo xtask codegen`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Output;
use std::time::SystemTime;

use serde_json::Value;
use stripe_reporting_tests::{fixtures, project};
use tempfile::TempDir;

use super::{code, files, stderr, stdout, xtask};

fn run(folder: &Path, arguments: &[&str]) -> Output {
    xtask(&project(), folder, &[&["codegen"], arguments].concat())
}

/// Creates a folder with a small description in `spec`.
fn small() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("spec")).unwrap();
    for name in ["wait", "thin_event"] {
        let from = fixtures("dialect").join(format!("{name}.yaml"));
        fs::copy(from, folder.path().join(format!("{name}.yaml"))).unwrap();
    }
    fs::copy(folder.path().join("wait.yaml"), folder.path().join("spec/wait.yaml")).unwrap();
    folder
}

const SMALL: &[&str] = &["--spec", "spec", "--out", "out"];

#[test]
fn the_generated_crate_of_the_project_is_up_to_date() {
    let output = run(&project(), &["--check"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
}

#[test]
fn a_crate_is_written_once_and_then_unchanged() {
    let folder = small();
    let first = run(folder.path(), SMALL);
    assert_eq!(code(&first), 0, "{}", stderr(&first));
    let out = folder.path().join("out");
    let written = files(&out);
    assert!(written.contains_key("Cargo.toml") && written.contains_key("src/lib.rs"));
    let times = || -> BTreeMap<String, SystemTime> {
        let time = |name: &String| fs::metadata(out.join(name)).unwrap().modified().unwrap();
        written.keys().map(|name| (name.clone(), time(name))).collect()
    };
    let before = times();
    let second = run(folder.path(), SMALL);
    assert!(stderr(&second).contains("0 written, 0 removed"), "{}", stderr(&second));
    assert_eq!(times(), before);
    assert_eq!(code(&run(folder.path(), &["--spec", "spec", "--out", "out", "--check"])), 0);
    assert_eq!(files(&out), written);
}

#[test]
fn check_lists_the_differences_and_codegen_fixes_them() {
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
    let text = stderr(&check);
    for line in ["stale: ", "missing: ", "orphaned: ", "src/v1/run.rs", "src/lib.rs", "src/v3/old.rs"] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    assert!(text.contains("run `cargo xtask codegen --spec spec --out out`"), "{text}");
    assert_eq!(files(&out), stale, "a check writes nothing");

    let json = run(folder.path(), &["--spec", "spec", "--out", "out", "--check", "--message-format", "json"]);
    let codes: Vec<_> = stdout(&json)
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
            assert!(stderr(&output).contains(name), "{}", stderr(&output));
        }
        assert_eq!(files(folder.path()), before, "{name}");
    }
}

#[test]
fn an_invalid_description_writes_nothing_and_reports_the_errors_of_all_files() {
    let folder = small();
    run(folder.path(), SMALL);
    for name in ["one", "two"] {
        let text = "openapi: 3.0.3\ninfo: {title: a, version: b}\npaths: {}\ncomponents: {schemas: {a: {tpe: strng, type: strng}}}\n";
        fs::write(folder.path().join(format!("spec/{name}.yaml")), text).unwrap();
    }
    let before = files(folder.path());
    let output = run(folder.path(), SMALL);
    assert_eq!(code(&output), 1);
    let text = stderr(&output);
    for part in ["one.yaml:4:", "two.yaml:4:", "nothing was written", "did you mean `string`?"] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    assert_eq!(files(folder.path()), before);

    let json = run(folder.path(), &["--spec", "spec", "--out", "out", "--message-format", "json"]);
    assert_eq!(code(&json), 1);
    let lines = stdout(&json);
    assert!(lines.lines().count() >= 2);
    for line in lines.lines() {
        let object: Value = serde_json::from_str(line).unwrap();
        for key in ["code", "file", "line", "column", "pointer", "message", "help"] {
            assert!(object.get(key).is_some(), "{key} is not in {line}");
        }
    }
}

#[test]
fn wrong_usage_has_an_exit_code_of_its_own() {
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
        assert_eq!(code(&output), 2, "{arguments:?}: {}", stderr(&output));
        assert!(stderr(&output).contains(part), "{arguments:?}: {}", stderr(&output));
    }
    assert!(!folder.path().join("out").exists());
}

#[test]
fn the_manifest_and_the_examples_have_the_name_of_the_crate() {
    let folder = small();
    run(folder.path(), &["--spec", "spec", "--out", "out", "--crate-name", "other-name"]);
    let manifest = fs::read_to_string(folder.path().join("out/Cargo.toml")).unwrap();
    assert!(manifest.contains("name = \"other-name\""), "{manifest}");
    let source = fs::read_to_string(folder.path().join("out/src/v1/run.rs")).unwrap();
    assert!(source.contains("use other_name::v1::Run;"), "{source}");
}

#[test]
fn the_paths_of_the_description_make_no_difference() {
    let folder = small();
    run(folder.path(), SMALL);
    let expected = files(&folder.path().join("out"));
    let inside = folder.path().join("spec");
    let output = run(&inside, &["--spec", "wait.yaml", "--spec", "../spec", "--out", "../other"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
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
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let written = files(&folder.path().join("out"));
    assert!(
        written.contains_key("src/v1/run.rs") && written.contains_key("src/v2/core/walk.rs"),
        "{:?}",
        written.keys()
    );
}
