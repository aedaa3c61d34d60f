//! How values are written.

use super::super::difference::Difference;
use super::prelude::*;
use super::types::message;

pub(super) const RULES: RuleSet = RuleSet {
    rules: &[
        &REQUEST_CHANGED,
        &RESPONSE_CHANGED,
        &REQUEST_ENCODING_CHANGED,
        &RESPONSE_ENCODING_CHANGED,
        &ANNOTATION_CHANGED,
    ],
    checks: &[Check::Fields(compare)],
};

static REQUEST_CHANGED: Rule = Rule::new(
    "request-format-changed",
    (Major, Breaking, Request),
    "What is sent has another format, and so another type in Rust.",
)
.counterpart("response-format-changed");

static RESPONSE_CHANGED: Rule = Rule::new(
    "response-format-changed",
    (Major, Breaking, Response),
    "What answers hold has another format, and so another type in Rust.",
)
.counterpart("request-format-changed");

static REQUEST_ENCODING_CHANGED: Rule = Rule::new(
    "request-encoding-changed",
    (Patch, Breaking, Request),
    "What is sent is written otherwise; in Rust it is the same.",
)
.counterpart("response-encoding-changed");

static RESPONSE_ENCODING_CHANGED: Rule = Rule::new(
    "response-encoding-changed",
    (Patch, Breaking, Response),
    "What answers hold is written otherwise; in Rust it is the same.",
)
.counterpart("request-encoding-changed");

static ANNOTATION_CHANGED: Rule = Rule::new(
    "format-noted",
    (Patch, Documentation, Both),
    "A format is said, or no longer, that changes neither what is on the wire nor the type in Rust.",
);

fn compare(comparison: &Comparison<'_>, changes: &mut Changes, pair: &FieldPair<'_>) {
    let wire = &pair.field.head.wire;
    let (rule, message) = match pair.difference {
        Some(Difference::Format) => (pair.usage.choose(&REQUEST_CHANGED, &RESPONSE_CHANGED), message(comparison, pair)),
        Some(Difference::Encoding) => {
            let (_, ty) = comparison.shown(&pair.field.base.ty, &pair.field.head.ty);
            let message = format!("`{wire}` is written otherwise on the wire; it is {} as before", a(ty));
            (pair.usage.choose(&REQUEST_ENCODING_CHANGED, &RESPONSE_ENCODING_CHANGED), message)
        }
        Some(Difference::Annotation) => (
            (&ANNOTATION_CHANGED).into(),
            format!("more or less is said about what `{wire}` holds; code stays as it is"),
        ),
        _ => return,
    };
    changes.report(rule, pair.subject.clone(), message);
}
