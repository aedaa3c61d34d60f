//! `additionalProperties` beside `properties`: the field for them has a name and a type like any other.

use stripe_reporting_codegen::api::{Api, Struct, TypeKind};
use stripe_reporting_codegen::{Code, Diagnostics, Source, read};

fn described(schemas: &str) -> Result<Api, Diagnostics> {
    let head = "openapi: 3.0.3\ninfo: {title: Open objects, version: 2026-01-01.preview}\n";
    let paths = "paths:
  /v2/things:
    post:
      operationId: PostThings
      requestBody: {content: {application/json: {schema: {type: object, properties: {thing: {$ref: '#/components/schemas/thing'}}}}}}
      responses: {'200': {description: Done., content: {application/json: {schema: {}}}}}
";
    read(&[Source { name: "open.yaml".to_owned(), text: format!("{head}{paths}components:\n  schemas:\n{schemas}") }])
}

fn only_error(schemas: &str) -> (Code, String, usize, Vec<usize>) {
    let diagnostics = described(schemas).unwrap_err();
    let found: Vec<_> = diagnostics.iter().collect();
    let [diagnostic] = found.as_slice() else { panic!("{found:#?}") };
    let related = diagnostic.related.iter().map(|related| related.location.line).collect();
    (diagnostic.code, diagnostic.message.clone(), diagnostic.location.line, related)
}

#[test]
fn a_property_of_the_same_name_is_an_error_that_shows_both() {
    let schemas = "
    thing:
      type: object
      properties:
        additional_properties: {type: string}
      additionalProperties: true
";
    let message = "the property `additional_properties` and `additionalProperties` have the same Rust name, `additional_properties`";
    let (code, found, line, related) = only_error(schemas);
    assert_eq!((code, found.as_str(), line - related[0]), (Code::NameCollision, message, 1));
    for renamed in [
        schemas.replace("additionalProperties: true", "additionalProperties: {type: string, x-rustName: others}"),
        schemas.replace("{type: string}", "{type: string, x-rustName: given}"),
    ] {
        described(&renamed).unwrap();
    }
}

#[test]
fn additional_values_in_requests_cannot_be_null() {
    for values in ["{type: string, nullable: true}", "{type: array, items: {type: string, nullable: true}}"] {
        let schemas = format!(
            "    thing: {{type: object, properties: {{a: {{type: string}}}}, additionalProperties: {values}}}\n"
        );
        let (code, message, ..) = only_error(&schemas);
        assert_eq!(code, Code::UnsupportedConstruct);
        assert!(message.starts_with("items and values in requests cannot be null"), "{message}");
    }
}

#[test]
fn a_closed_object_equals_one_without_additional_properties() {
    let without = described("    thing: {type: object, properties: {a: {type: string}}}\n").unwrap();
    let with = "    thing: {type: object, properties: {a: {type: string}}, additionalProperties: false}\n";
    assert_eq!(described(with).unwrap(), without);
    let types: Vec<_> = without.types.values().map(|def| &def.kind).collect();
    assert!(matches!(types.as_slice(), [TypeKind::Struct(Struct { additional: None, .. })]), "{types:?}");
}
