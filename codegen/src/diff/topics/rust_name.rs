//! Names in Rust, of what stays the same on the wire.

use super::super::pairing::Paired;
use super::prelude::*;
use super::{constant, enum_value};
use crate::api::{Name, Origin, TypeKind};

pub(super) const TOPIC: Topic = Topic {
    rules: &[&TYPE_RENAMED, &REQUEST_RENAMED, &FIELD_RENAMED, &VALUE_RENAMED, &CONSTANT_RENAMED],
    compare: Compare::Crates(compare),
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

fn compare(comparison: &mut Comparison<'_>) {
    for pair in comparison.types.kept.clone() {
        let (old, new) = pair.map(|def| &def.path);
        if old != new {
            let message = format!("`{old}` is called `{new}`; code that names it must change");
            comparison.report(&TYPE_RENAMED, Subject { direction: None, ..Subject::types(pair) }, message);
        }
        let whole = Subject { direction: None, ..Subject::types(pair) };
        match (&pair.base.kind, &pair.head.kind) {
            (TypeKind::Enum(base), TypeKind::Enum(head)) => {
                let named = |value: &'_ crate::api::Variant| (value.name.clone(), value.origin.clone());
                renamed(comparison, &VALUE_RENAMED, &whole, &enum_value::values(base, head), named);
            }
            (TypeKind::String(base), TypeKind::String(head)) => {
                let named = |value: &'_ crate::api::Constant| (value.name.clone(), value.origin.clone());
                renamed(comparison, &CONSTANT_RENAMED, &whole, &constant::constants(base, head), named);
            }
            _ => {}
        }
    }
    for pair in comparison.operations.kept.clone() {
        let (old, new) = pair.map(|operation| &operation.request);
        if old != new {
            let subject = Subject {
                base: place(old, &pair.base.origin),
                head: place(new, &pair.head.origin),
                ..Subject::operations(pair)
            };
            let message = format!("`{old}` is called `{new}`; code that names it must change");
            comparison.report(&REQUEST_RENAMED, subject, message);
        }
    }
    for list in comparison.field_lists() {
        for pair in list.pairs() {
            if !pair.field.same(|field| &field.name) {
                let message = message(&pair.field.base.name, &pair.field.head.name);
                comparison.report(&FIELD_RENAMED, Subject { direction: None, ..pair.subject }, message);
            }
        }
    }
}

fn renamed<T>(
    comparison: &mut Comparison<'_>,
    rule: &'static Rule,
    whole: &Subject,
    values: &Paired<'_, T>,
    named: impl Fn(&T) -> (Name, Origin),
) {
    for pair in &values.kept {
        let ((old, base), (new, head)) = (named(pair.base), named(pair.head));
        if old != new {
            comparison.report(rule, whole.part(Some((&old, &base)), Some((&new, &head))), message(&old, &new));
        }
    }
}

fn message(old: &Name, new: &Name) -> String {
    format!("`{old}` is called `{new}` in Rust; code that names it must change")
}
