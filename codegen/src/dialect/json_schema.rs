//! The dialect as a JSON Schema, for editors: the keywords of each object, their shapes and their documentation.
//!
//! It is looser than `parse` and `lower`, which also compare keywords with each other and follow references.

use serde_json::{Map, Value, json};

use super::EXTENSIONS;
use super::grammar::{Kind, SchemaKind, TYPES, schema_keywords};
use super::shape::{Member, Shape};

/// Returns the JSON Schema (draft 7, which editors support best) of a description.
#[must_use]
pub fn json_schema() -> Value {
    let mut definitions = Map::new();
    for &kind in Kind::ALL {
        let definition = if kind == Kind::Schema { schema() } else { object(kind, kind.keywords()) };
        definitions.insert(name(kind), definition);
        if kind.can_be_reference() {
            let choice = json!({"if": {"required": ["$ref"]}, "then": reference(), "else": definition_of(&name(kind))});
            definitions.insert(name_or_reference(kind), choice);
        }
    }
    for extension in EXTENSIONS {
        let documentation = match extension.used {
            true => format!("{} For {}.", extension.documentation(), extension.places()),
            false => format!("{} Ignored.", extension.documentation()),
        };
        definitions.insert(extension.name.to_owned(), described(shape(&extension.shape), &documentation));
    }
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A description of Stripe's APIs in the dialect of stripe-reporting",
        "$ref": format!("#/definitions/{}", name(Kind::Root)),
        "definitions": definitions,
    })
}

fn name(kind: Kind) -> String {
    format!("{kind:?}")
}

fn name_or_reference(kind: Kind) -> String {
    format!("{kind:?}OrReference")
}

fn definition_of(name: &str) -> Value {
    json!({"$ref": format!("#/definitions/{name}")})
}

fn reference() -> Value {
    closed(Map::from_iter([("$ref".to_owned(), json!({"type": "string"}))]), &["$ref"]).into()
}

/// Returns the schema of an object with some members and no others.
fn closed(properties: Map<String, Value>, required: &[&str]) -> Map<String, Value> {
    Map::from_iter([
        ("type".to_owned(), json!("object")),
        ("properties".to_owned(), properties.into()),
        ("required".to_owned(), json!(required)),
        ("additionalProperties".to_owned(), json!(false)),
    ])
}

/// Returns the schema of an OpenAPI object, which may have the extensions of its kind.
fn object(kind: Kind, members: impl IntoIterator<Item = &'static Member> + Clone) -> Value {
    let mut properties: Map<String, Value> = members.clone().into_iter().map(property).collect();
    let extensions = EXTENSIONS.iter().filter(|extension| extension.is_on(kind));
    properties.extend(extensions.map(|extension| (extension.name.to_owned(), definition_of(extension.name))));
    let required: Vec<_> = members.into_iter().filter(|member| member.required).map(|member| member.name).collect();
    constrain(&mut properties, "openapi", "pattern", json!(r"^3\.0\."));
    constrain(&mut properties, "enum", "minItems", json!(1));
    // Where it has no effect, it may be empty.
    if kind == Kind::Schema
        && let Some(Value::Object(description)) = properties.get_mut("description")
    {
        description.remove("pattern");
    }
    let mut object = closed(properties, &required);
    if let Some(free) = kind.free_keys() {
        object.insert("patternProperties".to_owned(), json!({free.pattern: shape(free.shape)}));
    }
    if kind == Kind::Parameter {
        let required = json!({"properties": {"required": {"const": true}}, "required": ["required"]});
        object.insert("if".to_owned(), json!({"properties": {"in": {"const": "path"}}, "required": ["in"]}));
        object.insert("then".to_owned(), required);
    }
    object.into()
}

/// Adds what the shape of a property does not say, if the object has it.
fn constrain(properties: &mut Map<String, Value>, name: &str, keyword: &str, value: Value) {
    if let Some(Value::Object(property)) = properties.get_mut(name) {
        property.insert(keyword.to_owned(), value);
    }
}

/// Returns the schema of a schema: its type, or `anyOf` or `oneOf`, decides which keywords it may have.
fn schema() -> Value {
    let typed = |name: &'static str| json!({"properties": {"type": {"const": name}}, "required": ["type"]});
    let mut cases: Vec<(Value, SchemaKind<'_>)> =
        TYPES.iter().map(|&name| (typed(name), SchemaKind::Typed(name))).collect();
    cases.push((json!({"required": ["anyOf"]}), SchemaKind::AnyOf));
    cases.push((json!({"required": ["oneOf"]}), SchemaKind::OneOf));
    let case = |(condition, kind): &(Value, SchemaKind<'_>)| json!({"if": condition, "then": schema_of(*kind)});
    let mut all: Vec<_> = cases.iter().map(case).collect();
    let any: Vec<_> = ["type", "anyOf", "oneOf"].iter().map(|keyword| json!({"required": [keyword]})).collect();
    all.push(json!({"if": {"not": {"anyOf": any}}, "then": schema_of(SchemaKind::Free)}));
    let types = described(json!({"enum": TYPES}), "The type.");
    json!({"type": "object", "properties": {"type": types}, "allOf": all})
}

fn schema_of(kind: SchemaKind<'_>) -> Value {
    let mut members: Vec<_> = Kind::Schema.keywords().iter().chain(schema_keywords(kind)).collect();
    if !matches!(kind, SchemaKind::Typed(_)) {
        members.retain(|member| member.name != "type");
    }
    object(Kind::Schema, members)
}

fn property(member: &Member) -> (String, Value) {
    let documentation = match member.ignored {
        true => format!("{} Ignored.", member.documentation.trim_start()),
        false => member.documentation.trim_start().to_owned(),
    };
    let shape = match member.shape {
        // Empty ones are still to be written.
        Shape::Text if member.prose => json!({"type": "string", "pattern": r"\S"}),
        _ => shape(&member.shape),
    };
    (member.name.to_owned(), described(shape, &documentation))
}

/// Adds documentation to a schema. What is beside a `$ref` would be ignored.
fn described(schema: Value, documentation: &str) -> Value {
    match schema {
        Value::Object(mut schema) if !schema.contains_key("$ref") => {
            schema.insert("description".to_owned(), documentation.into());
            schema.into()
        }
        schema => json!({"description": documentation, "allOf": [schema]}),
    }
}

fn shape(of: &Shape) -> Value {
    match of {
        Shape::Any | Shape::Ignored => json!({}),
        Shape::Text => json!({"type": "string"}),
        Shape::Flag => json!({"type": "boolean"}),
        Shape::Integer => json!({"type": "integer"}),
        Shape::Count => json!({"type": "integer", "minimum": 0}),
        Shape::Number => json!({"type": "number"}),
        Shape::Choice(choices) => json!({"enum": choices}),
        Shape::List(item) => json!({"type": "array", "items": shape(item)}),
        Shape::Map(value) => json!({"type": "object", "additionalProperties": shape(value)}),
        Shape::Record { members } => {
            let required: Vec<_> = members.iter().filter(|member| member.required).map(|member| member.name).collect();
            closed(members.iter().map(property).collect(), &required).into()
        }
        Shape::Either(one, other) => json!({"anyOf": [shape(one), shape(other)]}),
        Shape::Object(kind) => definition_of(&name(*kind)),
        Shape::OrReference(kind) => definition_of(&name_or_reference(*kind)),
    }
}
