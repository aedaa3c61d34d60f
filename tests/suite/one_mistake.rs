//! One mistake, one message: descriptions are spoiled in one place after the other, and each time at most one error is reported,
//! at that place. An error that follows from another is none.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use stripe_reporting_codegen::{Diagnostic, Source, read, render_human};
use stripe_reporting_tests::Fixture;

/// A description with one mistake.
struct Spoiled {
    kind: &'static str,
    pointer: String,
    text: String,
    /// Whether only this place can be wrong, and not one that has to agree with it.
    is_here: bool,
}

/// Keys below which a mistake is none.
const FREE: [&str; 6] = ["description", "title", "summary", "example", "default", "externalDocs"];

/// Keys whose values are names that have to be unique.
const NAMES: [&str; 5] = ["operationId", "class_name", "x-resourceId", "x-rustName", "type"];

fn join(pointer: &str, key: &str) -> String {
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// Calls `visit` for each value, with the pointer to it.
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

/// Whether a schema stands at a place.
fn is_schema(pointer: &str) -> bool {
    match pointer.rsplit('/').take(2).collect::<Vec<_>>().as_slice() {
        ["schema" | "items" | "additionalProperties", _] => true,
        [_, parent] => ["properties", "schemas", "anyOf"].contains(parent),
        _ => false,
    }
}

/// The mistakes in the value at a place: a word that is misspelt, a value of another type, a schema of another kind, a key that is
/// missing or misspelt.
fn mistakes(value: &Value, pointer: &str) -> Vec<(&'static str, String, Value, bool)> {
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

fn spoiled(document: &Value) -> Vec<Spoiled> {
    let mut found = Vec::new();
    let mut names: BTreeMap<String, Vec<(String, Value)>> = BTreeMap::new();
    let changed = |pointer: &str, new: Value| {
        let mut copy = document.clone();
        *copy.pointer_mut(pointer).unwrap() = new;
        copy.to_string()
    };
    walk(document, "", &mut |pointer, value| {
        for (kind, at, new, is_here) in mistakes(value, pointer) {
            found.push(Spoiled { kind, pointer: at, text: changed(pointer, new), is_here });
        }
        let (parent, key) = pointer.rsplit_once('/').unwrap_or_default();
        if NAMES.contains(&key) && value.is_string() && (key != "type" || parent.ends_with("/x-stripeEvent")) {
            names.entry(key.to_owned()).or_default().push((pointer.to_owned(), value.clone()));
        }
    });
    for pair in names.values().flat_map(|values| values.windows(2)) {
        let text = changed(&pair[1].0, pair[0].1.clone());
        found.push(Spoiled { kind: "duplicate", pointer: pair[1].0.clone(), text, is_here: false });
    }
    found
}

/// Mistakes that several errors are right for.
fn is_several(spoiled: &Spoiled) -> bool {
    let keys: Vec<_> = spoiled.pointer.split('/').skip(1).collect();
    match (spoiled.kind, keys.as_slice()) {
        // What is referred to by its key, by its `x-resourceId`, by its path, or by the names of its parts, is missing.
        ("removed" | "renamed", ["components"] | ["components" | "paths", _] | ["components", _, _]) => true,
        // Each of two arrays has no entry in it.
        ("removed", [.., "encoding"]) => true,
        // Each of two values needs the name that it gives, or the event becomes a type.
        ("removed", ["components", "schemas", "api_errors", .., "x-stripeEnum"]) => true,
        ("removed", ["components", "schemas", "api_errors", .., "x-stripeEnum", "values"]) => true,
        ("renamed", ["components", "schemas", "odd", "x-stripeEvent"]) => true,
        // What had the other id has none.
        ("duplicate", [.., "x-resourceId"]) => true,
        // Each of its examples and defaults may be null.
        ("removed", [.., "nullable"]) => true,
        // Each value in an example that it describes is unknown.
        ("removed", [.., "additionalProperties"]) => true,
        ("removed" | "renamed", ["components", "schemas", "owner", "additionalProperties", "properties", "object"]) => {
            true
        }
        // Each of two properties has to be listed.
        ("removed", ["components", "schemas", "run", "required"]) => true,
        // The type of the event is in two places, and one of them is that of another event.
        ("duplicate", [.., "x-stripeEvent", "type"]) => true,
        // Without them it is a map, where each of two keywords has no effect.
        ("removed", ["components", "schemas", "inside", "properties", ..]) => true,
        _ => false,
    }
}

/// Only what has an error has a type without a module.
const UNKNOWN: &str = "ModulePath([])";

/// Whether an error is at a place: at what stands there, in it, or at the object that it stands in.
fn is_at(diagnostic: &Diagnostic, pointer: &str) -> bool {
    let place = diagnostic.pointer.as_str();
    let (parent, _) = pointer.rsplit_once('/').unwrap_or_default();
    place == parent || place.strip_prefix(pointer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Reads what was spoiled; returns whether there was an error, or all of them if they are not as they should be.
fn check(spoiled: &Spoiled, others: &[Source]) -> Result<bool, String> {
    let source = Source { name: "spoiled.json".to_owned(), text: spoiled.text.clone() };
    let sources = [&[source], others].concat();
    let diagnostics = match read(&sources) {
        Ok(api) if format!("{api:?}").contains(UNKNOWN) => {
            return Err(format!("{} {}: a type is unknown without an error", spoiled.kind, spoiled.pointer));
        }
        Ok(_) => return Ok(false),
        Err(diagnostics) => diagnostics,
    };
    let is_here = !spoiled.is_here || diagnostics.iter().all(|diagnostic| is_at(diagnostic, &spoiled.pointer));
    if is_here && (diagnostics.len() == 1 || is_several(spoiled)) {
        return Ok(true);
    }
    Err(format!("{} {}:\n{}", spoiled.kind, spoiled.pointer, render_human(&diagnostics, &sources)))
}

/// Checks that mistakes get one message, and that so many are found.
fn check_all<'s>(spoiled: impl Iterator<Item = (Spoiled, &'s [Source])>, expected: usize) {
    let (mut found, mut wrong) = (0, Vec::new());
    for (spoiled, others) in spoiled {
        match check(&spoiled, others) {
            Ok(has_error) => found += usize::from(has_error),
            Err(errors) => wrong.push(errors),
        }
    }
    assert!(wrong.is_empty(), "{} mistakes:\n{}", wrong.len(), wrong.join("\n\n"));
    assert!(found > expected, "only {found} mistakes were tested");
}

/// Checks one of so many mistakes in the fixtures.
fn check_fixtures(step: usize) {
    let documents = Fixture::all("dialect").into_iter().enumerate().flat_map(|(index, fixture)| {
        let document: Value = serde_yaml::from_str(&fixture.text).unwrap();
        spoiled(&document).into_iter().skip(index % step).step_by(step)
    });
    check_all(documents.map(|spoiled| (spoiled, [].as_slice())), 2_000 / step);
}

#[test]
fn a_mistake_in_a_fixture_gets_one_message() {
    check_fixtures(31);
}

#[test]
#[ignore = "takes minutes"]
fn every_mistake_in_a_fixture_gets_one_message() {
    check_fixtures(1);
}

/// How many mistakes in the description are left out for each that is tested: each takes longer than one in a fixture.
const STEP: usize = 499;

#[test]
fn a_mistake_in_the_description_gets_one_message() {
    let sources = stripe_reporting_tests::description().unwrap();
    for (index, source) in sources.iter().enumerate() {
        let document: Value = serde_yaml::from_str(&source.text).unwrap();
        let mut others = sources.clone();
        others.remove(index);
        let some = spoiled(&document).into_iter().step_by(STEP);
        check_all(some.map(|spoiled| (spoiled, others.as_slice())), 5);
    }
}
