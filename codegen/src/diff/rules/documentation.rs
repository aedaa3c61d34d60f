//! What is said about things.

use super::super::pairing::{constants, values};
use super::api_version;
use super::prelude::*;
use crate::api::{Doc, Operation, StringType, TypeDef, TypeKind};

pub(super) const RULES: RuleSet = RuleSet {
    rules: &[&CHANGED, &EXAMPLE_CHANGED],
    checks: &[
        Check::Crates(of_descriptions),
        Check::Types(of_type),
        Check::Operations(of_operation),
        Check::Fields(of_field),
    ],
};

static CHANGED: Rule =
    Rule::new("documentation-changed", (Patch, Documentation, Both), "Something else is said about an item.");

static EXAMPLE_CHANGED: Rule =
    Rule::new("example-changed", (Patch, Documentation, Both), "An item has another example.");

fn of_descriptions(comparison: &Comparison<'_>, changes: &mut Changes) {
    for pair in api_version::descriptions(comparison.sides).kept {
        if (&pair.base.title, &pair.base.doc) != (&pair.head.title, &pair.head.doc) {
            changes.report(&CHANGED, api_version::subject(pair), MESSAGE);
        }
    }
}

fn of_operation(_: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, Operation>) {
    texts(changes, &Subject::operations(pair), &pair.base.doc, &pair.head.doc);
}

fn of_field(_: &Comparison<'_>, changes: &mut Changes, pair: &FieldPair<'_>) {
    texts(changes, &pair.subject, &pair.field.base.doc, &pair.field.head.doc);
    if !pair.field.same(|field| &field.example) {
        changes.report(&EXAMPLE_CHANGED, pair.subject.clone(), MESSAGE);
    }
}

fn of_type(_: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, TypeDef>) {
    let whole = Subject::types(pair);
    // What ids are said to be follows from their names.
    let is_id = |def: &TypeDef| matches!(&def.kind, TypeKind::String(StringType { id_of: Some(_), .. }));
    if !is_id(pair.base) || pair.same(|def| &def.path) {
        texts(changes, &whole, &pair.base.doc, &pair.head.doc);
    }
    match (&pair.base.kind, &pair.head.kind) {
        (TypeKind::Struct(base), TypeKind::Struct(head)) if base.example != head.example => {
            changes.report(&EXAMPLE_CHANGED, whole, MESSAGE);
        }
        (TypeKind::Enum(base), TypeKind::Enum(head)) => {
            for Pair { base, head } in values(base, head).kept {
                let subject = whole.part(Some((&base.name, &base.origin)), Some((&head.name, &head.origin)));
                texts(changes, &subject, &base.doc, &head.doc);
            }
        }
        (TypeKind::String(base), TypeKind::String(head)) => {
            for Pair { base, head } in constants(base, head).kept {
                let subject = whole.part(Some((&base.name, &base.origin)), Some((&head.name, &head.origin)));
                texts(changes, &subject, &base.doc, &head.doc);
            }
        }
        _ => {}
    }
}

const MESSAGE: &str = "only what is said about it changes";

fn texts(changes: &mut Changes, subject: &Subject, base: &Doc, head: &Doc) {
    if base != head {
        changes.report(&CHANGED, subject.clone(), MESSAGE);
    }
}
