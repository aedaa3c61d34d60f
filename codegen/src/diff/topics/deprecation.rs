//! What is not to be used any more.

use super::prelude::*;

pub(super) const TOPIC: Topic = Topic {
    rules: &[&ADDED, &REMOVED],
    compare: &[
        Compare::Types(|_, changes, pair| {
            tell(changes, Subject::types(pair), pair.base.deprecated, pair.head.deprecated);
        }),
        Compare::Operations(|_, changes, pair| {
            tell(changes, Subject::operations(pair), pair.base.deprecated, pair.head.deprecated);
        }),
        Compare::Fields(|_, changes, pair| {
            tell(changes, pair.subject.clone(), pair.field.base.deprecated, pair.field.head.deprecated);
        }),
    ],
};

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

fn tell(changes: &mut Changes, subject: Subject, was: bool, is: bool) {
    match (was, is) {
        (false, true) => changes.report(&ADDED, subject, "code that uses it compiles, with a warning"),
        (true, false) => changes.report(&REMOVED, subject, "code that uses it compiles without the warning"),
        _ => {}
    }
}
