//! Strings that are ids of resources.

use super::super::difference::Difference;
use super::prelude::*;
use super::types::message;

pub(super) const RULES: RuleSet = RuleSet { rules: &[&ADDED, &REMOVED, &CHANGED], checks: &[Check::Fields(compare)] };

static ADDED: Rule = Rule::new("id-type-added", (Major, Documentation, Both), "A string is known to be an id.")
    .reverse("id-type-removed");

static REMOVED: Rule =
    Rule::new("id-type-removed", (Major, Documentation, Both), "A string is no longer known to be an id.")
        .reverse("id-type-added");

static CHANGED: Rule = Rule::new("id-type-changed", (Major, Documentation, Both), "An id is that of something else.");

fn compare(comparison: &Comparison<'_>, changes: &mut Changes, pair: &FieldPair<'_>) {
    let rule = match pair.difference {
        Some(Difference::IdAdded) => &ADDED,
        Some(Difference::IdRemoved) => &REMOVED,
        Some(Difference::IdChanged) => &CHANGED,
        _ => return,
    };
    changes.report(rule, pair.subject.clone(), message(comparison, pair));
}
