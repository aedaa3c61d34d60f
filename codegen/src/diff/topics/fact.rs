//! Facts told of a resource by naming its fields: what wait and download have in common.

use super::prelude::*;
use crate::api::{FieldPath, FieldStep};

/// The rules for a fact that is told, no longer told, or told by another field.
pub(super) struct Rules {
    pub(super) added: &'static Rule,
    pub(super) removed: &'static Rule,
    pub(super) moved: &'static Rule,
}

/// Compares where a fact is told.
pub(super) fn compare(
    comparison: &mut Comparison<'_>,
    rules: &Rules,
    subject: &Subject,
    what: &str,
    (base, head): (Option<&FieldPath>, Option<&FieldPath>),
) {
    let (rule, message) = match (base, head) {
        (None, Some(head)) => (rules.added, format!("{what} is known: it is in `{}`", shown(head))),
        (Some(base), None) => (rules.removed, format!("{what} is no longer known; it was in `{}`", shown(base))),
        (Some(base), Some(head)) if shown(base) != shown(head) => (
            rules.moved,
            format!("{what} is in `{}`, no longer in `{}`; code stays as it is", shown(head), shown(base)),
        ),
        _ => return,
    };
    comparison.report(rule, subject.clone(), message);
}

fn shown(path: &FieldPath) -> String {
    let step = |step: &FieldStep| match step {
        FieldStep::Field { name, .. } => name.to_string(),
        FieldStep::Key(key) => key.clone(),
    };
    path.steps.iter().map(step).collect::<Vec<_>>().join(".")
}
