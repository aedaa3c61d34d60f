//! Null where it has no meaning is an error, in place or behind a reference.

use stripe_reporting_codegen::{Code, Diagnostic, Source, read, render_human};

/// Returns a description with a schema at each given place; each place is on a line of its own.
fn description(places: &[(&str, &str)]) -> Source {
    let mut text = DESCRIPTION.to_owned();
    for (place, plain) in DEFAULTS {
        let given = places.iter().find(|(name, _)| name == place).map_or(*plain, |(_, given)| given);
        text = text.replace(&format!("<{place}>"), given);
    }
    Source { name: "null.yaml".to_owned(), text }
}

const DESCRIPTION: &str = "
openapi: 3.0.3
info: {title: Things, version: 2026-01-01.preview}
paths:
  /v1/things:
    get:
      operationId: GetThings
      parameters:
        - {name: label, in: query, schema: <parameter>}
        - {name: labels, in: query, style: deepObject, explode: true, schema: <parameters>}
        - {name: starting_after, in: query, schema: <cursor>}
        - {name: numbers, in: query, style: deepObject, explode: true, schema: {type: array, items: <sent>}}
        - name: created
          in: query
          style: deepObject
          explode: true
          schema:
            anyOf:
              - type: object
                properties:
                  gt: {type: integer}
                  lt: <bound>
              - <exact>
      responses:
        '200':
          description: The things.
          content:
            application/json:
              schema:
                type: object
                properties:
                  object: {type: string, enum: [list]}
                  data: {type: array, items: {$ref: '#/components/schemas/thing'}}
                  has_more: <has_more>
                  url: {type: string}
  /v2/things:
    post:
      operationId: PostThings
      requestBody:
        content:
          application/json:
            schema: <body>
      responses:
        '200':
          description: The thing.
          content:
            application/json:
              schema: <response>
  /v1/parts:
    get:
      operationId: GetParts
      responses:
        '200':
          description: The parts.
          content:
            application/json:
              schema:
                type: object
                properties:
                  data: {type: array, items: <listed>}
                  next_page_url: {type: string, nullable: true}
                  previous_page_url: {type: string, nullable: true}
components:
  schemas:
    text: {type: string, nullable: true}
    number: {type: integer, nullable: true}
    part: {type: object, nullable: true, properties: {size: {type: integer}}}
    texts: {type: array, items: {type: string, nullable: true}}
    thing:
      type: object
      x-resourceId: thing
      x-stripeOperations:
        - {method_name: list, method_type: list, operation: get, path: /v1/things}
      required: [id, object]
      properties:
        id: <id>
        object: <object>
        other:
          anyOf:
            - type: string
            - <expandable>
          x-expansionResources: {oneOf: [<expandable>]}
        received: {type: array, items: {type: string, nullable: true}}
        again: {$ref: '#/components/schemas/texts'}
        count: {$ref: '#/components/schemas/number'}
        label: {$ref: '#/components/schemas/text'}
        part: {$ref: '#/components/schemas/part'}
        body: {$ref: '#/components/schemas/body'}
    body: {type: object, nullable: true, properties: {label: {type: string}}}
    options:
      type: object
      properties:
        texts: <nested>
";

const DEFAULTS: &[(&str, &str)] = &[
    ("parameter", "{type: string}"),
    ("parameters", "{type: array, items: {type: string}}"),
    ("cursor", "{type: string}"),
    ("sent", "{type: string}"),
    ("bound", "{type: integer}"),
    ("exact", "{type: integer}"),
    ("has_more", "{type: boolean}"),
    ("body", "{type: object, properties: {options: {$ref: '#/components/schemas/options'}}}"),
    ("response", "{$ref: '#/components/schemas/thing'}"),
    ("listed", "{$ref: '#/components/schemas/thing'}"),
    ("id", "{type: string}"),
    ("object", "{type: string, enum: [thing]}"),
    ("expandable", "{$ref: '#/components/schemas/thing'}"),
    ("nested", "{type: array, items: {type: string}}"),
];

/// Returns the one error of a description, with the text of its line.
fn only_error(places: &[(&str, &str)]) -> (Diagnostic, String) {
    let source = description(places);
    let diagnostics = read(std::slice::from_ref(&source)).unwrap_err();
    assert_eq!(diagnostics.len(), 1, "{places:?}:\n{}", render_human(&diagnostics, &[source]));
    let diagnostic = diagnostics.iter().next().unwrap().clone();
    let line = source.text.lines().nth(diagnostic.location.line - 1).unwrap().to_owned();
    (diagnostic, line)
}

#[test]
fn null_is_described_where_it_has_a_meaning() {
    read(&[description(&[])]).unwrap();
}

#[test]
fn a_reference_to_a_nullable_schema_is_refused_where_null_has_no_meaning() {
    let text = "{$ref: '#/components/schemas/text'}";
    for (place, given, message) in [
        ("parameter", text, "a parameter cannot be null"),
        ("bound", "{$ref: '#/components/schemas/number'}", "a bound of a range cannot be null"),
        ("body", "{$ref: '#/components/schemas/body'}", "a request body cannot be null"),
        ("response", "{$ref: '#/components/schemas/part'}", "a response cannot be null"),
        ("listed", "{$ref: '#/components/schemas/part'}", "an item of a list cannot be null"),
        ("expandable", "{$ref: '#/components/schemas/part'}", "a member of `anyOf` cannot be null"),
    ] {
        let (diagnostic, line) = only_error(&[(place, given)]);
        assert_eq!((diagnostic.code, diagnostic.message.as_str()), (Code::UnsupportedConstruct, message), "{place}");
        assert!(line.contains(given), "{place} is shown at {line}");
        assert_eq!(diagnostic.help.as_deref(), Some("refer to a schema without `nullable`"), "{place}");
        let related = &diagnostic.related[0];
        let source = description(&[]);
        let line = source.text.lines().nth(related.location.line - 1).unwrap();
        assert!(line.contains("nullable: true"), "{place} is related to {line}");
    }
}

#[test]
fn nullable_is_refused_where_null_has_no_meaning() {
    for (place, given) in [
        ("parameter", "{type: string, nullable: true}"),
        ("cursor", "{type: string, nullable: true}"),
        ("bound", "{type: integer, nullable: true}"),
        ("exact", "{type: integer, nullable: true}"),
        ("has_more", "{type: boolean, nullable: true}"),
        ("body", "{type: object, nullable: true, properties: {label: {type: string}}}"),
        ("response", "{type: object, nullable: true, properties: {label: {type: string}}}"),
        ("listed", "{type: object, nullable: true, properties: {label: {type: string}}}"),
        ("id", "{type: string, nullable: true}"),
        ("object", "{type: string, nullable: true, enum: [thing]}"),
    ] {
        let (diagnostic, line) = only_error(&[(place, given)]);
        assert_eq!(diagnostic.code, Code::MisplacedKeyword, "{place}");
        assert!(line.contains(given), "{place} is shown at {line}");
    }
}

#[test]
fn nullable_items_and_values_in_requests_are_refused() {
    for (place, given) in [
        ("sent", "{type: string, nullable: true}"),
        ("sent", "{$ref: '#/components/schemas/text'}"),
        ("sent", "{type: array, items: {$ref: '#/components/schemas/text'}}"),
        ("parameters", "{$ref: '#/components/schemas/texts'}"),
        ("body", "{type: object, properties: {texts: {$ref: '#/components/schemas/texts'}}}"),
        (
            "body",
            "{type: object, properties: {texts: {type: object, additionalProperties: {type: string, nullable: true}}}}",
        ),
        ("nested", "{$ref: '#/components/schemas/texts'}"),
        ("nested", "{type: array, items: {type: string, nullable: true}}"),
    ] {
        let (diagnostic, line) = only_error(&[(place, given)]);
        assert!(
            diagnostic.message.starts_with("items and values in requests cannot be null"),
            "{}",
            diagnostic.message
        );
        assert!(line.contains(given), "{place} is shown at {line}");
        assert!(diagnostic.help.is_some_and(|help| help.starts_with("remove `nullable`")), "{place}");
    }
}
