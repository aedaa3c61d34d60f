//! What Stripe takes where nothing is said.

use super::prelude::*;

pub(super) const RULES: RuleSet = RuleSet {
    rules: &[&REQUEST_ADDED, &REQUEST_REMOVED, &REQUEST_CHANGED, &RESPONSE_ADDED, &RESPONSE_REMOVED, &RESPONSE_CHANGED],
    checks: &[Check::Fields(compare)],
};

static REQUEST_ADDED: Rule = Rule::new(
    "request-default-added",
    (Patch, Documentation, Request),
    "It is said what Stripe takes where nothing is sent.",
)
.reverse("request-default-removed")
.counterpart("response-default-added");

static REQUEST_REMOVED: Rule = Rule::new(
    "request-default-removed",
    (Patch, Documentation, Request),
    "It is no longer said what Stripe takes where nothing is sent.",
)
.reverse("request-default-added")
.counterpart("response-default-removed");

static REQUEST_CHANGED: Rule = Rule::new(
    "request-default-changed",
    (Patch, Breaking, Request),
    "Stripe takes something else where nothing is sent.",
)
.counterpart("response-default-changed");

static RESPONSE_ADDED: Rule = Rule::new(
    "response-default-added",
    (Patch, Documentation, Response),
    "It is said what the absence of a property means.",
)
.reverse("response-default-removed")
.counterpart("request-default-added");

static RESPONSE_REMOVED: Rule = Rule::new(
    "response-default-removed",
    (Patch, Documentation, Response),
    "It is no longer said what the absence of a property means.",
)
.reverse("response-default-added")
.counterpart("request-default-removed");

static RESPONSE_CHANGED: Rule = Rule::new(
    "response-default-changed",
    (Patch, Breaking, Response),
    "The absence of a property means something else.",
)
.counterpart("request-default-changed");

fn compare(_: &Comparison<'_>, changes: &mut Changes, pair: &FieldPair<'_>) {
    let (old, new) = (&pair.field.base.default, &pair.field.head.default);
    if old == new {
        return;
    }
    let (request, response) = match (old, new) {
        (None, _) => (&REQUEST_ADDED, &RESPONSE_ADDED),
        (_, None) => (&REQUEST_REMOVED, &RESPONSE_REMOVED),
        _ => (&REQUEST_CHANGED, &RESPONSE_CHANGED),
    };
    let wire = &pair.field.head.wire;
    let where_missing = if pair.usage.sent {
        format!("without `{wire}`, Stripe takes")
    } else {
        format!("where `{wire}` is missing, it is")
    };
    let message = match (old, new) {
        (None, Some(new)) => format!("{where_missing} `{new}`"),
        (Some(old), Some(new)) => format!("{where_missing} `{new}`, which was `{old}`; code stays as it is"),
        _ => format!("it is no longer said what it means to leave out `{wire}`"),
    };
    changes.report(pair.usage.choose(request, response), pair.subject.clone(), message);
}
