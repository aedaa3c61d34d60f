//! Types: which exist, what kind they are, what they are called on the wire, and whether users construct them.
//!
//! To add a rule: a line in the table, a report in a check, and an example in `tests/fixtures/diff/types.yaml`.

use std::collections::HashSet;

use super::prelude::*;
use super::{field_types, properties};
use crate::api::{Struct, TypeDef, TypeKind, TypePath};

rules! {
    ADDED = "type-added", Minor, Documentation, Both, "A type is added.";
    REMOVED = "type-removed", Major, Documentation, Both, "A type is removed.";
    KIND_CHANGED = "type-kind-changed", Major, Breaking, Both,
        "An object, a string or a one-of becomes another of them.";
    ENUM_KIND_CHANGED = "enum-kind-changed", Major, Documentation, Both,
        "An enum becomes a string type, or a string type an enum.";
    TAG_CHANGED = "object-name-changed", Patch, Breaking, Both, "The value of a type's `object` changes.";
    RESOURCE_ID_CHANGED = "resource-id-changed", Patch, Documentation, Both, "The `x-resourceId` of a resource changes.";
    BUILDER_ADDED = "builder-added", Minor, Documentation, Both,
        "A type is used in requests for the first time, and gains a constructor and setters.";
    BUILDER_REMOVED = "builder-removed", Major, Documentation, Both,
        "A type is no longer used in requests, and loses its constructor and setters.";
    UNRECOGNIZED_ADDED = "closed-enum-received", Major, Documentation, Both,
        "A closed enum is used in responses for the first time, and gains `Unrecognized`.";
    UNRECOGNIZED_REMOVED = "closed-enum-only-sent", Major, Documentation, Both,
        "A closed enum is no longer used in responses, and loses `Unrecognized`.";
}

pub(super) const CHECKS: &[Check] = &[Check::Api(added_and_removed), Check::Type(kind), Check::Type(usage)];

fn added_and_removed(comparison: &Comparison<'_>, changes: &mut Changes) {
    let types = &comparison.types;
    let subject = |def| Subject::of_type(Pair { base: def, head: def });
    for def in without_inline_types(&types.added) {
        let message = format!("{} is added{}", named(def), with(def, &types.added));
        changes.report(&ADDED, subject(def).added(), message);
    }
    for def in without_inline_types(&types.removed) {
        let (with, was) = (with(def, &types.removed), properties::was_deprecated(def.deprecated));
        changes.report(&REMOVED, subject(def).removed(), format!("{} is removed{with}{was}", named(def)));
    }
}

fn named(def: &TypeDef) -> String {
    let kind = if def.resource().is_some() { "resource" } else { name(def) };
    format!("the {kind} `{}`", def.path.name)
}

/// What is added or removed with a type: the types that are described in it, and the traits of a resource.
fn with(def: &TypeDef, types: &[&TypeDef]) -> String {
    let inside = types.iter().filter(|other| other.owner == def.path && other.path != def.path);
    let inside: Vec<String> = inside.map(|other| format!("`{}`", other.path.name)).collect();
    let traits = def.resource().map_or([None; 3], |resource| {
        [
            resource.wait.as_ref().map(|_| "`Wait`"),
            resource.download.as_ref().map(|_| "`Download`"),
            resource.rows.as_ref().map(|_| "`InlineRows`"),
        ]
    });
    let traits: Vec<&str> = traits.into_iter().flatten().collect();
    let inside = if inside.is_empty() { String::new() } else { format!(", with {}", inside.join(", ")) };
    let traits =
        if traits.is_empty() { String::new() } else { format!(", and its implementations of {}", traits.join(", ")) };
    inside + &traits
}

/// Leaves out the types that are described inline in others of the list.
fn without_inline_types<'a>(types: &[&'a TypeDef]) -> impl Iterator<Item = &'a TypeDef> {
    let paths: HashSet<&TypePath> = types.iter().map(|def| &def.path).collect();
    types.iter().copied().filter(move |def| def.owner == def.path || !paths.contains(&def.owner))
}

fn name(def: &TypeDef) -> &'static str {
    match def.kind {
        TypeKind::Struct(_) => "struct",
        TypeKind::OneOf(_) => "one-of",
        TypeKind::Enum(_) => "enum",
        TypeKind::String(_) => "string type",
    }
}

fn kind(_: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, TypeDef>) {
    let subject = || Subject::of_type(pair);
    let rule = match (&pair.base.kind, &pair.head.kind) {
        (TypeKind::Struct(base), TypeKind::Struct(head)) => {
            let id = |definition: &Struct| definition.resource.as_ref().map(|resource| resource.id.clone());
            for (rule, what, old, new) in [
                (&TAG_CHANGED, "object", base.tag.clone(), head.tag.clone()),
                (&RESOURCE_ID_CHANGED, "x-resourceId", id(base), id(head)),
            ] {
                let message = match (&old, &new) {
                    (Some(old), Some(new)) => format!("`{what}` changes from `{old}` to `{new}`"),
                    (None, Some(new)) => format!("`{what}` is added: `{new}`"),
                    _ => format!("`{what}` is removed"),
                };
                if old != new {
                    changes.report(rule, subject(), message);
                }
            }
            return;
        }
        (TypeKind::OneOf(_), TypeKind::OneOf(_))
        | (TypeKind::Enum(_), TypeKind::Enum(_))
        | (TypeKind::String(_), TypeKind::String(_)) => return,
        // A closed enum has fewer values than a string.
        (TypeKind::Enum(base), TypeKind::String(_)) if base.closed => {
            Usage::of(pair).rule(&field_types::REQUEST_WIDENED, &field_types::RESPONSE_WIDENED)
        }
        (TypeKind::String(_), TypeKind::Enum(head)) if head.closed => {
            Usage::of(pair).rule(&field_types::REQUEST_NARROWED, &field_types::RESPONSE_NARROWED)
        }
        (TypeKind::Enum(_), TypeKind::String(_)) | (TypeKind::String(_), TypeKind::Enum(_)) => {
            (&ENUM_KIND_CHANGED).into()
        }
        _ => (&KIND_CHANGED).into(),
    };
    let kind = |def| match name(def) {
        "enum" => "an enum".to_owned(),
        name => format!("a {name}"),
    };
    let (old, new) = (kind(pair.base), kind(pair.head));
    changes.report(rule, subject(), format!("`{}` changes from {old} to {new}", pair.head.path.name));
}

fn usage(_: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, TypeDef>) {
    let name = &pair.head.path.name;
    let (rule, message) = match (&pair.base.kind, &pair.head.kind) {
        (TypeKind::Struct(_), TypeKind::Struct(_)) => match (pair.base.in_requests, pair.head.in_requests) {
            (false, true) => (&BUILDER_ADDED, format!("`{name}` gains `new` and setters, as requests use it")),
            (true, false) => (&BUILDER_REMOVED, format!("`{name}` loses `new` and its setters, as no request uses it")),
            _ => return,
        },
        (TypeKind::Enum(base), TypeKind::Enum(head)) if base.closed == head.closed => {
            match (base.unrecognized.is_some(), head.unrecognized.is_some()) {
                (false, true) => (&UNRECOGNIZED_ADDED, unrecognized_added(pair)),
                (true, false) => (&UNRECOGNIZED_REMOVED, unrecognized_removed(pair)),
                _ => return,
            }
        }
        _ => return,
    };
    changes.report(rule, Subject::of_type(pair), message);
}

/// The message for an enum that has to preserve unknown values.
pub(super) fn unrecognized_added(pair: Pair<'_, TypeDef>) -> String {
    format!("`{}` gains `Unrecognized`, and is no longer `Copy`", pair.head.path.name)
}

/// The message for an enum that no longer has to.
pub(super) fn unrecognized_removed(pair: Pair<'_, TypeDef>) -> String {
    format!("`{}` loses `Unrecognized`, and becomes `Copy`", pair.head.path.name)
}
