//! What operations answer with.

use super::super::shape::is_same_on_the_wire;
use super::prelude::*;
use super::types;
use crate::api::Operation;

pub(super) const RULES: RuleSet = RuleSet { rules: &[&CHANGED], checks: &[Check::Operations(compare)] };

static CHANGED: Rule =
    Rule::new("answer-changed", (Major, Breaking, Response), "An operation answers with another type.")
        .without_counterpart("what requests carry is told parameter by parameter");

fn compare(comparison: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, Operation>) {
    let (old, new) = pair.map(|operation| &operation.response);
    // That it answers with a list, or no longer, is told as that.
    let is_list = |operation: &Operation| operation.listing.is_some();
    if is_list(pair.base) == is_list(pair.head) && !comparison.is_same(old, new) {
        let same_on_the_wire = is_same_on_the_wire(comparison, old, new);
        let rule = if same_on_the_wire { &types::RUST_CHANGED } else { &CHANGED };
        let (old, new) = comparison.shown(old, new);
        let message =
            format!("it answers with `{new}`, no longer with `{old}`; code that looks at the answer must change");
        changes.report(rule, Subject::operations(pair), message);
    }
}
