//! Errors: their codes, types and statuses, and the operations that document them.
//!
//! To add a rule: a line in the table, a report in a check, and an example in `tests/fixtures/diff/errors.yaml`.

use super::enums;
use super::prelude::*;
use crate::api::{EnumRole, Operation, TypeDef, TypeKind};

rules! {
    CODE_ADDED = "error-code-added", Minor, Compatible, Response, "An error code is added.";
    CODE_REMOVED = "error-code-removed", Major, Compatible, Response, "An error code is removed.";
    TYPE_ADDED = "error-type-added", Minor, Compatible, Response, "An error type is added.";
    TYPE_REMOVED = "error-type-removed", Major, Compatible, Response, "An error type is removed.";
    STATUS_ADDED = "error-status-added", Minor, Documentation, Response, "The status of an error code is documented.";
    STATUS_REMOVED = "error-status-removed", Major, Documentation, Response,
        "The status of an error code is no longer documented.";
    STATUS_CHANGED = "error-status-changed", Major, Breaking, Response, "The status of an error code changes.";
    CODE_TYPE_ADDED = "error-code-type-added", Patch, Documentation, Response,
        "The error type of an error code is documented.";
    CODE_TYPE_REMOVED = "error-code-type-removed", Patch, Documentation, Response,
        "The error type of an error code is no longer documented.";
    CODE_TYPE_CHANGED = "error-code-type-changed", Patch, Breaking, Response,
        "The error type of an error code changes.";
    OPERATION_ERROR_ADDED = "operation-error-added", Patch, Compatible, Response,
        "An operation documents a new error code.";
    OPERATION_ERROR_REMOVED = "operation-error-removed", Patch, Compatible, Response,
        "An operation no longer documents an error code.";
}

pub(super) const CHECKS: &[Check] = &[Check::Type(codes), Check::Operation(of_operation)];

fn codes(_: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, TypeDef>) {
    let (TypeKind::Enum(base), TypeKind::Enum(head)) = (&pair.base.kind, &pair.head.kind) else { return };
    let (on_added, on_removed) = match head.role {
        EnumRole::ErrorCode => (&CODE_ADDED, &CODE_REMOVED),
        EnumRole::ErrorType => (&TYPE_ADDED, &TYPE_REMOVED),
        EnumRole::Value | EnumRole::EventType => return,
    };
    let values = pairing::by_name(&base.variants, &head.variants);
    for value in values.added {
        enums::added(changes, on_added, pair, value, "");
    }
    for value in values.removed {
        enums::removed(changes, on_removed, pair, value);
    }
    for value in &values.kept {
        let wire = &value.head.wire;
        let (rule, message) = match value.map(|value| &value.error_type) {
            (None, Some(new)) => (&CODE_TYPE_ADDED, format!("the type `{new}` is documented for `{wire}`")),
            (Some(old), None) => (&CODE_TYPE_REMOVED, format!("the type `{old}` is no longer documented for `{wire}`")),
            (Some(old), Some(new)) if old != new => {
                (&CODE_TYPE_CHANGED, format!("the type of `{wire}` changes from `{old}` to `{new}`"))
            }
            _ => continue,
        };
        changes.report(rule, Subject::of_type(pair).member(*value), message);
    }
    for value in values.kept {
        let wire = &value.head.wire;
        let (rule, message) = match (value.base.status, value.head.status) {
            (None, Some(new)) => (&STATUS_ADDED, format!("status {new} is documented for `{wire}`")),
            (Some(old), None) => (&STATUS_REMOVED, format!("status {old} is no longer documented for `{wire}`")),
            (Some(old), Some(new)) if old != new => {
                (&STATUS_CHANGED, format!("the status of `{wire}` changes from {old} to {new}"))
            }
            _ => continue,
        };
        changes.report(rule, Subject::of_type(pair).member(value), message);
    }
}

fn of_operation(_: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, Operation>) {
    let errors = Paired::new(&pair.base.errors, &pair.head.errors).by(|error| Some(error.code.as_str()));
    for error in errors.added {
        let message = format!("the error code `{}` (status {}) is documented", error.code, error.status);
        changes.report(&OPERATION_ERROR_ADDED, Subject::of_operation(pair), message);
    }
    for error in errors.removed {
        let message = format!("the error code `{}` is no longer documented", error.code);
        changes.report(&OPERATION_ERROR_REMOVED, Subject::of_operation(pair), message);
    }
}
