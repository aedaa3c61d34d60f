//! Values of enums.

use super::super::comparison::Usage;
use super::super::pairing;
use super::prelude::*;
use super::wait::meanings_of;
use crate::api::{EnumRole, Name, TypeDef, TypeKind};

pub(super) const RULES: RuleSet = RuleSet {
    rules: &[
        &REQUEST_ADDED,
        &REQUEST_REMOVED,
        &REQUEST_RENAMED,
        &RESPONSE_ADDED,
        &RESPONSE_REMOVED,
        &RESPONSE_RENAMED,
        &RESPONSE_CLOSED_ADDED,
        &RESPONSE_CLOSED_REMOVED,
    ],
    checks: &[Check::Types(compare)],
};

static REQUEST_ADDED: Rule =
    Rule::new("request-value-added", (Minor, Compatible, Request), "A value that is sent may be one more.")
        .reverse("request-value-removed")
        .counterpart("response-value-added");

static REQUEST_REMOVED: Rule =
    Rule::new("request-value-removed", (Major, Breaking, Request), "A value that could be sent is gone.")
        .reverse("request-value-added")
        .counterpart("response-value-removed");

static REQUEST_RENAMED: Rule =
    Rule::new("request-value-changed", (Patch, Breaking, Request), "A value that is sent is written otherwise.")
        .counterpart("response-value-changed");

static RESPONSE_ADDED: Rule =
    Rule::new("response-value-added", (Minor, Compatible, Response), "An open enum of answers has one more value.")
        .reverse("response-value-removed")
        .counterpart("request-value-added");

static RESPONSE_REMOVED: Rule =
    Rule::new("response-value-removed", (Major, Compatible, Response), "An open enum of answers has one value fewer.")
        .reverse("response-value-added")
        .counterpart("request-value-removed");

static RESPONSE_RENAMED: Rule =
    Rule::new("response-value-changed", (Patch, Breaking, Response), "A value of answers is written otherwise.")
        .counterpart("request-value-changed");

static RESPONSE_CLOSED_ADDED: Rule = Rule::new(
    "response-closed-value-added",
    (Minor, Breaking, Response),
    "An enum of answers that was said to be closed has one more value.",
)
.reverse("response-closed-value-removed")
.counterpart("request-value-added");

static RESPONSE_CLOSED_REMOVED: Rule = Rule::new(
    "response-closed-value-removed",
    (Major, Compatible, Response),
    "A closed enum of answers has one value fewer.",
)
.reverse("response-closed-value-added")
.counterpart("request-value-removed");

fn compare(comparison: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, TypeDef>) {
    let (TypeKind::Enum(base), TypeKind::Enum(head)) = (&pair.base.kind, &pair.head.kind) else { return };
    let (whole, usage) = (Subject::types(pair), Usage::of(pair));
    let (mut values, name) = (pairing::values(base, head), &pair.head.path.name);
    match head.role {
        EnumRole::Value => {}
        // There are rules of their own for these, when they come and go.
        EnumRole::ErrorCode | EnumRole::ErrorType => (values.added, values.removed) = Default::default(),
        EnumRole::EventType => return,
    }
    let was_closed = base.closed && head.closed;
    let meanings = meanings_of(comparison.sides.head, &pair.head.path);
    for value in values.added {
        let response = if was_closed { &RESPONSE_CLOSED_ADDED } else { &RESPONSE_ADDED };
        let rule = usage.choose(&REQUEST_ADDED, response);
        let message = if usage.received {
            let state = meanings.get(&value.name).map_or("", |state| state.consequence());
            format!("a new value `{}` can arrive{state}; code that matches on `{name}` keeps compiling", value.wire)
        } else {
            format!("`{}` can be sent, as `{name}::{}`", value.wire, value.name)
        };
        changes.report(rule, whole.part(None, Some((&value.name, &value.origin))), message);
    }
    for value in values.removed {
        let response = if was_closed { &RESPONSE_CLOSED_REMOVED } else { &RESPONSE_REMOVED };
        let rule = usage.choose(&REQUEST_REMOVED, response);
        let message = gone(&pair, &value.wire, &value.name);
        changes.report(rule, whole.part(Some((&value.name, &value.origin)), None), message);
    }
    for value in values.kept {
        let (old, new) = (value.base, value.head);
        if old.wire != new.wire {
            let rule = usage.choose(&REQUEST_RENAMED, &RESPONSE_RENAMED);
            let subject = whole.part(Some((&old.name, &old.origin)), Some((&new.name, &new.origin)));
            let message = format!(
                "`{name}::{}` is `{}` on the wire, which was `{}`; code stays as it is",
                new.name, new.wire, old.wire
            );
            changes.report(rule, subject, message);
        }
    }
}

/// What it does to code that a value is gone.
pub(super) fn gone(pair: &Pair<'_, TypeDef>, wire: &str, value: &Name) -> String {
    format!("`{wire}` is gone; code that names `{}::{value}` stops compiling", pair.base.path.name)
}
