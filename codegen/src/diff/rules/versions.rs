//! The API version that requests ask for, and the features of the crate.
//!
//! To add a rule: a line in the table, a report in a check, and an example in `tests/fixtures/diff/versions.yaml`.

use std::collections::BTreeSet;

use super::super::pairing::file_stem;
use super::prelude::*;
use crate::api::{Api, Description, Feature, Origin};

rules! {
    UPDATED = "api-version-updated", Minor, Compatible, Both,
        "The API version changes to a later one of the same release.";
    REVERTED = "api-version-reverted", Minor, Breaking, Both,
        "The API version changes to an earlier one of the same release.";
    REPLACED = "api-version-replaced", Minor, Breaking, Both,
        "The API version changes to one of another release, or to or from a preview.";
    DESCRIPTION_ADDED = "description-added", Patch, Documentation, Both,
        "A description is added, whose requests send its own API version.";
    DESCRIPTION_REMOVED = "description-removed", Patch, Documentation, Both, "A description is removed.";
    FEATURE_ADDED = "feature-added", Minor, Documentation, Both, "The crate gains a feature.";
    FEATURE_REMOVED = "feature-removed", Major, Documentation, Both, "The crate loses a feature.";
}

pub(super) const CHECKS: &[Check] = &[Check::Api(version), Check::Api(added_and_removed), Check::Api(features)];

fn version(comparison: &Comparison<'_>, changes: &mut Changes) {
    let sides = comparison.sides;
    let position = |api: &Api, origin: &Origin| api.descriptions.iter().position(|it| it.file == origin.file);
    let positions = |base, head| Some((position(sides.base, base)?, position(sides.head, head)?));
    // An operation may move to a file with another version.
    let operations = comparison.operations.kept.iter();
    let by_operation = operations.filter_map(|pair| positions(&pair.base.origin, &pair.head.origin));
    let files = descriptions(sides).kept.into_iter();
    let by_file = files.filter_map(|pair| positions(&pair.base.origin, &pair.head.origin));
    let pairs: BTreeSet<(usize, usize)> = by_operation.chain(by_file).collect();
    for (base, head) in pairs {
        let (Some(base), Some(head)) = (sides.base.descriptions.get(base), sides.head.descriptions.get(head)) else {
            continue;
        };
        let (old, new) = (base.version.as_str(), head.version.as_str());
        if old != new {
            let message = format!(
                "the API version changes from `{old}` to `{new}`; update the API version of webhook endpoints too"
            );
            changes.report(rule(old, new), subject(Pair { base, head }), message);
        }
    }
}

fn added_and_removed(comparison: &Comparison<'_>, changes: &mut Changes) {
    let described = |description| subject(Pair { base: description, head: description });
    let descriptions = descriptions(comparison.sides);
    for added in descriptions.added {
        let (file, version) = (added.base_name(), &added.version);
        let message = format!("`{file}` is added; its requests send `Stripe-Version: {version}`");
        changes.report(&DESCRIPTION_ADDED, described(added).added(), message);
    }
    for removed in descriptions.removed {
        let (file, version) = (removed.base_name(), &removed.version);
        let message = format!("`{file}` is removed; its requests sent `Stripe-Version: {version}`");
        changes.report(&DESCRIPTION_REMOVED, described(removed).removed(), message);
    }
}

/// Within a named release, later versions only add; previews promise nothing.
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

/// Pairs descriptions by title or file name, or the only ones of both sides.
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

fn features(comparison: &Comparison<'_>, changes: &mut Changes) {
    let Pair { base, head } = comparison.sides;
    let subject = |feature: &Feature| {
        let item = |api: &Api| place(format!("feature {}", feature.name()), &api.descriptions.first()?.origin);
        Subject::whole(item(base), item(head))
    };
    for feature in head.features.iter().filter(|feature| !base.features.contains(feature)) {
        changes.report(&FEATURE_ADDED, subject(feature).added(), format!("the feature `{}` is added", feature.name()));
    }
    for feature in base.features.iter().filter(|feature| !head.features.contains(feature)) {
        let message = format!("the feature `{}` is removed", feature.name());
        changes.report(&FEATURE_REMOVED, subject(feature).removed(), message);
    }
}
