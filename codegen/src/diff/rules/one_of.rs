//! One-ofs: which properties they have, and their `Unrecognized`.
//!
//! To add a rule: a line in the table, a report in a check, and an example in `tests/fixtures/diff/one_of.yaml`.

use super::prelude::*;
use super::properties;
use crate::api::{Field, TypeDef, TypeKind};

rules! {
    REQUEST_ADDED = "request-one-of-property-added", Minor, Compatible, Request,
        "A request accepts another property of which exactly one is given.";
    REQUEST_REMOVED = "request-one-of-property-removed", Major, Breaking, Request,
        "A request no longer accepts a property of which exactly one is given.";
    RESPONSE_ADDED = "response-one-of-property-added", Minor, Breaking, Response,
        "A response may contain another property of which exactly one is given.";
    RESPONSE_REMOVED = "response-one-of-property-removed", Major, Compatible, Response,
        "A response no longer contains a property of which exactly one is given.";
    UNRECOGNIZED_ADDED = "one-of-received", Minor, Documentation, Both,
        "A one-of is used in responses for the first time, and gains `Unrecognized`.";
    UNRECOGNIZED_REMOVED = "one-of-only-sent", Major, Documentation, Both,
        "A one-of is no longer used in responses, and loses `Unrecognized`.";
    REQUEST_AMBIGUOUS_ADDED = "request-one-of-ambiguous-property-added", Major, Compatible, Request,
        "A request accepts another property of which exactly one is given; its type no longer converts to the one-of.";
    REQUEST_AMBIGUOUS_REMOVED = "request-one-of-ambiguous-property-removed", Major, Breaking, Request,
        "A request no longer accepts a property of which exactly one is given; its type now converts to the one-of.";
    RESPONSE_AMBIGUOUS_ADDED = "response-one-of-ambiguous-property-added", Major, Breaking, Response,
        "A response may contain another property of which exactly one is given; its type no longer converts to the one-of.";
    RESPONSE_AMBIGUOUS_REMOVED = "response-one-of-ambiguous-property-removed", Major, Compatible, Response,
        "A response no longer contains a property of which exactly one is given; its type now converts to the one-of.";
}

pub(super) const CHECKS: &[Check] = &[Check::FieldList(added_and_removed), Check::Type(unrecognized)];

fn added_and_removed(comparison: &Comparison<'_>, changes: &mut Changes, list: &FieldList<'_>) {
    let Container::OneOf(pair) = list.container else { return };
    let shown = |of: &TypeDef, field: &Field| format!("{}::{}", of.path.name, field.name);
    for field in &list.fields.added {
        let lost = pair.base.conversions().any(|(kept, _)| comparison.is_same(&kept.ty, &field.ty));
        let (request, response, consequence) = match lost {
            true => (&REQUEST_AMBIGUOUS_ADDED, &RESPONSE_AMBIGUOUS_ADDED, "; its type no longer converts"),
            false => (&REQUEST_ADDED, &RESPONSE_ADDED, ""),
        };
        let message = format!("`{}` is added as `{}`{consequence}", field.wire, shown(pair.head, field));
        changes.report(list.usage.rule(request, response), list.subject.added_member(*field), message);
    }
    for field in &list.fields.removed {
        let gained = pair.head.conversions().any(|(kept, _)| comparison.is_same(&field.ty, &kept.ty));
        let (request, response, consequence) = match gained {
            true => (&REQUEST_AMBIGUOUS_REMOVED, &RESPONSE_AMBIGUOUS_REMOVED, "; its type now converts"),
            false => (&REQUEST_REMOVED, &RESPONSE_REMOVED, ""),
        };
        let was = properties::was_deprecated(field.deprecated);
        let message = format!("`{}` (`{}`) is removed{consequence}{was}", field.wire, shown(pair.base, field));
        changes.report(list.usage.rule(request, response), list.subject.removed_member(*field), message);
    }
}

fn unrecognized(_: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, TypeDef>) {
    let (TypeKind::OneOf(base), TypeKind::OneOf(head)) = (&pair.base.kind, &pair.head.kind) else { return };
    let name = &pair.head.path.name;
    let (rule, message) = match (base.unrecognized.is_some(), head.unrecognized.is_some()) {
        (false, true) => (&UNRECOGNIZED_ADDED, format!("`{name}` gains `Unrecognized`")),
        (true, false) => (&UNRECOGNIZED_REMOVED, format!("`{name}` loses `Unrecognized`")),
        _ => return,
    };
    changes.report(rule, Subject::of_type(pair), message);
}
