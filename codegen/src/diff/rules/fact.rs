//! Facts told of a resource by naming its fields: what wait and download have in common.

use super::prelude::*;
use crate::api::{FieldPath, FieldStep, TypeDef};

/// The rules for a fact that is told, no longer told, or told by another field.
pub(super) struct Rules {
    pub(super) added: &'static Rule,
    pub(super) removed: &'static Rule,
    pub(super) moved: &'static Rule,
}

/// A resource whose facts are compared, and where they are told.
pub(super) struct Facts<'a> {
    pub(super) resource: Pair<'a, TypeDef>,
    pub(super) subject: Subject,
}

impl Facts<'_> {
    /// Compares where a fact is told.
    pub(super) fn compare(
        &self,
        comparison: &Comparison<'_>,
        changes: &mut Changes,
        rules: &Rules,
        what: &str,
        (base, head): (Option<&FieldPath>, Option<&FieldPath>),
    ) {
        let (rule, message) = match (base, head) {
            (None, Some(head)) => (rules.added, format!("{what} is known: it is in `{}`", steps(head).join("."))),
            (Some(base), None) => {
                (rules.removed, format!("{what} is no longer known; it was in `{}`", steps(base).join(".")))
            }
            // A field with another name is told as that.
            (Some(base), Some(head)) if comparison.path_in_head(&self.resource.base.path, base) != steps(head) => {
                let (old, new) = (steps(base).join("."), steps(head).join("."));
                (rules.moved, format!("{what} is in `{new}`, no longer in `{old}`; code stays as it is"))
            }
            _ => return,
        };
        changes.report(rule, self.subject.clone(), message);
    }

    /// Compares the requests that fetch the resource again.
    pub(super) fn retrieve(
        &self,
        comparison: &Comparison<'_>,
        changes: &mut Changes,
        rule: &'static Rule,
        (base, head): (&str, &str),
    ) {
        let is_same = comparison.operations.kept.iter().any(|pair| pair.base.id == base && pair.head.id == head);
        if !is_same {
            let message = format!("it is fetched again with `{head}`, no longer with `{base}`");
            changes.report(rule, self.subject.clone(), message);
        }
    }
}

/// The names on the way to a field.
pub(super) fn steps(path: &FieldPath) -> Vec<String> {
    let step = |step: &FieldStep| match step {
        FieldStep::Field { name, .. } => name.to_string(),
        FieldStep::Key { key, .. } => key.clone(),
    };
    path.steps.iter().map(step).collect()
}
