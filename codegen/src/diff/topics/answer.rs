//! What operations answer with.

use super::prelude::*;
use crate::api::Operation;

pub(super) const TOPIC: Topic = Topic { rules: &[&CHANGED], compare: Compare::Operations(compare) };

static CHANGED: Rule =
    Rule::new("answer-changed", (Major, Breaking, Response), "An operation answers with another type.");

fn compare(comparison: &mut Comparison<'_>, pair: Pair<'_, Operation>) {
    let (old, new) = pair.map(|operation| &operation.response);
    if !comparison.is_same(old, new) {
        let (old, new) = comparison.shown(old, new);
        let message =
            format!("it answers with `{new}`, no longer with `{old}`; code that looks at the answer must change");
        comparison.report(&CHANGED, Subject::operations(pair), message);
    }
}
