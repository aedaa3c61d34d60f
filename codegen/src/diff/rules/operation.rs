//! Operations that come and go.

use super::super::subject::operation_item;
use super::prelude::*;
use crate::api::Operation;

pub(super) const RULES: RuleSet =
    RuleSet { rules: &[&ADDED, &REMOVED, &ID_CHANGED], checks: &[Check::Crates(compare), Check::Operations(of_kept)] };

static ADDED: Rule =
    Rule::new("operation-added", (Minor, Compatible, Both), "There is a new operation.").reverse("operation-removed");

static REMOVED: Rule =
    Rule::new("operation-removed", (Major, Breaking, Both), "An operation is gone.").reverse("operation-added");

static ID_CHANGED: Rule =
    Rule::new("operation-id-changed", (Patch, Documentation, Both), "An operation has another `operationId`.");

fn compare(comparison: &Comparison<'_>, changes: &mut Changes) {
    for operation in &comparison.operations.added {
        let message = format!("`{}` can be asked now, with `{}`", endpoint(operation), operation_item(operation));
        changes.report(&ADDED, subject(operation).added(), message);
    }
    for operation in &comparison.operations.removed {
        let message = format!(
            "`{}` is gone; code that makes {} stops compiling",
            endpoint(operation),
            a(&operation.request.name)
        );
        changes.report(&REMOVED, subject(operation).removed(), message);
    }
}

fn of_kept(_: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, Operation>) {
    let (old, new) = pair.map(|operation| &operation.id);
    if old != new {
        let message = format!("it is called `{new}` in messages, which was `{old}`");
        changes.report(&ID_CHANGED, Subject::operations(pair), message);
    }
}

fn endpoint(operation: &Operation) -> String {
    format!("{} {}", operation.method.as_str(), operation.path)
}

fn subject(operation: &Operation) -> Subject {
    Subject::operations(Pair { base: operation, head: operation })
}
