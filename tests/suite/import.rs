//! What is imported from a published description, however damaged that is, needs nothing but its sentences.

use std::fs;

use serde_json::{Value, json};
use stripe_reporting_codegen::published::{self, Curated, import};
use stripe_reporting_codegen::{Source, read, render_human};
use stripe_reporting_tests::fixtures;

use crate::drift::mutations::places;

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
        accepted(&after);
        let again = import(&after, &published, &[what.to_owned()], None).unwrap();
        assert!(again.files.is_empty(), "{again:#?}");
    }
}

/// Checks that the generator accepts descriptions as soon as their sentences are written.
fn accepted(sources: &[Source]) -> Vec<Source> {
    let described = |source: &Source| Source {
        name: source.name.clone(),
        text: source.text.replace("description: ''", "description: A description."),
    };
    let described: Vec<_> = sources.iter().map(described).collect();
    if let Err(diagnostics) = read(&described) {
        panic!("{}", render_human(&diagnostics, &described));
    }
    described
}

#[test]
fn what_is_imported_is_accepted_by_the_generator() {
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
    for _ in 0..12 {
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

/// Returns the published description with more in it: a merge patch (RFC 7396) for `shop.customer`, its operation, and schemas.
fn with(patch: &Value) -> Value {
    let mut published = everything();
    json_patch(&mut published, patch);
    published
}

fn json_patch(target: &mut Value, patch: &Value) {
    match patch {
        Value::Object(members) => {
            if !target.is_object() {
                *target = json!({});
            }
            for (key, value) in members {
                if value.is_null() {
                    target.as_object_mut().unwrap().remove(key);
                } else {
                    json_patch(&mut target[key], value);
                }
            }
        }
        value => *target = value.clone(),
    }
}

#[test]
fn what_the_generator_refuses_is_written_differently_or_left_out() {
    let string = json!({"type": "string"});
    let customer =
        |properties: Value| json!({"components": {"schemas": {"shop.customer": {"properties": properties}}}});
    let schemas = |schemas: Value| json!({"components": {"schemas": schemas}});
    let parameters = |parameters: Value| json!({"paths": {"/v1/shop/orders": {"get": {"parameters": parameters}}}});
    let parameter = |name: &str, schema: Value| json!({"name": name, "in": "query", "schema": schema});
    let many: Vec<String> =
        (0..70).map(|index| format!("w{index}")).chain(["v-1".to_owned(), "v_1".to_owned()]).collect();
    let cases = [
        (
            "a value without a name",
            customer(json!({"a": {"type": "string", "enum": ["*", "b"]}})),
            "a string instead of an enum, and not `*`",
        ),
        (
            "values with one name",
            customer(json!({"a": {"type": "string", "enum": ["+1", "-1", "+2", "-2"]}})),
            "a string instead of an enum, and not `-2`",
        ),
        (
            "values with one name, of a type",
            json!({"components": {"schemas": {
                "zone": {"type": "string", "enum": many},
                "shop.customer": {"properties": {"a": {"$ref": "#/components/schemas/zone"}}},
            }}}),
            "a string instead of an enum, and not `v_1`",
        ),
        ("properties with one name", customer(json!({"a-b": string, "a_b": string})), "without the property `a_b`"),
        ("a property without a name", customer(json!({"*": string})), "without the property `*`"),
        (
            "types with one name, one of them in place",
            json!({"components": {"schemas": {
                "shop.customer_item": {"type": "object", "properties": {"a": string}},
                "shop.customer": {"properties": {
                    "item": {"type": "object", "properties": {"b": string}},
                    "other": {"$ref": "#/components/schemas/shop.customer_item"},
                }},
            }}}),
            "named `",
        ),
        (
            "a type with the name of one that exists",
            json!({"components": {"schemas": {
                "order": {"type": "object", "x-resourceId": "order", "x-stripeResource": {"class_name": "Order", "in_package": "Shop"},
                    "required": ["id", "object"],
                    "properties": {"id": string, "object": {"type": "string", "enum": ["order"]}}},
                "shop.customer": {"properties": {"other": {"$ref": "#/components/schemas/order"}}},
            }}}),
            "named `Order",
        ),
        (
            "items that are no objects",
            customer(json!({"orders": {"properties": {"data": {"items": {"$ref": null, "type": "string"}}}}})),
            "without the property `orders`",
        ),
        (
            "parameters with one name",
            parameters(json!([parameter("a-b", string.clone()), parameter("a_b", string.clone())])),
            "without the parameter `a_b`",
        ),
        (
            "a default that is never used",
            parameters(
                json!([{"name": "a", "in": "query", "required": true, "schema": {"type": "integer", "default": 1}}]),
            ),
            "without `default`: ",
        ),
        (
            "a default out of range",
            parameters(json!([parameter("a", json!({"type": "integer", "minimum": 1, "default": 0}))])),
            "without `default`: ",
        ),
        (
            "bounds of different types",
            parameters(json!([parameter(
                "a",
                json!({"type": "object", "properties": {"gt": string, "lt": {"type": "integer"}}})
            )])),
            "without the parameter `a`",
        ),
        (
            "events with one name",
            schemas(json!({"shop.customer_created": {
                "type": "object", "required": ["object"], "x-stripeEvent": {"type": "shop.customer_created"},
                "properties": {"object": {"$ref": "#/components/schemas/shop.customer"}},
            }})),
            "left out: the event `shop.customer",
        ),
        (
            "a response that is no object",
            json!({"paths": {"/v1/shop/orders": {"get": {"responses": {"200": {"content": {"application/json": {"schema": {"$ref": null, "properties": null, "type": "boolean"}}}}}}}}}),
            "left out: ",
        ),
    ];
    for (name, patch, expected) in cases {
        let published = with(&patch);
        let published = published::read("published.json", &published.to_string()).unwrap();
        let sources = descriptions();
        let imported = import(&sources, &published, &["/v1/shop".to_owned()], None).unwrap();
        let lost: Vec<_> = imported.lost.iter().map(|lost| lost.construct.as_str()).collect();
        assert!(lost.iter().any(|lost| lost.starts_with(expected)), "{name}: {lost:?}");
        let after: Vec<_> = sources
            .iter()
            .map(|source| imported.files.iter().find(|file| file.name == source.name).unwrap_or(source).clone())
            .collect();
        let drift =
            published::drift(&Curated::read(&accepted(&after)).unwrap(), std::slice::from_ref(&published)).unwrap();
        assert!(drift.report.changes.is_empty(), "{name}: {:#?}", drift.facts);
    }
}

fn imported(sources: &[Source], published: &published::Published, what: &[&str]) -> (Vec<Source>, published::Import) {
    let what: Vec<_> = what.iter().map(|what| (*what).to_owned()).collect();
    let imported = import(sources, published, &what, None).unwrap();
    let after =
        sources.iter().map(|source| imported.files.iter().find(|file| file.name == source.name).unwrap_or(source));
    (after.cloned().collect(), imported)
}

fn published_with(patch: &Value) -> published::Published {
    published::read("published.json", &with(patch).to_string()).unwrap()
}

/// Returns the facts by which descriptions differ from a published one.
fn drift(sources: &[Source], published: &published::Published) -> Vec<published::Fact> {
    published::drift(&Curated::read(sources).unwrap(), std::slice::from_ref(published)).unwrap().facts
}

#[test]
fn parts_that_share_a_schema_go_into_one_file() {
    let mut sources = descriptions();
    let text = "openapi: 3.0.3\ninfo:\n  title: Yard\n  version: 2026-09-30.preview\npaths: {}\n";
    sources.push(Source { name: "spec/yard.yaml".to_owned(), text: text.to_owned() });
    let mut operation = everything()["paths"]["/v2/depot/parcels"]["get"].clone();
    operation["operationId"] = json!("GetV2YardParcels");
    let mut shed = operation.clone();
    shed["operationId"] = json!("GetV2YardSheds");
    shed["responses"]["200"]["content"]["application/json"]["schema"] =
        json!({"type": "object", "properties": {"a": {"type": "string"}}});
    let paths = json!({"/v2/yard/parcels": {"get": operation}, "/v2/yard/sheds": {"get": shed}});
    let published = published_with(&json!({"paths": paths}));
    let (after, _) = imported(&sources, &published, &["v2.yard", "v2.depot", "shop.order.shipped"]);
    assert_eq!(drift(&accepted(&after), &published), []);
    // The parcel refers to the shelf, which exists.
    assert!(after[0].text.contains("operationId: GetV2YardParcels"), "{}", after[0].text);
    // Nothing else is in the other file's namespace, so it stays empty.
    assert_eq!(after.iter().map(|source| source.text.matches("    v2.depot.parcel:").count()).sum::<usize>(), 1);
}

#[test]
fn a_shared_parameter_is_referred_to_only_if_it_says_the_same() {
    for (schema, is_shared) in [
        (json!({"type": "array", "items": {"type": "string", "maxLength": 5000}}), true),
        (json!({"type": "array", "items": {"type": "integer"}}), false),
        (json!({"type": "array", "items": {"type": "string", "enum": ["a", "b"]}}), false),
    ] {
        let parameter = json!([{"name": "expand", "in": "query", "style": "deepObject", "schema": schema}]);
        let published = published_with(&json!({"paths": {"/v1/shop/orders": {"get": {"parameters": parameter}}}}));
        let (after, _) = imported(&descriptions(), &published, &["GET /v1/shop/orders"]);
        let shared = after[1].text.matches("$ref: '#/components/parameters/expand'").count();
        assert_eq!(shared, 1 + usize::from(is_shared), "{schema}");
        accepted(&after);
    }
}

#[test]
fn references_are_looked_through() {
    let parameters = json!([
        {"name": "status", "in": "query", "schema": {"$ref": "#/components/schemas/shop_status"}},
        {"name": "statuses", "in": "query", "schema": {"type": "array", "items": {"$ref": "#/components/schemas/shop_status"}}},
    ]);
    let published = published_with(&json!({
        "paths": {"/v1/shop/orders": {
            "parameters": [{"name": "of_path", "in": "query", "schema": {"type": "string"}}],
            "get": {"parameters": parameters},
        }},
        "components": {"schemas": {
            "shop_status": {"type": "string", "enum": ["a", "b"]},
            "shop_note": {"type": "string", "enum": ["c", "d"], "nullable": true},
            "shop.customer": {"properties": {"note": {"$ref": "#/components/schemas/shop_note"}}},
        }},
    }));
    let (after, imported) = imported(&descriptions(), &published, &["/v1/shop"]);
    let text = &after[1].text;
    let parameter =
        |name: &str| text.split(&format!("- name: {name}\n")).nth(1).unwrap().split("schema:").next().unwrap();
    assert!(parameter("status").contains("style: form"), "{text}");
    assert!(parameter("statuses").contains("style: deepObject"), "{text}");
    assert!(parameter("of_path").contains("style: form"), "{text}");
    assert!(text.contains("        note:\n          nullable: true\n"), "{text}");
    let lost: Vec<_> = imported.lost.iter().map(|lost| &lost.construct).collect();
    assert!(!lost.iter().any(|lost| lost.contains("style")), "{lost:?}");
    assert_eq!(drift(&accepted(&after), &published), []);
}

#[test]
fn a_resource_has_its_events_however_it_is_reached() {
    let published = published_with(&json!({}));
    for what in ["shop.customer", "DELETE /v1/shop/customers/{customer}", "GET /v2/depot/parcels"] {
        let (after, _) = imported(&descriptions(), &published, &[what, "shop.order.shipped"]);
        assert_eq!(drift(&accepted(&after), &published), [], "{what}");
    }
}

#[test]
fn a_key_that_describes_something_else_is_an_error() {
    let published = published_with(&json!({"components": {"schemas": {
        "order_parts": {"type": "string", "enum": ["a", "b"]},
        "shop.customer": {"properties": {"parts": {"$ref": "#/components/schemas/order_parts"}}},
    }}}));
    let error = import(&descriptions(), &published, &["shop.customer".to_owned()], None).unwrap_err();
    assert_eq!(error.message, "`order_parts` describes something else here than in published.json");
}

#[test]
fn a_method_that_is_missing_is_imported_with_its_operation() {
    let mut sources = descriptions();
    let (methods, entry) = (
        "      # Methods.\n      x-stripeOperations:\n",
        "        - method_name: retrieve\n          method_type: retrieve\n          operation: get\n          path: /v1/shop/orders/{id}\n",
    );
    assert!(sources[1].text.contains(&format!("{methods}{entry}")));
    sources[1].text = sources[1].text.replace(&format!("{methods}{entry}"), "");
    let published = published_with(&json!({}));
    let (after, _) = imported(&sources, &published, &["GET /v1/shop/orders/{order}"]);
    assert!(after[1].text.contains(entry), "{}", after[1].text);
    accepted(&after);
}

#[test]
fn an_update_removes_the_deviation_of_its_fact() {
    let mut sources = descriptions();
    let total = "        total:\n          type: integer\n";
    let deviation = |at: &str| {
        format!(
            "            - at: {at}\n              published: '7'\n              reason: R.\n              since: 2026-10-28.preview\n              source: the project\n"
        )
    };
    let deviations = format!("          x-deviation:\n{}", deviation("minimum"));
    sources[1].text = sources[1].text.replace(
        total,
        &format!("{total}          minimum: 0\n          maximum: 9\n{deviations}{}", deviation("maximum")),
    );
    let published = published_with(&json!({}));
    let found = published::drift(&Curated::read(&sources).unwrap(), std::slice::from_ref(&published)).unwrap();
    let fingerprint = |name: &str| {
        let facts = found.deviations.outdated.iter().map(|(_, fact)| fact);
        facts.filter(|fact| fact.pointer.as_str().ends_with(name)).map(published::Fact::fingerprint).next().unwrap()
    };
    let one = published::update(&sources, &found, &[fingerprint("/maximum")]).unwrap();
    assert!(one.files[0].text.contains(&format!("{total}          minimum: 0\n")), "{}", one.files[0].text);
    assert!(one.files[0].text.contains(&deviations) && !one.files[0].text.contains("maximum"), "{}", one.files[0].text);
    let both = published::update(&sources, &found, &[fingerprint("/minimum"), fingerprint("/maximum")]).unwrap();
    assert!(!both.files[0].text.contains("x-deviation"), "{}", both.files[0].text);
}

#[test]
fn sentences_to_be_written_are_no_obstacle_to_the_comparison() {
    let published = published_with(&json!({}));
    let (after, _) = imported(&descriptions(), &published, &["/v1/shop"]);
    assert!(after[1].text.contains("description: ''"));
    assert_eq!(drift(&after, &published), []);
}

#[test]
fn an_update_writes_what_an_import_would() {
    let expand = json!({"name": "expand", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}});
    let id = json!({"name": "order", "in": "path", "required": true, "schema": {"type": "string"}});
    let published =
        published_with(&json!({"paths": {"/v1/shop/orders/{order}": {"get": {"parameters": [id, expand]}}}}));
    for (part, pointer) in [
        ("        - $ref: '#/components/parameters/expand'\n", "/expand"),
        ("        object:\n          type: string\n          enum:\n            - shop.order\n", "/properties/object"),
    ] {
        let mut sources = descriptions();
        let whole = std::mem::take(&mut sources[1].text);
        assert!(whole.contains(part));
        sources[1].text = whole.replace(part, "").replace("        - object\n        - total", "        - total");
        if pointer == "/expand" {
            // An unused component would be refused.
            let limit = "      parameters:\n        - $ref: '#/components/parameters/expand'\n";
            let path = sources[1].text.replace("paths:\n", &format!("paths:\n  /v1/shop/parts:\n    get:\n      operationId: GetShopParts\n      description: D.\n{limit}      responses:\n        '200':\n          description: D.\n          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/order_parts'\n\n"));
            sources[1].text = path;
        }
        let found = published::drift(&Curated::read(&sources).unwrap(), std::slice::from_ref(&published)).unwrap();
        let facts = found.facts.iter().filter(|fact| fact.pointer.as_str().ends_with(pointer));
        let fingerprints: Vec<_> = facts.map(published::Fact::fingerprint).collect();
        let updated = published::update(&sources, &found, &fingerprints).unwrap();
        assert!(updated.files[0].text.contains(part), "{pointer}: {:#?}", updated.written);
    }
}
