//! How operations are asked.

use super::prelude::*;
use crate::api::Operation;

pub(super) const RULES: RuleSet = RuleSet { rules: &[&CHANGED], checks: &[Check::Operations(compare)] };

static CHANGED: Rule = Rule::new("method-changed", (Patch, Breaking, Request), "An operation has another HTTP method.")
    .without_counterpart("answers have no method");

fn compare(_: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, Operation>) {
    let (old, new) = (pair.base.method, pair.head.method);
    if old != new {
        let message = format!(
            "it is asked with `{}`, no longer with `{}`; code that makes the request stays as it is",
            new.as_str(),
            old.as_str()
        );
        changes.report(&CHANGED, Subject::operations(pair), message);
    }
}
