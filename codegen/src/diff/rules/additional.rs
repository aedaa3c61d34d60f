//! Additional properties: whether objects accept and preserve undocumented properties.
//!
//! To add a rule: a line in the table, a report in a check, and an example in `tests/fixtures/diff/additional.yaml`.

use super::super::comparison::additional;
use super::super::shape::values;
use super::field_types;
use super::prelude::*;
use crate::api::{Field, Type, TypeKind};

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

pub(super) const CHECKS: &[Check] = &[Check::FieldList(check), Check::FieldList(described)];

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

/// Reports properties that have a description on one side only, and are additional properties of another type on the other.
fn described(comparison: &Comparison<'_>, changes: &mut Changes, list: &FieldList<'_>) {
    let Container::Struct(pair) = list.container else { return };
    let [old, new] = [pair.base, pair.head].map(|def| match &def.kind {
        TypeKind::Struct(definition) => values(definition),
        _ => None,
    });
    let whole = |field: &Field| match field.nullable {
        true => Type::Nullable(Box::new(field.ty.clone())),
        false => field.ty.clone(),
    };
    let renamed = || list.fields.kept.iter().filter(|pair| !pair.same(|field| &field.wire));
    let added = list.fields.added.iter().copied().chain(renamed().map(|pair| pair.head));
    let removed = list.fields.removed.iter().copied().chain(renamed().map(|pair| pair.base));
    let added = added.filter_map(|field| Some((field, old?.clone(), whole(field), list.subject.added_member(field))));
    let removed =
        removed.filter_map(|field| Some((field, whole(field), new?.clone(), list.subject.removed_member(field))));
    for (field, base, head, subject) in added.chain(removed) {
        if let Some(rule) = field_types::rule(comparison, list.usage, &base, &head) {
            let (old, new) = comparison.shown(&base, &head);
            let message = format!(
                "`{}` changes from `{old}` to `{new}`, one of which is the type of additional properties",
                field.wire
            );
            changes.report(rule, subject, message);
        }
    }
}
