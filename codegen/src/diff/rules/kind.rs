//! Types that come, go, or become something else.

use std::collections::HashSet;

use super::prelude::*;
use crate::api::{TypeDef, TypeKind, TypePath};

pub(super) const RULES: RuleSet = RuleSet {
    rules: &[&ADDED, &REMOVED, &CHANGED, &STRING_ENUM_CHANGED],
    checks: &[Check::Crates(compare), Check::Types(of_type)],
};

static ADDED: Rule =
    Rule::new("type-added", (Minor, Documentation, Both), "There is a new type.").reverse("type-removed");

static REMOVED: Rule = Rule::new("type-removed", (Major, Documentation, Both), "A type is gone.").reverse("type-added");

static CHANGED: Rule =
    Rule::new("type-kind-changed", (Major, Breaking, Both), "An object is a string now, or the other way round.");

static STRING_ENUM_CHANGED: Rule = Rule::new(
    "enum-kind-changed",
    (Major, Documentation, Both),
    "A string with listed values is no longer an enum in Rust, or is one now.",
);

fn compare(comparison: &Comparison<'_>, changes: &mut Changes) {
    let types = &comparison.types;
    let (added, removed) = (paths(&types.added), paths(&types.removed));
    for def in &types.added {
        if !goes_with_its_owner(def, &added) {
            let message = format!("there is {} `{}`", kind(def), def.path.name);
            changes.report(&ADDED, subject(def).added(), message);
        }
    }
    for def in &types.removed {
        if !goes_with_its_owner(def, &removed) {
            let message =
                format!("`{}` is gone, which was {}; code that names it stops compiling", def.path.name, kind(def));
            changes.report(&REMOVED, subject(def).removed(), message);
        }
    }
}

fn of_type(_: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, TypeDef>) {
    let rule = match (&pair.base.kind, &pair.head.kind) {
        (TypeKind::Struct(_), TypeKind::Struct(_))
        | (TypeKind::Enum(_), TypeKind::Enum(_))
        | (TypeKind::String(_), TypeKind::String(_)) => return,
        (TypeKind::Struct(_), _) | (_, TypeKind::Struct(_)) => &CHANGED,
        _ => &STRING_ENUM_CHANGED,
    };
    let name = &pair.head.path.name;
    let message =
        format!("`{name}` is {}, which was {}; code that uses it must change", kind(pair.head), kind(pair.base));
    changes.report(rule, Subject::types(pair), message);
}

fn paths<'a>(types: &[&'a TypeDef]) -> HashSet<&'a TypePath> {
    types.iter().map(|def| &def.path).collect()
}

/// Whether a type is told by telling of the component that it is described in, which comes or goes as well.
fn goes_with_its_owner(def: &TypeDef, with: &HashSet<&TypePath>) -> bool {
    def.owner != def.path && with.contains(&def.owner)
}

fn kind(def: &TypeDef) -> &'static str {
    match def.kind {
        TypeKind::Struct(_) => "a struct",
        TypeKind::Enum(_) => "an enum of strings",
        TypeKind::String(_) => "a string type",
    }
}

fn subject(def: &TypeDef) -> Subject {
    Subject::types(Pair { base: def, head: def })
}
