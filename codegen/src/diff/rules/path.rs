//! Where operations are.

use super::super::pairing::path_shape;
use super::prelude::*;
use crate::api::Operation;

pub(super) const RULES: RuleSet =
    RuleSet { rules: &[&CHANGED, &PARAMETER_RENAMED], checks: &[Check::Operations(compare)] };

static CHANGED: Rule = Rule::new("path-changed", (Patch, Breaking, Request), "An operation has another path.")
    .without_counterpart("answers have no path");

static PARAMETER_RENAMED: Rule = Rule::new(
    "path-parameter-renamed",
    (Patch, Documentation, Request),
    "A parameter of a path has another name there.",
)
.without_counterpart("answers have no path");

fn compare(_: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, Operation>) {
    let (old, new) = pair.map(|operation| operation.path.as_str());
    if path_shape(old) != path_shape(new) {
        let message =
            format!("it is asked at `{new}`, no longer at `{old}`; code that makes the request stays as it is");
        changes.report(&CHANGED, Subject::operations(pair), message);
    } else if old != new {
        let message = format!("the template `{old}` is now written `{new}`, which is the same path");
        changes.report(&PARAMETER_RENAMED, Subject::operations(pair), message);
    }
}
