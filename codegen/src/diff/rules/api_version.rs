//! The version of the API that is asked for.

use std::collections::BTreeSet;

use super::super::pairing::{Paired, file_stem};
use super::prelude::*;
use crate::api::{Api, Description, Origin};

pub(super) const RULES: RuleSet =
    RuleSet { rules: &[&UPDATED, &REVERTED, &REPLACED], checks: &[Check::Crates(compare)] };

static UPDATED: Rule = Rule::new(
    "api-version-updated",
    (Minor, Compatible, Both),
    "A later version of the same release of the API is asked for.",
)
.reverse("api-version-reverted")
.is_judgement();

static REVERTED: Rule = Rule::new(
    "api-version-reverted",
    (Minor, Breaking, Both),
    "An earlier version of the same release of the API is asked for.",
)
.reverse("api-version-updated")
.is_judgement();

static REPLACED: Rule = Rule::new(
    "api-version-replaced",
    (Minor, Breaking, Both),
    "A version of another release of the API is asked for, or a preview.",
)
.is_judgement();

fn compare(comparison: &Comparison<'_>, changes: &mut Changes) {
    let sides = comparison.sides;
    let at = |api: &Api, origin: &Origin| api.descriptions.iter().position(|it| it.file == origin.file);
    // Where an operation is asked with another version, whichever file it is in by now.
    let of_operations = comparison
        .operations
        .kept
        .iter()
        .filter_map(|pair| Some((at(sides.base, &pair.base.origin)?, at(sides.head, &pair.head.origin)?)));
    let of_files = descriptions(sides)
        .kept
        .into_iter()
        .filter_map(|pair| Some((at(sides.base, &pair.base.origin)?, at(sides.head, &pair.head.origin)?)));
    let pairs: BTreeSet<(usize, usize)> = of_operations.chain(of_files).collect();
    for (base, head) in pairs {
        let (Some(base), Some(head)) = (sides.base.descriptions.get(base), sides.head.descriptions.get(head)) else {
            continue;
        };
        let (old, new) = (base.version.as_str(), head.version.as_str());
        if old != new {
            let message = format!(
                "requests ask for version `{new}`, no longer for `{old}`; code stays as it is, and webhook endpoints should be set to it"
            );
            changes.report(rule(old, new), subject(Pair { base, head }), message);
        }
    }
}

/// Versions of one named release only add to each other; previews promise nothing.
fn rule(old: &str, new: &str) -> &'static Rule {
    match (old.split_once('.'), new.split_once('.')) {
        (Some((from, old)), Some((to, new))) if old == new && new != "preview" => {
            if from < to {
                &UPDATED
            } else {
                &REVERTED
            }
        }
        _ => &REPLACED,
    }
}

/// The descriptions of both sides: by their titles, the names of their files, or the only ones there are.
pub(super) fn descriptions(sides: Pair<'_, Api>) -> Paired<'_, Description> {
    let paired = Paired::new(&sides.base.descriptions, &sides.head.descriptions)
        .by(|description| Some((&description.title, file_stem(&description.file))))
        .by(|description| Some(&description.title))
        .by(|description| Some(file_stem(&description.file)));
    if paired.kept.is_empty() { paired.by(|_| Some(())) } else { paired }
}

/// A description as a whole.
pub(super) fn subject(pair: Pair<'_, Description>) -> Subject {
    let item = |description: &Description| place(&description.title, &description.origin);
    Subject::whole(item(pair.base), item(pair.head))
}
