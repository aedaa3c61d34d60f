//! Keywords without effect and contradictions are errors: at the arrow `→`, with related places at `⇢`.

mod hints;
mod one_of;
mod syntax;
mod values;

use stripe_reporting_codegen::{Diagnostics, Location, Options, Source, generate, render_human};

/// A line and a column, both from 1.
type Place = (usize, usize);

/// Removes the arrows from a description; returns the places that they point to.
fn places(marked: &str) -> (String, Place, Vec<Place>) {
    let (mut text, mut line, mut column) = (String::new(), 1, 1);
    let (mut wrong, mut related) = (None, Vec::new());
    for c in marked.chars() {
        match c {
            '→' => assert_eq!(wrong.replace((line, column)), None, "one error only: {marked}"),
            '⇢' => related.push((line, column)),
            c => {
                (line, column) = if c == '\n' { (line + 1, 1) } else { (line, column + 1) };
                text.push(c);
            }
        }
    }
    (text, wrong.expect("no arrow"), related)
}

/// Generates from the description without its arrows; returns that, the place of `→`, those of `⇢`, and the errors.
#[track_caller]
fn errors(marked: &str) -> (Place, Vec<Place>, Diagnostics) {
    let (text, wrong, related) = places(marked);
    let source = Source { name: "refused.yaml".to_owned(), text };
    match generate(&[source], &Options::new("fixture", "0.1.0", "../runtime")) {
        Ok(_) => panic!("accepted: {marked}"),
        Err(diagnostics) => (wrong, related, diagnostics),
    }
}

fn place(location: &Location) -> Place {
    (location.line, location.column)
}

/// Checks that a description has one error, with this code and help.
#[track_caller]
fn refused(marked: &str, code: &str, help: &str) {
    let (wrong, others, diagnostics) = errors(marked);
    let found: Vec<_> = diagnostics
        .iter()
        .map(|found| {
            let related: Vec<Place> = found.related.iter().map(|related| place(&related.location)).collect();
            (found.code.as_str(), place(&found.location), related, found.help.as_deref().unwrap_or_default())
        })
        .collect();
    assert_eq!(found, [(code, wrong, others, help)], "{marked}\n{diagnostics:#?}");
}

/// Checks that a description has one error, with this message and help.
#[track_caller]
fn reported(marked: &str, message: &str, help: &str) {
    let (wrong, _, diagnostics) = errors(marked);
    let found = diagnostics
        .iter()
        .map(|found| (place(&found.location), found.message.as_str(), found.help.as_deref().unwrap_or_default()));
    assert_eq!(found.collect::<Vec<_>>(), [(wrong, message, help)], "{marked}");
}

#[track_caller]
fn accepted(text: &str) {
    let source = Source { name: "accepted.yaml".to_owned(), text: text.to_owned() };
    if let Err(diagnostics) = generate(std::slice::from_ref(&source), &Options::new("fixture", "0.1.0", "../runtime")) {
        panic!("{}", render_human(&diagnostics, &[source]));
    }
}

const HEAD: &str = "openapi: 3.0.3\ninfo: {title: Fixture, version: 2024-01-31.preview}\n";
const DONE: &str = "responses: {'200': {description: Done., content: {application/json: {schema: {}}}}}";

/// Returns a description of one operation.
fn operation(path: &str, method: &str, lines: &str) -> String {
    format!("{HEAD}paths:\n  {path}:\n    {method}:\n      operationId: Operation\n      {lines}\n      {DONE}\n")
}

fn query(parameter: &str) -> String {
    operation("/v1/things", "get", &format!("parameters: [{parameter}]"))
}

fn body(generation: &str, content: &str) -> String {
    operation(&format!("/{generation}/things"), "post", &format!("requestBody: {{content: {{{content}}}}}"))
}

fn form(media: &str) -> String {
    body("v1", &format!("application/x-www-form-urlencoded: {media}"))
}

/// Returns a description of schemas.
fn schemas(lines: &str) -> String {
    format!("{HEAD}paths: {{}}\ncomponents:\n  schemas:\n    {}\n", lines.replace('\n', "\n    "))
}

/// Returns a description of a resource with an operation as its method.
fn resource(path: &str, parameters: &str, offer: &str) -> String {
    let operation = operation(path, "get", &format!("parameters: [{parameters}]"));
    let properties = "required: [id, object], properties: {id: {type: string}, object: {type: string, enum: [thing]}}";
    let thing = format!("{{type: object, x-resourceId: thing, {properties}, x-stripeOperations: [{offer}]}}");
    format!("{operation}components:\n  schemas:\n    thing: {thing}\n")
}

#[test]
fn a_style_is_the_one_that_the_runtime_writes() {
    let code = "unsupported-construct";
    let help = "write `style: deepObject` and `explode: true`";
    for schema in [
        "type: array, items: {type: string}",
        "type: object, properties: {b: {type: string}}",
        "type: object, additionalProperties: {type: string}",
        "type: object, properties: {gte: {type: integer}}",
        "anyOf: [{type: object, properties: {gte: {type: integer}}}, {type: integer}]",
    ] {
        let schema = format!("schema: {{{schema}}}");
        refused(&query(&format!("→{{name: a, in: query, ⇢{schema}}}")), code, help);
        refused(&query(&format!("{{name: a, in: query, style: →form, ⇢{schema}}}")), code, help);
        let not_exploded = query(&format!("{{name: a, in: query, style: deepObject, explode: →false, ⇢{schema}}}"));
        refused(&not_exploded, code, "write `explode: true`");
        accepted(&query(&format!("{{name: a, in: query, style: deepObject, {schema}}}")));
        accepted(&query(&format!("{{name: a, in: query, style: deepObject, explode: true, {schema}}}")));
    }
    let text = "schema: {type: string, enum: [b]}";
    refused(&query(&format!("{{name: a, in: query, →style: deepObject, ⇢{text}}}")), code, "remove it");
    refused(&query(&format!("{{name: a, in: query, →explode: false, ⇢{text}}}")), code, "remove it");
    accepted(&query(&format!("{{name: a, in: query, style: form, explode: true, {text}}}")));
    let in_path = |keys: &str| {
        let parameter = format!("{{name: a, in: path, required: true, {keys}, schema: {{type: string}}}}");
        operation("/v1/things/{a}", "get", &format!("parameters: [{parameter}]"))
    };
    refused(&in_path("→explode: true"), code, "remove it");
    accepted(&in_path("style: simple, explode: false"));
}

#[test]
fn an_encoding_is_the_one_that_the_runtime_writes() {
    let code = "unsupported-construct";
    let schema =
        "schema: {type: object, properties: {list: {type: array, items: {type: string}}, text: {type: string}}}";
    let list = schema.replace("list: ", "⇢list: ");
    let help = "add `list: {style: deepObject, explode: true}` to `encoding`";
    refused(&form(&format!("→{{{list}}}")), code, help);
    refused(&form(&format!("{{encoding: →{{}}, {list}}}")), code, help);
    let help = "write `style: deepObject` and `explode: true`";
    refused(&form(&format!("{{encoding: {{list: →{{explode: true}}}}, {list}}}")), code, help);
    refused(&form(&format!("{{encoding: {{list: {{style: →form}}}}, {list}}}")), code, help);
    let not_exploded = format!("{{encoding: {{list: {{style: deepObject, explode: →false}}}}, {list}}}");
    refused(&form(&not_exploded), code, "write `explode: true`");
    let encoding = |more: &str| format!("encoding: {{list: {{style: deepObject, explode: true}}{more}}}");
    accepted(&form(&format!("{{{}, {schema}}}", encoding(""))));
    let of_text = format!("{{{}, {}}}", encoding(", →text: {style: form}"), schema.replace("text: ", "⇢text: "));
    refused(&form(&of_text), code, "remove it");
    let misspelt = format!("{{{}, {schema}}}", encoding(", →txt: {}"));
    refused(&form(&misspelt), "unknown-property", "did you mean `text`?");
    let unknown = format!("{{{}, {schema}}}", encoding(", →other: {}"));
    refused(&form(&unknown), "unknown-property", "remove it");
    let with_type = format!("{{{}, {schema}}}", encoding("").replace("{style", "{→contentType: a/b, style"));
    refused(&form(&with_type), code, "remove it");
    refused(&body("v2", &format!("application/json: {{→{}, {schema}}}", encoding(""))), code, "remove it");
    accepted(&body("v2", &format!("application/json: {{{schema}}}")));
}

#[test]
fn content_has_a_schema_and_no_keyword_without_effect() {
    let help = "add `schema:` with an object";
    refused(&form("→{}"), "missing-keyword", help);
    let response = |media: &str, more: &str| {
        let content = format!("content: {{application/json: {media}}}");
        let responses = format!("responses: {{'200': {{description: Done., {content}}}{more}}}");
        operation("/v1/things", "get", "").replace(DONE, &responses)
    };
    refused(&response("→{}", ""), "missing-keyword", help);
    let error = ", default: {description: Error., content: {application/json: →{}}}";
    refused(&response("{schema: {}}", error), "missing-keyword", help);
    let code = "unsupported-construct";
    let help = "put the `example` on a schema with a name, and refer to that";
    refused(&response("{schema: {}, →example: 1}", ""), code, help);
    refused(&response("{schema: {}, →encoding: {}}", ""), code, "remove it: every response is JSON");
    let help = "put an `example` on the properties of the body";
    refused(&form("{schema: {type: object, properties: {}}, →example: 1}"), code, help);
}

#[test]
fn a_server_is_a_url_and_a_version_is_a_header_value() {
    let help = "write a URL such as `https://api.stripe.com`";
    for url in ["'https://{host}.stripe.com'", "/v1", "https://a@b.c", "'https://a.b?c=d'", "https://a.b#c"] {
        refused(&format!("{HEAD}servers: [{{url: →{url}}}]\npaths: {{}}\n"), "wrong-type", help);
    }
    let text = format!("{HEAD}servers: [{{url: https://a.b, →variables: {{}}}}]\npaths: {{}}\n");
    refused(&text, "unsupported-construct", "write the address out");
    let help = "write a version such as `2024-01-31.preview`, in visible ASCII characters";
    for version in ["''", "' 1'", "'1 '", "1é", "\"1\\n2\"", "\"\\t\""] {
        let head = HEAD.replace("2024-01-31.preview", &format!("→{version}"));
        refused(&format!("{head}paths: {{}}\n"), "wrong-type", help);
    }
}

#[test]
fn a_request_matches_one_operation() {
    let parameter = "{name: a, in: path, required: true, schema: {type: string}}";
    let text = operation("→/v1/things/{a}/parts/{a}", "get", &format!("parameters: [{parameter}]"));
    refused(&text, "path-parameter-mismatch", "rename one of the two");
    let one = operation("/v1/things/{a}", "⇢get", &format!("parameters: [{parameter}]"));
    let other = operation("/v1/things/{b}", "→get", &format!("parameters: [{}]", parameter.replace("a,", "b,")));
    let other = other.replace("operationId: Operation", "operationId: Other");
    let (_, other) = other.split_once("paths:\n").unwrap();
    refused(&format!("{one}{other}"), "duplicate-operation", "merge the two, or fix the path of one of them");
    accepted(&format!("{one}{other}").replace(['→', '⇢'], "").replace("/{b}:\n    get", "/{b}:\n    post"));
    let twice = query("⇢{name: a, in: query, schema: {type: string}}, →{name: a, in: query, schema: {type: integer}}");
    refused(&twice, "name-collision", "remove one of the two");
}

#[test]
fn a_method_has_an_operation() {
    let offer = |more: &str| {
        let id = "{name: thing, in: path, required: true, schema: {type: string}}";
        resource("/v1/things/{thing}", id, &format!("{{method_name: retrieve, {more}}}"))
    };
    accepted(&offer("method_type: retrieve, operation: get, path: '/v1/things/{thing}'"));
    let code = "unknown-operation";
    let near = "did you mean `/v1/things/{thing}`?";
    refused(&offer("operation: get, path: →'/v1/things/{thng}'"), code, near);
    let help = "describe it under `paths`, or remove the entry";
    refused(&offer("operation: get, path: →/v1/others"), code, help);
    refused(&offer("operation: →post, path: '/v1/things/{thing}'"), code, "use `get`");
}

#[test]
fn an_id_parameter_is_a_plain_string() {
    let code = "unsupported-construct";
    let help = "write `schema:` with `type: string` alone";
    let path = "operation: get, path: '/v1/things/{thing}'}";
    for schema in ["type: string, →enum: [a]", "type: string, →format: int64", "type: string, →x-secret: true"] {
        let id = format!("{{name: thing, in: path, required: true, schema: {{{schema}}}}}");
        let marked = resource("/v1/things/{thing}", &id, &format!("⇢{{method_name: retrieve, {path}"));
        refused(&marked, code, help);
    }
    let list = "⇢{method_name: list, operation: get, path: /v1/things}";
    let cursor = "{name: starting_after, in: query, schema: {→type: integer}}";
    refused(&resource("/v1/things", cursor, list), code, help);
    let given = |schema: &str| {
        format!("{{name: a, in: query, ⇢x-stripeParam: {{referenced_resource: thing}}, schema: {{{schema}}}}}")
    };
    let list = list.replace('⇢', "");
    refused(&resource("/v1/things", &given("type: string, →enum: [a]"), &list), code, help);
    accepted(&resource("/v1/things", &given("type: string, maxLength: 5000"), &list).replace('⇢', ""));
}

#[test]
fn a_string_has_one_keyword_for_its_content() {
    let property =
        |keys: &str| schemas(&format!("thing: {{type: object, properties: {{a: {{type: string, {keys}}}}}}}"));
    for (first, second) in [
        ("x-secret: true", "format: decimal"),
        ("enum: [b]", "x-secret: true"),
        ("x-secret: true", "x-stripeProperty: {referenced_resource: thing}"),
        ("x-stripeProperty: {referenced_resource: thing}", "enum: [b]"),
        ("format: date-time", "x-stripeProperty: {referenced_resource: thing}"),
        ("format: int64", "enum: [b]"),
    ] {
        refused(&property(&format!("⇢{first}, →{second}")), "unsupported-construct", "keep one of the two");
    }
    for kind in ["open", "closed"] {
        let twice = property(&format!("enum: [b], ⇢x-stripeEnum: {{kind: {kind}}}, →x-stripeBypassValidation: true"));
        refused(&twice, "malformed-extension", "remove `x-stripeBypassValidation`");
    }
}

#[test]
fn a_value_is_described_once() {
    let values = "state: {type: string, enum: [a], x-stripeEnum: {kind: open, values: [{value: ⇢a}, {value: →a}]}}";
    refused(&schemas(values), "enum-value-collision", "remove one of the two");
}

#[test]
fn an_expandable_id_has_one_object() {
    let field = |members: &str, said: &str| {
        schemas(&format!(
            "thing: {{type: object, properties: {{a: {{anyOf: [{members}], x-expansionResources: {{{said}}}}}}}}}\n\
             other: {{type: object, properties: {{b: {{type: string}}}}}}"
        ))
    };
    let other = "{$ref: '#/components/schemas/other'}";
    let same = format!("oneOf: [{other}]");
    accepted(&field(&format!("{{type: string}}, {other}"), &same));
    let help = "write `- $ref: '#/components/schemas/other'` alone";
    for said in ["[{$ref: '#/components/schemas/thing'}]", "[]"] {
        let marked = field(&format!("{{type: string}}, {other}"), &format!("→oneOf: {said}"));
        refused(&marked.replace("anyOf", "⇢anyOf"), "malformed-extension", help);
    }
    let help = "write `anyOf:` with `type: string` and the `$ref`";
    refused(&field(&format!("→{{type: integer}}, {other}"), &same), "unsupported-construct", help);
    refused(
        &field(other, &same).replace("[{$ref", "→[{$ref").replacen("oneOf: →", "oneOf: ", 1),
        "unsupported-construct",
        help,
    );
}

#[test]
fn a_list_envelope_is_the_one_that_the_runtime_reads() {
    let object = "object: {type: string, enum: [list]}";
    let data = "data: {type: array, items: {$ref: '#/components/schemas/thing'}}";
    let v1 = &format!("{object}, {data}, has_more: {{type: boolean}}, url: {{type: string}}");
    let url = "{type: string, nullable: true}";
    let v2 = &format!("{data}, next_page_url: {url}, previous_page_url: {url}");
    let list = |properties: &str| {
        let things = format!("things: {{type: object, properties: {{{properties}}}}}");
        schemas(&format!("thing: {{type: object, properties: {{{things}}}}}"))
    };
    for (envelope, key, wrong, help) in [
        (v1, object, "object: {type: string, enum: [page]}", "`type: string` and `enum: [list]`"),
        (v1, "has_more: {type: boolean}", "has_more: {type: string}", "`type: boolean`"),
        (v1, "url: {type: string}", "url: {type: integer}", "`type: string`"),
        (v2, "next_page_url: {type: string,", "next_page_url: {type: integer,", "`type: string`"),
        (v2, data, "data: {type: object}", "`type: array` and its `items`"),
    ] {
        accepted(&list(envelope));
        let help = format!("write {help}, or rename a property if this is not a list");
        refused(&list(&envelope.replace(key, &format!("→{wrong}"))), "unsupported-construct", &help);
    }
}

#[test]
fn a_resource_is_an_object() {
    let data = "data: {type: array, items: {$ref: '#/components/schemas/thing'}}";
    let urls = "next_page_url: {type: string, nullable: true}, previous_page_url: {type: string, nullable: true}";
    let things = format!("{{type: object, properties: {{{data}, {urls}}}}}");
    let page = format!("page: {{type: object, properties: {{things: {things}}}}}");
    let help = "remove it: it applies to objects with `properties` under `components.schemas`";
    for content in
        ["type: integer", "type: array, items: {type: string}", "type: object", "type: string, format: int64"]
    {
        let thing = format!("thing: {{{content}, →x-resourceId: thing}}");
        refused(&schemas(&format!("{page}\n{thing}")), "misplaced-keyword", help);
    }
}

#[test]
fn the_object_of_a_resource_has_one_value() {
    let thing = |extension: &str| {
        let object = "object: {type: string, →enum: [thing, other]}";
        schemas(&format!("thing: {{type: object, {extension}properties: {{{object}}}}}"))
    };
    let help = "list the value of this resource alone";
    refused(&thing("x-resourceId: thing, "), "unsupported-construct", help);
    accepted(&thing("").replace('→', ""));
}

#[test]
fn event_envelopes_differ_in_their_object() {
    let envelope = |kind: &str, name: &str| {
        let object = "object: {type: string, enum: [event]}, type: {type: string}";
        let related = "related_object: {type: object, required: [type, url], properties: {id: {type: string}, \
                       type: {type: string}, url: {type: string}}}, data: {type: object, properties: {object: {}}}";
        format!(
            "{name}: {{type: object, x-eventEnvelope: {kind}, required: [object, type, data, related_object], \
             properties: {{{object}, {related}}}}}\n"
        )
    };
    let one = envelope("snapshot", "a").replace("enum", "⇢enum");
    let other = envelope("thin", "b").replace("enum", "→enum");
    let help = "write `event` for snapshot events, `v2.core.event` for thin ones";
    refused(&schemas(&format!("{one}{other}")), "name-collision", help);
}
