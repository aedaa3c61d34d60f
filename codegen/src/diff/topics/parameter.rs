//! Parameters that come, go and move.

use super::prelude::*;
use crate::api::{Field, Place, Presence};

pub(super) const TOPIC: Topic = Topic {
    rules: &[&REQUIRED_ADDED, &REQUIRED_REMOVED, &OPTIONAL_ADDED, &OPTIONAL_REMOVED, &MOVED],
    compare: Compare::FieldLists(compare),
};

const ONE_WAY: &str = "parameters are sent only";

static REQUIRED_ADDED: Rule = Rule::new(
    "required-parameter-added",
    (Major, Breaking, Request),
    "A request needs a parameter that there was not.",
)
.mirror("required-parameter-removed")
.one_way(ONE_WAY);

static REQUIRED_REMOVED: Rule =
    Rule::new("required-parameter-removed", (Major, Breaking, Request), "A parameter that a request needed is gone.")
        .mirror("required-parameter-added")
        .one_way(ONE_WAY);

static OPTIONAL_ADDED: Rule = Rule::new(
    "optional-parameter-added",
    (Minor, Compatible, Request),
    "A request takes a parameter that there was not.",
)
.mirror("optional-parameter-removed")
.one_way(ONE_WAY);

static OPTIONAL_REMOVED: Rule =
    Rule::new("optional-parameter-removed", (Major, Breaking, Request), "A parameter that a request took is gone.")
        .mirror("optional-parameter-added")
        .one_way(ONE_WAY);

static MOVED: Rule = Rule::new(
    "parameter-moved",
    (Patch, Breaking, Request),
    "A parameter travels in the path that did not, or the other way round.",
)
.one_way(ONE_WAY);

fn compare(comparison: &mut Comparison<'_>, list: &FieldList<'_>) {
    let Holder::Operation(pair) = list.of else { return };
    let request = &pair.head.request.name;
    for field in &list.fields.added {
        let (rule, message) = if is_required(field) {
            (&REQUIRED_ADDED, format!("`{request}::new` has an argument for `{}`, which Stripe asks for", field.wire))
        } else {
            (&OPTIONAL_ADDED, format!("`{}` can be set", field.wire))
        };
        comparison.report(rule, list.added(field), message);
    }
    for field in &list.fields.removed {
        let (rule, message) = if is_required(field) {
            (&REQUIRED_REMOVED, format!("`{request}::new` has no argument for `{}` any more", field.wire))
        } else {
            (&OPTIONAL_REMOVED, format!("`{}` can't be set any more; code that sets it stops compiling", field.wire))
        };
        comparison.report(rule, list.removed(field), message);
    }
    for pair in list.pairs() {
        let Some(parameters) = pair.of.parameters(pair.field) else { continue };
        let (old, new) = (parameters.base.place, parameters.head.place);
        if old != new {
            let how = if new == Place::Path { "is sent in the path now" } else { "is no longer sent in the path" };
            let message = format!("`{}` {how}; code that gives it stays as it is", pair.field.head.wire);
            comparison.report(&MOVED, pair.subject, message);
        }
    }
}

fn is_required(field: &Field) -> bool {
    field.presence(true) == Presence::Required
}
