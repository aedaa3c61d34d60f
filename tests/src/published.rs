//! Descriptions in the way in which Stripe publishes them, derived from curated ones: the same facts under other names, without
//! sentences and without the project's own extensions.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a fixture that is not valid is a failed test"
)]

use serde_json::{Map, Value, json};
use stripe_reporting_codegen::Source;

/// Keywords of the curated descriptions that Stripe does not publish, or that are sentences.
const OWN: [&str; 19] = [
    "default",
    "description",
    "example",
    "externalDocs",
    "summary",
    "x-deviation",
    "x-download",
    "x-eventEnvelope",
    "x-events",
    "x-falseMeansAbsent",
    "x-knownValues",
    "x-preset",
    "x-replacedBy",
    "x-rows",
    "x-rustName",
    "x-sameIdsAs",
    "x-secret",
    "x-stripeProperty",
    "x-wait",
];

/// Derives the published description of a curated one. References to other files lead to one of `sources`.
///
/// # Panics
///
/// Panics if a description is not YAML.
#[must_use]
pub fn published(source: &Source, sources: &[Source]) -> Value {
    let parse = |source: &Source| -> Value { serde_yaml::from_str(&source.text).unwrap() };
    let mut root = parse(source);
    for other in sources.iter().filter(|other| other.name != source.name) {
        let name = other.name.rsplit('/').next().unwrap();
        write_out(&mut root, &format!("{name}#"), &parse(other));
    }
    add_events(&mut root);
    strip(&mut root, false);
    rename(&mut root);
    root
}

/// Replaces references to another file by what they lead to, all of it.
fn write_out(value: &mut Value, prefix: &str, target: &Value) {
    if let Some(place) = value.get("$ref").and_then(Value::as_str).and_then(|reference| reference.strip_prefix(prefix))
    {
        let mut found = target.pointer(place).unwrap().clone();
        write_out(&mut found, "#", target);
        *value = found;
        return;
    }
    match value {
        Value::Object(members) => members.values_mut().for_each(|value| write_out(value, prefix, target)),
        Value::Array(items) => items.iter_mut().for_each(|value| write_out(value, prefix, target)),
        _ => {}
    }
}

/// Declares events as Stripe does: by a schema each.
fn add_events(root: &mut Value) {
    let schemas = root["components"]["schemas"].as_object().cloned().unwrap_or_default();
    for (key, schema) in schemas {
        for kind in ["snapshot", "thin"] {
            for event in schema["x-events"][kind].as_array().into_iter().flatten() {
                let name = event["type"].as_str().unwrap();
                let about = match kind {
                    "snapshot" => json!({"object": {"$ref": format!("#/components/schemas/{key}")}}),
                    _ => json!({"related_object": {"type": "object", "properties": {
                        "type": {"type": "string", "enum": [schema["x-resourceId"]]},
                    }}}),
                };
                let event =
                    json!({"type": "object", "properties": about, "x-stripeEvent": {"type": name, "kind": kind}});
                root["components"]["schemas"].as_object_mut().unwrap().insert(format!("event.{kind}.{name}"), event);
            }
        }
    }
}

/// Removes what Stripe does not publish. `is_named` says that the keys are names.
fn strip(value: &mut Value, is_named: bool) {
    match value {
        Value::Object(members) => {
            if !is_named {
                members.retain(|key, _| !OWN.contains(&key.as_str()));
                if let Some(format) = members.get_mut("format").filter(|format| **format == "uint64") {
                    *format = json!("int64");
                }
                if members.contains_key("type") && members.contains_key("enum") {
                    spell_openness(members);
                }
            }
            for (key, value) in members {
                let holds_names = ["properties", "schemas", "parameters", "responses", "paths", "encoding", "content"];
                strip(value, !is_named && holds_names.contains(&key.as_str()) && value.is_object());
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|value| strip(value, false)),
        _ => {}
    }
}

/// v1 says by another extension that Stripe may add values.
fn spell_openness(members: &mut Map<String, Value>) {
    if let Some(declared) = members.remove("x-stripeEnum")
        && declared["kind"] == "open"
    {
        members.insert("x-stripeBypassValidation".to_owned(), json!(true));
    }
}

/// Renames all schemas, and writes every other of those that contain no other schema in place.
fn rename(root: &mut Value) {
    let schemas = root["components"]["schemas"].as_object().cloned().unwrap_or_default();
    let contains_none = |schema: &Value| !schema.to_string().contains("$ref") && schema.get("x-resourceId").is_none();
    let inlined: Vec<&String> =
        schemas.iter().filter(|(_, schema)| contains_none(schema)).map(|(key, _)| key).step_by(2).collect();
    for key in inlined {
        replace(root, &format!("#/components/schemas/{key}"), &schemas[key]);
    }
    for key in schemas.keys() {
        replace(
            root,
            &format!("#/components/schemas/{key}"),
            &json!({"$ref": format!("#/components/schemas/published_{key}")}),
        );
    }
    if let Some(schemas) = root["components"]["schemas"].as_object_mut() {
        *schemas =
            std::mem::take(schemas).into_iter().map(|(key, value)| (format!("published_{key}"), value)).collect();
    }
}

fn replace(value: &mut Value, reference: &str, with: &Value) {
    if value.get("$ref").is_some_and(|found| found == reference) {
        *value = with.clone();
        return;
    }
    match value {
        Value::Object(members) => members.values_mut().for_each(|value| replace(value, reference, with)),
        Value::Array(items) => items.iter_mut().for_each(|value| replace(value, reference, with)),
        _ => {}
    }
}
