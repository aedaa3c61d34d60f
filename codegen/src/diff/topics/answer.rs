//! What operations answer with.

use super::super::shape::OnTheWire;
use super::prelude::*;
use super::types;
use crate::api::Operation;

pub(super) const TOPIC: Topic = Topic { rules: &[&CHANGED], compare: Compare::Operations(compare) };

static CHANGED: Rule =
    Rule::new("answer-changed", (Major, Breaking, Response), "An operation answers with another type.");

fn compare(comparison: &mut Comparison<'_>, pair: Pair<'_, Operation>) {
    let (old, new) = pair.map(|operation| &operation.response);
    if !comparison.is_same(old, new) {
        let same_on_the_wire = OnTheWire::new(comparison).is_same(old, new);
        let rule = if same_on_the_wire { &types::RUST_CHANGED } else { &CHANGED };
        let (old, new) = comparison.shown(old, new);
        let message =
            format!("it answers with `{new}`, no longer with `{old}`; code that looks at the answer must change");
        comparison.report(rule, Subject::operations(pair), message);
    }
}
