//! Operations that come and go.

use super::super::comparison::operation_item;
use super::prelude::*;
use crate::api::Operation;

pub(super) const TOPIC: Topic = Topic { rules: &[&ADDED, &REMOVED, &ID_CHANGED], compare: Compare::Crates(compare) };

static ADDED: Rule =
    Rule::new("operation-added", (Minor, Compatible, Both), "There is a new operation.").mirror("operation-removed");

static REMOVED: Rule =
    Rule::new("operation-removed", (Major, Breaking, Both), "An operation is gone.").mirror("operation-added");

static ID_CHANGED: Rule =
    Rule::new("operation-id-changed", (Patch, Documentation, Both), "An operation has another `operationId`.");

fn compare(comparison: &mut Comparison<'_>) {
    for operation in comparison.operations.added.clone() {
        let message = format!("`{}` can be asked now, with `{}`", endpoint(operation), operation_item(operation));
        comparison.report(&ADDED, subject(operation).added(), message);
    }
    for operation in comparison.operations.removed.clone() {
        let message = format!(
            "`{}` is gone; code that makes {} stops compiling",
            endpoint(operation),
            a(&operation.request.name)
        );
        comparison.report(&REMOVED, subject(operation).removed(), message);
    }
    for pair in comparison.operations.kept.clone() {
        if !pair.same(|operation| &operation.id) {
            let message = format!("it is called `{}` in messages, which was `{}`", pair.head.id, pair.base.id);
            comparison.report(&ID_CHANGED, Subject::operations(pair), message);
        }
    }
}

fn endpoint(operation: &Operation) -> String {
    format!("{} {}", operation.method.as_str(), operation.path)
}

fn subject(operation: &Operation) -> Subject {
    Subject::operations(Pair { base: operation, head: operation })
}
