//! JSON for programs has one object per line, whatever a description contains and wherever a reader breaks lines.

use serde_json::Value;
use stripe_reporting_codegen::diff::{diff, render_diff_json};
use stripe_reporting_codegen::{Options, Source, generate, read, render_file_json, render_json};

/// Characters that JSON does not escape, and that end a line for some readers.
const SEPARATORS: [char; 3] = ['\u{85}', '\u{2028}', '\u{2029}'];

/// Splits as Python's `str.splitlines` does.
fn split_lines(text: &str) -> Vec<&str> {
    let ends = |c: char| matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}') || SEPARATORS.contains(&c);
    text.strip_suffix('\n').unwrap_or(text).split(ends).collect()
}

fn source(name: &str, property: &str) -> Source {
    let text = format!(
        "openapi: 3.0.3\ninfo: {{title: a, version: b}}\npaths: {{}}\ncomponents:\n  schemas:\n    thing:\n      \
         type: object\n      x-resourceId: thing\n      required: [id, object]\n      properties:\n        \
         id: {{type: string}}\n        object: {{type: string, enum: [thing]}}\n        {property}\n"
    );
    Source { name: name.to_owned(), text }
}

#[test]
fn a_diagnostic_is_one_line() {
    for separator in SEPARATORS {
        let name = format!("a{separator}b.yaml");
        let key = format!("key{separator}word");
        let sources = [source(&name, &format!("\"a{separator}b\": {{type: string, \"{key}\": 1}}"))];
        let diagnostics = generate(&sources, &Options::new("fixture", "0.1.0", "../runtime")).unwrap_err();
        let json = render_json(&diagnostics, &sources);
        let lines = split_lines(&json);
        assert_eq!(lines.len(), diagnostics.len(), "{json:?}");
        let objects: Vec<Value> = lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert!(objects.iter().all(|object| object["file"] == name.as_str()), "{json}");
        assert!(objects.iter().any(|object| object["pointer"].as_str().unwrap().ends_with(&key)), "{json}");

        let json = render_file_json("missing-file", &name, &key, &key);
        let lines = split_lines(&json);
        assert_eq!(lines.len(), 1, "{json:?}");
        let object: Value = serde_json::from_str(lines[0]).unwrap();
        assert_eq!(
            (&object["file"], &object["message"], &object["help"]),
            (&name.into(), &key.as_str().into(), &key.into())
        );
    }
}

#[test]
fn a_comparison_has_no_other_lines() {
    for separator in SEPARATORS {
        let name = format!("a{separator}b.yaml");
        let api = |kind: &str| read(&[source(&name, &format!("\"a{separator}b\": {{type: {kind}}}"))]).unwrap();
        let json = render_diff_json(&diff(&api("string"), &api("integer")));
        assert_eq!(split_lines(&json), json.lines().collect::<Vec<_>>());
        let report: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(report["changes"][0]["head"]["file"], name.as_str(), "{json}");
    }
}
