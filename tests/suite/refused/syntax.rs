//! Errors in YAML itself: one message, at the arrow `→`, that says what to write.

use super::hints::{property, told};
use super::{HEAD, accepted, schemas};

/// A resource whose last property has these lines, which are indented by 10 spaces where they are to line up.
fn lines(lines: &str) -> String {
    property(&format!("\n{lines}").replace('\n', "\n      "))
}

/// A resource with lines below its properties, as they stand.
fn below(lines: &str) -> String {
    let thing = "thing:\n  type: object\n  x-resourceId: thing\n  required: [id, object]\n  properties:\n    id: {type: string}\n    \
                 object: {type: string, enum: [thing]}";
    format!("{}{lines}\n", schemas(thing))
}

#[test]
fn conflicts_are_to_be_resolved() {
    let help = "keep one of the two sides, and remove the lines with the markers";
    let message = "unresolved merge conflict";
    for marker in ["<<<<<<< HEAD", "||||||| 1a2b3c4", "=======", ">>>>>>> other"] {
        told(&below(&format!("→{marker}\n        a: {{type: string}}")), message, help);
        told(&format!("→{marker}\n{HEAD}paths: {{}}\n"), message, help);
        told(&format!("→\u{feff}{marker}\n{HEAD}paths: {{}}\n"), message, help);
        told(&format!("{HEAD}paths: {{}}\n→{marker}"), message, help);
        told(&format!("{{\"openapi\": \"3.0.3\",\r\n→{marker}\r\n\"paths\": {{}}\r\n}}"), message, help);
        told(&below(&format!("        a:\n          description: |\n            A text.\n→{marker}")), message, help);
        // Where a text is indented, it is no marker.
        accepted(&below(&format!(
            "        a:\n          type: string\n          description: |\n            {marker}\n"
        )));
    }
    told(&below("→<<<<<<< HEAD\n        a: {}\n=======\n        b: {}\n>>>>>>> other"), message, help);
}

#[test]
fn tabs_do_not_indent() {
    let (message, help) = ("a tab in the indentation", "indent with spaces");
    for wrong in ["→\t\ta: {type: string}", "        a:\n→\t\ttype: string", "        a:\n        →\ttype: string"]
    {
        told(&below(wrong), message, help);
    }
    told(&format!("{HEAD}paths: {{}}\ncomponents:\n→\tschemas: {{}}\n"), message, help);
    told("openapi: 3.0.3\n→\tinfo: {title: a, version: b}\n", message, help);
    accepted(&below("        a: {type: string} #\ta comment"));
}

#[test]
fn texts_need_quotes() {
    let (colon, quotes) = ("`: ` in an unquoted text", "put the text into quotes");
    for (wrong, message, help) in [
        ("type: string\ndescription: Note→: this", colon, quotes),
        ("description: A text\n  that goes on here→: this\ntype: string", colon, quotes),
        ("type: string\ndescription: It ends with→:\nnullable: true", colon, quotes),
        ("type: string\nenum:\n  - a: b→: c", colon, quotes),
        ("type: string\ndescription: →`a` first", "an unquoted text can't start with ```", quotes),
        ("type: string\ndescription: →@a", "an unquoted text can't start with `@`", quotes),
        ("type: string\ndescription: →*Bold*", "an unquoted text can't start with `*`", quotes),
        (
            "type: string\ndescription: [link]→(https://stripe.com)\nnullable: true",
            "a text continues behind `]`",
            quotes,
        ),
        ("description→:Text\ntype: string", "`:` without a space behind it", "write a space after `:`"),
        (
            "type: string\ndescription: 'it'→s here'",
            "a text continues behind its closing quote",
            "put all of it into quotes, with `''` for `'` inside of single and `\\\"` for `\"` inside of double quotes",
        ),
        (
            "type: string\ndescription: →\"open",
            "a quote is not closed",
            "add the closing quote, or indent the lines up to it",
        ),
    ] {
        told(&lines(wrong).replace("    other: {", "    #"), message, help);
    }
    told(&property("{description: Note→: this, type: string}"), colon, quotes);
    told(&property("{type: string, description: [link]→(https://stripe.com)}"), "a text continues behind `]`", quotes);
    accepted(&lines("type: string\ndescription: 'Note: this'"));
}

#[test]
fn references_need_quotes() {
    let message = "an unquoted reference is a comment";
    let help = "put the reference into quotes: `'#/components/schemas/other'`";
    for wrong in [
        "$ref: →#/components/schemas/other",
        "\"$ref\":  →#/components/schemas/other # the other",
        "type: array\nitems:\n  $ref: →#/components/schemas/other\ndescription: A.",
        "anyOf:\n  - $ref: →#/components/schemas/other\nnullable: true",
        "{\n  $ref: →#/components/schemas/other\n}",
    ] {
        told(&lines(wrong), message, help);
    }
    told(&property("{$ref: →#/components/schemas/other}"), message, help);
    told(&property("{type: array, items: {$ref: →#/components/schemas/other}}"), message, help);
    told(
        &lines("→$ref: # later").replace("→$ref:", "$ref→:"),
        "`$ref` must be text, and is nothing",
        "give it a value, or leave the key out",
    );
    accepted(&lines("$ref: '#/components/schemas/other'"));
}

#[test]
fn keys_line_up() {
    let message = |count: usize| format!("an indentation by {count} spaces lines up with nothing above");
    for (wrong, count, help) in [
        ("         →a: {type: string}", 9, "indent by 8 spaces as in line 12"),
        ("       →a: {type: string}", 7, "indent by 8 spaces as in line 12, or by 6 spaces as in line 10"),
        (
            "        a:\n          description: A.\n         →type: string",
            9,
            "indent by 10 spaces as in line 14, or by 8 spaces as in line 13",
        ),
        ("        a:\n          description: A.\n           →type: string", 11, "indent by 10 spaces as in line 14"),
        ("        a:\n          nullable: true\n           →type: string", 11, "indent by 10 spaces as in line 14"),
        ("        a:\n          x: {type: string}\n           →type: array", 11, "indent by 10 spaces as in line 14"),
        (
            "        a:\n          type: string\n          enum:\n            - b\n           →- c",
            11,
            "indent by 12 spaces as in line 16",
        ),
        (
            "        a:\n          anyOf:\n            - type: array\n             →items: {}",
            13,
            "indent by 14 spaces as in line 15",
        ),
    ] {
        told(&below(wrong), &message(count), help);
    }
    let help = "indent what belongs to it further, or leave the key out";
    for keywords in
        ["type: string", "description: A.\n        type: string\n        enum: [b]", "anyOf: [{type: string}]"]
    {
        let wrong = below(&format!("        a→:\n        {keywords}\n        b: {{type: string}}"));
        told(&wrong, "`a` must be an object, and is nothing", help);
    }
    accepted(&below("        a: {type: string}"));
}

#[test]
fn brackets_are_closed() {
    let help = |line: usize| format!("add `,` between entries, or close the bracket of line {line} with `}}`");
    told(&below("        a: {type: string\n        b→: {type: string}"), "expected `,` or `}`", &help(13));
    told("{\"openapi\": \"3.0.3\",\n\"paths\": {}\n→", "expected `,` or `}`", &help(1));
    told("{\"openapi\": \"3.0.3\" →\"paths\": {}}\n", "two texts without `,` between them", "add `,`");
}

#[test]
fn a_key_has_a_colon() {
    let help = "write `key: value`; indent the line further if it continues a text";
    told(&below("        →word\n        a: {type: string}"), "expected `:` after a key", help);
}
