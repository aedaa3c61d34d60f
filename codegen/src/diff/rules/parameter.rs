//! Parameters that come, go and move.

use super::prelude::*;
use crate::api::Place;

pub(super) const RULES: RuleSet = RuleSet {
    rules: &[
        &REQUIRED_ADDED,
        &REQUIRED_REMOVED,
        &NULLABLE_ADDED,
        &NULLABLE_REMOVED,
        &OPTIONAL_ADDED,
        &OPTIONAL_REMOVED,
        &MOVED,
    ],
    checks: &[Check::FieldLists(compare), Check::Fields(moved)],
};

const ONE_WAY: &str = "parameters are sent only";

static REQUIRED_ADDED: Rule = Rule::new(
    "required-parameter-added",
    (Major, Breaking, Request),
    "A request needs a parameter that there was not.",
)
.reverse("required-parameter-removed")
.without_counterpart(ONE_WAY);

static REQUIRED_REMOVED: Rule =
    Rule::new("required-parameter-removed", (Major, Breaking, Request), "A parameter that a request needed is gone.")
        .reverse("required-parameter-added")
        .without_counterpart(ONE_WAY);

static NULLABLE_ADDED: Rule = Rule::new(
    "required-nullable-parameter-added",
    (Minor, Breaking, Request),
    "A request needs a parameter that there was not, which may be null.",
)
.reverse("required-nullable-parameter-removed")
.without_counterpart(ONE_WAY);

static NULLABLE_REMOVED: Rule = Rule::new(
    "required-nullable-parameter-removed",
    (Major, Breaking, Request),
    "A parameter that a request needed, and that could be null, is gone.",
)
.reverse("required-nullable-parameter-added")
.without_counterpart(ONE_WAY);

static OPTIONAL_ADDED: Rule = Rule::new(
    "optional-parameter-added",
    (Minor, Compatible, Request),
    "A request takes a parameter that there was not.",
)
.reverse("optional-parameter-removed")
.without_counterpart(ONE_WAY);

static OPTIONAL_REMOVED: Rule =
    Rule::new("optional-parameter-removed", (Major, Breaking, Request), "A parameter that a request took is gone.")
        .reverse("optional-parameter-added")
        .without_counterpart(ONE_WAY);

static MOVED: Rule = Rule::new(
    "parameter-moved",
    (Patch, Breaking, Request),
    "A parameter travels in the path that did not, or the other way round.",
)
.without_counterpart(ONE_WAY);

fn compare(_: &Comparison<'_>, changes: &mut Changes, list: &FieldList<'_>) {
    let Container::Operation(pair) = list.of else { return };
    let request = &pair.head.request.name;
    for field in &list.fields.added {
        let (rule, message) = match (field.required, field.nullable) {
            (true, false) => (
                &REQUIRED_ADDED,
                format!("`{request}::new` has an argument for `{}`, which Stripe asks for", field.wire),
            ),
            (true, true) => (&NULLABLE_ADDED, format!("`{}` can be set, and Stripe asks for it", field.wire)),
            (false, _) => (&OPTIONAL_ADDED, format!("`{}` can be set", field.wire)),
        };
        changes.report(rule, list.added(field), message);
    }
    for field in &list.fields.removed {
        let cant_be_set = || format!("`{}` can't be set any more; code that sets it stops compiling", field.wire);
        let (rule, message) = match (field.required, field.nullable) {
            (true, false) => {
                (&REQUIRED_REMOVED, format!("`{request}::new` has no argument for `{}` any more", field.wire))
            }
            (true, true) => (&NULLABLE_REMOVED, cant_be_set()),
            (false, _) => (&OPTIONAL_REMOVED, cant_be_set()),
        };
        changes.report(rule, list.removed(field), message);
    }
}

fn moved(_: &Comparison<'_>, changes: &mut Changes, pair: &FieldPair<'_>) {
    let Some(parameter) = pair.parameter else { return };
    let (old, new) = (parameter.base.place, parameter.head.place);
    if old != new {
        let how = if new == Place::Path { "is sent in the path now" } else { "is no longer sent in the path" };
        let message = format!("`{}` {how}; code that gives it stays as it is", pair.field.head.wire);
        changes.report(&MOVED, pair.subject.clone(), message);
    }
}
