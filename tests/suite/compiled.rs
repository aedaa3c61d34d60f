//! The crates of the fixtures compile, their examples run, and neither clippy nor rustdoc reports anything.

use std::sync::LazyLock;

use serde_json::{Map, Value, json};
use stripe_reporting_tests::Fixture;

use crate::fixture_examples::PROGRAM;
use crate::workspace::{Generated, Workspace};

/// The crates of all fixtures, and the program that decodes their examples.
pub(crate) static FIXTURES: LazyLock<Workspace> = LazyLock::new(|| {
    let nested = Fixture { name: "nested".to_owned(), text: nested().to_string() };
    let fixtures: Vec<_> = Fixture::all("dialect").into_iter().chain([nested]).collect();
    let crates: Vec<_> = fixtures.iter().map(Generated::of_fixture).collect();
    let mut workspace = Workspace::new("workspace");
    let packages = workspace.join("fixtures", &crates);
    crate::fixture_examples::add_program(&mut workspace, &fixtures, &packages);
    workspace
});

#[test]
fn every_fixture_compiles_without_a_warning_and_its_examples_run() {
    for arguments in [&["clippy"][..], &["doc", "--no-deps"], &["test", "--doc"]] {
        let output =
            FIXTURES.cargo(&[arguments, &["--workspace", "--exclude", PROGRAM, "--features", "examples"]].concat());
        let (stderr, stdout) = (String::from_utf8_lossy(&output.stderr), String::from_utf8_lossy(&output.stdout));
        assert!(output.status.success(), "cargo {arguments:?}:\n{stderr}\n{stdout}");
    }
}

/// Returns a description with every type inside of every other, required and optional, in a query, a form and a JSON body, which
/// the examples in the documentation have to build.
fn nested() -> Value {
    let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let schemas = json!({
        "word": {"type": "string", "x-knownValues": ["known"]},
        "thing": {"type": "object", "x-resourceId": "thing", "required": ["id"], "properties": {"id": {"type": "string"}}},
        "inner": {
            "type": "object",
            "required": ["must", "deprecated"],
            "properties": {
                "must": {"type": "array", "items": {"type": "array", "items": {"type": "string"}}},
                "deprecated": reference("deprecated"),
                "may": {"type": "integer", "example": 1},
            },
        },
        "deprecated": {"type": "object", "deprecated": true, "properties": {"a": {"type": "string", "deprecated": true, "example": "b"}}},
        "node": {
            "type": "object",
            "required": ["children", "by_name"],
            "properties": {
                "children": {"type": "array", "items": reference("node")},
                "by_name": {"type": "object", "additionalProperties": reference("node")},
            },
        },
        "endless": {"type": "object", "required": ["endless"], "properties": {"endless": reference("endless")}},
    });
    let odd = "a \"quote\", \\, {}, #, \n ```\u{202e} \u{0} é日本";
    let types = [
        ("boolean", json!({"type": "boolean"}), json!(false)),
        ("integer", json!({"type": "integer"}), json!(-3_000_000_000_i64)),
        ("unsigned", json!({"type": "integer", "minimum": 0}), json!(3_000_000_000_u64)),
        ("number", json!({"type": "number"}), json!(1e300)),
        ("zero", json!({"type": "number"}), json!(-0.0)),
        ("string", json!({"type": "string"}), json!(odd)),
        ("rfc3339", json!({"type": "string", "format": "date-time"}), json!("2025-01-01T00:00:00Z")),
        ("int64", json!({"type": "string", "format": "int64"}), json!("-9223372036854775808")),
        ("uint64", json!({"type": "string", "format": "uint64"}), json!("18446744073709551615")),
        ("unix", json!({"type": "integer", "format": "unix-time"}), json!(1)),
        ("currency", json!({"type": "string", "format": "currency"}), json!("usd")),
        ("decimal", json!({"type": "string", "format": "decimal"}), json!("-0.0")),
        ("secret", json!({"type": "string", "x-secret": true}), json!("s")),
        ("open", json!({"type": "string", "enum": ["", "b"], "x-stripeEnum": {"kind": "open"}}), json!("b")),
        ("closed", json!({"type": "string", "enum": ["a", "b"]}), json!("a")),
        ("word", reference("word"), Value::Null),
        ("any", json!({}), json!({"a": [1, "b", null, true, {"c": 1.5}], "big": u64::MAX})),
        ("object", json!({"type": "object", "additionalProperties": true}), json!({"a": "b", "c": 1})),
        ("struct", reference("inner"), Value::Null),
        ("node", reference("node"), Value::Null),
        (
            "range",
            json!({"type": "object", "properties": {"gte": {"type": "string"}, "lt": {"type": "string"}}}),
            Value::Null,
        ),
        (
            "exact",
            json!({"anyOf": [{"type": "object", "properties": {"gt": {"type": "integer"}}}, {"type": "integer"}]}),
            Value::Null,
        ),
        (
            "expandable",
            json!({
                "anyOf": [{"type": "string"}, reference("thing")],
                "x-expansionResources": {"oneOf": [reference("thing")]},
            }),
            Value::Null,
        ),
    ];
    let mut properties = Map::new();
    for (name, schema, example) in types {
        let array = |(schema, example)| (json!({"type": "array", "items": schema}), json!([example]));
        let map = |(schema, example)| {
            (json!({"type": "object", "additionalProperties": schema}), json!({"a\"b": example, "c": example}))
        };
        let plain = (schema, example.clone());
        for (kind, (mut schema, nested)) in [
            ("plain", plain.clone()),
            ("array", array(plain.clone())),
            ("map", map(plain.clone())),
            ("arrays", array(array(plain.clone()))),
            ("array_of_maps", array(map(plain.clone()))),
            ("map_of_arrays", map(array(plain.clone()))),
            ("maps", map(map(plain))),
        ] {
            if !example.is_null() {
                schema["example"] = nested;
            }
            properties.insert(format!("{kind}_{name}"), schema);
        }
    }
    let names: Vec<_> = properties.keys().cloned().collect();
    let responses = json!({"200": {"description": "Done.", "content": {"application/json": {"schema": {}}}}});
    let is_nested = |name: &str| {
        let schema = &properties[name];
        !name.starts_with("plain_")
            || schema["type"] == "object"
            || ["plain_struct", "plain_node", "plain_exact"].contains(&name)
    };
    let body = |content: &str, schema: Value| {
        let mut described = json!({"schema": schema});
        if content != "application/json" {
            let encoding = names.iter().filter(|name| is_nested(name));
            let encoding = encoding.map(|name| (name.clone(), json!({"style": "deepObject", "explode": true})));
            described["encoding"] = Value::Object(encoding.collect());
        }
        json!({"content": {content: described}})
    };
    let object = |required: bool| {
        let mut schema = json!({"type": "object", "properties": properties});
        if required {
            schema["required"] = json!(names);
        }
        schema
    };
    let query: Vec<_> = properties
        .iter()
        // A parameter by itself is not expanded.
        .filter(|(name, _)| *name != "plain_expandable")
        .map(|(name, schema)| {
            let mut schema = schema.clone();
            let example = schema.as_object_mut().unwrap().remove("example");
            let mut parameter = json!({"name": name, "in": "query", "required": true, "schema": schema});
            if let Some(example) = example {
                parameter["example"] = example;
            }
            if is_nested(name) {
                parameter["style"] = json!("deepObject");
                parameter["explode"] = json!(true);
            }
            parameter
        })
        .collect();
    let endless = json!({"type": "object", "required": ["endless"], "properties": {"endless": reference("endless")}});
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Nested", "version": "2024-01-31.preview"},
        "paths": {
            "/v1/query": {"get": {"operationId": "query", "parameters": query, "responses": responses}},
            "/v1/form": {"post": {
                "operationId": "form",
                "requestBody": body("application/x-www-form-urlencoded", object(false)),
                "responses": responses,
            }},
            "/v2/json": {"post": {
                "operationId": "json",
                "deprecated": true,
                "requestBody": body("application/json", object(true)),
                "responses": responses,
            }},
            "/v2/endless": {"post": {
                "operationId": "endless",
                "requestBody": body("application/json", endless),
                "responses": responses,
            }},
        },
        "components": {"schemas": schemas},
    })
}
