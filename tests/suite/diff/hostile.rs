//! Descriptions that nobody would write are compared without overflowing the stack.

use std::fmt::Write;

use stripe_reporting_codegen::api::Api;
use stripe_reporting_codegen::diff::{Report, diff};
use stripe_reporting_codegen::{Source, read};

/// Reads a description with these `schemas`.
fn api(schemas: &str) -> Api {
    let head =
        "openapi: 3.0.3\ninfo: {title: Hostile, version: 2026-09-30.preview}\npaths: {}\ncomponents:\n  schemas:\n";
    read(&[Source { name: "hostile.yaml".to_owned(), text: format!("{head}{schemas}") }]).unwrap()
}

fn rules(report: &Report) -> Vec<&str> {
    report.changes.iter().map(|change| change.rule.id).collect()
}

/// Objects that each contain the next one.
fn chain(name: &str, length: usize) -> String {
    (0..length).fold(String::new(), |mut text, number| {
        let next = format!("{{$ref: '#/components/schemas/{name}_{}'}}", (number + 1).min(length - 1));
        writeln!(text, "    {name}_{number}: {{type: object, properties: {{next: {next}, at: {{type: integer}}}}}}")
            .unwrap();
        text
    })
}

#[test]
fn long_chains_of_equal_types_are_compared() {
    const LENGTH: usize = 3_000;
    let user = |first: &str| {
        format!("    user: {{type: object, properties: {{first: {{$ref: '#/components/schemas/{first}_0'}}}}}}\n")
    };
    let base = api(&format!("{}{}{}", user("old"), chain("old", LENGTH), chain("new", LENGTH)));
    let head = api(&format!("{}{}", user("new"), chain("new", LENGTH)));
    let report = diff(&base, &head);
    let rules = rules(&report);
    assert!(rules.contains(&"rust-type-changed"), "{:?}", &rules[..2]);
    assert_eq!(rules.iter().filter(|rule| **rule == "type-removed").count(), LENGTH);
}
