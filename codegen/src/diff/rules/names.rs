//! Names in Rust of items that stay the same on the wire.
//!
//! To add a rule: a line in the table, a report in a check, and an example in `tests/fixtures/diff/names.yaml`.

use super::prelude::*;
use crate::api::{Operation, TypeDef, TypeKind};

rules! {
    TYPE_RENAMED = "type-renamed", Major, Documentation, Both, "A type is renamed or moves.";
    REQUEST_RENAMED = "request-renamed", Major, Documentation, Both, "The request of an operation is renamed or moves.";
    FIELD_RENAMED = "field-renamed", Major, Documentation, Both, "A property or parameter is renamed in Rust.";
    pub(super) VALUE_RENAMED = "value-renamed", Major, Documentation, Both, "A value of an enum is renamed in Rust.";
    CONSTANT_RENAMED = "constant-renamed", Major, Documentation, Both,
        "A known value of a string type is renamed in Rust.";
}

pub(super) const CHECKS: &[Check] = &[Check::Type(of_type), Check::Operation(of_request), Check::Field(of_field)];

fn of_type(_: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, TypeDef>) {
    let subject = Subject::of_type(pair);
    for value in pairing::values(pair).kept {
        let rule = if matches!(pair.head.kind, TypeKind::Enum(_)) { &VALUE_RENAMED } else { &CONSTANT_RENAMED };
        renamed(changes, rule, subject.member(value), value.map(Member::name));
    }
    renamed(changes, &TYPE_RENAMED, subject, pair.map(|def| &def.path));
}

fn of_request(_: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, Operation>) {
    renamed(changes, &REQUEST_RENAMED, Subject::of_request(pair), pair.map(|operation| &operation.request));
}

fn of_field(_: &Comparison<'_>, changes: &mut Changes, pair: &FieldPair<'_>) {
    renamed(changes, &FIELD_RENAMED, pair.subject.clone(), pair.field.map(|field| &field.name));
}

fn renamed<T: PartialEq + ToString>(
    changes: &mut Changes,
    rule: &'static Rule,
    subject: Subject,
    (old, new): (&T, &T),
) {
    if old != new {
        changes.report(rule, subject, format!("`{}` is renamed to `{}` in Rust", old.to_string(), new.to_string()));
    }
}
