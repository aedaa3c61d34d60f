//! Additional properties: whether objects accept and preserve undocumented properties.
//!
//! To add a rule: a line in the table, a report in a check, and an example in `tests/fixtures/diff/additional.yaml`.

use super::super::comparison::additional;
use super::prelude::*;

rules! {
    REQUEST_OPENED = "request-object-opened", Minor, Compatible, Request,
        "A request object accepts additional properties.";
    REQUEST_CLOSED = "request-object-closed", Major, Breaking, Request,
        "A request object no longer accepts additional properties.";
    RESPONSE_OPENED = "response-object-opened", Minor, Compatible, Response,
        "A response object preserves additional properties.";
    RESPONSE_CLOSED = "response-object-closed", Major, Compatible, Response,
        "A response object no longer preserves additional properties.";
}

pub(super) const CHECKS: &[Check] = &[Check::FieldList(check)];

fn check(_: &Comparison<'_>, changes: &mut Changes, list: &FieldList<'_>) {
    let Container::Struct(pair) = list.container else { return };
    match (additional(pair.base), additional(pair.head)) {
        (None, Some(field)) => {
            let rule = list.usage.rule(&REQUEST_OPENED, &RESPONSE_OPENED);
            let message = format!("`{}` is added, for undocumented properties", field.name);
            changes.report(rule, list.subject.added_member(field), message);
        }
        (Some(field), None) => {
            let rule = list.usage.rule(&REQUEST_CLOSED, &RESPONSE_CLOSED);
            changes.report(rule, list.subject.removed_member(field), format!("`{}` is removed", field.name));
        }
        _ => {}
    }
}
