//! Names in Rust, of what stays the same on the wire.

use super::super::pairing::{Paired, constants, values};
use super::prelude::*;
use crate::api::{Constant, Name, Operation, Origin, TypeDef, TypeKind, Variant};

pub(super) const RULES: RuleSet = RuleSet {
    rules: &[&TYPE_RENAMED, &REQUEST_RENAMED, &FIELD_RENAMED, &VALUE_RENAMED, &CONSTANT_RENAMED],
    checks: &[Check::Types(of_type), Check::Operations(of_request), Check::Fields(of_field)],
};

static TYPE_RENAMED: Rule =
    Rule::new("type-renamed", (Major, Documentation, Both), "A type has another name or place.");

static REQUEST_RENAMED: Rule = Rule::new(
    "request-renamed",
    (Major, Documentation, Both),
    "The request of an operation has another name or place.",
);

static FIELD_RENAMED: Rule =
    Rule::new("field-renamed", (Major, Documentation, Both), "A property or parameter has another name in Rust.");

static VALUE_RENAMED: Rule =
    Rule::new("value-renamed", (Major, Documentation, Both), "A value of an enum has another name in Rust.");

static CONSTANT_RENAMED: Rule =
    Rule::new("constant-renamed", (Major, Documentation, Both), "A known value of a string has another name in Rust.");

fn of_type(_: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, TypeDef>) {
    let (old, new) = pair.map(|def| &def.path);
    if old != new {
        let message = format!("`{old}` is called `{new}`; code that names it must change");
        changes.report(&TYPE_RENAMED, Subject::types(pair), message);
    }
    match (&pair.base.kind, &pair.head.kind) {
        (TypeKind::Enum(base), TypeKind::Enum(head)) => {
            let named = |value: &'_ Variant| (value.name.clone(), value.origin.clone());
            renamed(changes, &VALUE_RENAMED, pair, &values(base, head), named);
        }
        (TypeKind::String(base), TypeKind::String(head)) => {
            let named = |value: &'_ Constant| (value.name.clone(), value.origin.clone());
            renamed(changes, &CONSTANT_RENAMED, pair, &constants(base, head), named);
        }
        _ => {}
    }
}

fn renamed<T>(
    changes: &mut Changes,
    rule: &'static Rule,
    of: Pair<'_, TypeDef>,
    values: &Paired<'_, T>,
    named: impl Fn(&T) -> (Name, Origin),
) {
    for pair in &values.kept {
        let ((old, base), (new, head)) = (named(pair.base), named(pair.head));
        if old != new {
            let subject = Subject::types(of).part(Some((&old, &base)), Some((&new, &head)));
            changes.report(rule, subject, message(&old, &new));
        }
    }
}

fn of_request(_: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, Operation>) {
    let (old, new) = pair.map(|operation| &operation.request);
    if old != new {
        let message = format!("`{old}` is called `{new}`; code that names it must change");
        changes.report(&REQUEST_RENAMED, Subject::requests(pair), message);
    }
}

fn of_field(_: &Comparison<'_>, changes: &mut Changes, pair: &FieldPair<'_>) {
    let (old, new) = pair.field.map(|field| &field.name);
    if old != new {
        changes.report(&FIELD_RENAMED, pair.subject.clone(), message(old, new));
    }
}

fn message(old: &Name, new: &Name) -> String {
    format!("`{old}` is called `{new}` in Rust; code that names it must change")
}
