//! Habits of other versions of OpenAPI, and what YAML takes for something else than it looks: each error is the only message,
//! at the arrow `→`, with the help that says what to write.

use stripe_reporting_codegen::{Options, Source, generate};

use super::{accepted, places, schemas};

#[track_caller]
pub(super) fn told(marked: &str, message: &str, help: &str) {
    let (text, place, _) = places(marked);
    let source = Source { name: "hints.yaml".to_owned(), text };
    let Err(diagnostics) = generate(&[source], &Options::new("fixture", "0.1.0", "../runtime")) else {
        panic!("accepted: {marked}");
    };
    let found: Vec<_> = diagnostics
        .iter()
        .map(|found| {
            let place = (found.location.line, found.location.column);
            (place, found.message.as_str(), found.help.as_deref().unwrap_or_default())
        })
        .collect();
    assert_eq!(found, [(place, message, help)], "{marked}");
}

/// A resource with a property.
pub(super) fn property(schema: &str) -> String {
    schemas(&format!(
        "thing:\n  type: object\n  x-resourceId: thing\n  required: [id, object]\n  properties:\n    id: {{type: string}}\n    \
         object: {{type: string, enum: [thing]}}\n    a: {schema}\nother: {{type: object, x-resourceId: other, \
         required: [id, object], properties: {{id: {{type: string}}, object: {{type: string, enum: [other]}}}}}}"
    ))
}

const NOT_A_TYPE: &str =
    "`type` must be `string` or `integer` or `number` or `boolean` or `array` or `object`, and is a list";

#[test]
fn numbers_and_flags_have_no_quotes() {
    let quotes = "remove the quotes";
    for (wrong, message, help, right) in [
        ("{type: integer, maximum: →'100'}", "`maximum` must be a whole number, and is text", quotes, "100"),
        ("{type: number, minimum: →\"-1.5\"}", "`minimum` must be a number, and is text", quotes, "-1.5"),
        ("{type: string, nullable: →'true'}", "`nullable` must be `true` or `false`, and is text", quotes, "true"),
        ("{type: string, nullable: →yes}", "`nullable` must be `true` or `false`, and is text", "write `true`", "true"),
        (
            "{type: string, nullable: →Off}",
            "`nullable` must be `true` or `false`, and is text",
            "write `false`",
            "false",
        ),
        (
            "{type: object, additionalProperties: →'false'}",
            "`additionalProperties` must be `true` or `false` or an object, and is text",
            quotes,
            "false",
        ),
        ("{type: integer, maximum: →'1.5'}", "`maximum` must be a whole number, and is text", "", "15"),
    ] {
        told(&property(wrong), message, help);
        let (key, _) = wrong.split_once('→').unwrap();
        accepted(&property(&format!("{key}{right}}}")));
    }
    let error = |status: &str| {
        let extension = format!("x-stripeError: {{code: a, httpStatusCode: {status}, type: b}}");
        let schema = format!("{{type: object, {extension}, properties: {{message: {{type: string}}}}}}");
        property("{type: string}")
            .replace("other: {type: object, ", &format!("error: {schema}\n    other: {{type: object, "))
    };
    let message = "`httpStatusCode` must be a whole number that is not negative, and is text";
    told(&error("→'403'"), message, quotes);
    accepted(&error("403"));
}

#[test]
fn habits_of_other_versions() {
    let hidden = "write `anyOf:` with the reference as its one entry, and the rest beside that";
    let other = "$ref: '#/components/schemas/other'";
    let all_of = "`allOf` of a schema is not part of the dialect";
    let not_a_keyword = "`required` is not a keyword of a schema";
    let listed = "list `a` in `required` of the object around it";
    let unlisted = "leave it out: the object around it lists the properties that are required";
    let any_of = "write `anyOf:` with the reference as its one entry, and `nullable: true` beside it if it may be null";
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
            "`required` must be a list, and is true or false".to_owned(),
            listed,
        ),
        (format!("{{→allOf: [{{{other}}}], nullable: true}}"), all_of.to_owned(), any_of),
        (
            format!("{{→allOf: [{{{other}}}, {{type: object}}]}}"),
            all_of.to_owned(),
            "write one schema with the properties of all",
        ),
        (format!("{{anyOf: [{{{other}}}, {{type: →'null'}}]}}"), "`type` can't be `null`".to_owned(), null),
        (format!("{{anyOf: [{{{other}}}, {{type: →null}}]}}"), NOT_A_TYPE.replace("a list", "nothing"), null),
        (
            "{type: →[string, 'null']}".to_owned(),
            NOT_A_TYPE.to_owned(),
            "write `type: string`, and `nullable: true` beside it",
        ),
        (
            "{type: →[null, integer]}".to_owned(),
            NOT_A_TYPE.to_owned(),
            "write `type: integer`, and `nullable: true` beside it",
        ),
        ("{type: →[string]}".to_owned(), NOT_A_TYPE.to_owned(), "write `type: string`"),
        ("{type: →[string, integer]}".to_owned(), NOT_A_TYPE.to_owned(), "write `anyOf:` with a schema for each type"),
        (format!("{{{other}, →nullable: true}}"), "a `$ref` hides `nullable` beside it".to_owned(), hidden),
        (format!("{{→description: A., {other}}}"), "a `$ref` hides `description` beside it".to_owned(), hidden),
        (
            format!("{{{other}, →nullable: true, description: A.}}"),
            "a `$ref` hides `nullable`, `description` beside it".to_owned(),
            hidden,
        ),
        (format!("{{$ref: →'{file}'}}"), found(file), define),
        (format!("{{$ref: →'{url}'}}"), found(url), define),
        (
            "{type: string, description: →[a, b]}".to_owned(),
            "`description` must be text, and is a list".to_owned(),
            "write one text, in quotes if it starts with `[`; `|` starts one of several lines",
        ),
        (
            "{type: string, description: →{a: b}}".to_owned(),
            "`description` must be text, and is an object".to_owned(),
            "write one text, in quotes if it contains `: ` or starts with `{`",
        ),
    ] {
        told(&property(&schema), &message, help);
    }
    for right in [format!("{{anyOf: [{{{other}}}], nullable: true, description: A.}}"), format!("{{{other}}}")] {
        accepted(&property(&right));
    }
}
