//! Syntax errors have a specific help.

use super::hints::property;
use super::{HEAD, accepted, reported, schemas};

/// Returns a description of a resource whose last property has these lines, indented.
fn lines(lines: &str) -> String {
    property(&format!("\n{lines}").replace('\n', "\n      "))
}

/// Returns a description of a resource with these lines below its properties.
fn below(lines: &str) -> String {
    let thing = "thing:\n  type: object\n  x-resourceId: thing\n  required: [id, object]\n  properties:\n    id: {type: string}\n    \
                 object: {type: string, enum: [thing]}";
    format!("{}{lines}\n", schemas(thing))
}

#[test]
fn merge_conflicts() {
    let help = "keep one of the two sides, and remove the lines with the markers";
    let message = "unresolved merge conflict";
    for marker in ["<<<<<<< HEAD", "||||||| 1a2b3c4", "=======", ">>>>>>> other"] {
        reported(&below(&format!("→{marker}\n        a: {{type: string}}")), message, help);
        reported(&format!("→{marker}\n{HEAD}paths: {{}}\n"), message, help);
        reported(&format!("→\u{feff}{marker}\n{HEAD}paths: {{}}\n"), message, help);
        reported(&format!("{HEAD}paths: {{}}\n→{marker}"), message, help);
        reported(&format!("{{\"openapi\": \"3.0.3\",\r\n→{marker}\r\n\"paths\": {{}}\r\n}}"), message, help);
        reported(
            &below(&format!("        a:\n          description: |\n            A text.\n→{marker}")),
            message,
            help,
        );
        // A marker is never indented.
        accepted(&below(&format!(
            "        a:\n          type: string\n          description: |\n            {marker}\n"
        )));
    }
    reported(&below("→<<<<<<< HEAD\n        a: {}\n=======\n        b: {}\n>>>>>>> other"), message, help);
}

#[test]
fn tabs_in_the_indentation() {
    let (message, help) = ("a tab in the indentation", "indent with spaces");
    for wrong in ["→\t\ta: {type: string}", "        a:\n→\t\ttype: string", "        a:\n        →\ttype: string"]
    {
        reported(&below(wrong), message, help);
    }
    reported(&format!("{HEAD}paths: {{}}\ncomponents:\n→\tschemas: {{}}\n"), message, help);
    reported("openapi: 3.0.3\n→\tinfo: {title: a, version: b}\n", message, help);
    accepted(&below("        a: {type: string} #\ta comment"));
}

#[test]
fn strings_without_quotes() {
    let (colon, quotes) = ("`: ` in an unquoted string", "put the string in quotes");
    for (wrong, message, help) in [
        ("type: string\ndescription: Note→: this", colon, quotes),
        ("description: A text\n  that goes on here→: this\ntype: string", colon, quotes),
        ("type: string\ndescription: It ends with→:\nnullable: true", colon, quotes),
        ("type: string\nenum:\n  - a: b→: c", colon, quotes),
        ("type: string\ndescription: →`a` first", "an unquoted string cannot start with ```", quotes),
        ("type: string\ndescription: →@a", "an unquoted string cannot start with `@`", quotes),
        ("type: string\ndescription: →*Bold*", "an unquoted string cannot start with `*`", quotes),
        ("type: string\ndescription: [link]→(https://stripe.com)\nnullable: true", "text after `]`", quotes),
        ("description→:Text\ntype: string", "missing space after `:`", "add a space after `:`"),
        (
            "type: string\ndescription: 'it'→s here'",
            "text after the closing quote",
            "put all of it in quotes, and write `''` for `'` in single quotes, `\\\"` for `\"` in double quotes",
        ),
        ("type: string\ndescription: →\"open", "unclosed quote", "add the closing quote, or indent the lines up to it"),
    ] {
        reported(&lines(wrong).replace("    other: {", "    #"), message, help);
    }
    reported(&property("{description: Note→: this, type: string}"), colon, quotes);
    reported(&property("{type: string, description: [link]→(https://stripe.com)}"), "text after `]`", quotes);
    accepted(&lines("type: string\ndescription: 'Note: this'"));
}

#[test]
fn references_without_quotes() {
    let message = "an unquoted reference is a comment";
    let help = "put the reference in quotes: `'#/components/schemas/other'`";
    for wrong in [
        "$ref: →#/components/schemas/other",
        "\"$ref\":  →#/components/schemas/other # the other",
        "type: array\nitems:\n  $ref: →#/components/schemas/other\ndescription: A.",
        "anyOf:\n  - $ref: →#/components/schemas/other\nnullable: true",
        "{\n  $ref: →#/components/schemas/other\n}",
    ] {
        reported(&lines(wrong), message, help);
    }
    reported(&property("{$ref: →#/components/schemas/other}"), message, help);
    reported(&property("{type: array, items: {$ref: →#/components/schemas/other}}"), message, help);
    reported(
        &lines("→$ref: # later").replace("→$ref:", "$ref→:"),
        "expected a string for `$ref`, found null",
        "give it a value, or remove the key",
    );
    accepted(&lines("$ref: '#/components/schemas/other'"));
}

#[test]
fn wrong_indentation() {
    for (wrong, help) in [
        ("         →a: {type: string}", "indent by 8 spaces as in line 12"),
        ("       →a: {type: string}", "indent by 8 spaces as in line 12, or by 6 spaces as in line 10"),
        (
            "        a:\n          description: A.\n         →type: string",
            "indent by 10 spaces as in line 14, or by 8 spaces as in line 13",
        ),
        ("        a:\n          description: A.\n           →type: string", "indent by 10 spaces as in line 14"),
        ("        a:\n          nullable: true\n           →type: string", "indent by 10 spaces as in line 14"),
        ("        a:\n          x: {type: string}\n           →type: array", "indent by 10 spaces as in line 14"),
        ("        a:\n          enum:\n            - b\n           →- c", "indent by 12 spaces as in line 15"),
        (
            "        a:\n          anyOf:\n            - type: array\n             →items: {}",
            "indent by 14 spaces as in line 15",
        ),
    ] {
        let (before, _) = wrong.split_once('→').unwrap();
        let count = before.rsplit('\n').next().unwrap().len();
        reported(&below(wrong), &format!("an indentation of {count} spaces matches no line above"), help);
    }
    let help = "indent its members further, or remove the key";
    for keywords in
        ["type: string", "description: A.\n        type: string\n        enum: [b]", "anyOf: [{type: string}]"]
    {
        let wrong = below(&format!("        a→:\n        {keywords}\n        b: {{type: string}}"));
        reported(&wrong, "expected an object for `a`, found null", help);
    }
    accepted(&below("        a: {type: string}"));
}

#[test]
fn unclosed_brackets() {
    let help = |line: usize| format!("add `,` between entries, or close the bracket of line {line} with `}}`");
    reported(&below("        a: {type: string\n        b→: {type: string}"), "expected `,` or `}`", &help(13));
    reported("{\"openapi\": \"3.0.3\",\n\"paths\": {}\n→", "expected `,` or `}`", &help(1));
    reported("{\"openapi\": \"3.0.3\" →\"paths\": {}}\n", "missing `,` between two strings", "add `,`");
}

#[test]
fn keys_without_a_colon() {
    let help = "write `key: value`; indent the line further if it continues a string";
    reported(&below("        →word\n        a: {type: string}"), "expected `:` after a key", help);
}
