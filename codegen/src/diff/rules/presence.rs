//! Presence: whether parameters and properties are required or nullable, and what their absence means.
//!
//! To add a rule: a line in the table, a report in a check, and an example in `tests/fixtures/diff/presence.yaml`.

use super::super::comparison::field_type;
use super::super::difference::Difference;
use super::field_types;
use super::prelude::*;

rules! {
    REQUEST_REQUIRED = "request-became-required", Major, Breaking, Request,
        "A parameter or request property becomes required.";
    REQUEST_OPTIONAL = "request-became-optional", Major, Compatible, Request,
        "A parameter or request property becomes optional.";
    REQUEST_NULLABLE_REQUIRED = "request-nullable-became-required", Patch, Breaking, Request,
        "A nullable parameter or request property becomes required.";
    REQUEST_NULLABLE_OPTIONAL = "request-nullable-became-optional", Patch, Compatible, Request,
        "A nullable parameter or request property becomes optional.";
    RESPONSE_REQUIRED = "response-became-required", Major, Compatible, Response, "A response property becomes required.";
    RESPONSE_OPTIONAL = "response-became-optional", Major, Breaking, Response, "A response property becomes optional.";
    RESPONSE_NULLABLE_REQUIRED = "response-nullable-became-required", Patch, Compatible, Response,
        "A nullable response property becomes required.";
    RESPONSE_NULLABLE_OPTIONAL = "response-nullable-became-optional", Patch, Breaking, Response,
        "A nullable response property becomes optional.";
    REQUEST_NULLABLE = "request-became-nullable", Major, Compatible, Request,
        "A required parameter or request property becomes nullable.";
    REQUEST_NOT_NULL = "request-became-not-null", Major, Breaking, Request,
        "A required parameter or request property is no longer nullable.";
    REQUEST_OPTIONAL_NULLABLE = "request-optional-became-nullable", Patch, Compatible, Request,
        "An optional parameter or request property becomes nullable.";
    REQUEST_OPTIONAL_NOT_NULL = "request-optional-became-not-null", Patch, Breaking, Request,
        "An optional parameter or request property is no longer nullable.";
    RESPONSE_NULLABLE = "response-became-nullable", Major, Breaking, Response,
        "A required response property becomes nullable.";
    RESPONSE_NOT_NULL = "response-became-not-null", Major, Compatible, Response,
        "A required response property is no longer nullable.";
    RESPONSE_OPTIONAL_NULLABLE = "response-optional-became-nullable", Patch, Breaking, Response,
        "An optional response property becomes nullable.";
    RESPONSE_OPTIONAL_NOT_NULL = "response-optional-became-not-null", Patch, Compatible, Response,
        "An optional response property is no longer nullable.";
    RESPONSE_ITEMS_NULLABLE = "response-items-became-nullable", Major, Breaking, Response,
        "Items of an array or values of a map become nullable in a response.";
    RESPONSE_ITEMS_NOT_NULL = "response-items-became-not-null", Major, Compatible, Response,
        "Items of an array or values of a map are no longer nullable in a response.";
    REQUEST_DEFAULT_ADDED = "request-default-added", Patch, Documentation, Request,
        "A parameter or request property documents a default.";
    REQUEST_DEFAULT_REMOVED = "request-default-removed", Patch, Documentation, Request,
        "A parameter or request property no longer documents a default.";
    REQUEST_DEFAULT_CHANGED = "request-default-changed", Patch, Breaking, Request,
        "The default of a parameter or request property changes.";
    RESPONSE_DEFAULT_ADDED = "response-default-added", Patch, Documentation, Response,
        "A response property documents a default.";
    RESPONSE_DEFAULT_REMOVED = "response-default-removed", Patch, Documentation, Response,
        "A response property no longer documents a default.";
    RESPONSE_DEFAULT_CHANGED = "response-default-changed", Patch, Breaking, Response,
        "The default of a response property changes.";
    FALSE_ADDED = "false-for-absent-added", Minor, Breaking, Response,
        "A response may contain `false` in place of an object.";
    FALSE_REMOVED = "false-for-absent-removed", Major, Compatible, Response,
        "A response no longer contains `false` in place of an object.";
}

pub(super) const CHECKS: &[Check] =
    &[Check::Field(required), Check::Field(nullable), Check::Field(items), Check::Field(default), Check::Field(absent)];

fn required(comparison: &Comparison<'_>, changes: &mut Changes, pair: &FieldPair<'_>) {
    let (base, head) = (pair.field.base, pair.field.head);
    if base.required == head.required {
        return;
    }
    let (request, response) = match (head.required, base.is_option() != head.is_option()) {
        (true, true) => (&REQUEST_REQUIRED, &RESPONSE_REQUIRED),
        (false, true) => (&REQUEST_OPTIONAL, &RESPONSE_OPTIONAL),
        (true, false) => (&REQUEST_NULLABLE_REQUIRED, &RESPONSE_NULLABLE_REQUIRED),
        (false, false) => (&REQUEST_NULLABLE_OPTIONAL, &RESPONSE_NULLABLE_OPTIONAL),
    };
    let what = if head.required { "becomes required" } else { "becomes optional" };
    changes.report(pair.usage.rule(request, response), pair.subject.clone(), message(comparison, pair, what));
}

fn nullable(comparison: &Comparison<'_>, changes: &mut Changes, pair: &FieldPair<'_>) {
    let (base, head) = (pair.field.base, pair.field.head);
    if base.nullable == head.nullable {
        return;
    }
    // The level of a field that also becomes optional or required is that of the other rule.
    let always_required = base.required && head.required;
    let (request, response) = match (head.nullable, always_required) {
        (true, true) => (&REQUEST_NULLABLE, &RESPONSE_NULLABLE),
        (false, true) => (&REQUEST_NOT_NULL, &RESPONSE_NOT_NULL),
        (true, false) => (&REQUEST_OPTIONAL_NULLABLE, &RESPONSE_OPTIONAL_NULLABLE),
        (false, false) => (&REQUEST_OPTIONAL_NOT_NULL, &RESPONSE_OPTIONAL_NOT_NULL),
    };
    let what = if head.nullable { "becomes nullable" } else { "is no longer nullable" };
    let message = if always_required || (base.is_option() && head.is_option()) {
        message(comparison, pair, what)
    } else {
        format!("`{}` {what}", head.wire)
    };
    changes.report(pair.usage.rule(request, response), pair.subject.clone(), message);
}

/// The message for `what` happens to a field, with its type in Rust and how users set it.
fn message(comparison: &Comparison<'_>, pair: &FieldPair<'_>, what: &str) -> String {
    let (base, head) = (pair.field.base, pair.field.head);
    let ((old, new), wire) = (comparison.field_types(pair.field), &head.wire);
    if old == new {
        return format!("`{wire}` {what}; its type stays `{}`", field_type(head));
    }
    let role = match (pair.container.is_constructed(), base.is_argument(), head.is_argument()) {
        (true, false, true) => ", and its setter becomes an argument of `new`",
        (true, true, false) => ", and its argument of `new` becomes a setter",
        _ => "",
    };
    format!("`{wire}` {what}; its type changes from `{old}` to `{new}`{role}")
}

fn items(comparison: &Comparison<'_>, changes: &mut Changes, pair: &FieldPair<'_>) {
    let rule = match pair.difference {
        Some(Difference::ItemsNullable) => &RESPONSE_ITEMS_NULLABLE,
        Some(Difference::ItemsNotNull) => &RESPONSE_ITEMS_NOT_NULL,
        _ => return,
    };
    changes.report(rule, pair.subject.clone(), field_types::message(comparison, pair));
}

fn default(_: &Comparison<'_>, changes: &mut Changes, pair: &FieldPair<'_>) {
    let wire = &pair.field.head.wire;
    let (request, response, message) = match (&pair.field.base.default, &pair.field.head.default) {
        (None, Some(new)) => {
            (&REQUEST_DEFAULT_ADDED, &RESPONSE_DEFAULT_ADDED, format!("the default `{new}` is documented for `{wire}`"))
        }
        (Some(old), None) => (
            &REQUEST_DEFAULT_REMOVED,
            &RESPONSE_DEFAULT_REMOVED,
            format!("the default `{old}` is no longer documented for `{wire}`"),
        ),
        (Some(old), Some(new)) if old != new => (
            &REQUEST_DEFAULT_CHANGED,
            &RESPONSE_DEFAULT_CHANGED,
            format!("the default of `{wire}` changes from `{old}` to `{new}`"),
        ),
        _ => return,
    };
    changes.report(pair.usage.rule(request, response), pair.subject.clone(), message);
}

fn absent(_: &Comparison<'_>, changes: &mut Changes, pair: &FieldPair<'_>) {
    let wire = &pair.field.head.wire;
    let (rule, message) = match pair.field.map(|field| &field.false_means_absent) {
        (false, true) => (&FALSE_ADDED, format!("`{wire}` may be `false`, which is read as `None`")),
        (true, false) => (
            &FALSE_REMOVED,
            format!("`{wire}` may no longer be `false`; decoding `false`, which was read as `None`, fails"),
        ),
        _ => return,
    };
    changes.report(rule, pair.subject.clone(), message);
}
