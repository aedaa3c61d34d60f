//! What is imported from a published description, however damaged that is, fits the grammar of the dialect.

use std::fs;

use serde_json::{Value, json};
use stripe_reporting_codegen::published::{self, import};
use stripe_reporting_codegen::{Source, read};
use stripe_reporting_tests::fixtures;

/// Errors of the grammar: what is imported has none, whatever is published. All others need a person.
const NEVER: [&str; 10] = [
    "syntax-error",
    "unsupported-yaml",
    "duplicate-key",
    "wrong-type",
    "unknown-keyword",
    "missing-keyword",
    "unknown-type",
    "unknown-format",
    "unknown-extension",
    "malformed-extension",
];

fn descriptions() -> Vec<Source> {
    ["spec/depot.yaml", "spec/shop.yaml"]
        .map(|name| Source { name: name.to_owned(), text: fs::read_to_string(fixtures("import").join(name)).unwrap() })
        .to_vec()
}

fn everything() -> Value {
    serde_json::from_str(&fs::read_to_string(fixtures("import").join("published.json")).unwrap()).unwrap()
}

/// Imports everything that the descriptions do not have, and checks the result.
fn check(published: &Value) {
    let sources = descriptions();
    let Ok(published) = published::read("published.json", &published.to_string()) else { return };
    for what in ["/v1/shop", "v2.depot"] {
        let Ok(imported) = import(&sources, &published, &[what.to_owned()], None) else { continue };
        let after: Vec<_> = sources
            .iter()
            .map(|source| imported.files.iter().find(|file| file.name == source.name).unwrap_or(source).clone())
            .collect();
        if let Err(diagnostics) = read(&after) {
            for diagnostic in diagnostics.iter() {
                let lines = after[diagnostic.location.file.0].text.lines();
                let lines: Vec<_> = lines.skip(diagnostic.location.line.saturating_sub(10)).take(20).collect();
                assert!(!NEVER.contains(&diagnostic.code.as_str()), "{diagnostic:?}\n{}", lines.join("\n"));
            }
        }
        let again = import(&after, &published, &[what.to_owned()], None).unwrap();
        assert!(again.files.is_empty(), "{again:#?}");
    }
}

/// Returns the places of all values.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    let inside: Vec<(String, &Value)> = match value {
        Value::Object(entries) => {
            entries.iter().map(|(key, value)| (key.replace('~', "~0").replace('/', "~1"), value)).collect()
        }
        Value::Array(items) => items.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect(),
        _ => Vec::new(),
    };
    for (key, value) in inside {
        let at = format!("{at}/{key}");
        places(value, &at, found);
        found.push(at);
    }
}

#[test]
fn what_is_imported_fits_the_grammar() {
    check(&everything());
    let (mut random, whole) = (fastrand::Rng::with_seed(16), everything());
    let mut found = Vec::new();
    places(&whole, "", &mut found);
    let odd = [
        json!(null),
        json!(true),
        json!(-1.5),
        json!(""),
        json!("string"),
        json!("#/components/schemas/shop.order"),
        json!([]),
        json!(["a", "a", 1]),
        json!({}),
        json!({"$ref": "#/components/schemas/shop.customer"}),
        json!({"$ref": "#/components/schemas/none"}),
        json!({"type": "object", "properties": {}}),
        json!({"type": "string", "enum": ["", "a", "a", null]}),
        json!({"anyOf": [{"type": "string"}, {"type": "integer"}]}),
        json!({"oneOf": []}),
        json!({"type": "array"}),
        json!({"type": ["string", "null"]}),
        json!({"nullable": true, "anyOf": [{"$ref": "#/components/schemas/shop_address"}]}),
    ];
    for _ in 0..40 {
        let mut damaged = whole.clone();
        for _ in 0..random.usize(1..4) {
            let place = &found[random.usize(..found.len())];
            let value = odd[random.usize(..odd.len())].clone();
            if let Some(target) = damaged.pointer_mut(place) {
                *target = value;
            }
        }
        check(&damaged);
    }
}

#[test]
fn references_in_a_circle_end() {
    let mut published = everything();
    let schemas = published["components"]["schemas"].as_object_mut().unwrap();
    schemas.insert("ring".to_owned(), json!({"anyOf": [{"$ref": "#/components/schemas/ring"}]}));
    schemas.insert("list".to_owned(), json!({"type": "array", "items": {"$ref": "#/components/schemas/list"}}));
    schemas.insert(
        "tree".to_owned(),
        json!({"type": "object", "properties": {"left": {"$ref": "#/components/schemas/tree"}}}),
    );
    let properties = schemas["shop.customer"]["properties"].as_object_mut().unwrap();
    for name in ["ring", "list", "tree"] {
        properties.insert(name.to_owned(), json!({"$ref": format!("#/components/schemas/{name}")}));
    }
    let mut nested = json!({"type": "string"});
    for _ in 0..40 {
        nested = json!({"type": "object", "properties": {"inner": nested}});
    }
    properties.insert("nested".to_owned(), nested);
    check(&published);
    let published = published::read("published.json", &published.to_string()).unwrap();
    let imported = import(&descriptions(), &published, &["shop.customer".to_owned()], None).unwrap();
    let lost: Vec<_> = imported.lost.iter().map(|lost| (lost.pointer.as_str(), lost.construct.as_str())).collect();
    for name in ["ring", "list"] {
        let pointer = format!("/components/schemas/shop.customer/properties/{name}");
        assert!(lost.iter().any(|(other, _)| *other == pointer), "{name}: {lost:?}");
    }
    assert!(lost.iter().any(|(_, construct)| construct.starts_with("schemas that are nested more than")), "{lost:?}");
    assert!(imported.written[0].text.contains("$ref: '#/components/schemas/tree'"), "{}", imported.written[0].text);
}
