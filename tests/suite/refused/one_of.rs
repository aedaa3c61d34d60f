//! `oneOf` of objects with exactly one property.

use super::{accepted, form, query, refused, reported, schemas};

const ID: &str = "{type: object, required: [id], properties: {id: {type: string}}}";
const NAME: &str = "{type: object, required: [name], properties: {name: {type: string}}}";

/// Returns a description of an object with a property of which exactly one is given.
fn one_of(entries: &str) -> String {
    schemas(&format!(
        "thing: {{type: object, properties: {{a: {{oneOf: [{entries}]}}, b: {{$ref: '#/components/schemas/other'}}}}}}\n\
         other: {NAME}"
    ))
}

#[test]
fn an_entry_is_an_object_with_one_required_property() {
    accepted(&one_of(&format!("{ID}, {NAME}")));
    let write = "write `type: object` with one entry in `properties`, and list it in `required`";
    for (entry, message, help) in [
        ("→{$ref: '#/components/schemas/other'}", "an entry of `oneOf` cannot be a `$ref`", write),
        ("→{type: string}", "an entry of `oneOf` must be an object", write),
        ("→{}", "an entry of `oneOf` must be an object", write),
        ("→{type: object}", "an entry of `oneOf` must have exactly one property, found 0", write),
        (
            "→{type: object, required: [b], properties: {b: {type: string}, c: {type: string}}}",
            "an entry of `oneOf` must have exactly one property, found 2",
            write,
        ),
        (
            "{type: object, properties: {→b: {type: string}}}",
            "the property `b` of an entry of `oneOf` must be required",
            "add `required: [b]` to the entry",
        ),
        (
            "{type: object, →additionalProperties: true, required: [b], properties: {b: {type: string}}}",
            "`additionalProperties` has no effect on an entry of `oneOf`",
            "remove it: only maps and objects with `properties` have it",
        ),
        (
            "{type: object, →description: A choice., required: [b], properties: {b: {type: string}}}",
            "`description` has no effect on an entry of `oneOf`",
            "remove it: only fields and types are documented; describe it where it is used",
        ),
    ] {
        reported(&one_of(&format!("{ID}, {entry}")), message, help);
    }
    let twice = one_of(&format!("{}, {}", ID.replace("{id:", "{⇢id:"), ID.replace("{id:", "{→id:")));
    refused(&twice, "unsupported-construct", "remove one of the two");
    let same = format!("{}, {}", ID.replace("{id:", "{⇢id:"), ID.replace("id", "Id").replace("{Id:", "{→Id:"));
    refused(&one_of(&same), "name-collision", "name one of the two with `x-rustName`");
    let reserved = ID.replace("id", "unrecognized").replace("{unrecognized:", "{→unrecognized:");
    refused(&one_of(&format!("{NAME}, {reserved}")), "name-collision", "name it with `x-rustName`");
    let preset = "{type: object, required: [b], properties: {b: {type: string, →x-preset: c}}}";
    let help = "remove it: users choose one of the properties";
    refused(&one_of(&format!("{NAME}, {preset}")), "misplaced-keyword", help);
    let default = "{type: object, ⇢required: [b], properties: {b: {type: string, →default: c}}}";
    refused(&one_of(&format!("{NAME}, {default}")), "misplaced-keyword", "remove one of the two");
}

#[test]
fn one_of_has_two_entries_and_no_other_type() {
    let help = "add an entry, or write the object itself instead of `oneOf`";
    for entries in [ID, ""] {
        reported(&one_of(entries).replace("oneOf", "→oneOf"), "`oneOf` has fewer than two entries", help);
    }
    let beside = |more: &str, key: &str| one_of(&format!("{ID}, {NAME}")).replace("oneOf", &format!("{more}{key}"));
    refused(&beside("type: object, ", "→oneOf"), "unsupported-construct", "keep one of them");
    refused(&beside("→discriminator: {}, ", "oneOf"), "unsupported-construct", "remove it");
    refused(&beside("→properties: {}, ", "oneOf"), "unknown-keyword", "remove it: it belongs to `type: object`");
}

#[test]
fn one_of_is_refused_where_an_object_has_fields_of_its_own() {
    let one_of = format!("oneOf: [{ID}, {NAME}]");
    let help = "write `type: object` and its `properties`";
    refused(&form(&format!("{{→schema: {{{one_of}}}}}")), "unsupported-construct", help);
    let resource = format!("thing: {{→x-resourceId: thing, {one_of}}}");
    let objects = "remove it: it applies to objects with `properties` under `components.schemas`";
    refused(&schemas(&resource), "misplaced-keyword", objects);
    let help = "items and values in requests cannot be null";
    let null = one_of.replace("{id: {type: string}", "{→id: {type: string, nullable: true}");
    let sent = format!("{{name: a, in: query, style: deepObject, schema: {{{null}}}}}");
    reported(&query(&sent), help, "remove `nullable` from them, or describe requests by a schema of their own");
}

#[test]
fn an_example_has_one_of_the_properties() {
    let example = |value: &str| {
        schemas(&format!(
            "thing: {{type: object, properties: {{a: {{oneOf: [{ID}, {NAME}]}}}}, example: {{a: {value}}}}}"
        ))
    };
    accepted(&example("{id: x}"));
    accepted(&example("{name: x}"));
    let quotes = "put it in quotes to make it a string";
    refused(&example("{name: →5}").replace("{name: {type", "{name: {⇢type"), "invalid-example", quotes);
    let both = "remove it, or describe it in the schema's `properties`";
    refused(&example("{id: x, →name: y}").replace("properties: {id", "⇢properties: {id"), "invalid-example", both);
    refused(&example("→{}").replace("required: [id]", "⇢required: [id]"), "invalid-example", "add `id`");
}
