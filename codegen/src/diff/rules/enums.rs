//! Values of enums, constants of string types, and whether Stripe may add values to an enum.
//!
//! To add a rule: a line in the table, a report in a check, and an example in `tests/fixtures/diff/enums.yaml`.

use super::prelude::*;
use super::resources::{State, states_of};
use super::types::{unrecognized_added, unrecognized_removed};
use crate::api::{EnumRole, TypeDef, TypeKind};

rules! {
    REQUEST_ADDED = "request-value-added", Minor, Compatible, Request, "A request enum gains a value.";
    REQUEST_REMOVED = "request-value-removed", Major, Breaking, Request, "A request enum loses a value.";
    REQUEST_RENAMED = "request-value-changed", Patch, Breaking, Request,
        "A value of a request enum is renamed on the wire.";
    RESPONSE_ADDED = "response-value-added", Minor, Compatible, Response, "An open response enum gains a value.";
    RESPONSE_REMOVED = "response-value-removed", Major, Compatible, Response, "An open response enum loses a value.";
    RESPONSE_RENAMED = "response-value-changed", Patch, Compatible, Response,
        "A value of an open response enum is renamed on the wire.";
    CLOSED_ADDED = "response-closed-value-added", Minor, Breaking, Response, "A closed response enum gains a value.";
    CLOSED_REMOVED = "response-closed-value-removed", Major, Compatible, Response,
        "A closed response enum loses a value.";
    CLOSED_RENAMED = "response-closed-value-changed", Patch, Breaking, Response,
        "A value of a closed response enum is renamed on the wire.";
    FINAL_ADDED = "final-status-added", Minor, Breaking, Response,
        "A status that ends waiting is added; released programs poll until their deadline.";
    FINAL_REMOVED = "final-status-removed", Major, Compatible, Response, "A status that ends waiting is removed.";
    FINAL_RENAMED = "final-status-changed", Patch, Breaking, Response,
        "A status that ends waiting is renamed on the wire; released programs poll until their deadline.";
    REQUEST_OPENED = "request-enum-opened", Major, Compatible, Request, "An enum used only in requests becomes open.";
    REQUEST_CLOSED = "request-enum-closed", Major, Breaking, Request, "An enum used only in requests becomes closed.";
    RESPONSE_OPENED = "response-enum-opened", Patch, Breaking, Response, "A response enum becomes open.";
    RESPONSE_CLOSED = "response-enum-closed", Patch, Compatible, Response, "A response enum becomes closed.";
    SHARED_OPENED = "shared-enum-opened", Patch, Breaking, Both, "An enum used in requests and responses becomes open.";
    SHARED_CLOSED = "shared-enum-closed", Patch, Breaking, Both,
        "An enum used in requests and responses becomes closed.";
    CONSTANT_ADDED = "known-value-added", Minor, Compatible, Both, "A string type gains a known value.";
    CONSTANT_REMOVED = "known-value-removed", Major, Compatible, Both, "A string type loses a known value.";
    CONSTANT_CHANGED = "known-value-changed", Patch, Compatible, Both,
        "A known value of a string type is renamed on the wire.";
}

pub(super) const CHECKS: &[Check] = &[Check::Type(values), Check::Type(openness)];

/// The rules for values that are added, removed and renamed.
type Rules<T> = [T; 3];

const OPEN: Rules<&Rule> = [&RESPONSE_ADDED, &RESPONSE_REMOVED, &RESPONSE_RENAMED];
const CLOSED: Rules<&Rule> = [&CLOSED_ADDED, &CLOSED_REMOVED, &CLOSED_RENAMED];
const FINAL: Rules<&Rule> = [&FINAL_ADDED, &FINAL_REMOVED, &FINAL_RENAMED];
const CONSTANT: Rules<&Rule> = [&CONSTANT_ADDED, &CONSTANT_REMOVED, &CONSTANT_CHANGED];

fn values(comparison: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, TypeDef>) {
    let mut values = pairing::values(pair);
    let usage = Usage::of(pair);
    let rules = |[added, removed, renamed]: Rules<&'static Rule>| -> Rules<DirectedRule> {
        [
            usage.rule(&REQUEST_ADDED, added),
            usage.rule(&REQUEST_REMOVED, removed),
            usage.rule(&REQUEST_RENAMED, renamed),
        ]
    };
    let (rules, final_rules) = match (&pair.base.kind, &pair.head.kind) {
        (TypeKind::Enum(base), TypeKind::Enum(head)) => {
            match head.role {
                EnumRole::Value => {}
                // Errors have rules of their own for these, and events for all.
                EnumRole::ErrorCode | EnumRole::ErrorType => (values.added, values.removed) = Default::default(),
                EnumRole::EventType => return,
            }
            (rules(if base.closed && head.closed { CLOSED } else { OPEN }), rules(FINAL))
        }
        _ => (CONSTANT.map(DirectedRule::from), CONSTANT.map(DirectedRule::from)),
    };
    values.kept.retain(|value| !value.same(|value| value.wire()));
    if [values.added.len(), values.removed.len(), values.kept.len()] == [0; 3] {
        return;
    }
    // The states are looked up among all types.
    let Pair { base, head } = comparison.sides;
    let (old, new) = (states_of(base, &pair.base.path), states_of(head, &pair.head.path));
    // Without `Wait`, released programs do not poll, and none does after an update.
    let waits = !old.is_empty() && !new.is_empty();
    let is_final = |state: Option<&State>| waits && state.is_some_and(|state| state.is_final());
    let choose = |is_final: bool| if is_final { final_rules } else { rules };
    for value in values.added {
        let state = new.get(value.name());
        let [rule, ..] = choose(is_final(state));
        added(changes, rule, pair, value, state.filter(|_| waits).map_or("", |state| state.consequence()));
    }
    for value in values.removed {
        let [_, rule, _] = choose(is_final(old.get(value.name())));
        removed(changes, rule, pair, value);
    }
    for value in values.kept {
        let is_final = is_final(old.get(value.base.name())) || is_final(new.get(value.head.name()));
        let [.., rule] = choose(is_final);
        let consequence = if is_final { "; released programs poll until their deadline" } else { "" };
        renamed(changes, rule, pair, value, consequence);
    }
}

/// Reports a value that only the head has.
pub(super) fn added<T: Member + ?Sized>(
    changes: &mut Changes,
    rule: impl Into<DirectedRule>,
    pair: Pair<'_, TypeDef>,
    value: &T,
    consequence: &str,
) {
    let message = format!("`{}` is added as `{}::{}`{consequence}", value.wire(), pair.head.path.name, value.name());
    changes.report(rule, Subject::of_type(pair).added_member(value), message);
}

/// Reports a value that only the base has.
pub(super) fn removed<T: Member + ?Sized>(
    changes: &mut Changes,
    rule: impl Into<DirectedRule>,
    pair: Pair<'_, TypeDef>,
    value: &T,
) {
    let message = format!("`{}` (`{}::{}`) is removed", value.wire(), pair.base.path.name, value.name());
    changes.report(rule, Subject::of_type(pair).removed_member(value), message);
}

/// Reports a value that has another name on the wire.
pub(super) fn renamed<T: Member + ?Sized>(
    changes: &mut Changes,
    rule: impl Into<DirectedRule>,
    of: Pair<'_, TypeDef>,
    value: Pair<'_, T>,
    consequence: &str,
) {
    let (old, new) = value.map(Member::wire);
    if old != new {
        let (ty, name) = (&of.head.path.name, value.head.name());
        let message = format!("`{ty}::{name}` changes from `{old}` to `{new}` on the wire{consequence}");
        changes.report(rule, Subject::of_type(of).member(value), message);
    }
}

fn openness(_: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, TypeDef>) {
    let (TypeKind::Enum(base), TypeKind::Enum(head)) = (&pair.base.kind, &pair.head.kind) else { return };
    if base.closed == head.closed {
        return;
    }
    let (name, is_sent) = (&pair.head.path.name, Usage::of(pair).sent);
    // Enums that are used in responses preserve unknown values even when they are closed.
    let changes_type = base.unrecognized != head.unrecognized;
    let (rule, message) = match (head.closed, changes_type) {
        (false, true) => (&REQUEST_OPENED, unrecognized_added(pair)),
        (true, true) => (&REQUEST_CLOSED, unrecognized_removed(pair)),
        (false, false) => {
            let rule = if is_sent { &SHARED_OPENED } else { &RESPONSE_OPENED };
            (rule, format!("Stripe may add values to `{name}`"))
        }
        (true, false) => {
            let rule = if is_sent { &SHARED_CLOSED } else { &RESPONSE_CLOSED };
            (rule, format!("Stripe no longer adds values to `{name}`"))
        }
    };
    changes.report(rule, Subject::of_type(pair), message);
}
