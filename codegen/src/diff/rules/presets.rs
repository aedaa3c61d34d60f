//! Presets: the required values of requests that constructors set.
//!
//! To add a rule: a line in the table, a report in a check, and an example in `tests/fixtures/diff/presets.yaml`.

use super::prelude::*;

rules! {
    ADDED = "request-preset-added", Major, Documentation, Request,
        "A required parameter or request property gets a preset.";
    REMOVED = "request-preset-removed", Major, Documentation, Request,
        "A required parameter or request property loses its preset.";
    CHANGED = "request-preset-changed", Major, Documentation, Request,
        "The preset of a parameter or request property changes.";
}

pub(super) const CHECKS: &[Check] = &[Check::Field(preset)];

fn preset(_: &Comparison<'_>, changes: &mut Changes, pair: &FieldPair<'_>) {
    let (base, head) = (pair.field.base, pair.field.head);
    // A property that becomes required or optional is reported as such.
    if base.is_option() != head.is_option() {
        return;
    }
    let wire = &head.wire;
    let (rule, message) = match (&base.preset, &head.preset) {
        (None, Some(new)) => {
            (&ADDED, format!("`{wire}` is preset to `{new}`, and its argument of `new` becomes a setter"))
        }
        (Some(old), None) => {
            (&REMOVED, format!("`{wire}` is no longer preset to `{old}`, and its setter becomes an argument of `new`"))
        }
        (Some(old), Some(new)) if old != new => {
            (&CHANGED, format!("the preset of `{wire}` changes from `{old}` to `{new}`"))
        }
        _ => return,
    };
    changes.report(rule, pair.subject.clone(), message);
}
