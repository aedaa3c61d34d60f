//! Types that come, go, or become something else.

use super::super::comparison::Comparison;
use super::prelude::*;
use crate::api::{Api, TypeDef, TypeKind};

pub(super) const TOPIC: Topic =
    Topic { rules: &[&ADDED, &REMOVED, &CHANGED, &STRING_ENUM_CHANGED], compare: Compare::Crates(compare) };

static ADDED: Rule =
    Rule::new("type-added", (Minor, Documentation, Both), "There is a new type.").mirror("type-removed");

static REMOVED: Rule = Rule::new("type-removed", (Major, Documentation, Both), "A type is gone.").mirror("type-added");

static CHANGED: Rule =
    Rule::new("type-kind-changed", (Major, Breaking, Both), "An object is a string now, or the other way round.");

static STRING_ENUM_CHANGED: Rule = Rule::new(
    "enum-kind-changed",
    (Major, Documentation, Both),
    "A string with listed values is no longer an enum in Rust, or is one now.",
);

fn compare(comparison: &mut Comparison<'_>) {
    let sides = comparison.sides;
    for def in comparison.types.added.clone() {
        if !goes_with_its_owner(def, sides.head, sides.base) {
            let message = format!("there is {} `{}`", kind(def), def.path.name);
            comparison.report(&ADDED, subject(def).added(), message);
        }
    }
    for def in comparison.types.removed.clone() {
        if !goes_with_its_owner(def, sides.base, sides.head) {
            let message =
                format!("`{}` is gone, which was {}; code that names it stops compiling", def.path.name, kind(def));
            comparison.report(&REMOVED, subject(def).removed(), message);
        }
    }
    for pair in comparison.types.kept.clone() {
        let rule = match (&pair.base.kind, &pair.head.kind) {
            (TypeKind::Struct(_), TypeKind::Struct(_))
            | (TypeKind::Enum(_), TypeKind::Enum(_))
            | (TypeKind::String(_), TypeKind::String(_)) => continue,
            (TypeKind::Struct(_), _) | (_, TypeKind::Struct(_)) => &CHANGED,
            _ => &STRING_ENUM_CHANGED,
        };
        let name = &pair.head.path.name;
        let message =
            format!("`{name}` is {}, which was {}; code that uses it must change", kind(pair.head), kind(pair.base));
        comparison.report(rule, Subject::types(pair), message);
    }
}

/// Whether a type is told by telling of the component that it is described in, which is only on this side as well.
fn goes_with_its_owner(def: &TypeDef, own: &Api, other: &Api) -> bool {
    def.owner != def.path && own.types.contains_key(&def.owner) && !other.types.contains_key(&def.owner)
}

fn kind(def: &TypeDef) -> &'static str {
    match def.kind {
        TypeKind::Struct(_) => "a struct",
        TypeKind::Enum(_) => "an enum of strings",
        TypeKind::String(_) => "a string type",
    }
}

fn subject(def: &TypeDef) -> Subject {
    Subject { direction: None, ..Subject::types(Pair { base: def, head: def }) }
}
