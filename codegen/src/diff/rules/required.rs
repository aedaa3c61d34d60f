//! Whether properties and parameters must be there.

use super::prelude::*;

pub(super) const RULES: RuleSet = RuleSet {
    rules: &[
        &REQUEST_REQUIRED,
        &REQUEST_OPTIONAL,
        &REQUEST_NULLABLE_REQUIRED,
        &REQUEST_NULLABLE_OPTIONAL,
        &RESPONSE_REQUIRED,
        &RESPONSE_OPTIONAL,
        &RESPONSE_NULLABLE_REQUIRED,
        &RESPONSE_NULLABLE_OPTIONAL,
    ],
    checks: &[Check::Fields(compare)],
};

static REQUEST_REQUIRED: Rule =
    Rule::new("request-became-required", (Major, Breaking, Request), "What could be left out must be sent.")
        .reverse("request-became-optional")
        .counterpart("response-became-required");

static REQUEST_OPTIONAL: Rule =
    Rule::new("request-became-optional", (Major, Compatible, Request), "What had to be sent can be left out.")
        .reverse("request-became-required")
        .counterpart("response-became-optional");

static RESPONSE_REQUIRED: Rule = Rule::new(
    "response-became-required",
    (Major, Compatible, Response),
    "What answers may have lacked is always there.",
)
.reverse("response-became-optional")
.counterpart("request-became-required");

static RESPONSE_OPTIONAL: Rule =
    Rule::new("response-became-optional", (Major, Breaking, Response), "What was always there may be missing.")
        .reverse("response-became-required")
        .counterpart("request-became-optional");

static REQUEST_NULLABLE_REQUIRED: Rule = Rule::new(
    "request-nullable-became-required",
    (Patch, Breaking, Request),
    "What may be null must be sent now; it could be left out.",
)
.reverse("request-nullable-became-optional")
.counterpart("response-nullable-became-required");

static REQUEST_NULLABLE_OPTIONAL: Rule = Rule::new(
    "request-nullable-became-optional",
    (Patch, Compatible, Request),
    "What may be null can be left out now; it had to be sent.",
)
.reverse("request-nullable-became-required")
.counterpart("response-nullable-became-optional");

static RESPONSE_NULLABLE_REQUIRED: Rule = Rule::new(
    "response-nullable-became-required",
    (Patch, Compatible, Response),
    "What may be null is always there now; it may have been missing.",
)
.reverse("response-nullable-became-optional")
.counterpart("request-nullable-became-required");

static RESPONSE_NULLABLE_OPTIONAL: Rule = Rule::new(
    "response-nullable-became-optional",
    (Patch, Breaking, Response),
    "What may be null may be missing now; it was always there.",
)
.reverse("response-nullable-became-required")
.counterpart("request-nullable-became-optional");

fn compare(comparison: &Comparison<'_>, changes: &mut Changes, pair: &FieldPair<'_>) {
    let (base, head) = (pair.field.base, pair.field.head);
    if base.required == head.required {
        return;
    }
    let changes_type = base.is_option() != head.is_option();
    let (request, response) = match (head.required, changes_type) {
        (true, true) => (&REQUEST_REQUIRED, &RESPONSE_REQUIRED),
        (false, true) => (&REQUEST_OPTIONAL, &RESPONSE_OPTIONAL),
        (true, false) => (&REQUEST_NULLABLE_REQUIRED, &RESPONSE_NULLABLE_REQUIRED),
        (false, false) => (&REQUEST_NULLABLE_OPTIONAL, &RESPONSE_NULLABLE_OPTIONAL),
    };
    let rule = pair.usage.choose(request, response);
    let what = match (head.required, pair.usage.sent) {
        (true, true) => "must be sent",
        (true, false) => "is always there",
        (false, true) => "can be left out",
        (false, false) => "may be missing",
    };
    let message =
        if changes_type { message(comparison, pair, !head.required) } else { same_type(comparison, pair, what) };
    changes.report(rule, pair.subject.clone(), message);
}

/// What it does to code that a value may be missing, or no longer.
pub(super) fn message(comparison: &Comparison<'_>, pair: &FieldPair<'_>, may_be_missing: bool) -> String {
    let wire = &pair.field.head.wire;
    let (old, new) = comparison.shown(&pair.field.base.ty, &pair.field.head.ty);
    match (may_be_missing, pair.of.is_built()) {
        (false, true) => {
            format!(
                "`{wire}` is an argument of `new`, no longer a setter, and {}; code that uses it must change",
                a(new)
            )
        }
        (true, true) => format!(
            "`{wire}` is a setter, no longer an argument of `new`, and an `Option<{new}>`; code that uses it must change"
        ),
        (false, false) => {
            format!("`{wire}` is {}, no longer an `Option<{old}>`; code that reads it must change", a(new))
        }
        (true, false) => {
            format!("`{wire}` is an `Option<{new}>`, no longer {}; code that reads it must change", a(old))
        }
    }
}

/// What it does to code where there was an `Option` already.
pub(super) fn same_type(comparison: &Comparison<'_>, pair: &FieldPair<'_>, what: &str) -> String {
    let (_, new) = comparison.shown(&pair.field.base.ty, &pair.field.head.ty);
    format!("`{}` {what}; it is an `Option<{new}>` as before, and code stays as it is", pair.field.head.wire)
}
