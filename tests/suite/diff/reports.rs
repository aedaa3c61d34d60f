//! The messages of changes.

use stripe_reporting_codegen::diff::{Place, Report, diff};

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
