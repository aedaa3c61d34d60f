//! Properties that come and go.

use super::prelude::*;
use crate::api::{Field, Presence};

pub(super) const TOPIC: Topic = Topic {
    rules: &[
        &REQUEST_REQUIRED_ADDED,
        &REQUEST_REQUIRED_REMOVED,
        &REQUEST_OPTIONAL_ADDED,
        &REQUEST_OPTIONAL_REMOVED,
        &RESPONSE_REQUIRED_ADDED,
        &RESPONSE_REQUIRED_REMOVED,
        &RESPONSE_OPTIONAL_ADDED,
        &RESPONSE_OPTIONAL_REMOVED,
    ],
    compare: Compare::FieldLists(compare),
};

static REQUEST_REQUIRED_ADDED: Rule = Rule::new(
    "request-required-property-added",
    (Major, Breaking, Request),
    "An object that is sent needs a property that there was not.",
)
.mirror("request-required-property-removed")
.twin("response-required-property-added");

static REQUEST_REQUIRED_REMOVED: Rule = Rule::new(
    "request-required-property-removed",
    (Major, Breaking, Request),
    "A property that an object needed when it was sent is gone.",
)
.mirror("request-required-property-added")
.twin("response-required-property-removed");

static REQUEST_OPTIONAL_ADDED: Rule = Rule::new(
    "request-optional-property-added",
    (Minor, Compatible, Request),
    "An object that is sent takes a property that there was not.",
)
.mirror("request-optional-property-removed")
.twin("response-optional-property-added");

static REQUEST_OPTIONAL_REMOVED: Rule = Rule::new(
    "request-optional-property-removed",
    (Major, Breaking, Request),
    "A property that an object took when it was sent is gone.",
)
.mirror("request-optional-property-added")
.twin("response-optional-property-removed");

static RESPONSE_REQUIRED_ADDED: Rule = Rule::new(
    "response-required-property-added",
    (Minor, Compatible, Response),
    "Answers carry a property that there was not.",
)
.mirror("response-required-property-removed")
.twin("request-required-property-added");

static RESPONSE_REQUIRED_REMOVED: Rule = Rule::new(
    "response-required-property-removed",
    (Major, Breaking, Response),
    "A property that all answers carried is gone.",
)
.mirror("response-required-property-added")
.twin("request-required-property-removed");

static RESPONSE_OPTIONAL_ADDED: Rule = Rule::new(
    "response-optional-property-added",
    (Minor, Compatible, Response),
    "Answers may carry a property that there was not.",
)
.mirror("response-optional-property-removed")
.twin("request-optional-property-added");

static RESPONSE_OPTIONAL_REMOVED: Rule = Rule::new(
    "response-optional-property-removed",
    (Major, Compatible, Response),
    "A property that answers may have carried is gone.",
)
.mirror("response-optional-property-added")
.twin("request-optional-property-removed");

fn compare(comparison: &mut Comparison<'_>, list: &FieldList<'_>) {
    let Holder::Struct(pair) = list.of else { return };
    let name = &pair.head.path.name;
    for field in &list.fields.added {
        let is_argument = field.presence(true) == Presence::Required && list.of.is_built();
        let rule = if is_always_there(field) {
            list.travel.choose(&REQUEST_REQUIRED_ADDED, &RESPONSE_REQUIRED_ADDED)
        } else {
            list.travel.choose(&REQUEST_OPTIONAL_ADDED, &RESPONSE_OPTIONAL_ADDED)
        };
        let message = if is_argument {
            format!("`{name}::new` has an argument for `{}`, which Stripe asks for", field.wire)
        } else if list.of.is_built() {
            format!("`{}` can be set", field.wire)
        } else {
            format!("`{}` can be read", field.wire)
        };
        comparison.report(rule, list.added(field), message);
    }
    for field in &list.fields.removed {
        let rule = if is_always_there(field) {
            list.travel.choose(&REQUEST_REQUIRED_REMOVED, &RESPONSE_REQUIRED_REMOVED)
        } else {
            list.travel.choose(&REQUEST_OPTIONAL_REMOVED, &RESPONSE_OPTIONAL_REMOVED)
        };
        let use_of = if list.of.is_built() { "sets or reads" } else { "reads" };
        let message = format!("`{}` is gone; code that {use_of} it stops compiling", field.wire);
        comparison.report(rule, list.removed(field), message);
    }
}

fn is_always_there(field: &Field) -> bool {
    field.presence(true) == Presence::Required
}
