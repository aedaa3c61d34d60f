//! What is said about things.

use super::api_version;
use super::prelude::*;
use super::{constant, enum_value};
use crate::api::{Doc, TypeKind};

pub(super) const TOPIC: Topic = Topic { rules: &[&CHANGED, &EXAMPLE_CHANGED], compare: Compare::Crates(compare) };

static CHANGED: Rule =
    Rule::new("documentation-changed", (Patch, Documentation, Both), "Something else is said about an item.");

static EXAMPLE_CHANGED: Rule =
    Rule::new("example-changed", (Patch, Documentation, Both), "An item has another example.");

const MESSAGE: &str = "only what is said about it changes";

fn compare(comparison: &mut Comparison<'_>) {
    let Pair { base, head } = comparison.sides;
    for pair in api_version::descriptions(&base.descriptions, &head.descriptions).kept {
        if (&pair.base.title, &pair.base.doc) != (&pair.head.title, &pair.head.doc) {
            comparison.report(&CHANGED, api_version::subject(pair), MESSAGE);
        }
    }
    types(comparison);
    for pair in comparison.operations.kept.clone() {
        if !pair.same(|operation| &operation.doc) {
            comparison.report(&CHANGED, Subject::operations(pair), MESSAGE);
        }
    }
    for list in comparison.field_lists() {
        for pair in list.pairs() {
            let (field, subject) = (pair.field, Subject { direction: None, ..pair.subject });
            if !field.same(|field| &field.doc) {
                comparison.report(&CHANGED, subject.clone(), MESSAGE);
            }
            if !field.same(|field| &field.example) {
                comparison.report(&EXAMPLE_CHANGED, subject, MESSAGE);
            }
        }
    }
}

fn types(comparison: &mut Comparison<'_>) {
    for pair in comparison.types.kept.clone() {
        let whole = Subject { direction: None, ..Subject::types(pair) };
        // What ids and the like are said to be follows from their names.
        let is_renamed = !pair.same(|def| &def.path);
        if !is_renamed && !pair.same(|def| &def.doc) {
            comparison.report(&CHANGED, whole.clone(), MESSAGE);
        }
        match (&pair.base.kind, &pair.head.kind) {
            (TypeKind::Struct(base), TypeKind::Struct(head)) if base.example != head.example => {
                comparison.report(&EXAMPLE_CHANGED, whole, MESSAGE);
            }
            (TypeKind::Enum(base), TypeKind::Enum(head)) => {
                for value in enum_value::values(base, head).kept {
                    let (base, head) = (value.base, value.head);
                    let subject = whole.part(Some((&base.name, &base.origin)), Some((&head.name, &head.origin)));
                    said(comparison, subject, &base.doc, &head.doc);
                }
            }
            (TypeKind::String(base), TypeKind::String(head)) => {
                for value in constant::constants(base, head).kept {
                    let (base, head) = (value.base, value.head);
                    let subject = whole.part(Some((&base.name, &base.origin)), Some((&head.name, &head.origin)));
                    said(comparison, subject, &base.doc, &head.doc);
                }
            }
            _ => {}
        }
    }
}

fn said(comparison: &mut Comparison<'_>, subject: Subject, base: &Doc, head: &Doc) {
    if base != head {
        comparison.report(&CHANGED, subject, MESSAGE);
    }
}
