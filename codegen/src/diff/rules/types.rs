//! Types of properties and parameters.

use super::super::difference::Difference;
use super::prelude::*;

pub(super) const RULES: RuleSet = RuleSet {
    rules: &[&REQUEST_CHANGED, &RESPONSE_CHANGED, &RUST_CHANGED, &BOXING_CHANGED],
    checks: &[Check::Fields(compare)],
};

static REQUEST_CHANGED: Rule =
    Rule::new("request-type-changed", (Major, Breaking, Request), "What is sent is of another type.")
        .counterpart("response-type-changed");

static RESPONSE_CHANGED: Rule =
    Rule::new("response-type-changed", (Major, Breaking, Response), "What answers hold is of another type.")
        .counterpart("request-type-changed");

pub(super) static RUST_CHANGED: Rule = Rule::new(
    "rust-type-changed",
    (Major, Documentation, Both),
    "A value is of another type in Rust, which is the same on the wire.",
);

static BOXING_CHANGED: Rule = Rule::new(
    "boxing-changed",
    (Major, Documentation, Both),
    "A value is in a `Box` because its type contains itself, or no longer; on the wire it is the same.",
);

fn compare(comparison: &Comparison<'_>, changes: &mut Changes, pair: &FieldPair<'_>) {
    let rule = match pair.difference {
        Some(Difference::Type) => pair.usage.choose(&REQUEST_CHANGED, &RESPONSE_CHANGED),
        Some(Difference::Rust) => (&RUST_CHANGED).into(),
        Some(Difference::Boxing) => (&BOXING_CHANGED).into(),
        _ => return,
    };
    changes.report(rule, pair.subject.clone(), message(comparison, pair));
}

/// What another type does to code.
pub(super) fn message(comparison: &Comparison<'_>, pair: &FieldPair<'_>) -> String {
    let (old, new) = comparison.shown(&pair.field.base.ty, &pair.field.head.ty);
    let use_of = if pair.of.is_built() { "gives or reads" } else { "reads" };
    format!("`{}` is {}, which was {}; code that {use_of} it must change", pair.field.head.wire, a(new), a(old))
}
