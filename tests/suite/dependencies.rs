//! What the crates depend on: no HTTP, TLS or async where none is needed, and licences that everybody can use.

use std::process::Command;

use stripe_reporting_tests::project;

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO")).args(arguments).arg("--offline").current_dir(project()).output().unwrap();
    assert!(output.status.success(), "cargo {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The names of all packages that one is built with.
fn tree(package: &str) -> Vec<String> {
    let text = cargo(&["tree", "--package", package, "--edges", "normal,build", "--prefix", "none", "--format", "{p}"]);
    let mut names: Vec<_> = text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect();
    names.sort();
    names.dedup();
    names
}

const HTTP_TLS_ASYNC: &[&str] = &[
    "hyper",
    "reqwest",
    "ureq",
    "curl",
    "curl-sys",
    "rustls",
    "ring",
    "aws-lc-rs",
    "aws-lc-sys",
    "openssl",
    "openssl-sys",
    "native-tls",
    "tokio",
    "async-std",
    "smol",
    "futures",
    "h2",
    "url",
    "mio",
    "socket2",
];

#[test]
fn models_and_requests_come_without_http_tls_and_async() {
    let tree = tree("stripe-reporting");
    assert!(tree.contains(&"http".to_owned()), "the types of HTTP are what requests turn into: {tree:?}");
    for name in HTTP_TLS_ASYNC {
        assert!(!tree.contains(&(*name).to_owned()), "stripe-reporting depends on {name}");
    }
    assert!(tree.len() <= 30, "{} packages: {tree:?}", tree.len());
}

#[test]
fn the_generator_and_its_command_come_without_http_tls_and_async() {
    for package in ["stripe-reporting-codegen", "xtask"] {
        let tree = tree(package);
        for name in HTTP_TLS_ASYNC.iter().chain(&["http", "stripe-reporting", "stripe-reporting-runtime"]) {
            assert!(!tree.contains(&(*name).to_owned()), "{package} depends on {name}");
        }
    }
}

#[test]
fn the_generated_crate_depends_on_serde_and_the_runtime_alone() {
    let text =
        cargo(&["tree", "--package", "stripe-reporting", "--edges", "normal", "--depth", "1", "--prefix", "none"]);
    let names: Vec<_> = text.lines().skip(1).filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(names, ["serde", "stripe-reporting-runtime"]);
}

#[test]
fn every_dependency_has_a_permissive_licence_and_comes_from_the_registry() {
    const PERMISSIVE: &[&str] = &[
        "MIT",
        "MIT-0",
        "Apache-2.0",
        "Apache-2.0 WITH LLVM-exception",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "ISC",
        "Unicode-3.0",
        "Unlicense",
        "Zlib",
        "0BSD",
        "CC0-1.0",
        "BSL-1.0",
    ];
    let text =
        cargo(&["tree", "--workspace", "--edges", "all", "--prefix", "none", "--format", "{p}|{l}", "--no-dedupe"]);
    assert!(text.lines().count() > 50, "{text}");
    for (package, licence) in text.lines().filter_map(|line| line.split_once('|')) {
        let name = package.trim_end_matches(" (*)");
        // `A OR B` needs one of them, `A AND B` all.
        let alternatives = licence.split(" OR ").flat_map(|part| part.split('/'));
        let allowed = alternatives.map(|part| part.trim_matches(['(', ')', ' '])).any(|alternative| {
            alternative.split(" AND ").all(|part| PERMISSIVE.contains(&part.trim_matches(['(', ')', ' '])))
        });
        assert!(allowed, "{name} is licensed under {licence}");
        let from_registry = !name.contains("://") || name.contains("(file://");
        assert!(from_registry, "{name} does not come from the registry");
    }
}
