//! The JSON Schema of the dialect accepts what the generator accepts, and refuses the errors that a schema can see.

use std::collections::BTreeSet;
use std::fs;
use std::sync::LazyLock;

use jsonschema::Validator;
use serde_yaml::Value;
use stripe_reporting_codegen::dialect::json_schema;
use stripe_reporting_tests::{Fixture, project, random};

/// The errors that need more than a schema: they compare keywords, names, places or references with each other.
const UNSEEN: &[&str] = &[
    "contradiction",
    "duplicate_operation",
    "duplicate_operation_id",
    "duplicate_resource",
    "enum_value_collision",
    "invalid_example",
    "invalid_name",
    "misplaced_keyword",
    "missing_envelope",
    "missing_operation_id",
    "name_collision",
    "path_parameter_mismatch",
    "reference_cycle",
    "too_deep",
    "unknown_field",
    "unknown_operation",
    "unknown_property",
    "unknown_resource",
    "unknown_state",
    "unresolved_reference",
    "unused_component",
    "wrong_reference_kind",
];

static SCHEMA: LazyLock<Validator> = LazyLock::new(|| jsonschema::draft7::new(&json_schema()).unwrap());

/// Returns the errors of a description, each with its place.
fn errors(text: &str) -> Vec<String> {
    // Editors report what is not YAML by themselves.
    let Ok(value) = serde_yaml::from_str::<Value>(text) else { return vec!["not YAML".to_owned()] };
    let json = serde_json::to_value(value).unwrap();
    SCHEMA.iter_errors(&json).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn valid_descriptions_are_accepted() {
    let own = stripe_reporting_tests::description().unwrap().into_iter().map(|source| (source.name, source.text));
    let fixtures = Fixture::all("dialect").into_iter().map(|fixture| (fixture.name, fixture.text));
    let random = (0..40).map(|seed| (format!("random description {seed}"), random::description(seed)));
    for (name, text) in own.chain(fixtures).chain(random) {
        assert_eq!(errors(&text), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn errors_that_a_schema_can_see_are_refused() {
    let fixtures = Fixture::all("diagnostics").into_iter();
    let accepted: BTreeSet<String> =
        fixtures.filter(|fixture| errors(&fixture.text).is_empty()).map(|fixture| fixture.name).collect();
    assert_eq!(accepted, UNSEEN.iter().map(|name| (*name).to_owned()).collect());
}

#[test]
fn every_keyword_has_documentation() {
    let schema = json_schema();
    for (name, definition) in schema["definitions"].as_object().unwrap() {
        for (keyword, property) in definition["properties"].as_object().into_iter().flatten() {
            let is_documented = property.get("description").or(property.get("$ref")).is_some();
            assert!(is_documented, "{name}: {keyword}");
        }
    }
}

#[test]
fn descriptions_name_the_schema_and_keep_to_the_width() {
    for source in stripe_reporting_tests::description().unwrap() {
        let named = source.text.lines().next().and_then(|line| line.strip_prefix("# yaml-language-server: $schema="));
        let named = named.unwrap_or_else(|| panic!("{} does not begin with the name of its schema", source.name));
        let schema = fs::read_to_string(project().join("spec").join(named)).unwrap();
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&schema).unwrap()["definitions"],
            json_schema()["definitions"]
        );
        for (number, line) in source.text.lines().enumerate() {
            // URLs cannot be wrapped.
            let is_short = line.chars().count() <= 110 || line.contains("https://");
            assert!(is_short, "{}:{}: more than 110 columns", source.name, number + 1);
        }
    }
}
