//! Reads a published description: any OpenAPI document, JSON or YAML.
//!
//! Only the text is checked here. Whatever the document contains beyond what is covered must not fail.

use std::fmt;

use serde_json::Value;

use super::version::Version;
use crate::parse;

/// A description that Stripe publishes.
#[derive(Debug)]
pub struct Published {
    /// The name of its file.
    pub name: String,
    /// `info.version`
    pub version: Version,
    /// Whether it has more than what Stripe publishes for everyone.
    pub(super) is_private: bool,
    pub(super) root: Value,
}

/// A file that is not a description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError {
    /// The name of the file.
    pub name: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// How to fix it.
    pub help: String,
    /// Whether the file is read, and something else than a description.
    pub is_other: bool,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, line, column, message, help, .. } = self;
        write!(f, "{name}:{line}:{column}: {message}\nhelp: {help}")
    }
}

impl std::error::Error for ReadError {}

/// Reads a published description.
///
/// # Errors
///
/// A syntax error, or a document that is not an OpenAPI description.
pub fn read(name: &str, text: &str) -> Result<Published, ReadError> {
    let error = |line, column, message: String, help: &str| ReadError {
        name: name.to_owned(),
        line,
        column,
        message,
        help: help.to_owned(),
        is_other: false,
    };
    let text = text.trim_start_matches('\u{feff}');
    let json = text.trim_start().starts_with('{').then(|| serde_json::from_str::<Value>(text));
    let is_yaml = [".yaml", ".yml"].iter().any(|ending| name.to_ascii_lowercase().ends_with(ending));
    let root = match json {
        Some(Ok(root)) => root,
        Some(Err(found)) if !is_yaml => {
            let (line, column) = (found.line().max(1), found.column().max(1));
            let message = found.to_string();
            let message = message.split(" at line ").next().unwrap_or_default();
            let help = if found.is_eof() { TRUNCATED } else { DAMAGED };
            return Err(error(line, column, format!("invalid JSON: {message}"), help));
        }
        _ => parse::foreign(text).map_err(|found| error(found.line, found.column, found.message, DAMAGED))?,
    };
    let missing = ["openapi", "paths"].into_iter().find(|key| root.get(key).is_none());
    if let Some(key) = missing {
        let message = format!("not an OpenAPI description: `{key}` is missing");
        return Err(ReadError { is_other: true, ..error(1, 1, message, OTHER) });
    }
    let version = root.pointer("/info/version").and_then(Value::as_str).unwrap_or_default();
    let is_private = root.pointer("/info/x-stripeReleasePhase").and_then(Value::as_str) == Some("private_preview");
    Ok(Published { name: name.to_owned(), version: Version::new(version), is_private, root })
}

const TRUNCATED: &str = "the file ends early; download it again";
const DAMAGED: &str = "download the file again";
const OTHER: &str = "pass a description that Stripe publishes, such as `spec3.json` of github.com/stripe/openapi";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_and_yaml_are_the_same() {
        let json = r#"{"openapi": "3.0.0", "info": {"version": "2026-09-30.preview"}, "paths": {"/v1/a": {"n": 1.5}}}"#;
        let yaml = "openapi: 3.0.0\ninfo:\n  version: 2026-09-30.preview\npaths:\n  /v1/a:\n    n: 1.5\n";
        let [json, yaml] = [json, yaml].map(|text| read("a", text).unwrap());
        assert_eq!(json.root, yaml.root);
        assert_eq!(json.version.text, "2026-09-30.preview");
    }

    #[test]
    fn yaml_of_others_is_read() {
        let yaml = "openapi: 3.0.0\npaths:\n  /v1/a: &shared\n    get: !any {responses: {200: {n: .inf}}}\n  /v1/b:\n    <<: *shared\n";
        for text in [yaml.to_owned(), "{openapi: 3.0.0, paths: {/v1/a: {get: {responses: {200: {}}}}}}".to_owned()] {
            let root = read("a.yaml", &text).unwrap().root;
            assert!(root.pointer("/paths/~1v1~1a/get/responses/200").is_some(), "{root}");
        }
        let root = read("a.yaml", yaml).unwrap().root;
        assert_eq!(root.pointer("/paths/~1v1~1b"), root.pointer("/paths/~1v1~1a"));
    }

    #[test]
    fn errors_have_a_place_and_help() {
        for (text, expected) in [
            ("{\"openapi\": \"3.0.0\",\n \"paths\": {\"/v1", "a:2:15: invalid JSON: EOF while parsing a string"),
            ("{\"openapi\": nope}", "a:1:14: invalid JSON: expected ident"),
            ("openapi: 3.0.0\npaths: [", "a:2:1: "),
            ("", "a:1:1: "),
            ("<html></html>", "a:1:1: not an OpenAPI description: `openapi` is missing"),
            ("{\"openapi\": \"3.0.0\"}", "a:1:1: not an OpenAPI description: `paths` is missing"),
        ] {
            let error = read("a", text).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
            assert!(error.contains("\nhelp: "), "{error}");
        }
    }
}
