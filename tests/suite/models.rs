//! Every model of the generated crate: read, written, with fields that are missing and values that do not exist yet.

use std::sync::LazyLock;

use serde_json::{Value, json};
use stripe_reporting_codegen::api::{Api, Enum, Presence, Struct, TypeDef, TypeKind};
use stripe_reporting_codegen::read;
use stripe_reporting_tests::models::round_trip;
use stripe_reporting_tests::sample::{PlaceKind, places};

use crate::cargo::rust_files;

static API: LazyLock<Api> = LazyLock::new(|| read(&stripe_reporting_tests::description().unwrap()).unwrap());

/// Every model, with its name and a value that has everything in it.
fn models() -> Vec<(&'static TypeDef, String, Value)> {
    let decoded = |def: &&TypeDef| !matches!(def.kind, TypeKind::Enum(Enum { unrecognized: None, .. }));
    let models =
        API.types.values().filter(decoded).map(|def| (def, def.path.to_string(), API.full_example(&def.path).unwrap()));
    let models: Vec<_> = models.collect();
    assert!(models.len() > 50, "only {} models are tested", models.len());
    models
}

fn remove(json: &Value, pointer: &str) -> Value {
    let mut json = json.clone();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    json.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(key);
    json
}

fn replace(json: &Value, pointer: &str, value: Value) -> Value {
    let mut json = json.clone();
    *json.pointer_mut(pointer).unwrap() = value;
    json
}

#[test]
fn what_was_read_is_written_again() {
    for (_, name, json) in models() {
        assert_eq!(round_trip(&name, &json).as_ref(), Ok(&json), "{name}");
    }
}

#[test]
fn an_optional_field_may_be_missing_or_null() {
    let mut tested = 0;
    for (def, name, json) in models() {
        for place in places(&API, &def.path).iter().filter(|place| place.kind == PlaceKind::Optional) {
            let missing = round_trip(&name, &remove(&json, &place.pointer));
            let null = round_trip(&name, &replace(&json, &place.pointer, Value::Null));
            assert!(missing.is_ok(), "{name} without {}: {missing:?}", place.pointer);
            assert_eq!(missing, null, "{name}: {} is null or missing", place.pointer);
            tested += 1;
        }
    }
    assert!(tested > 100, "only {tested} fields were tested");
}

#[test]
fn all_optional_fields_may_be_missing_at_once() {
    for (def, name, json) in models() {
        let TypeKind::Struct(definition) = &def.kind else { continue };
        let mut json = json;
        let mut expected = json.clone();
        for field in definition.fields.iter().filter(|field| !field.required || field.nullable) {
            json = remove(&json, &format!("/{}", field.wire));
            expected = match field.presence(def.in_requests) {
                Presence::Null => replace(&expected, &format!("/{}", field.wire), Value::Null),
                _ => remove(&expected, &format!("/{}", field.wire)),
            };
        }
        assert_eq!(round_trip(&name, &json).as_ref(), Ok(&expected), "{name}");
    }
}

#[test]
fn a_required_field_that_is_missing_is_named() {
    for (def, name, json) in models() {
        for place in places(&API, &def.path).iter().filter(|place| place.kind == PlaceKind::Required) {
            let error = round_trip(&name, &remove(&json, &place.pointer)).unwrap_err();
            let field = place.pointer.rsplit('/').next().unwrap();
            // An expandable field says that neither alternative fits.
            assert!(
                error.contains(field) || place.pointer.contains("/file/"),
                "{name} without {}: {error}",
                place.pointer
            );
        }
    }
}

#[test]
fn an_enum_keeps_a_value_that_does_not_exist() {
    let mut tested = 0;
    for (def, name, json) in models() {
        for place in places(&API, &def.path).iter().filter(|place| place.kind == PlaceKind::Enum) {
            for value in ["value_of_tomorrow", "", "Failed", "ünïcode \"quoted\""] {
                let json = replace(&json, &place.pointer, json!(value));
                assert_eq!(round_trip(&name, &json).as_ref(), Ok(&json), "{name}: {}", place.pointer);
            }
            tested += 1;
        }
    }
    assert!(tested > 20, "only {tested} enums were tested");
}

#[test]
fn an_unknown_field_is_ignored() {
    for (def, name, json) in models() {
        if matches!(def.kind, TypeKind::Struct(Struct { additional: None, .. })) {
            let mut more = json.clone();
            more.as_object_mut().unwrap().insert("field_of_tomorrow".to_owned(), json!({"a": [1]}));
            assert_eq!(round_trip(&name, &more).as_ref(), Ok(&json), "{name}");
        }
    }
}

/// A value without its null members, which mean the same as absent ones.
pub(crate) fn without_nulls(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.into_iter().filter(|(_, member)| !member.is_null());
            Value::Object(members.map(|(key, member)| (key, without_nulls(member))).collect())
        }
        Value::Array(items) => items.into_iter().map(without_nulls).collect(),
        plain => plain,
    }
}

#[test]
fn the_examples_of_the_description_are_read_and_written_again() {
    let mut tested = 0;
    for def in API.types.values() {
        let TypeKind::Struct(Struct { example: Some(example), .. }) = &def.kind else { continue };
        let again = round_trip(&def.path.to_string(), example).map(without_nulls);
        assert_eq!(again, Ok(without_nulls(example.clone())), "{}", def.path);
        tested += 1;
    }
    assert!(tested >= 10, "only {tested} examples were tested");
}

#[test]
fn every_resource_of_the_description_has_an_example() {
    for def in API.types.values() {
        if let TypeKind::Struct(Struct { resource: Some(_), example, .. }) = &def.kind {
            assert!(example.is_some(), "{} has no `example`", def.path);
        }
    }
}

/// What the description decides is read from it, as `OPERATION.stripe_version`; otherwise its next version fails the tests.
#[test]
fn no_test_and_no_example_repeats_the_version_of_the_description() {
    for description in &API.descriptions {
        let literal = format!("{:?}", description.version);
        for (path, text) in ["examples", "tests"].into_iter().flat_map(rust_files) {
            assert!(!text.contains(&literal), "{} contains {literal}", path.display());
        }
    }
}

#[test]
fn every_operation_links_to_the_api_reference() {
    assert!(!API.operations.is_empty());
    for operation in API.operations.values() {
        assert!(operation.doc.reference.is_some(), "{} has no `externalDocs`", operation.id);
        assert!(!operation.doc.text.is_empty(), "{} has no description", operation.id);
    }
}
