//! Parameters that several operations share: a difference of one operation is that of this operation alone.

use serde_json::{Value, json};
use stripe_reporting_codegen::Source;
use stripe_reporting_codegen::published::{Curated, Drift, drift, render_drift_text, update};

use super::mutations::curated;
use super::rules::reading;

const LISTS: [&str; 2] = ["/v1/desk/tickets", "/v1/desk/zones"];

/// Returns the published description, with a change of the parameter `limit` of some operations.
fn published(operations: &[&str], key: &str, value: &Value) -> Value {
    let mut whole: Value = serde_yaml::from_str(&curated().text).unwrap();
    let limit = whole["components"]["parameters"]["limit"].clone();
    for operation in operations {
        let mut limit = limit.clone();
        *limit.pointer_mut(key.rsplit_once('/').unwrap().0).unwrap() = {
            let mut around = limit.pointer(key.rsplit_once('/').unwrap().0).unwrap().clone();
            around[key.rsplit_once('/').unwrap().1] = value.clone();
            around
        };
        whole["paths"][operation]["get"]["parameters"][0] = limit;
    }
    whole
}

fn compare(ours: &Source, theirs: &Value) -> Drift {
    drift(&Curated::read(std::slice::from_ref(ours)).unwrap(), &[reading("desks", theirs)]).unwrap()
}

#[test]
fn a_difference_of_one_operation_is_its_own() {
    for (key, value) in [
        ("/deprecated", json!(true)),
        ("/required", json!(true)),
        ("/schema/maximum", json!(50)),
        ("/schema/type", json!("string")),
    ] {
        let theirs = published(&LISTS[..1], key, &value);
        let found = compare(&curated(), &theirs);
        let text = render_drift_text(&found);
        let [fact] = found.facts.as_slice() else { panic!("{key}: {text}") };
        assert_eq!(fact.pointer.as_str(), format!("/paths/~1v1~1desk~1tickets/get/parameters/limit{key}"));
        assert!(found.report.changes.iter().all(|change| change.item().starts_with("v1::desk::ListTickets")), "{text}");
        // Only this operation is changed by taking it over.
        let updated = update(&[curated()], &found, &[fact.fingerprint()]).unwrap();
        let [file] = updated.files.as_slice() else { panic!("{key}: {:?}", updated.files) };
        let value: Value = serde_yaml::from_str(&file.text).unwrap();
        let limit: Value = serde_yaml::from_str::<Value>(&curated().text).unwrap()["components"]["parameters"].clone();
        assert_eq!(value["components"]["parameters"], limit, "{key}");
        let again = compare(file, &theirs);
        assert!(again.facts.is_empty(), "{key}: {}", render_drift_text(&again));
    }
}

#[test]
fn a_difference_of_all_operations_is_that_of_the_parameter() {
    let theirs = published(&LISTS, "/deprecated", &json!(true));
    let found = compare(&curated(), &theirs);
    let places: Vec<_> = found.facts.iter().map(|fact| fact.pointer.as_str()).collect();
    assert_eq!(places, ["/components/parameters/limit/deprecated"]);
}

/// What all have in common is taken over for the operation that differs otherwise, too.
#[test]
fn both_kinds_of_differences_are_taken_over_together() {
    let mut theirs = published(&LISTS, "/deprecated", &json!(true));
    theirs["paths"][LISTS[0]]["get"]["parameters"][0]["schema"]["maximum"] = json!(50);
    let found = compare(&curated(), &theirs);
    assert_eq!(found.facts.len(), 2, "{}", render_drift_text(&found));
    let fingerprints: Vec<_> = found.facts.iter().map(|fact| fact.fingerprint()).collect();
    let updated = update(&[curated()], &found, &fingerprints).unwrap();
    let again = compare(&updated.files[0], &theirs);
    assert!(again.facts.is_empty(), "{}", render_drift_text(&again));
}

/// Parameters of a path cannot differ for one of its operations.
#[test]
fn what_differs_for_one_operation_of_a_path_is_not_expressible() {
    let mut ours: Value = serde_yaml::from_str(&curated().text).unwrap();
    let item = ours["paths"]["/v1/desk/tickets/{ticket}"].as_object_mut().unwrap();
    let parameters = item["get"].as_object_mut().unwrap().remove("parameters").unwrap();
    let mut delete = item["get"].clone();
    delete["operationId"] = json!("DeleteDeskTicketsTicket");
    item.insert("delete".to_owned(), delete);
    item.insert("parameters".to_owned(), parameters);
    let source = Source { name: "desks.yaml".to_owned(), text: ours.to_string() };
    let mut theirs = ours.clone();
    let item = theirs["paths"]["/v1/desk/tickets/{ticket}"].as_object_mut().unwrap();
    let parameters = item.remove("parameters").unwrap();
    item["get"]["parameters"] = parameters.clone();
    item["delete"]["parameters"] = parameters;
    assert!(compare(&source, &theirs).facts.is_empty());
    theirs["paths"]["/v1/desk/tickets/{ticket}"]["delete"]["parameters"][0]["deprecated"] = json!(true);
    let found = compare(&source, &theirs);
    assert!(found.facts.is_empty() && found.foreign.len() == 1, "{}", render_drift_text(&found));
    theirs["paths"]["/v1/desk/tickets/{ticket}"]["get"]["parameters"][0]["deprecated"] = json!(true);
    let found = compare(&source, &theirs);
    assert!(found.facts.len() == 1 && found.foreign.is_empty(), "{}", render_drift_text(&found));
}
