//! How parameters outside of the path usage.

use super::prelude::*;
use crate::api::{Encoding, Operation};

pub(super) const RULES: RuleSet = RuleSet { rules: &[&CHANGED], checks: &[Check::Operations(compare)] };

static CHANGED: Rule = Rule::new(
    "parameter-encoding-changed",
    (Patch, Breaking, Request),
    "An operation's parameters usage in the query, a form or JSON, other than before.",
)
.without_counterpart("answers are always JSON");

fn compare(_: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, Operation>) {
    let sends = |operation: &Operation| operation.parameters.len() > path_parameters(operation);
    let (old, new) = (pair.base.encoding, pair.head.encoding);
    // Without parameters outside of the path there is nothing to encode.
    if old != new && sends(pair.base) && sends(pair.head) {
        let message = format!("its parameters are sent {}, no longer {}", name(new), name(old));
        changes.report(&CHANGED, Subject::operations(pair), message);
    }
}

fn path_parameters(operation: &Operation) -> usize {
    operation.parameters.iter().filter(|parameter| parameter.place == crate::api::Place::Path).count()
}

fn name(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Query => "in the query",
        Encoding::Form => "as a form",
        Encoding::Json => "as JSON",
    }
}
