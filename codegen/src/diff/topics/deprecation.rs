//! What is not to be used any more.

use super::prelude::*;

pub(super) const TOPIC: Topic = Topic { rules: &[&ADDED, &REMOVED], compare: Compare::Crates(compare) };

static ADDED: Rule = Rule::new(
    "deprecated",
    (Minor, Documentation, Both),
    "An operation, a type, a property or a parameter is deprecated.",
)
.mirror("undeprecated")
.judged();

static REMOVED: Rule = Rule::new(
    "undeprecated",
    (Patch, Documentation, Both),
    "An operation, a type, a property or a parameter is no longer deprecated.",
)
.mirror("deprecated");

fn compare(comparison: &mut Comparison<'_>) {
    for pair in comparison.types.kept.clone() {
        tell(comparison, Subject::types(pair), pair.base.deprecated, pair.head.deprecated);
    }
    for pair in comparison.operations.kept.clone() {
        tell(comparison, Subject::operations(pair), pair.base.deprecated, pair.head.deprecated);
    }
    for list in comparison.field_lists() {
        for pair in list.pairs() {
            tell(comparison, pair.subject, pair.field.base.deprecated, pair.field.head.deprecated);
        }
    }
}

fn tell(comparison: &mut Comparison<'_>, subject: Subject, was: bool, is: bool) {
    let subject = Subject { direction: None, ..subject };
    match (was, is) {
        (false, true) => comparison.report(&ADDED, subject, "code that uses it compiles, with a warning"),
        (true, false) => comparison.report(&REMOVED, subject, "code that uses it compiles without the warning"),
        _ => {}
    }
}
