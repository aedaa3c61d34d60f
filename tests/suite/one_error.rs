//! One error gives one diagnostic: descriptions are changed in one place after the other, and each time at most one diagnostic is
//! reported, at that place.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use stripe_reporting_codegen::{Diagnostic, Source, read, render_human};
use stripe_reporting_tests::Fixture;

/// A change of a description that may be an error.
struct Change {
    kind: &'static str,
    pointer: String,
    /// The place of the value that is replaced: that of the change, or of the object around it.
    replaced: String,
    new: Value,
    /// Whether the diagnostic must be at this place, and not at one that has to agree with it.
    is_here: bool,
}

impl Change {
    /// Returns the text of the changed description.
    fn apply(&self, document: &Value) -> String {
        let mut copy = document.clone();
        *copy.pointer_mut(&self.replaced).unwrap() = self.new.clone();
        copy.to_string()
    }
}

/// Keys whose values are not changed.
const FREE: [&str; 7] = ["description", "title", "summary", "example", "default", "x-preset", "externalDocs"];

/// Keys whose values are names that have to be unique.
const NAMES: [&str; 5] = ["operationId", "class_name", "x-resourceId", "x-rustName", "type"];

fn join(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// Calls `visit` with each value and its pointer.
fn walk(value: &Value, pointer: &str, visit: &mut impl FnMut(&str, &Value)) {
    visit(pointer, value);
    match value {
        Value::Object(members) => {
            for (key, member) in members.iter().filter(|(key, _)| !FREE.contains(&key.as_str())) {
                walk(member, &join(pointer, key), visit);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, &format!("{pointer}/{index}"), visit);
            }
        }
        _ => {}
    }
}

/// Returns whether a schema is at a place.
fn is_schema(pointer: &str) -> bool {
    match pointer.rsplit('/').take(2).collect::<Vec<_>>().as_slice() {
        ["schema" | "items" | "additionalProperties", _] => true,
        [_, parent] => ["properties", "schemas", "anyOf"].contains(parent),
        _ => false,
    }
}

/// Returns the changes of the value at a place: a misspelt word, a value of another type, a schema of another kind, a missing or
/// misspelt key.
fn changes(value: &Value, pointer: &str) -> Vec<(&'static str, String, Value, bool)> {
    let here = || pointer.to_owned();
    let (parent, key) = pointer.rsplit_once('/').unwrap_or_default();
    let mut found = Vec::new();
    if let Value::String(text) = value {
        let is_keyword = ["$ref", "type", "format"].contains(&key) && !parent.contains("/x-");
        let refers = is_keyword || parent.ends_with("/required");
        found.push(("misspelt", here(), json!(format!("{text}s")), refers));
    }
    found.push(("another type", here(), if value.is_array() { json!(7) } else { json!([7]) }, true));
    if is_schema(pointer) {
        let text = json!({"type": "string"});
        found.push(("oneOf", here(), json!({"oneOf": [value]}), true));
        found.push(("anyOf", here(), json!({"anyOf": [value, text, text]}), true));
        found.push(("allOf", here(), json!({"allOf": [value]}), true));
    }
    let members = value.as_object().into_iter().flatten();
    for (key, member) in members {
        let mut others: Map<String, Value> = value.as_object().unwrap().clone();
        others.remove(key);
        found.push(("removed", join(pointer, key), Value::Object(others.clone()), false));
        others.insert(format!("{key}s"), member.clone());
        found.push(("renamed", join(pointer, key), Value::Object(others), false));
    }
    found
}

fn all_changes(document: &Value) -> Vec<Change> {
    let mut found = Vec::new();
    let mut names: BTreeMap<String, Vec<(String, Value)>> = BTreeMap::new();
    walk(document, "", &mut |pointer, value| {
        let changes = changes(value, pointer).into_iter();
        found.extend(changes.map(|(kind, at, new, is_here)| {
            let replaced = pointer.to_owned();
            Change { kind, pointer: at, replaced, new, is_here }
        }));
        let (parent, key) = pointer.rsplit_once('/').unwrap_or_default();
        let is_event = || parent.ends_with("/x-stripeEvent") || parent.contains("/x-events/");
        if NAMES.contains(&key) && value.is_string() && (key != "type" || is_event()) {
            names.entry(key.to_owned()).or_default().push((pointer.to_owned(), value.clone()));
        }
    });
    for pair in names.values().flat_map(|values| values.windows(2)) {
        let (pointer, new) = (pair[1].0.clone(), pair[0].1.clone());
        found.push(Change { kind: "duplicate", replaced: pointer.clone(), pointer, new, is_here: false });
    }
    found
}

/// Returns whether a change may have several diagnostics.
fn is_several(change: &Change) -> bool {
    let keys: Vec<_> = change.pointer.split('/').skip(1).collect();
    match (change.kind, keys.as_slice()) {
        // Whatever refers to it by its key, its `x-resourceId`, its path, or the names of its parts has an error.
        ("removed" | "renamed", ["components"] | ["components" | "paths", _] | ["components", _, _]) => true,
        // Each of two arrays lacks its entry.
        ("removed", [.., "encoding"]) => true,
        // Each of two values lacks its name, or the event becomes a type.
        ("removed", ["components", "schemas", "api_errors", .., "x-stripeEnum"]) => true,
        ("removed", ["components", "schemas", "api_errors", .., "x-stripeEnum", "values"]) => true,
        ("renamed", ["components", "schemas", "odd", "x-stripeEvent"]) => true,
        // What it replaces has an error as well as the method.
        ("removed", ["paths", "~1v2~1runs", "post"]) => true,
        // Whatever refers to the replaced id has an error.
        ("duplicate", [.., "x-resourceId"]) => true,
        ("duplicate", ["paths", "~1v2~1names" | "~1v2~1runs" | "~1v2~1runs~1{id}", _, "operationId"]) => true,
        // The preset and the description of the value have an error.
        ("misspelt", ["paths", "~1v2~1data~1query_runs", "post", .., "format", "enum", _]) => true,
        // Each of its null examples and defaults has an error.
        ("removed", [.., "nullable"]) => true,
        // Each value in an example that it describes has an error.
        ("removed", [.., "additionalProperties"]) => true,
        ("removed" | "renamed", ["components", "schemas", "owner", "additionalProperties", "properties", "object"]) => {
            true
        }
        // Each of two properties must be listed.
        (
            "removed",
            ["components", "schemas", "run" | "v2.run" | "v2.data.error" | "v2.data.query_run", "required"],
        ) => true,
        ("removed", ["paths", "~1v2~1data~1query_runs", "post", .., "required"]) => true,
        // Without it, the response is a type instead of a list, and lacks a description.
        ("removed" | "renamed", ["paths", "~1v1~1reporting~1report_runs", "get", "responses", .., "properties", _]) => {
            true
        }
        // The event's type is also in its properties.
        ("duplicate", [.., "x-stripeEvent", "type"]) => true,
        // Without them it is a map, in which each of two keywords has no effect.
        ("removed", ["components", "schemas", "inside", "properties", ..]) => true,
        ("removed", ["components", "schemas", _, "properties"]) => true,
        // Each field in it that `x-wait`, `x-download` or `x-rows` names is missing.
        ("removed", ["components", "schemas", _, "properties", "status_details" | "result", "properties"]) => true,
        _ => false,
    }
}

/// The type of a schema with an error, which has no module.
const UNKNOWN: &str = "ModulePath([])";

/// Returns whether a diagnostic is at a place, inside it, or at the object around it.
fn is_at(diagnostic: &Diagnostic, pointer: &str) -> bool {
    let place = diagnostic.pointer.as_str();
    let (parent, _) = pointer.rsplit_once('/').unwrap_or_default();
    place == parent || place.strip_prefix(pointer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Reads a changed description; returns whether it has an error.
///
/// # Errors
///
/// The diagnostics, if they are not one at the change.
fn check(change: &Change, name: &str, document: &Value, others: &[Source]) -> Result<bool, String> {
    let Change { kind, pointer, .. } = change;
    let source = Source { name: name.to_owned(), text: change.apply(document) };
    let sources = [&[source], others].concat();
    let diagnostics = match read(&sources) {
        Ok(api) if format!("{api:?}").contains(UNKNOWN) => {
            return Err(format!("{kind} {pointer}: a type is unknown without an error"));
        }
        Ok(_) => return Ok(false),
        Err(diagnostics) => diagnostics,
    };
    let is_here = !change.is_here || diagnostics.iter().all(|diagnostic| is_at(diagnostic, pointer));
    if is_here && (diagnostics.len() == 1 || is_several(change)) {
        return Ok(true);
    }
    Err(format!("{kind} {pointer}:\n{}", render_human(&diagnostics, &sources)))
}

/// Checks one in `step` changes of a description from a file. Returns how many have an error, and those that are wrong.
fn check_all(source: &Source, others: &[Source], start: usize, step: usize) -> (usize, Vec<String>) {
    let document: Value = serde_yaml::from_str(&source.text).unwrap();
    let (mut found, mut wrong) = (0, Vec::new());
    for change in all_changes(&document).iter().skip(start).step_by(step) {
        match check(change, &source.name, &document, others) {
            Ok(has_error) => found += usize::from(has_error),
            Err(errors) => wrong.push(errors),
        }
    }
    (found, wrong)
}

/// Checks one in `step` changes of the fixtures.
fn check_fixtures(step: usize) {
    let sources = Fixture::all("dialect").into_iter().map(|Fixture { name, text }| Source { name, text }).enumerate();
    let checked = sources.map(|(index, source)| check_all(&source, &[], index % step, step));
    let (found, wrong): (Vec<_>, Vec<_>) = checked.unzip();
    let (found, wrong) = (found.iter().sum::<usize>(), wrong.concat());
    assert!(wrong.is_empty(), "{} changes:\n{}", wrong.len(), wrong.join("\n\n"));
    assert!(found > 2_000 / step, "only {found} errors were tested");
}

#[test]
fn an_error_in_a_fixture_gives_one_diagnostic() {
    check_fixtures(31);
}

#[test]
#[ignore = "takes minutes"]
fn every_error_in_a_fixture_gives_one_diagnostic() {
    check_fixtures(1);
}

#[test]
fn an_error_in_the_description_gives_one_diagnostic() {
    let sources = stripe_reporting_tests::description().unwrap();
    for (index, source) in sources.iter().enumerate() {
        let mut others = sources.clone();
        others.remove(index);
        // Each takes longer than one of a fixture.
        let (found, wrong) = check_all(source, &others, 0, 499);
        assert!(found > 5 && wrong.is_empty(), "{found} errors, wrong:\n{}", wrong.join("\n\n"));
    }
}
