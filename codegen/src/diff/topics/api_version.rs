//! The version of the API that is asked for.

use super::super::pairing::{Paired, file_stem};
use super::prelude::*;
use crate::api::Description;

pub(super) const TOPIC: Topic = Topic { rules: &[&UPDATED, &REPLACED], compare: Compare::Crates(compare) };

static UPDATED: Rule = Rule::new(
    "api-version-updated",
    (Minor, Compatible, Both),
    "Another version of the same release of the API is asked for.",
)
.judged();

static REPLACED: Rule = Rule::new(
    "api-version-replaced",
    (Minor, Breaking, Both),
    "A version of another release of the API is asked for, or a preview.",
)
.judged();

/// The group of what concerns everything.
const GROUP: &str = "the whole API";

fn compare(comparison: &mut Comparison<'_>) {
    let Pair { base, head } = comparison.sides;
    for pair in descriptions(&base.descriptions, &head.descriptions).kept {
        let (old, new) = pair.map(|description| description.version.as_str());
        if old == new {
            continue;
        }
        let rule = if is_compatible(old, new) { &UPDATED } else { &REPLACED };
        let message = format!(
            "requests ask for version `{new}`, no longer for `{old}`; code stays as it is, and webhook endpoints should be set to it"
        );
        comparison.report(rule, subject(pair), message);
    }
}

/// The descriptions of both sides: by their names, or the only ones there are.
pub(super) fn descriptions<'a>(base: &'a [Description], head: &'a [Description]) -> Paired<'a, Description> {
    let paired = Paired::new(base, head).by(|description| Some(file_stem(&description.file)));
    if paired.kept.is_empty() { paired.by(|_| Some(())) } else { paired }
}

/// A description as a whole.
pub(super) fn subject(pair: Pair<'_, Description>) -> Subject {
    let item = |description: &Description| place(&description.title, &description.origin);
    Subject { group: GROUP.to_owned(), base: item(pair.base), head: item(pair.head), direction: None }
}

/// Versions of one named release only add to each other; previews promise nothing.
fn is_compatible(old: &str, new: &str) -> bool {
    let release = |version| str::split_once(version, '.').map(|(_, release)| release);
    release(old).is_some_and(|release| release != "preview") && release(old) == release(new)
}
