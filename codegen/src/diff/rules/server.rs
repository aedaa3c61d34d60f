//! Which server operations are asked of.

use super::prelude::*;
use crate::api::Operation;

pub(super) const RULES: RuleSet = RuleSet { rules: &[&CHANGED], checks: &[Check::Operations(compare)] };

static CHANGED: Rule =
    Rule::new("server-changed", (Patch, Breaking, Request), "An operation is asked of another server.")
        .without_counterpart("answers come from wherever the request went");

fn compare(_: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, Operation>) {
    let (old, new) = pair.map(|operation| operation.base_url.as_str());
    if old != new {
        let message = format!("it is asked of {new}, no longer of {old}, unless the user names a server");
        changes.report(&CHANGED, Subject::operations(pair), message);
    }
}
