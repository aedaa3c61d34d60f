//! Features of the crate, which follow from what is described.

use super::prelude::*;
use crate::api::{Api, Feature};

pub(super) const RULES: RuleSet = RuleSet { rules: &[&ADDED, &REMOVED], checks: &[Check::Crates(compare)] };

static ADDED: Rule =
    Rule::new("feature-added", (Minor, Documentation, Both), "The crate has a new feature.").reverse("feature-removed");

static REMOVED: Rule = Rule::new("feature-removed", (Major, Documentation, Both), "The crate has one feature fewer.")
    .reverse("feature-added");

fn compare(comparison: &Comparison<'_>, changes: &mut Changes) {
    let Pair { base, head } = comparison.sides;
    for feature in head.features.iter().filter(|feature| !base.features.contains(feature)) {
        let message = format!("the feature `{}` can be turned on", feature.name());
        changes.report(&ADDED, subject(base, head, *feature).added(), message);
    }
    for feature in base.features.iter().filter(|feature| !head.features.contains(feature)) {
        let message = format!("there is no feature `{}`; manifests that name it are refused", feature.name());
        changes.report(&REMOVED, subject(base, head, *feature).removed(), message);
    }
}

/// A feature follows from a description as a whole.
fn subject(base: &Api, head: &Api, feature: Feature) -> Subject {
    let item = |api: &Api| {
        let origin = &api.descriptions.first()?.origin;
        place(format!("feature {}", feature.name()), origin)
    };
    Subject::whole(item(base), item(head))
}
