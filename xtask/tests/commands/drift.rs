//! `cargo xtask drift`.

use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::{Value, json};
use stripe_reporting_tests::{fixtures, project};
use tempfile::TempDir;

use super::{code, stderr, stdout, xtask};

/// Creates a folder with the curated description `desk.yaml` and a published one.
fn folder(name: &str, published: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("spec")).unwrap();
    fs::copy(fixtures("published").join("desk.yaml"), folder.path().join("spec/desk.yaml")).unwrap();
    let path = folder.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, published).unwrap();
    folder
}

fn published() -> Value {
    let text = fs::read_to_string(fixtures("published").join("desk_published.yaml")).unwrap();
    serde_yaml::from_str(&text).unwrap()
}

fn drift(folder: &Path, arguments: &[&str]) -> Output {
    xtask(&project(), folder, &[&["drift"], arguments].concat())
}

/// Returns the report, of which the published description is JSON.
fn report(published: &Value) -> Value {
    let folder = folder("stripe.json", &published.to_string());
    let output = drift(folder.path(), &["stripe.json", "--format", "json"]);
    assert_eq!((code(&output), stderr(&output).as_str()), (0, ""));
    serde_json::from_str(&stdout(&output)).unwrap()
}

fn rules(report: &Value) -> Vec<&str> {
    report["changes"].as_array().unwrap().iter().map(|change| change["rule"].as_str().unwrap()).collect()
}

/// Makes the published description say what the curated one says.
fn agreeing() -> Value {
    let mut value = published();
    let ticket = &mut value["components"]["schemas"]["desk.ticket"]["properties"];
    ticket.as_object_mut().unwrap().retain(|name, _| !["source", "labels"].contains(&name.as_str()));
    ticket["color"] = json!({"type": "string"});
    ticket["closed"] = json!({"type": "integer"});
    ticket["status"]["enum"] = json!(["solved", "open"]);
    let schemas = value["components"]["schemas"].as_object_mut().unwrap();
    let lost = schemas.remove("desk.ticket.solved").unwrap();
    schemas.insert("desk.ticket.lost".to_owned(), lost);
    schemas["desk.ticket.lost"]["x-stripeEvent"]["type"] = json!("desk.ticket.lost");
    schemas["api_error"]["properties"]["error"]["properties"]["code"]["enum"] = json!(["ticket_missing"]);
    value["paths"]["/v1/desk/tickets"]["get"]["parameters"].as_array_mut().unwrap().pop();
    let form = "application/x-www-form-urlencoded";
    let body = &mut value["paths"]["/v1/desk/tickets"]["post"]["requestBody"]["content"][form]["schema"];
    body["required"] = json!(["title"]);
    body["properties"] = json!({"title": {"type": "string", "maxLength": 60}, "note": {"type": "string"}});
    let item = value["paths"]["/v1/desk/tickets/{id}"].as_object_mut().unwrap();
    item.insert("delete".to_owned(), item["get"].clone());
    value
}

#[test]
fn every_format_matches_its_snapshot() {
    let folder = folder("stripe.yaml", &fs::read_to_string(fixtures("published").join("desk_published.yaml")).unwrap());
    for format in ["text", "markdown", "json", "github"] {
        let output = drift(folder.path(), &["stripe.yaml", "--format", format]);
        assert_eq!((code(&output), stderr(&output).as_str()), (0, ""));
        insta::with_settings!({snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true}, {
            insta::assert_snapshot!(format!("drift_{format}"), stdout(&output));
        });
    }
}

#[test]
fn reports_are_valid_json() {
    let schema = drift(&project(), &["--schema"]);
    let validator = jsonschema::validator_for(&serde_json::from_str(&stdout(&schema)).unwrap()).unwrap();
    for published in [published(), agreeing()] {
        let report = report(&published);
        let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
    assert!(!validator.is_valid(&json!({"level": null, "wire": null, "changes": []})));
}

#[test]
fn each_change_has_a_line_and_a_fact_of_both_descriptions() {
    let published = published();
    let spec = fs::read_to_string(fixtures("published").join("desk.yaml")).unwrap();
    for change in report(&published)["changes"].as_array().unwrap() {
        let place = [&change["base"], &change["head"]].into_iter().find(|place| !place.is_null()).unwrap();
        assert_eq!(place["file"], "spec/desk.yaml");
        assert!(place["line"].as_u64().unwrap() <= spec.lines().count() as u64);
        let facts = change["facts"].as_array().unwrap();
        assert!(!facts.is_empty(), "{change}");
        for fact in facts {
            assert!(published.pointer(fact["source"]["pointer"].as_str().unwrap()).is_some(), "{fact}");
            assert_eq!(fact["fingerprint"].as_str().unwrap().len(), 8);
        }
    }
}

#[test]
fn what_agrees_has_no_drift_and_stale_deviations_are_reported() {
    let mut agreed = agreeing();
    let report = report(&agreed);
    assert!(rules(&report).is_empty(), "{report:#}");
    let stale = |report: &Value| -> Vec<String> {
        let stale = report["deviations"]["stale"].as_array().unwrap();
        stale.iter().map(|entry| entry["pointer"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(stale(&report), ["/components/schemas/desk_place/properties/shelf/format"]);
    assert_eq!(report["deviations"]["kept"], 3);
    // Superfluous: the published description says the same now.
    agreed["components"]["schemas"]["desk.ticket"]["properties"]["owner"] = json!({"type": "string"});
    let report = self::report(&agreed);
    assert_eq!(stale(&report).first().unwrap(), "/components/schemas/desk.ticket/properties/owner/nullable");
}

#[test]
fn the_command_fails_as_requested() {
    let differing = folder("stripe.json", &published().to_string());
    let agreeing = folder("stripe.json", &agreeing().to_string());
    let status = |folder: &TempDir, level: &str| code(&drift(folder.path(), &["stripe.json", "--fail-on", level]));
    for level in ["major", "minor", "patch", "breaking", "major,breaking"] {
        assert_eq!(status(&differing, level), 1, "{level}");
    }
    // A stale deviation counts as a patch.
    assert_eq!(["major", "minor", "breaking", "patch"].map(|level| status(&agreeing, level)), [0, 0, 0, 1]);
}

#[test]
fn json_and_yaml_are_the_same() {
    let json = folder("stripe.json", &published().to_string());
    let yaml = folder("stripe.yaml", &serde_yaml::to_string(&published()).unwrap());
    let [json, yaml] = [(json, "stripe.json"), (yaml, "stripe.yaml")]
        .map(|(folder, name)| stdout(&drift(folder.path(), &[name])).replace("stripe.yaml", "stripe.json"));
    assert_eq!(json, yaml);
}

#[test]
fn files_that_are_no_description_are_refused_with_a_place() {
    let whole = published().to_string();
    for (name, text, expected) in [
        ("other.json", "{\"name\": \"stripe\"}", "other.json:1:1: not an OpenAPI description: `openapi` is missing"),
        ("page.yaml", "<!DOCTYPE html>\n<title>404</title>\n", "page.yaml:1:1: not an OpenAPI description"),
        ("cut.json", &whole[..whole.len() / 2], "cut.json:1:"),
        ("empty.yaml", "", "empty.yaml:1:1: "),
    ] {
        let folder = folder(name, text);
        let output = drift(folder.path(), &[name]);
        let message = stderr(&output);
        assert_eq!(code(&output), 3, "{name}: {message}");
        assert!(message.starts_with(&format!("error: {expected}")) && message.contains("\nhelp: "), "{message}");
        assert_eq!(stdout(&output), "");
    }
    let output = drift(folder("a.json", "{}").path(), &["b.json"]);
    assert_eq!((code(&output), stderr(&output).as_str()), (2, "error: `b.json` does not exist\n"));
}

#[test]
fn an_invalid_curated_description_is_reported() {
    let folder = folder("stripe.json", &published().to_string());
    let path = folder.path().join("spec/desk.yaml");
    fs::write(&path, fs::read_to_string(&path).unwrap().replace("operationId: GetDeskTickets\n", "operationI: a\n"))
        .unwrap();
    let output = drift(folder.path(), &["stripe.json"]);
    assert_eq!(code(&output), 3);
    assert!(stderr(&output).contains("did you mean `operationId`?"), "{}", stderr(&output));
    assert!(stderr(&output).ends_with("nothing was compared\n"), "{}", stderr(&output));
}

/// Importers damage dates, and add keys of their own.
#[test]
fn damaged_copies_are_read() {
    let mut damaged = agreeing();
    damaged["info"]["version"] = json!("Wed Sep 30 2026 13:53:19 GMT+0000 (Coordinated Universal Time)");
    damaged["info"]["x-providerName"] = json!("stripe.com");
    damaged["info"]["x-origin"] = json!([{"format": "openapi", "url": "https://example.com", "version": "3.0"}]);
    damaged["x-more"] = json!({"x-deviation": [1, 2], "$ref": 5});
    damaged["components"]["schemas"]["desk.ticket"]["x-more"] = json!([null, {"type": {"a": 1}}]);
    let report = report(&damaged);
    assert!(rules(&report).is_empty(), "{report:#}");
    assert_eq!(report["compared"][0]["published"]["version"], damaged["info"]["version"]);
}

/// The files for everyone have no events, methods and errors.
#[test]
fn what_a_file_has_nowhere_is_not_missing() {
    let mut plain = agreeing();
    fn strip(value: &mut Value) {
        match value {
            Value::Object(members) => {
                members.retain(|key, _| !key.starts_with("x-stripe") && key != "x-stableId" && key != "x-resourceId");
                members.values_mut().for_each(strip);
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    strip(&mut plain);
    let report = report(&plain);
    assert!(rules(&report).is_empty(), "{report:#}");
}

/// A published description of an earlier version, or of one without previews, does not show what is missing.
#[test]
fn earlier_versions_show_what_is_new_and_not_what_is_missing() {
    let mut earlier = published();
    for (version, is_later) in
        [("2026-08-26.preview", true), ("2026-09-30.clover", true), ("2026-10-28.preview", false)]
    {
        earlier["info"]["version"] = json!(version);
        let report = report(&earlier);
        assert_eq!(!rules(&report).contains(&"operation-removed"), is_later, "{version}");
        assert_eq!(!report["later"].as_array().unwrap().is_empty(), is_later, "{version}");
        assert!(rules(&report).contains(&"response-value-added"), "{version}");
    }
}

/// Each description is compared with the nearest version, and operations that it lacks with another.
#[test]
fn the_nearest_version_is_chosen() {
    let mut near = published();
    near["paths"].as_object_mut().unwrap().remove("/v1/desk/tickets/{id}");
    let mut far = published();
    far["info"]["version"] = json!("2026-10-28.preview");
    let folder = folder("near.json", &near.to_string());
    fs::write(folder.path().join("far.json"), far.to_string()).unwrap();
    fs::write(folder.path().join("other.json"), r#"{"openapi": "3.0.0", "paths": {}}"#).unwrap();
    let text = stdout(&drift(folder.path(), &["other.json", "far.json", "near.json"]));
    let expected = "spec/desk.yaml (2026-09-30.preview) is compared with near.json (2026-09-30.preview)\n  \
                    GET /v1/desk/tickets/{ticket} with far.json\n";
    assert!(text.starts_with(expected), "{text}");
    let text = stdout(&drift(folder.path(), &["other.json"]));
    assert!(text.starts_with("spec/desk.yaml (2026-09-30.preview) is not compared"), "{text}");
}

/// What is not covered is not looked at.
#[test]
fn large_descriptions_are_read() {
    let mut large = agreeing();
    let schemas = large["components"]["schemas"].as_object_mut().unwrap();
    let ticket = schemas["desk.ticket"].clone();
    for number in 0..4000 {
        let mut schema = ticket.clone();
        schema["properties"]["next"] = json!({"anyOf": [
            {"$ref": format!("#/components/schemas/bank.{}", (number + 1) % 4000)}, {"$ref": "#/components/schemas/gone"},
        ]});
        schema["x-resourceId"] = json!(format!("bank.{number}"));
        schemas.insert(format!("bank.{number}"), schema);
    }
    let paths = large["paths"].as_object_mut().unwrap();
    let tickets = paths["/v1/desk/tickets"].clone();
    paths.extend((0..500).map(|number| (format!("/v1/bank/{number}"), tickets.clone())));
    assert!(large.to_string().len() > 3_000_000);
    assert!(rules(&report(&large)).is_empty());
}

/// Published schemas that contain themselves without end, and references in circles, end.
#[test]
fn circles_end() {
    let mut circular = agreeing();
    let schemas = &mut circular["components"]["schemas"];
    schemas["a"] = json!({"$ref": "#/components/schemas/b"});
    schemas["b"] = json!({"$ref": "#/components/schemas/a"});
    schemas["c"] = json!({"anyOf": [{"$ref": "#/components/schemas/c"}]});
    schemas["d"] = json!({"anyOf": [{"$ref": "#/components/schemas/e"}]});
    schemas["e"] = json!({"anyOf": [{"$ref": "#/components/schemas/d"}]});
    schemas["f"] = json!({"anyOf": [{"$ref": "#/components/schemas/f"}, {"type": "string"}]});
    schemas["desk.ticket"]["properties"]["self"] = json!({"$ref": "#/components/schemas/desk.ticket"});
    for (name, place) in [("owner", "a"), ("color", "c"), ("closed", "d"), ("place", "f")] {
        schemas["desk.ticket"]["properties"][name] = json!({"$ref": format!("#/components/schemas/{place}")});
    }
    report(&circular);
}

/// A file that has nothing of what is covered does not show that nothing changed.
#[test]
fn nothing_compared_is_no_success() {
    let folder = folder("other.json", r#"{"openapi": "3.0.0", "paths": {}}"#);
    let output = drift(folder.path(), &["other.json", "--fail-on", "major"]);
    assert_eq!(code(&output), 1);
    assert!(stdout(&output).contains("\nnothing was compared\n"), "{}", stdout(&output));
}

#[test]
fn other_files_of_a_folder_are_left_out() {
    let folder = folder("published/stripe.json", &agreeing().to_string());
    fs::write(folder.path().join("published/fixtures3.json"), "{}").unwrap();
    let output = drift(folder.path(), &["published"]);
    assert_eq!(code(&output), 0);
    assert_eq!(stderr(&output), "left out, as not an OpenAPI description: published/fixtures3.json\n");
    assert!(stdout(&output).contains("\nno changes\n"), "{}", stdout(&output));
    let output = drift(folder.path(), &["published/fixtures3.json"]);
    assert_eq!(code(&output), 3);
    assert!(stderr(&output).contains("not an OpenAPI description: `openapi` is missing"), "{}", stderr(&output));
}

/// Returns what cannot be expressed.
fn inexpressible(report: &Value) -> Vec<String> {
    let found = report["inexpressible"].as_array().unwrap().iter();
    found.map(|found| found["construct"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_body_of_another_type_is_not_missing() {
    let mut other = agreeing();
    let content = other["paths"]["/v1/desk/tickets"]["post"]["requestBody"]["content"].as_object_mut().unwrap();
    let body = content.remove("application/x-www-form-urlencoded").unwrap();
    content.insert("application/json".to_owned(), body);
    let report = report(&other);
    assert_eq!(rules(&report), [""; 0], "{report:#}");
    assert!(inexpressible(&report).contains(&"a body of the type `application/json`".to_owned()), "{report:#}");
}

/// A deviation inside of what the dialect cannot express is not checked, and so not stale.
#[test]
fn what_cannot_be_compared_is_not_stale() {
    for shelf in [
        json!({"oneOf": [{"type": "integer"}, {"type": "string"}]}),
        json!({"type": "file"}),
        json!({"$ref": "#/components/schemas/nowhere"}),
    ] {
        let mut other = agreeing();
        let before = report(&other);
        other["components"]["schemas"]["place"]["properties"]["shelf"] = shelf;
        let after = report(&other);
        assert_eq!(before["deviations"]["stale"].as_array().unwrap().len(), 1);
        assert_eq!(after["deviations"]["stale"].as_array().unwrap().len(), 0, "{after:#}");
        assert_eq!(inexpressible(&after).len(), inexpressible(&before).len() + 1, "{after:#}");
    }
}

/// Events are compared with the nearest description that has any.
#[test]
fn earlier_descriptions_neither_add_nor_hide_events() {
    let (now, mut earlier) = (agreeing(), agreeing());
    earlier["info"]["version"] = json!("2025-01-01.preview");
    let schemas = earlier["components"]["schemas"].as_object_mut().unwrap();
    let mut event = schemas["desk.ticket.lost"].clone();
    event["x-stripeEvent"]["type"] = json!("desk.ticket.burned");
    schemas.insert("desk.ticket.burned".to_owned(), event);
    let changes = |now: &Value| {
        let folder = folder("now.json", &now.to_string());
        fs::write(folder.path().join("earlier.json"), earlier.to_string()).unwrap();
        let output = drift(folder.path(), &["earlier.json", "now.json", "--format", "json"]);
        let report: Value = serde_json::from_str(&stdout(&output)).unwrap();
        rules(&report).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(changes(&now), [""; 0]);
    let mut without = now;
    without["components"]["schemas"].as_object_mut().unwrap().remove("desk.ticket.lost");
    assert_eq!(changes(&without), ["event-removed"]);
}

#[test]
fn control_characters_are_escaped() {
    let mut other = published();
    other["info"]["version"] = json!("2026-09-30.preview\u{1b}[31m");
    let ticket = &mut other["components"]["schemas"]["desk.ticket"]["properties"];
    ticket["status"]["enum"].as_array_mut().unwrap().push(json!("x\r\n::error::\u{1b}"));
    ticket["so\u{1b}urce"] = json!({"oneOf": [{"type": "string"}, {"type": "integer"}]});
    let folder = folder("stripe.json", &other.to_string());
    for format in ["text", "markdown", "github"] {
        let text = stdout(&drift(folder.path(), &["stripe.json", "--format", format]));
        let is_plain = |char: char| !char.is_control() || char == '\n';
        assert!(text.chars().all(is_plain), "{format}: {text:?}");
        assert!(!text.contains("\n::error::\n") && !text.contains("\n::error::\\"), "{format}: {text:?}");
    }
}

/// A deviation whose last keyword is misspelt is not called stale.
#[test]
fn a_misspelt_place_is_suggested() {
    let folder = folder("stripe.json", &published().to_string());
    let path = folder.path().join("spec/desk.yaml");
    let text = fs::read_to_string(&path).unwrap().replace("- at: maxLength", "- at: maxLenght");
    fs::write(&path, text).unwrap();
    let text = stdout(&drift(folder.path(), &["stripe.json"]));
    assert!(text.contains("maxLenght` does not deviate; did you mean `maxLength`?"), "{text}");
}
