//! Examples, defaults, and `false` in place of an object.

use super::{accepted, form, operation, query, refused, schemas};

/// Returns a description of an object with a property `a` and an example.
fn example(property: &str, value: &str) -> String {
    schemas(&format!(
        "thing: {{type: object, properties: {{a: {{{property}}}, b: {{type: string}}}}, example: {{a: {value}}}}}\n\
         other: {{type: object, required: [c], properties: {{c: {{type: integer}}}}, additionalProperties: false}}"
    ))
}

#[test]
fn examples_match_their_schemas() {
    let other = "$ref: '#/components/schemas/other'";
    let map = "type: object, additionalProperties: {type: string, format: currency}";
    let range = "anyOf: [{type: object, properties: {gte: {type: integer}}}, {type: integer}]";
    let list = "type: object, properties: {data: {type: array, items: {$ref: '#/components/schemas/other'}}, \
                next_page_url: {type: string, nullable: true}, previous_page_url: {type: string, nullable: true}}";
    let expandable = format!("anyOf: [{{type: string}}, {{{other}}}], x-expansionResources: {{oneOf: [{{{other}}}]}}");
    for (property, value) in [
        ("type: string", "text"),
        ("type: string, nullable: true", "null"),
        ("type: string, format: date-time", "2026-01-31T12:00:00.000Z"),
        ("type: string, format: int64", "'-500'"),
        ("type: string, format: decimal", "'-12.50'"),
        ("type: string, format: currency", "usd"),
        ("type: string, enum: [x], x-stripeEnum: {kind: open}", "y"),
        ("type: string, enum: [x], x-stripeBypassValidation: true", "y"),
        ("type: integer, minimum: 1, maximum: 3", "3"),
        ("type: integer, format: unix-time", "1680000000"),
        ("type: number", "5"),
        ("type: array, items: {type: string, nullable: true}", "[x, null]"),
        ("type: object, additionalProperties: true", "{x: [1, {y: null}]}"),
        (map, "{x: usd}"),
        (range, "5"),
        (range, "{gte: 5}"),
        (list, "{data: [{c: 1}], next_page_url: null}"),
        (&expandable, "id"),
        (&expandable, "{c: 1}"),
        (&format!("anyOf: [{{{other}}}], x-falseMeansAbsent: true"), "false"),
    ] {
        accepted(&example(property, value));
    }
    let correct = "change the value, or its schema";
    let quotes = "put it in quotes to make it a string";
    for (property, value, help) in [
        ("⇢type: string", "→5", quotes),
        ("⇢type: string", "→null", "remove it, or add `nullable: true` to the schema"),
        ("⇢type: string", "→[x]", correct),
        ("type: string, ⇢format: int64", "→'5.0'", correct),
        ("type: string, ⇢format: decimal", "→12.5e3x", correct),
        ("type: string, ⇢format: currency", "→USD", correct),
        ("type: string, ⇢enum: [xyz], x-stripeEnum: {kind: closed}", "→other", "use one of `xyz`"),
        ("⇢type: integer", "→1.5", correct),
        ("type: integer, ⇢minimum: 1", "→0", correct),
        ("type: integer, ⇢maximum: 1, exclusiveMaximum: true", "→1", correct),
        ("type: number, ⇢maximum: 1.5", "→2", correct),
        ("⇢type: boolean", "→'true'", correct),
        ("type: array, items: {⇢type: string}", "[x, →5]", quotes),
        (&map.replace("format", "⇢format"), "{x: →US}", correct),
        (&range.replace("gte: {type", "gte: {⇢type"), "{gte: →x}", correct),
        (&format!("⇢{range}"), "→x", correct),
        (&format!("⇢{expandable}"), "→5", quotes),
        (&list.replace("{type: array", "{⇢type: array"), "{data: →5}", correct),
    ] {
        refused(&example(property, value), "invalid-example", help);
    }
    let missing = example(other, "→{}").replace("required: [c]", "⇢required: [c]");
    refused(&missing, "invalid-example", "add `c`");
    let unknown = schemas("thing: {type: object, ⇢properties: {a: {type: string}}, example: {a: x, →other: 1}}");
    refused(&unknown, "invalid-example", "remove it, or describe it in the schema's `properties`");
    let parameter = query("{name: a, in: query, schema: {⇢type: integer}, example: →x}");
    refused(&parameter, "invalid-example", correct);
    let circle = "thing: {type: object, properties: {a: {$ref: '#/components/schemas/thing'}, b: {⇢type: string}}, \
                  example: {a: {a: {a: {b: →5}}}}}";
    refused(&schemas(circle), "invalid-example", quotes);
}

#[test]
fn defaults_are_listed_and_optional() {
    let open =
        "{name: a, in: query, schema: {type: string, ⇢enum: [xyz], x-stripeEnum: {kind: open}, default: →other}}";
    refused(&query(open), "invalid-example", "use one of `xyz`");
    accepted(&query("{name: a, in: query, schema: {type: string, enum: [xyz], default: xyz}}"));
    let help = "remove one of the two";
    let required = "{name: a, in: query, ⇢required: true, schema: {type: string, →default: b}}";
    refused(&query(required), "misplaced-keyword", help);
    let property = |more: &str| schemas(&format!("thing: {{type: object, {more}}}"));
    refused(&property("⇢required: [a], properties: {a: {type: string, →default: b}}"), "misplaced-keyword", help);
    accepted(&property("required: [a], properties: {a: {type: string, nullable: true, default: b}}"));
    let twice = "{name: a, in: query, ⇢example: a, schema: {type: string, →example: b}}";
    refused(&query(twice), "misplaced-keyword", help);
}

#[test]
fn presets_are_plain_listed_values_of_requests() {
    let parameter = |schema: &str| query(&format!("{{name: a, in: query, required: true, schema: {{{schema}}}}}"));
    for schema in [
        "type: string, x-preset: b",
        "type: string, enum: [b], x-preset: b",
        "type: string, format: int64, x-preset: '5'",
        "type: number, x-preset: 1.5",
        "type: boolean, x-preset: false",
    ] {
        accepted(&parameter(schema));
    }
    let open = "type: string, ⇢enum: [xyz], x-stripeEnum: {kind: open}, x-preset: →other";
    refused(&parameter(open), "invalid-example", "use one of `xyz`");
    let quotes = "put it in quotes to make it a string";
    refused(&parameter("⇢type: string, x-preset: →5"), "invalid-example", quotes);
    for schema in ["type: integer, format: unix-time, →x-preset: 5", "type: string, x-secret: true, →x-preset: b"] {
        refused(&parameter(schema), "misplaced-keyword", "remove it");
    }
    let body = |required: &str, property: &str| {
        form(&format!("{{schema: {{type: object, {required}properties: {{a: {{type: string, {property}}}}}}}}}"))
    };
    accepted(&body("required: [a], ", "x-preset: b"));
    let help = "make the property required and not nullable, or write `default`";
    refused(&body("", "→x-preset: b"), "misplaced-keyword", help);
    refused(&body("required: [a], ", "nullable: true, →x-preset: b"), "misplaced-keyword", help);
    let help = "remove it, or describe requests by a schema of their own";
    let response = "thing: {type: object, required: [a], properties: {a: {type: string, →x-preset: b}}}";
    refused(&schemas(response), "misplaced-keyword", help);
    let in_path = "parameters: [{name: a, in: path, required: true, schema: {type: string, →x-preset: b}}]";
    let help = "remove it, or write the value in the path";
    refused(&operation("/v1/things/{a}", "get", in_path), "misplaced-keyword", help);
}

#[test]
fn false_means_absent_for_optional_objects_of_responses() {
    let thing = |required: &str, other: &str| {
        let reference = "anyOf: [{$ref: '#/components/schemas/other'}], →x-falseMeansAbsent: true";
        schemas(&format!("thing: {{type: object, {required}properties: {{a: {{{reference}}}}}}}\nother: {{{other}}}"))
    };
    let object = "type: object, properties: {b: {type: string}}";
    accepted(&thing("", object).replace('→', ""));
    refused(&thing("⇢required: [a], ", object), "misplaced-keyword", "remove one of the two");
    let help = "remove it, or refer to an object";
    refused(&thing("", "type: string, enum: [b]"), "misplaced-keyword", help);
    let sent = "{encoding: {a: {style: deepObject}}, schema: {type: object, properties: {a: {type: object, \
                →x-falseMeansAbsent: true, properties: {b: {type: string}}}}}}";
    refused(&form(sent), "misplaced-keyword", "remove it: it is about the content of responses");
}
