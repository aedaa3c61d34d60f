//! How values are written.

use super::super::difference::Difference;
use super::prelude::*;
use super::types::message;

pub(super) const TOPIC: Topic = Topic {
    rules: &[&REQUEST_CHANGED, &RESPONSE_CHANGED, &REQUEST_ENCODING_CHANGED, &RESPONSE_ENCODING_CHANGED, &NOTED],
    compare: &[Compare::Fields(compare)],
};

static REQUEST_CHANGED: Rule = Rule::new(
    "request-format-changed",
    (Major, Breaking, Request),
    "What is sent has another format, and so another type in Rust.",
)
.twin("response-format-changed");

static RESPONSE_CHANGED: Rule = Rule::new(
    "response-format-changed",
    (Major, Breaking, Response),
    "What answers hold has another format, and so another type in Rust.",
)
.twin("request-format-changed");

static REQUEST_ENCODING_CHANGED: Rule = Rule::new(
    "request-encoding-changed",
    (Patch, Breaking, Request),
    "What is sent is written otherwise; in Rust it is the same.",
)
.twin("response-encoding-changed");

static RESPONSE_ENCODING_CHANGED: Rule = Rule::new(
    "response-encoding-changed",
    (Patch, Breaking, Response),
    "What answers hold is written otherwise; in Rust it is the same.",
)
.twin("request-encoding-changed");

static NOTED: Rule = Rule::new(
    "format-noted",
    (Patch, Documentation, Both),
    "A format is said, or no longer, that changes neither what is on the wire nor the type in Rust.",
);

fn compare(comparison: &Comparison<'_>, changes: &mut Changes, pair: &FieldPair<'_>) {
    let wire = &pair.field.head.wire;
    let (told, message) = match pair.difference {
        Some(Difference::Format) => {
            (pair.travel.choose(&REQUEST_CHANGED, &RESPONSE_CHANGED), message(comparison, pair))
        }
        Some(Difference::Encoding) => {
            let (_, ty) = comparison.shown(&pair.field.base.ty, &pair.field.head.ty);
            let message = format!("`{wire}` is written otherwise on the wire; it is {} as before", a(ty));
            (pair.travel.choose(&REQUEST_ENCODING_CHANGED, &RESPONSE_ENCODING_CHANGED), message)
        }
        Some(Difference::Noted) => {
            ((&NOTED).into(), format!("more or less is said about what `{wire}` holds; code stays as it is"))
        }
        _ => return,
    };
    changes.report(told, pair.subject.clone(), message);
}
