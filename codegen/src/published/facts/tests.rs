//! The marks of the declaration and the comparison agree.

use serde_json::{Value as Json, json};

use super::find;
use crate::dialect::grammar::{Kind, SchemaKind, TYPES, schema_keywords};
use crate::published::choice::Choice;
use crate::published::node::Node;
use crate::published::pairing::Pairing;
use crate::published::{Fact, read};
use crate::source::Source;

/// Returns a description with one property.
fn description(property: &Json) -> Json {
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Things", "version": "2026-09-30.preview"},
        "paths": {"/v1/things": {"get": {"responses": {"200": {"content": {"application/json": {"schema": {
            "$ref": "#/components/schemas/thing"
        }}}}}}}},
        "components": {"schemas": {"thing": {"type": "object", "properties": {"property": property}}}},
    })
}

fn facts(curated: &Json, published: &Json) -> Vec<Fact> {
    let source = Source { name: "things.json".to_owned(), text: description(curated).to_string() };
    let root = description(curated);
    let published = [read("published.json", &description(published).to_string()).unwrap()];
    let roots = [Node::root(&root)];
    let choice = Choice::new(&roots, &published);
    find(&[source], &roots, &choice, &Pairing::new(&roots, &choice)).facts
}

/// Returns a value for a keyword of a schema, and another one or none.
fn values(keyword: &str, name: &str) -> (Json, Option<Json>) {
    let one = match keyword {
        "type" => return (json!(name), Some(json!(if name == "boolean" { "string" } else { "boolean" }))),
        "items" => return (json!({"type": "string"}), Some(json!({"type": "integer"}))),
        "properties" => return (json!({"inner": {"type": "string"}, "other": {}}), Some(json!({"other": {}}))),
        "format" if name == "string" => json!("date-time"),
        "format" => json!("unix-time"),
        "enum" => json!(["a"]),
        "required" => json!(["inner"]),
        "additionalProperties" => json!({"type": "string"}),
        "pattern" | "title" | "description" | "example" => json!("a"),
        "externalDocs" => json!({"url": "https://example.com"}),
        "default" => json!(1),
        keyword if keyword.starts_with("min") || keyword.starts_with("max") || keyword == "multipleOf" => json!(1),
        _ => json!(true),
    };
    (one, None)
}

#[test]
fn keywords_are_compared_if_they_are_marked() {
    let mut tried = 0;
    for name in TYPES {
        for member in Kind::Schema.keywords().iter().chain(schema_keywords(SchemaKind::Typed(name))) {
            let mut schema = json!({"type": name});
            match *name {
                "object" => schema["properties"] = json!({"inner": {"type": "string"}}),
                "array" => schema["items"] = json!({"type": "string"}),
                _ => {}
            }
            let (one, other) = values(member.name, name);
            let (mut with, mut without) = (schema.clone(), schema);
            with[member.name] = one;
            if let Some(other) = other {
                without[member.name] = other;
            }
            let is_compared = !facts(&with, &without).is_empty() || !facts(&without, &with).is_empty();
            assert_eq!(is_compared, member.compared, "`{}` of {name}", member.name);
            tried += 1;
        }
    }
    assert!(tried > 80, "{tried}");
}

/// What is weaker here than there is no fact.
#[test]
fn what_says_less_is_no_fact() {
    for (curated, published) in [
        (json!({"type": "string"}), json!({"type": "string", "maxLength": 5, "pattern": "^a"})),
        (json!({"type": "string"}), json!({"type": "string", "enum": ["a"]})),
        (json!({"type": "string", "format": "uint64"}), json!({"type": "string", "format": "int64"})),
        (json!({"type": "string", "format": "uint64"}), json!({"type": "string", "format": "uint64"})),
        (json!({"type": "string", "nullable": true}), json!({"type": "string"})),
        (
            json!({"type": "string", "enum": ["a"], "x-stripeEnum": {"kind": "open"}}),
            json!({"type": "string", "enum": ["a"]}),
        ),
        (
            json!({"type": "object", "properties": {"a": {}}}),
            json!({"type": "object", "required": ["a"], "properties": {"a": {}}}),
        ),
        (json!({"type": "object", "additionalProperties": true}), json!({"type": "object", "properties": {"a": {}}})),
        (json!({}), json!({"oneOf": [{"type": "string"}, {"type": "array"}]})),
    ] {
        assert_eq!(facts(&curated, &published), [], "{curated}");
    }
}
