//! Habits of other versions of OpenAPI, and values that YAML reads differently than they look, are errors with a specific help.

use super::{accepted, reported, schemas};

/// Returns a description of a resource with a property `a`.
pub(super) fn property(schema: &str) -> String {
    schemas(&format!(
        "thing:\n  type: object\n  x-resourceId: thing\n  required: [id, object]\n  properties:\n    id: {{type: string}}\n    \
         object: {{type: string, enum: [thing]}}\n    a: {schema}\nother: {{type: object, x-resourceId: other, \
         required: [id, object], properties: {{id: {{type: string}}, object: {{type: string, enum: [other]}}}}}}"
    ))
}

const NOT_A_TYPE: &str =
    "expected `string`, `integer`, `number`, `boolean`, `array` or `object` for `type`, found a list";

#[test]
fn quoted_numbers_and_flags() {
    let quotes = "remove the quotes";
    for (wrong, message, help, right) in [
        ("{type: integer, maximum: →'100'}", "expected an integer for `maximum`, found a string", quotes, "100"),
        ("{type: number, minimum: →\"-1.5\"}", "expected a number for `minimum`, found a string", quotes, "-1.5"),
        (
            "{type: string, nullable: →'true'}",
            "expected `true` or `false` for `nullable`, found a string",
            quotes,
            "true",
        ),
        (
            "{type: string, nullable: →yes}",
            "expected `true` or `false` for `nullable`, found a string",
            "write `true`",
            "true",
        ),
        (
            "{type: string, nullable: →Off}",
            "expected `true` or `false` for `nullable`, found a string",
            "write `false`",
            "false",
        ),
        (
            "{type: object, additionalProperties: →'false'}",
            "expected `true`, `false` or an object for `additionalProperties`, found a string",
            quotes,
            "false",
        ),
        ("{type: integer, maximum: →'1.5'}", "expected an integer for `maximum`, found a string", "", "15"),
    ] {
        reported(&property(wrong), message, help);
        let (key, _) = wrong.split_once('→').unwrap();
        accepted(&property(&format!("{key}{right}}}")));
    }
    let error = |status: &str| {
        let extension = format!("x-stripeError: {{code: a, httpStatusCode: {status}, type: b}}");
        let schema = format!("{{type: object, {extension}, properties: {{message: {{type: string}}}}}}");
        property("{type: string}")
            .replace("other: {type: object, ", &format!("error: {schema}\n    other: {{type: object, "))
    };
    let message = "expected an integer that is not negative for `httpStatusCode`, found a string";
    reported(&error("→'403'"), message, quotes);
    accepted(&error("403"));
}

#[test]
fn keywords_of_other_versions() {
    let hidden = "write `anyOf:` with the reference as its only entry, and the rest beside `anyOf`";
    let other = "$ref: '#/components/schemas/other'";
    let all_of = "unsupported keyword `allOf` in a schema";
    let not_a_keyword = "unknown keyword `required` in a schema";
    let listed = "list `a` in `required` of the enclosing object";
    let unlisted = "remove it: the enclosing object lists its required properties";
    let any_of =
        "write `anyOf:` with the reference as its only entry, and `nullable: true` beside it if it may be null";
    let null = "remove this entry, and write `nullable: true` beside `anyOf`";
    let found = |reference: &str| format!("`{reference}` does not exist in this description");
    let (file, url) =
        ("there.yaml#/components/schemas/elsewhere", "https://stripe.com/spec.json#/components/schemas/elsewhere");
    let define = "define it in this description, and write `#/components/schemas/elsewhere`";
    for (schema, message, help) in [
        ("{type: string, →required: true}".to_owned(), not_a_keyword.to_owned(), listed),
        ("{type: string, →required: 'true'}".to_owned(), not_a_keyword.to_owned(), listed),
        ("{type: string, →required: false}".to_owned(), not_a_keyword.to_owned(), unlisted),
        (
            "{type: object, required: →true, properties: {b: {type: string}}}".to_owned(),
            "expected a list for `required`, found a boolean".to_owned(),
            listed,
        ),
        (format!("{{→allOf: [{{{other}}}], nullable: true}}"), all_of.to_owned(), any_of),
        (
            format!("{{→allOf: [{{{other}}}, {{type: object}}]}}"),
            all_of.to_owned(),
            "write one schema with the properties of all entries",
        ),
        (format!("{{anyOf: [{{{other}}}, {{type: →'null'}}]}}"), "unknown type `null`".to_owned(), null),
        (format!("{{anyOf: [{{{other}}}, {{type: →null}}]}}"), NOT_A_TYPE.replace("a list", "null"), null),
        (
            "{type: →[null, integer]}".to_owned(),
            NOT_A_TYPE.to_owned(),
            "write `type: integer`, and `nullable: true` beside it",
        ),
        ("{type: →[string]}".to_owned(), NOT_A_TYPE.to_owned(), "write `type: string`"),
        ("{type: →[string, integer]}".to_owned(), NOT_A_TYPE.to_owned(), "write `anyOf:` with a schema for each type"),
        (format!("{{{other}, →nullable: true}}"), "no effect beside `$ref`: `nullable`".to_owned(), hidden),
        (format!("{{→description: A., {other}}}"), "no effect beside `$ref`: `description`".to_owned(), hidden),
        (
            format!("{{{other}, →nullable: true, description: A.}}"),
            "no effect beside `$ref`: `nullable`, `description`".to_owned(),
            hidden,
        ),
        (format!("{{$ref: →'{file}'}}"), found(file), define),
        (format!("{{$ref: →'{url}'}}"), found(url), define),
        (
            "{type: string, description: →{a: b}}".to_owned(),
            "expected a string for `description`, found an object".to_owned(),
            "write one string, in quotes if it contains `: ` or starts with `{`",
        ),
    ] {
        reported(&property(&schema), &message, help);
    }
    for right in [format!("{{anyOf: [{{{other}}}], nullable: true, description: A.}}"), format!("{{{other}}}")] {
        accepted(&property(&right));
    }
}
