//! The methods by which resources offer operations.

use super::prelude::*;
use crate::api::Operation;

pub(super) const RULES: RuleSet =
    RuleSet { rules: &[&ADDED, &REMOVED, &RENAMED], checks: &[Check::Operations(compare)] };

static ADDED: Rule =
    Rule::new("resource-method-added", (Minor, Documentation, Both), "A resource has a method that makes a request.")
        .reverse("resource-method-removed");

static REMOVED: Rule = Rule::new(
    "resource-method-removed",
    (Major, Documentation, Both),
    "A resource has no method any more that made a request.",
)
.reverse("resource-method-added");

static RENAMED: Rule = Rule::new(
    "resource-method-renamed",
    (Major, Documentation, Both),
    "The method that makes a request has another name.",
);

fn compare(comparison: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, Operation>) {
    let (base, head) = (&pair.base.attachment, &pair.head.attachment);
    let request = &pair.head.request.name;
    let (rule, message) = match (base, head) {
        (None, Some(head)) => (&ADDED, format!("`{}::{}` makes {}", head.resource.name, head.method, a(request))),
        (Some(base), None) => {
            let (resource, method) = (&base.resource.name, &base.method);
            (&REMOVED, format!("`{resource}::{method}` is gone; `{request}::new` makes the request"))
        }
        (Some(base), Some(head))
            if base.method != head.method || comparison.head_name(&base.resource) != &head.resource =>
        {
            let (old, new) =
                (format!("{}::{}", base.resource, base.method), format!("{}::{}", head.resource, head.method));
            (&RENAMED, format!("`{new}` makes the request that `{old}` made"))
        }
        _ => return,
    };
    changes.report(rule, Subject::operations(pair), message);
}
