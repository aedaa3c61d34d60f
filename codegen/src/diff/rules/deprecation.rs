//! What is not to be used any more.

use super::prelude::*;

pub(super) const RULES: RuleSet = RuleSet {
    rules: &[&ADDED, &REMOVED],
    checks: &[
        Check::Types(|_, changes, pair| {
            report(changes, Subject::types(pair), pair.base.deprecated, pair.head.deprecated);
        }),
        Check::Operations(|_, changes, pair| {
            report(changes, Subject::operations(pair), pair.base.deprecated, pair.head.deprecated);
        }),
        Check::Fields(|_, changes, pair| {
            report(changes, pair.subject.clone(), pair.field.base.deprecated, pair.field.head.deprecated);
        }),
    ],
};

static ADDED: Rule = Rule::new(
    "deprecated",
    (Minor, Documentation, Both),
    "An operation, a type, a property or a parameter is deprecated.",
)
.reverse("undeprecated")
.is_judgement();

static REMOVED: Rule = Rule::new(
    "undeprecated",
    (Patch, Documentation, Both),
    "An operation, a type, a property or a parameter is no longer deprecated.",
)
.reverse("deprecated");

fn report(changes: &mut Changes, subject: Subject, was: bool, is: bool) {
    match (was, is) {
        (false, true) => changes.report(&ADDED, subject, "code that uses it compiles, with a warning"),
        (true, false) => changes.report(&REMOVED, subject, "code that uses it compiles without the warning"),
        _ => {}
    }
}
