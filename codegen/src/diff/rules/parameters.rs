//! Parameters: which exist, and whether they are sent in the path.
//!
//! To add a rule: a line in the table, a report in a check, and an example in `tests/fixtures/diff/parameters.yaml`.

use super::prelude::*;
use super::properties;
use crate::api::Place;

rules! {
    REQUIRED_ADDED = "required-parameter-added", Major, Breaking, Request, "A request requires a new parameter.";
    REQUIRED_REMOVED = "required-parameter-removed", Major, Breaking, Request,
        "A required parameter is removed from a request.";
    PRESET_ADDED = "required-preset-parameter-added", Minor, Breaking, Request,
        "A request requires a new parameter that has a preset.";
    PRESET_REMOVED = "required-preset-parameter-removed", Major, Breaking, Request,
        "A required parameter that has a preset is removed from a request.";
    NULLABLE_ADDED = "required-nullable-parameter-added", Minor, Breaking, Request,
        "A request requires a new parameter that may be null.";
    NULLABLE_REMOVED = "required-nullable-parameter-removed", Major, Breaking, Request,
        "A required parameter that may be null is removed from a request.";
    OPTIONAL_ADDED = "optional-parameter-added", Minor, Compatible, Request, "A request accepts a new optional parameter.";
    OPTIONAL_REMOVED = "optional-parameter-removed", Major, Breaking, Request,
        "An optional parameter is removed from a request.";
    MOVED = "parameter-moved", Patch, Breaking, Request, "A parameter moves into the path, or out of it.";
}

pub(super) const CHECKS: &[Check] = &[Check::FieldList(added_and_removed), Check::Field(moved)];

fn added_and_removed(_: &Comparison<'_>, changes: &mut Changes, list: &FieldList<'_>) {
    let Container::Operation(_) = list.container else { return };
    for field in &list.fields.added {
        let rule = match (field.required, field.nullable) {
            (true, false) if field.preset.is_some() => &PRESET_ADDED,
            (true, false) => &REQUIRED_ADDED,
            (true, true) => &NULLABLE_ADDED,
            (false, _) => &OPTIONAL_ADDED,
        };
        changes.report(rule, list.subject.added_member(*field), properties::added(list, field));
    }
    for field in &list.fields.removed {
        let rule = match (field.required, field.nullable) {
            (true, false) if field.preset.is_some() => &PRESET_REMOVED,
            (true, false) => &REQUIRED_REMOVED,
            (true, true) => &NULLABLE_REMOVED,
            (false, _) => &OPTIONAL_REMOVED,
        };
        changes.report(rule, list.subject.removed_member(*field), properties::removed(list, field));
    }
}

fn moved(_: &Comparison<'_>, changes: &mut Changes, pair: &FieldPair<'_>) {
    let Some(parameter) = pair.parameter else { return };
    let (old, new) = (parameter.base.place, parameter.head.place);
    if old != new {
        let direction = if new == Place::Path { "into" } else { "out of" };
        changes.report(&MOVED, pair.subject.clone(), format!("`{}` moves {direction} the path", pair.field.head.wire));
    }
}
