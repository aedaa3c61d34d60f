//! The types of properties and parameters, in Rust and on the wire.
//!
//! To add a rule: a line in the table, a report in a check, and an example in `tests/fixtures/diff/field_types.yaml`.

use super::super::comparison::field_type;
use super::super::difference::Difference;
use super::super::shape::{Flow, is_readable};
use super::prelude::*;
use crate::api::Type;

rules! {
    REQUEST_CHANGED = "request-type-changed", Major, Breaking, Request,
        "The type of a parameter or request property changes.";
    RESPONSE_CHANGED = "response-type-changed", Major, Breaking, Response, "The type of a response property changes.";
    pub(super) REQUEST_WIDENED = "request-type-widened", Major, Compatible, Request,
        "A parameter or request property accepts what it accepted, and more.";
    pub(super) REQUEST_NARROWED = "request-type-narrowed", Major, Breaking, Request,
        "A parameter or request property accepts only a part of what it accepted.";
    pub(super) RESPONSE_WIDENED = "response-type-widened", Major, Breaking, Response,
        "A response property contains values that its former type does not have.";
    pub(super) RESPONSE_NARROWED = "response-type-narrowed", Major, Compatible, Response,
        "A response property contains only a part of the values of its former type.";
    RESPONSE_REPLACED = "response-type-replaced", Major, Compatible, Response,
        "The type of a response property changes; both types read the values of the other.";
    pub(super) RUST_CHANGED = "rust-type-changed", Major, Documentation, Both,
        "A Rust type changes; the values on the wire stay the same.";
    BOXING_CHANGED = "boxing-changed", Major, Documentation, Both,
        "A value moves into a `Box` or out of one, as its type starts or stops containing itself.";
    REQUEST_FORMAT_CHANGED = "request-format-changed", Major, Breaking, Request,
        "The format of a parameter or request property and its Rust type change.";
    RESPONSE_FORMAT_CHANGED = "response-format-changed", Major, Breaking, Response,
        "The format of a response property and its Rust type change.";
    REQUEST_ENCODING_CHANGED = "request-encoding-changed", Patch, Breaking, Request,
        "A parameter or request property is serialized differently; its Rust type stays the same.";
    RESPONSE_ENCODING_CHANGED = "response-encoding-changed", Major, Breaking, Response,
        "A response property is serialized differently; its Rust type stays the same, and former responses fail to decode.";
    pub(super) FORMAT_NOTED = "format-annotation-changed", Patch, Documentation, Both,
        "The documented format changes; the values on the wire and the Rust type stay the same.";
    ID_ADDED = "id-type-added", Major, Documentation, Both, "A string becomes an id type.";
    ID_REMOVED = "id-type-removed", Major, Documentation, Both, "An id type becomes a string.";
    ID_CHANGED = "id-type-changed", Major, Documentation, Both, "An id becomes that of another resource.";
    SECRET_ADDED = "secret-added", Major, Documentation, Both, "A string becomes a secret.";
    SECRET_REMOVED = "secret-removed", Major, Documentation, Both, "A secret becomes a string.";
}

pub(super) const CHECKS: &[Check] = &[Check::Field(check)];

fn check<'a>(comparison: &Comparison<'a>, changes: &mut Changes, pair: &FieldPair<'a>) {
    let wire = &pair.field.head.wire;
    let (base, head) = pair.field.map(|field| &field.ty);
    let [request, response] = [requests(comparison, base, head), responses(comparison, base, head)];
    let rule = match pair.difference {
        Some(Difference::Type) => {
            pair.usage.rule(request.unwrap_or(&REQUEST_CHANGED), response.unwrap_or(&RESPONSE_CHANGED))
        }
        Some(Difference::Format) => {
            pair.usage.rule(request.unwrap_or(&REQUEST_FORMAT_CHANGED), response.unwrap_or(&RESPONSE_FORMAT_CHANGED))
        }
        Some(Difference::Encoding) => {
            let ty = field_type(pair.field.head);
            let rule = pair.usage.rule(&REQUEST_ENCODING_CHANGED, &RESPONSE_ENCODING_CHANGED);
            let message = format!("`{wire}` is serialized differently; its type stays `{ty}`");
            return changes.report(rule, pair.subject.clone(), message);
        }
        Some(Difference::Description) => {
            return changes.report(
                &FORMAT_NOTED,
                pair.subject.clone(),
                format!("the documented format of `{wire}` changes"),
            );
        }
        Some(Difference::Rust) => (&RUST_CHANGED).into(),
        Some(Difference::Boxing) => (&BOXING_CHANGED).into(),
        Some(Difference::IdAdded) => (&ID_ADDED).into(),
        Some(Difference::IdRemoved) => (&ID_REMOVED).into(),
        Some(Difference::IdChanged) => (&ID_CHANGED).into(),
        Some(Difference::SecretAdded) => (&SECRET_ADDED).into(),
        Some(Difference::SecretRemoved) => (&SECRET_REMOVED).into(),
        Some(Difference::ItemsNullable | Difference::ItemsNotNull) | None => return,
    };
    changes.report(rule, pair.subject.clone(), message(comparison, pair));
}

/// The rule for types of which one cannot be read as the other.
pub(super) fn rule<'a>(
    comparison: &Comparison<'a>,
    usage: Usage,
    base: &'a Type,
    head: &'a Type,
) -> Option<DirectedRule> {
    let is_same = |flow: Flow| [flow, flow.reversed()].iter().all(|flow| is_readable(comparison, *flow, base, head));
    if (!usage.sent || is_same(Flow::REQUEST)) && (!usage.received || is_same(Flow::RESPONSE)) {
        return None;
    }
    let [request, response] = [requests(comparison, base, head), responses(comparison, base, head)];
    Some(usage.rule(request.unwrap_or(&REQUEST_CHANGED), response.unwrap_or(&RESPONSE_CHANGED)))
}

/// The rule for a type in requests that contains the other.
fn requests<'a>(comparison: &Comparison<'a>, base: &'a Type, head: &'a Type) -> Option<&'static Rule> {
    let is_readable = |flow| is_readable(comparison, flow, base, head);
    match (is_readable(Flow::REQUEST), is_readable(Flow::REQUEST.reversed())) {
        (true, _) => Some(&REQUEST_WIDENED),
        (false, true) => Some(&REQUEST_NARROWED),
        (false, false) => None,
    }
}

/// The rule for a type in responses that contains the other.
pub(super) fn responses<'a>(comparison: &Comparison<'a>, base: &'a Type, head: &'a Type) -> Option<&'static Rule> {
    let is_readable = |flow| is_readable(comparison, flow, base, head);
    match (is_readable(Flow::RESPONSE), is_readable(Flow::RESPONSE.reversed())) {
        (true, true) => Some(&RESPONSE_REPLACED),
        (true, false) => Some(&RESPONSE_NARROWED),
        (false, true) => Some(&RESPONSE_WIDENED),
        (false, false) => None,
    }
}

/// The message for a type that changes.
pub(super) fn message(comparison: &Comparison<'_>, pair: &FieldPair<'_>) -> String {
    let (old, new) = comparison.field_types(pair.field);
    format!("`{}` changes from `{old}` to `{new}`", pair.field.head.wire)
}
