//! Whether properties, items of arrays and values of maps may be null.

use super::super::difference::Difference;
use super::prelude::*;
use super::required::{message, same_type};
use super::types;

pub(super) const RULES: RuleSet = RuleSet {
    rules: &[
        &REQUEST_NULLABLE,
        &REQUEST_NOT_NULL,
        &REQUEST_OPTIONAL_NULLABLE,
        &REQUEST_OPTIONAL_NOT_NULL,
        &RESPONSE_NULLABLE,
        &RESPONSE_NOT_NULL,
        &RESPONSE_OPTIONAL_NULLABLE,
        &RESPONSE_OPTIONAL_NOT_NULL,
        &RESPONSE_ITEMS_NULLABLE,
        &RESPONSE_ITEMS_NOT_NULL,
    ],
    checks: &[Check::Fields(compare), Check::Fields(compare_items)],
};

static REQUEST_NULLABLE: Rule =
    Rule::new("request-became-nullable", (Major, Compatible, Request), "What has to be sent may be null.")
        .reverse("request-became-not-null")
        .counterpart("response-became-nullable");

static REQUEST_NOT_NULL: Rule =
    Rule::new("request-became-not-null", (Major, Breaking, Request), "What has to be sent may no longer be null.")
        .reverse("request-became-nullable")
        .counterpart("response-became-not-null");

static RESPONSE_NULLABLE: Rule =
    Rule::new("response-became-nullable", (Major, Breaking, Response), "What always had a value may be null.")
        .reverse("response-became-not-null")
        .counterpart("request-became-nullable");

static RESPONSE_NOT_NULL: Rule =
    Rule::new("response-became-not-null", (Major, Compatible, Response), "What may have been null always has a value.")
        .reverse("response-became-nullable")
        .counterpart("request-became-not-null");

static REQUEST_OPTIONAL_NULLABLE: Rule = Rule::new(
    "request-optional-became-nullable",
    (Patch, Compatible, Request),
    "What can be left out may be null as well.",
)
.reverse("request-optional-became-not-null")
.counterpart("response-optional-became-nullable");

static REQUEST_OPTIONAL_NOT_NULL: Rule = Rule::new(
    "request-optional-became-not-null",
    (Patch, Breaking, Request),
    "What can be left out may no longer be null.",
)
.reverse("request-optional-became-nullable")
.counterpart("response-optional-became-not-null");

static RESPONSE_OPTIONAL_NULLABLE: Rule = Rule::new(
    "response-optional-became-nullable",
    (Patch, Breaking, Response),
    "What may be missing may be null as well.",
)
.reverse("response-optional-became-not-null")
.counterpart("request-optional-became-nullable");

static RESPONSE_OPTIONAL_NOT_NULL: Rule = Rule::new(
    "response-optional-became-not-null",
    (Patch, Compatible, Response),
    "What may be missing is no longer null.",
)
.reverse("response-optional-became-nullable")
.counterpart("request-optional-became-not-null");

const ONE_WAY: &str = "requests never contain null";

static RESPONSE_ITEMS_NULLABLE: Rule = Rule::new(
    "response-items-became-nullable",
    (Major, Breaking, Response),
    "Items of an array or values of a map may be null.",
)
.reverse("response-items-became-not-null")
.without_counterpart(ONE_WAY);

static RESPONSE_ITEMS_NOT_NULL: Rule = Rule::new(
    "response-items-became-not-null",
    (Major, Compatible, Response),
    "Items of an array or values of a map that could be null always have a value.",
)
.reverse("response-items-became-nullable")
.without_counterpart(ONE_WAY);

fn compare(comparison: &Comparison<'_>, changes: &mut Changes, pair: &FieldPair<'_>) {
    let (base, head) = (pair.field.base, pair.field.head);
    if base.nullable == head.nullable {
        return;
    }
    // Where it also became optional or required, that is told by the other rule.
    let always_sent = base.required && head.required;
    let (request, response) = match (head.nullable, always_sent) {
        (true, true) => (&REQUEST_NULLABLE, &RESPONSE_NULLABLE),
        (false, true) => (&REQUEST_NOT_NULL, &RESPONSE_NOT_NULL),
        (true, false) => (&REQUEST_OPTIONAL_NULLABLE, &RESPONSE_OPTIONAL_NULLABLE),
        (false, false) => (&REQUEST_OPTIONAL_NOT_NULL, &RESPONSE_OPTIONAL_NOT_NULL),
    };
    let rule = pair.usage.choose(request, response);
    let what = if head.nullable { "may be null" } else { "is not null any more" };
    let message = if always_sent {
        message(comparison, pair, head.nullable)
    } else if base.is_option() && head.is_option() {
        same_type(comparison, pair, what)
    } else {
        format!("`{}` {what}", head.wire)
    };
    changes.report(rule, pair.subject.clone(), message);
}

fn compare_items(comparison: &Comparison<'_>, changes: &mut Changes, pair: &FieldPair<'_>) {
    let rule = match pair.difference {
        Some(Difference::ItemsNullable) => &RESPONSE_ITEMS_NULLABLE,
        Some(Difference::ItemsNotNull) => &RESPONSE_ITEMS_NOT_NULL,
        _ => return,
    };
    changes.report(rule, pair.subject.clone(), types::message(comparison, pair));
}
