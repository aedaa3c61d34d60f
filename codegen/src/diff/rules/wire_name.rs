//! Properties and parameters that are called differently on the wire, but are the same.

use super::prelude::*;
use crate::api::{Parameter, Place};

pub(super) const RULES: RuleSet =
    RuleSet { rules: &[&REQUEST_RENAMED, &RESPONSE_RENAMED], checks: &[Check::Fields(compare)] };

static REQUEST_RENAMED: Rule =
    Rule::new("request-name-changed", (Patch, Breaking, Request), "What is sent has another name on the wire.")
        .counterpart("response-name-changed");

static RESPONSE_RENAMED: Rule = Rule::new(
    "response-name-changed",
    (Patch, Breaking, Response),
    "A property of answers has another name on the wire.",
)
.counterpart("request-name-changed");

fn compare(_: &Comparison<'_>, changes: &mut Changes, pair: &FieldPair<'_>) {
    let (old, new) = pair.field.map(|field| field.wire.as_str());
    // In the path, only the value travels.
    let in_path =
        |parameter: Pair<'_, Parameter>| [parameter.base.place, parameter.head.place] == [Place::Path, Place::Path];
    if old == new || pair.parameter.is_some_and(in_path) {
        return;
    }
    let rule = pair.usage.choose(&REQUEST_RENAMED, &RESPONSE_RENAMED);
    let same_name = pair.field.same(|field| &field.name);
    let code = if same_name { "; code stays as it is" } else { "" };
    let message = format!("`{old}` is called `{new}` on the wire{code}");
    changes.report(rule, pair.subject.clone(), message);
}
