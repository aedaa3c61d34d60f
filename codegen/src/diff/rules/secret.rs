//! Strings that must not be seen.

use super::super::difference::Difference;
use super::prelude::*;
use super::types::message;

pub(super) const RULES: RuleSet = RuleSet { rules: &[&ADDED, &REMOVED], checks: &[Check::Fields(compare)] };

static ADDED: Rule =
    Rule::new("secret-added", (Major, Documentation, Both), "A string is a secret now.").reverse("secret-removed");

static REMOVED: Rule = Rule::new("secret-removed", (Major, Documentation, Both), "A string is no longer a secret.")
    .reverse("secret-added");

fn compare(comparison: &Comparison<'_>, changes: &mut Changes, pair: &FieldPair<'_>) {
    let rule = match pair.difference {
        Some(Difference::SecretAdded) => &ADDED,
        Some(Difference::SecretRemoved) => &REMOVED,
        _ => return,
    };
    changes.report(rule, pair.subject.clone(), message(comparison, pair));
}
