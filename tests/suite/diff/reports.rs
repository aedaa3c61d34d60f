//! The messages of changes.

use stripe_reporting_codegen::api::Api;
use stripe_reporting_codegen::diff::{Place, Report, diff};
use stripe_reporting_codegen::{Source, read};
use stripe_reporting_tests::little::edited;

use super::example::{Example, Side};

fn assert_snapshot(name: &str, text: &str) {
    insta::with_settings!({snapshot_path => "../../snapshots/diff", prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!(name, text);
    });
}

fn reports(example: &Example) -> [Report; 2] {
    let (base, head) = (example.api(Side::Base), example.api(Side::Head));
    [diff(base, head), diff(head, base)]
}

#[test]
fn every_change_has_a_message() {
    let mut text = String::new();
    for (file, example) in Example::all() {
        for report in reports(example) {
            for change in &report.changes {
                let side = |place: &Option<Place>| {
                    place.as_ref().map_or_else(|| "none".to_owned(), |place| place.item.clone())
                };
                let (base, head) = (side(&change.base), side(&change.head));
                let items = if base == head { head } else { format!("{base} -> {head}") };
                text.push_str(&format!("{file}, {}: {items}\n    {}\n", change.rule.id, change.message));
            }
        }
    }
    assert_snapshot("messages", &text);
}

fn messages(report: &Report, rule: &str) -> Vec<String> {
    report.changes.iter().filter(|change| change.rule.id == rule).map(|change| change.message.clone()).collect()
}

/// The little description with edits.
fn little(edits: &[&str]) -> Api {
    let edits: Vec<serde_yaml::Value> = edits.iter().map(|edit| serde_yaml::from_str(edit).unwrap()).collect();
    let text = serde_yaml::to_string(&edited(&edits)).unwrap();
    read(&[Source { name: "little.yaml".to_owned(), text }]).unwrap()
}

#[test]
fn the_removal_of_deprecated_items_is_reported_as_such() {
    let deprecated = "{schemas: {run: {properties: {failure_text: {deprecated: true}}}}, \
                      paths: {'/v1/runs/{run}/cancel': {post: {deprecated: true}}}}";
    let removed = "{schemas: {run: {properties: {failure_text: null}}}, paths: {'/v1/runs/{run}/cancel': null}}";
    for (base, end) in [(little(&[deprecated]), "is removed; it was deprecated before"), (little(&[]), "is removed")] {
        let report = diff(&base, &little(&[removed]));
        for rule in ["response-optional-property-removed", "operation-removed"] {
            let messages = messages(&report, rule);
            assert!(messages.len() == 1 && messages[0].ends_with(end), "{messages:?}");
        }
    }
}

#[test]
fn an_operation_is_removed_with_its_methods() {
    let base = read(&stripe_reporting_tests::description().unwrap()).unwrap();
    let mut head = base.clone();
    head.operations.retain(|_, operation| operation.path != "/v2/core/events/{id}");
    let messages = messages(&diff(&base, &head), "operation-removed");
    assert!(messages.len() == 1 && messages[0].contains("`Event::retrieve` and `Event::full` with it"), "{messages:?}");
}

#[test]
fn the_documentation_of_an_inline_type_is_reported_for_its_field() {
    let documented = "schemas: {run: {properties: {status: {description: How it is.}}}}";
    let report = diff(&little(&[]), &little(&[documented]));
    assert_eq!(messages(&report, "documentation-changed").len(), 1, "{report:?}");
}
