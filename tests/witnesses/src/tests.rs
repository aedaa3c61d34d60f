//! Whether the steps, the lock files and the README say the same as the description and as each other.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use crate::accepted::Accepted;
use crate::folder;
use crate::install;
use crate::script::Script;

/// The project's folder.
fn root() -> std::path::PathBuf {
    folder().ancestors().nth(2).unwrap().to_owned()
}

#[test]
fn every_operation_of_the_description_is_a_step() {
    let script = Script::read(&folder().join("steps.yaml")).unwrap();
    let mut described = BTreeSet::new();
    for file in fs::read_dir(root().join("spec")).unwrap().map(|entry| entry.unwrap().path()) {
        if file.extension().is_some_and(|extension| extension == "yaml") {
            let document: Value = serde_yaml::from_str(&fs::read_to_string(file).unwrap()).unwrap();
            for (path, methods) in document["paths"].as_object().unwrap() {
                let segments = path.split('/').map(|segment| if segment.starts_with('{') { "{id}" } else { segment });
                let path = segments.collect::<Vec<_>>().join("/");
                let methods =
                    methods.as_object().unwrap().keys().filter(|key| ["get", "post", "delete"].contains(&key.as_str()));
                described.extend(methods.map(|method| format!("{method} {path}")));
            }
        }
    }
    assert_eq!(script.routes(), described, "`calls` and `steps` of `steps.yaml` have other operations than `spec`");
}

#[test]
fn the_readme_has_the_locked_versions() {
    let names: Vec<_> = install::locked(&folder()).unwrap().into_iter().map(|sdk| sdk.name).collect();
    let readme = fs::read_to_string(root().join("README.md")).unwrap().replace('\n', " ");
    let line = readme.split("- **").find(|item| item.starts_with("Agreement with the official SDKs**")).unwrap();
    let mut expected = Vec::new();
    for library in ["stripe-python", "stripe-node"] {
        let versions = names.iter().filter_map(|name| name.strip_prefix(library)).map(str::trim).collect::<Vec<_>>();
        let (last, others) = versions.split_last().unwrap();
        expected.push(format!("{library} {} and {last}", others.join(", ")));
    }
    let words = line.split_whitespace().collect::<Vec<_>>().join(" ");
    for text in expected {
        assert!(words.contains(&text), "the README does not say `{text}`: {words}");
    }
}

#[test]
fn lock_files_work_with_any_registry() {
    for sdk in install::locked(&folder()).unwrap() {
        let text = fs::read_to_string(&sdk.lock).unwrap();
        assert!(!text.contains("http"), "{} has a URL", sdk.lock.display());
        let lines: Vec<_> = text.lines().map(str::trim).filter(|line| !line.starts_with('#')).collect();
        let is_package =
            |line: &&&str| line.starts_with("\"version\"") || line.split(' ').next().unwrap().contains("==");
        let is_hash = |line: &&&str| line.starts_with("\"integrity\"") || line.contains(" --hash=sha256:");
        let (packages, hashes) = (lines.iter().filter(is_package), lines.iter().filter(is_hash));
        assert_eq!(packages.count(), hashes.count(), "{}", sdk.lock.display());
    }
}

#[test]
fn accepted_differences_are_read() {
    assert!(!Accepted::read(&folder().join("differences.yaml")).unwrap().is_empty());
}
