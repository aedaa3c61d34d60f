//! Dependencies: no HTTP, TLS or async code without a client, permissive licences, and only the registry.

use std::collections::BTreeSet;

use stripe_reporting_tests::project;

use crate::cargo::cargo;

/// Returns what cargo prints about the project.
fn printed(arguments: &[&str]) -> String {
    let output = cargo(&project()).args(arguments).output().unwrap();
    assert!(output.status.success(), "cargo {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Returns the names of all packages that a package is built with.
fn tree(package: &str, options: &[&str]) -> Vec<String> {
    let tree = ["tree", "--package", package, "--edges", "normal,build", "--prefix", "none", "--format", "{p}"];
    let text = printed(&[&tree, options].concat());
    let mut names: Vec<_> = text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect();
    names.sort();
    names.dedup();
    names
}

/// Returns the packages that the generated crate is built with, given its features.
fn with_features(features: &str) -> Vec<String> {
    tree("stripe-reporting", &["--no-default-features", "--features", features])
}

const HTTP_TLS_ASYNC: &str = "hyper reqwest ureq curl curl-sys rustls ring aws-lc-rs aws-lc-sys openssl openssl-sys \
                              native-tls tokio async-std smol futures h2 url mio socket2";
const ASYNC: &str = "tokio hyper hyper-util mio futures-core futures-util futures";
const RUSTLS: &str = "rustls ring rustls-webpki rustls-platform-verifier";
const PLATFORM_TLS: &str = "native-tls openssl openssl-sys";
/// Cryptography that takes longer to build than everything else.
const AWS: &str = "aws-lc-rs aws-lc-sys";

/// Checks which packages are among others.
#[track_caller]
fn assert_built(tree: &[String], with: &str, without: &[&str]) {
    let has = |name: &&str| tree.iter().any(|package| package == name);
    assert_eq!(with.split_whitespace().find(|name| !has(name)), None, "is missing");
    assert_eq!(without.iter().flat_map(|names| names.split_whitespace()).find(has), None, "is a dependency");
}

#[test]
fn models_and_requests_need_no_http_tls_or_async() {
    let tree = with_features("");
    assert_built(&tree, "http", &[HTTP_TLS_ASYNC]);
    assert!(tree.len() <= 30, "{} packages: {tree:?}", tree.len());
}

#[test]
fn decoding_and_verifying_need_no_http_tls_or_async() {
    assert_built(&with_features("csv,zip,tracing,webhooks,native-tls"), "http", &[HTTP_TLS_ASYNC]);
}

#[test]
fn the_default_is_the_async_client_with_rustls() {
    let default = tree("stripe-reporting", &[]);
    assert_built(&default, "tokio hyper rustls ring", &[PLATFORM_TLS, AWS, "ureq h2 url"]);
}

#[test]
fn the_blocking_client_needs_no_async() {
    assert_built(&with_features("blocking,rustls"), "ureq rustls", &[ASYNC, PLATFORM_TLS, AWS]);
}

#[test]
fn native_tls_needs_no_rustls() {
    for client in ["client", "blocking"] {
        assert_built(&with_features(&format!("{client},native-tls")), "native-tls", &[RUSTLS]);
    }
}

#[test]
fn the_generator_and_its_command_need_no_http_tls_or_async() {
    for package in ["stripe-reporting-codegen", "xtask"] {
        assert_built(&tree(package, &[]), "", &[HTTP_TLS_ASYNC, "http stripe-reporting stripe-reporting-runtime"]);
    }
}

#[test]
fn the_sandbox_shares_no_code_with_what_is_tested_against_it() {
    let tree =
        ["tree", "--package", "stripe-reporting-sandbox", "--edges", "all", "--prefix", "none", "--format", "{p}"];
    let text = printed(&tree);
    let names: BTreeSet<_> = text.lines().filter_map(|line| line.split(' ').next()).collect();
    let own: Vec<_> = names.iter().filter(|name| name.starts_with("stripe-reporting") || **name == "xtask").collect();
    assert_eq!(own, [&"stripe-reporting-sandbox"]);
    assert!(names.contains("axum"), "{names:?}");
}

#[test]
fn the_generated_crate_depends_on_serde_and_the_runtime_only() {
    let text =
        printed(&["tree", "--package", "stripe-reporting", "--edges", "normal", "--depth", "1", "--prefix", "none"]);
    let names: Vec<_> = text.lines().skip(1).filter_map(|line| line.split(' ').next()).collect();
    assert_eq!(names, ["serde", "stripe-reporting-runtime"]);
}

#[test]
fn every_dependency_has_a_permissive_licence_and_comes_from_the_registry() {
    let deny = std::fs::read_to_string(project().join("deny.toml")).unwrap();
    let allowed = deny.split("allow = [").nth(1).unwrap().split(']').next().unwrap();
    let permissive: Vec<&str> = allowed.split('"').skip(1).step_by(2).collect();
    let everything = ["--workspace", "--all-features", "--edges", "all"];
    let text = printed(&[&["tree", "--prefix", "none", "--format", "{p}|{l}"], &everything[..]].concat());
    assert!(text.lines().count() > 50, "{text}");
    let lines = text.lines().map(|line| line.trim_end_matches(" (*)"));
    for (name, licence) in lines.filter_map(|line| line.split_once('|')) {
        // `A OR B` needs one of them, `A AND B` all.
        let alternatives = licence.split(" OR ").flat_map(|part| part.split('/'));
        let allowed = alternatives.map(|part| part.trim_matches(['(', ')', ' '])).any(|alternative| {
            alternative.split(" AND ").all(|part| permissive.contains(&part.trim_matches(['(', ')', ' '])))
        });
        assert!(allowed, "{name} is licensed under {licence}");
        let from_registry = !name.contains("://") || name.contains("(file://");
        assert!(from_registry, "{name} does not come from the registry");
    }
}
