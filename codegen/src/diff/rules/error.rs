//! What can go wrong, and with which status.

use super::super::pairing::{Paired, values};
use super::enum_value::gone;
use super::prelude::*;
use crate::api::{EnumRole, Operation, TypeDef, TypeKind, Variant};

pub(super) const RULES: RuleSet = RuleSet {
    rules: &[
        &CODE_ADDED,
        &CODE_REMOVED,
        &TYPE_ADDED,
        &TYPE_REMOVED,
        &STATUS_ADDED,
        &STATUS_REMOVED,
        &STATUS_CHANGED,
        &OPERATION_ERROR_ADDED,
        &OPERATION_ERROR_REMOVED,
    ],
    checks: &[Check::Types(codes), Check::Operations(of_operation)],
};

const ONE_WAY: &str = "errors are never sent to Stripe";

static CODE_ADDED: Rule = Rule::new("error-code-added", (Minor, Compatible, Response), "There is a new error code.")
    .reverse("error-code-removed")
    .without_counterpart(ONE_WAY);

static CODE_REMOVED: Rule = Rule::new("error-code-removed", (Major, Compatible, Response), "An error code is gone.")
    .reverse("error-code-added")
    .without_counterpart(ONE_WAY);

static TYPE_ADDED: Rule = Rule::new("error-type-added", (Minor, Compatible, Response), "There is a new kind of error.")
    .reverse("error-type-removed")
    .without_counterpart(ONE_WAY);

static TYPE_REMOVED: Rule = Rule::new("error-type-removed", (Major, Compatible, Response), "A kind of error is gone.")
    .reverse("error-type-added")
    .without_counterpart(ONE_WAY);

static STATUS_ADDED: Rule = Rule::new(
    "error-status-added",
    (Minor, Documentation, Response),
    "It is known which status an error code comes with.",
)
.reverse("error-status-removed")
.without_counterpart(ONE_WAY)
.is_judgement();

static STATUS_REMOVED: Rule = Rule::new(
    "error-status-removed",
    (Major, Documentation, Response),
    "It is no longer known which status an error code comes with.",
)
.reverse("error-status-added")
.without_counterpart(ONE_WAY);

static STATUS_CHANGED: Rule =
    Rule::new("error-status-changed", (Major, Breaking, Response), "An error code comes with another status.")
        .without_counterpart(ONE_WAY);

static OPERATION_ERROR_ADDED: Rule = Rule::new(
    "operation-error-added",
    (Patch, Compatible, Response),
    "An operation is known to answer with an error code that it was not known to answer with.",
)
.reverse("operation-error-removed")
.without_counterpart(ONE_WAY);

static OPERATION_ERROR_REMOVED: Rule = Rule::new(
    "operation-error-removed",
    (Patch, Compatible, Response),
    "An operation is no longer known to answer with an error code.",
)
.reverse("operation-error-added")
.without_counterpart(ONE_WAY);

fn codes(_: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, TypeDef>) {
    let (TypeKind::Enum(base), TypeKind::Enum(head)) = (&pair.base.kind, &pair.head.kind) else { return };
    let (added, removed) = match head.role {
        EnumRole::ErrorCode => (&CODE_ADDED, &CODE_REMOVED),
        EnumRole::ErrorType => (&TYPE_ADDED, &TYPE_REMOVED),
        EnumRole::Value | EnumRole::EventType => return,
    };
    let (values, name) = (values(base, head), &pair.head.path.name);
    let whole = Subject::types(pair);
    for value in values.added {
        let message =
            format!("`{}` is known, as `{name}::{}`; code that matches keeps compiling", value.wire, value.name);
        changes.report(added, whole.part(None, Some((&value.name, &value.origin))), message);
    }
    for value in values.removed {
        let message = gone(&pair, &value.wire, &value.name);
        changes.report(removed, whole.part(Some((&value.name, &value.origin)), None), message);
    }
    for Pair { base, head } in values.kept {
        let subject = whole.part(Some((&base.name, &base.origin)), Some((&head.name, &head.origin)));
        status(changes, subject, base, head);
    }
}

fn status(changes: &mut Changes, subject: Subject, base: &Variant, head: &Variant) {
    let wire = &head.wire;
    let (rule, message) = match (base.status, head.status) {
        (None, Some(new)) => (&STATUS_ADDED, format!("`{wire}` comes with status {new}")),
        (Some(old), None) => {
            (&STATUS_REMOVED, format!("it is not known any more that `{wire}` comes with status {old}"))
        }
        (Some(old), Some(new)) if old != new => (
            &STATUS_CHANGED,
            format!("`{wire}` comes with status {new}, no longer with {old}; code that compares it must change"),
        ),
        _ => return,
    };
    changes.report(rule, subject, message);
}

fn of_operation(_: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, Operation>) {
    let errors = Paired::new(&pair.base.errors, &pair.head.errors).by(|error| Some(error.code.as_str()));
    for error in errors.added {
        let message = format!("it may be refused with `{}` (status {})", error.code, error.status);
        changes.report(&OPERATION_ERROR_ADDED, Subject::operations(pair), message);
    }
    for error in errors.removed {
        let message = format!("it is not said any more that it may be refused with `{}`", error.code);
        changes.report(&OPERATION_ERROR_REMOVED, Subject::operations(pair), message);
    }
}
