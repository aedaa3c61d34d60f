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
    let (integer, flag) = ("an integer", "`true` or `false`");
    for (ty, keyword, wrong, expected, help, right) in [
        ("integer", "maximum", "'100'", integer, quotes, "100"),
        ("number", "minimum", "\"-1.5\"", "a number", quotes, "-1.5"),
        ("string", "nullable", "'true'", flag, quotes, "true"),
        ("string", "nullable", "yes", flag, "write `true`", "true"),
        ("string", "nullable", "Off", flag, "write `false`", "false"),
        ("object", "additionalProperties", "'false'", "`true`, `false` or an object", quotes, "false"),
        ("integer", "maximum", "'1.5'", integer, "", "15"),
    ] {
        let message = format!("expected {expected} for `{keyword}`, found a string");
        reported(&property(&format!("{{type: {ty}, {keyword}: →{wrong}}}")), &message, help);
        accepted(&property(&format!("{{type: {ty}, {keyword}: {right}}}")));
    }
    let error = |status: &str| {
        let extension = format!("x-stripeError: {{code: a, httpStatusCode: {status}, type: b}}");
        let schema = format!("{{type: object, {extension}, properties: {{message: {{type: string}}}}}}");
        property("{type: string}")
            .replace("other: {type: object, ", &format!("error: {schema}\n    other: {{type: object, "))
    };
    let message = "expected a non-negative integer for `httpStatusCode`, found a string";
    reported(&error("→'403'"), message, quotes);
    accepted(&error("403"));
}

#[test]
fn keywords_of_other_versions() {
    let hidden = "write `anyOf:` with the reference as its only entry, and the rest beside `anyOf`";
    let other = "$ref: '#/components/schemas/other'";
    let all_of = "unsupported keyword `allOf` in a schema";
    let not_a_keyword = "`required` has no effect on this type of schema";
    let listed = "list `a` in `required` of the enclosing object";
    let unlisted = "remove it: the enclosing object lists its required properties";
    let any_of =
        "write `anyOf:` with the reference as its only entry, and `nullable: true` beside it if it may be null";
    let null = "remove this entry, and write `nullable: true` beside `anyOf`";
    let description = "write one string, in quotes if it contains `: ` or starts with `{`";
    for (schema, message, help) in [
        ("{type: string, →required: true}", not_a_keyword, listed),
        ("{type: string, →required: 'true'}", not_a_keyword, listed),
        ("{type: string, →required: false}", not_a_keyword, unlisted),
        (
            "{type: object, required: →true, properties: {b: {type: string}}}",
            "expected a list for `required`, found a boolean",
            listed,
        ),
        ("{→allOf: [{<other>}], nullable: true}", all_of, any_of),
        ("{→allOf: [{<other>}, {type: object}]}", all_of, "write one schema with the properties of all entries"),
        ("{anyOf: [{<other>}, {type: →'null'}]}", "unknown type `null`", null),
        ("{anyOf: [{<other>}, {type: →null}]}", &NOT_A_TYPE.replace("a list", "null"), null),
        ("{type: →[null, integer]}", NOT_A_TYPE, "write `type: integer`, and `nullable: true` beside it"),
        ("{type: →[string]}", NOT_A_TYPE, "write `type: string`"),
        ("{type: →[string, integer]}", NOT_A_TYPE, "write `anyOf:` with a schema for each type"),
        ("{<other>, →nullable: true}", "`nullable` has no effect beside `$ref`", hidden),
        ("{→description: A., <other>}", "`description` has no effect beside `$ref`", hidden),
        (
            "{<other>, →nullable: true, description: A.}",
            "`nullable`, `description` have no effect beside `$ref`",
            hidden,
        ),
        ("{type: string, description: →{a: b}}", "expected a string for `description`, found an object", description),
    ] {
        reported(&property(&schema.replace("<other>", other)), message, help);
    }
    let help = "define it in this description, and write `#/components/schemas/elsewhere`";
    for file in ["there.yaml", "https://stripe.com/spec.json"] {
        let reference = format!("{file}#/components/schemas/elsewhere");
        let message = format!("`{reference}` does not exist in this description");
        reported(&property(&format!("{{$ref: →'{reference}'}}")), &message, help);
    }
    for right in [format!("{{anyOf: [{{{other}}}], nullable: true, description: A.}}"), format!("{{{other}}}")] {
        accepted(&property(&right));
    }
}
