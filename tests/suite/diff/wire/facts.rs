//! What bodies mean beside their schemas: facts by name.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::contract::members;

/// Facts of a description by name. Those that both descriptions have must be equal.
#[derive(Debug, Default)]
pub(super) struct Facts {
    values: BTreeMap<String, Value>,
    /// The values of each status, by resource.
    known: BTreeMap<String, Value>,
    /// Those that end waiting.
    last: BTreeMap<String, Vec<Value>>,
}

impl Facts {
    pub(super) fn add(&mut self, name: String, value: Value) {
        self.values.insert(name, value);
    }
}

/// Returns a fact that changes the meaning of what released programs send or read.
pub(super) fn changed(base: &Facts, head: &Facts) -> Option<String> {
    let changed = base.values.iter().find_map(|(name, old)| {
        let new = head.values.get(name).filter(|new| *new != old)?;
        Some(format!("{name} changes from {old} to {new}"))
    });
    changed.or_else(|| {
        head.last.iter().find_map(|(resource, statuses)| {
            let known = base.known.get(resource)?.as_array()?;
            let status = statuses.iter().find(|status| !known.contains(status))?;
            Some(format!("clients do not know that the status {status} of {resource} ends waiting"))
        })
    })
}

/// Adds the defaults of all properties of a schema.
pub(super) fn defaults(facts: &mut Facts, name: &str, schema: &Value) {
    for (property, schema) in members(&schema["properties"]) {
        let name = format!("{name}.{property}");
        if let Some(default) = schema.get("default") {
            facts.add(format!("the default of {name}"), default.clone());
        }
        defaults(facts, &name, schema);
    }
    for inner in ["items", "additionalProperties"].into_iter().filter_map(|inner| schema.get(inner)) {
        defaults(facts, &format!("{name}[]"), inner);
    }
    for inner in schema["oneOf"].as_array().into_iter().flatten() {
        defaults(facts, name, inner);
    }
}

/// Adds what the extensions of a component say.
pub(super) fn of_component(facts: &mut Facts, name: &str, schema: &Value) {
    let mut add = |name: String, value: &Value| facts.add(name, value.clone());
    if let Some(error) = schema.get("x-stripeError") {
        for fact in ["httpStatusCode", "type"] {
            if let Some(value) = error.get(fact) {
                add(format!("{fact} of the error {}", error["code"]), value);
            }
        }
    }
    // A thin event names its object by the resource, and a snapshot event contains what the component describes.
    if let Some(event) = schema.get("x-stripeEvent") {
        let thin = schema.pointer("/properties/related_object/properties/type/enum");
        add(
            format!("the object of the event {}", event["type"]),
            thin.unwrap_or(&schema["properties"]["object"]["$ref"]),
        );
    }
    let reference = json!(format!("#/components/schemas/{name}"));
    for (kind, object) in [("snapshot", &reference), ("thin", &schema["x-resourceId"])] {
        for event in schema["x-events"][kind].as_array().into_iter().flatten() {
            add(format!("the object of the event {}", event["type"]), object);
        }
    }
    for (extension, facts) in [
        ("x-wait", &["status", "canceledAt", "failure.code", "failure.message"][..]),
        ("x-download", &["url", "access", "size", "contentType", "expiresAt", "columns"]),
        ("x-rows", &["columns", "rows", "nextPage", "page", "limit", "include"]),
    ] {
        for fact in facts {
            let path = format!("/{extension}/{}", fact.replace('.', "/"));
            if let Some(value) = schema.pointer(&path) {
                add(format!("{fact} in {extension} of {name}"), value);
            }
        }
    }
    if let Some(wait) = schema.get("x-wait")
        && let Some(status) = wait["status"].as_str().and_then(|status| schema["properties"].get(status))
    {
        facts.known.insert(name.to_owned(), status["enum"].clone());
        let last = ["succeeded", "failed", "canceled"].map(|state| wait[state].as_array().cloned().unwrap_or_default());
        facts.last.insert(name.to_owned(), last.concat());
    }
}
