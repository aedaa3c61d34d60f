//! Every value of a published description that is covered is compared: a changed one is a fact or listed as inexpressible.

use std::fs;

use serde_json::{Value, json};
use stripe_reporting_codegen::Source;
use stripe_reporting_codegen::published::{Curated, Drift, drift, read, render_drift_text};
use stripe_reporting_tests::fixtures;
use stripe_reporting_tests::published::published;

/// The curated description of desks, without deviations.
pub(super) fn curated() -> Source {
    let text = fs::read_to_string(fixtures("published").join("covered.yaml")).unwrap();
    Source { name: "covered.yaml".to_owned(), text }
}

fn compare(curated: &Curated, theirs: &Value) -> Drift {
    drift(curated, &[read("published.json", &theirs.to_string()).unwrap()]).unwrap()
}

fn is_silent(found: &Drift) -> bool {
    found.report.changes.is_empty() && found.silent.is_empty() && found.foreign.is_empty() && found.later.is_empty()
}

/// Returns the places of all values.
pub(crate) fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    let inside: Vec<(String, &Value)> = match value {
        Value::Object(entries) => {
            entries.iter().map(|(key, value)| (key.replace('~', "~0").replace('/', "~1"), value)).collect()
        }
        Value::Array(items) => items.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect(),
        _ => Vec::new(),
    };
    for (key, value) in inside {
        let at = format!("{at}/{key}");
        places(value, &at, found);
        found.push(at);
    }
}

/// Removes a value, or replaces it.
fn changed(whole: &Value, place: &str, with: Option<Value>) -> Value {
    let mut whole = whole.clone();
    let (around, key) = place.rsplit_once('/').unwrap();
    let key = key.replace("~1", "/").replace("~0", "~");
    match (whole.pointer_mut(around).unwrap(), with) {
        (Value::Object(members), None) => drop(members.remove(&key)),
        (Value::Object(members), Some(value)) => drop(members.insert(key, value)),
        (Value::Array(items), None) => drop(items.remove(key.parse::<usize>().unwrap())),
        (Value::Array(items), Some(value)) => items[key.parse::<usize>().unwrap()] = value,
        _ => unreachable!(),
    }
    whole
}

/// Returns whether a published keyword carries no fact.
fn is_ignored(place: &str) -> bool {
    let last = place.rsplit('/').next().unwrap();
    let is_name = ["properties", "schemas"].contains(&place.rsplit('/').nth(1).unwrap());
    let words = ["operationId", "method_name", "method_type", "title", "class_name", "in_package", "openapi"];
    !is_name && words.contains(&last)
        || ["/x-stripeOperations", "/x-stripeEvent", "/x-events", "/externalDocs"].iter().any(|key| place.contains(key))
        || place.contains("/x-stripeResource")
}

fn check(test: &str, cases: impl Iterator<Item = (String, Value)>) {
    let ours = Curated::read(&[curated()]).unwrap();
    let mut silent = Vec::new();
    let mut tried = 0;
    for (name, theirs) in cases {
        tried += 1;
        if is_silent(&compare(&ours, &theirs)) {
            silent.push(name);
        }
    }
    assert!(tried > 50, "{tried}");
    insta::assert_snapshot!(test, silent.join("\n"));
}

/// Returns the published description, of the same or of other names, and the places in it that are covered.
fn whole(is_renamed: bool) -> (Value, Vec<String>) {
    let mut whole = match is_renamed {
        true => published(&curated(), &[curated()]),
        false => serde_yaml::from_str(&curated().text).unwrap(),
    };
    let text = whole.to_string();
    let schemas = whole["components"]["schemas"].as_object_mut().unwrap();
    schemas.retain(|key, schema| {
        let is_marked = schema.get("x-stripeEvent").or(schema.get("x-resourceId")).is_some();
        is_marked || text.contains(&format!("schemas/{key}\""))
    });
    let found = compare(&Curated::read(&[curated()]).unwrap(), &whole);
    assert!(is_silent(&found), "{}", render_drift_text(&found));
    let mut found = Vec::new();
    places(&whole, "", &mut found);
    found.retain(|place| !is_ignored(place));
    (whole, found)
}

/// The snapshot lists what may be missing from a published description without a sign.
#[test]
fn what_is_removed_is_reported() {
    let (whole, places) = whole(true);
    check(
        "removed",
        places.into_iter().filter(|place| place != "/paths").map(|place| {
            let theirs = changed(&whole, &place, None);
            (place, theirs)
        }),
    );
}

/// The snapshot lists the schemas that may be of another type without a sign.
#[test]
fn schemas_of_another_type_are_reported() {
    let (whole, places) = whole(false);
    let (whole, places) = (&whole, &places);
    let is_schema = |place: &String| {
        whole.pointer(place).unwrap().get("type").is_some_and(Value::is_string)
            || whole.pointer(place).unwrap().get("$ref").is_some()
    };
    let others = [
        json!({"type": "integer"}),
        json!({"type": "object", "properties": {"other": {"type": "string"}}}),
        json!({"$ref": "#/components/schemas/nowhere"}),
        json!({"oneOf": [{"type": "integer"}, {"type": "string"}]}),
    ];
    let others = &others;
    let cases = places.iter().filter(|place| is_schema(place)).flat_map(|place| {
        others
            .iter()
            .filter(|other| whole.pointer(place) != Some(other))
            .map(move |other| (format!("{place}: {other}"), changed(whole, place, Some(other.clone()))))
    });
    check("retyped", cases.collect::<Vec<_>>().into_iter());
}

/// The snapshot lists the keywords that may be added to a schema without a sign.
#[test]
fn keywords_that_are_added_are_reported() {
    let (whole, places) = whole(true);
    let (whole, places) = (&whole, &places);
    let keywords = [
        ("nullable", json!(true)),
        ("deprecated", json!(true)),
        ("enum", json!(["a", "b"])),
        ("format", json!("date-time")),
        ("allOf", json!([{"type": "string"}, {"type": "integer"}])),
        ("discriminator", json!({"propertyName": "a"})),
        ("required", json!(["other"])),
        ("additionalProperties", json!(true)),
        ("properties", json!({"other": {"type": "string"}})),
        ("servers", json!([{"url": "https://files.stripe.com/"}])),
        ("parameters", json!([{"name": "other", "in": "header", "schema": {"type": "string"}}])),
        ("style", json!("form")),
        ("explode", json!(false)),
        ("202", json!({"description": "Accepted."})),
        ("multipart/form-data", json!({"schema": {"type": "object"}})),
    ];
    let cases = places.iter().filter_map(|place| Some((place, whole.pointer(place)?.as_object()?))).flat_map(
        |(place, value)| {
            let new = keywords.iter().filter(move |(key, _)| value.contains_key(*key) || has(place, value, key));
            new.map(move |(key, with)| {
                (
                    format!("{place}/{key}"),
                    changed(whole, &format!("{place}/{}", key.replace('/', "~1")), Some(with.clone())),
                )
            })
        },
    );
    check("added", cases.collect::<Vec<_>>().into_iter());
}

/// Returns whether an object may have a keyword in OpenAPI.
fn has(place: &str, value: &serde_json::Map<String, Value>, key: &str) -> bool {
    let last = place.rsplit('/').next().unwrap();
    let kind = value.get("type").and_then(Value::as_str);
    let is_operation = value.contains_key("responses") && place.starts_with("/paths/");
    match key {
        "nullable" | "deprecated" | "allOf" | "discriminator" => kind.is_some(),
        "enum" | "format" => kind.is_some_and(|kind| !["object", "array"].contains(&kind)),
        "required" | "properties" | "additionalProperties" => kind == Some("object"),
        "servers" => is_operation || place.matches('/').count() == 2 && place.starts_with("/paths/"),
        "parameters" => is_operation,
        "style" | "explode" => value.contains_key("in") || place.contains("/encoding/"),
        "202" => last == "responses",
        _ => last == "content",
    }
}
