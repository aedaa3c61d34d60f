//! Properties that come and go.

use super::prelude::*;

pub(super) const RULES: RuleSet = RuleSet {
    rules: &[
        &REQUEST_REQUIRED_ADDED,
        &REQUEST_REQUIRED_REMOVED,
        &REQUEST_OPTIONAL_ADDED,
        &REQUEST_OPTIONAL_REMOVED,
        &RESPONSE_REQUIRED_ADDED,
        &RESPONSE_REQUIRED_REMOVED,
        &RESPONSE_OPTIONAL_ADDED,
        &RESPONSE_OPTIONAL_REMOVED,
        &REQUEST_NULLABLE_ADDED,
        &REQUEST_NULLABLE_REMOVED,
        &RESPONSE_NULLABLE_ADDED,
        &RESPONSE_NULLABLE_REMOVED,
    ],
    checks: &[Check::FieldLists(compare)],
};

static REQUEST_REQUIRED_ADDED: Rule = Rule::new(
    "request-required-property-added",
    (Major, Breaking, Request),
    "An object that is sent needs a property that there was not.",
)
.reverse("request-required-property-removed")
.counterpart("response-required-property-added");

static REQUEST_REQUIRED_REMOVED: Rule = Rule::new(
    "request-required-property-removed",
    (Major, Breaking, Request),
    "A property that an object needed when it was sent is gone.",
)
.reverse("request-required-property-added")
.counterpart("response-required-property-removed");

static REQUEST_OPTIONAL_ADDED: Rule = Rule::new(
    "request-optional-property-added",
    (Minor, Compatible, Request),
    "An object that is sent takes a property that there was not.",
)
.reverse("request-optional-property-removed")
.counterpart("response-optional-property-added");

static REQUEST_OPTIONAL_REMOVED: Rule = Rule::new(
    "request-optional-property-removed",
    (Major, Breaking, Request),
    "A property that an object took when it was sent is gone.",
)
.reverse("request-optional-property-added")
.counterpart("response-optional-property-removed");

static RESPONSE_REQUIRED_ADDED: Rule = Rule::new(
    "response-required-property-added",
    (Minor, Compatible, Response),
    "Answers carry a property that there was not.",
)
.reverse("response-required-property-removed")
.counterpart("request-required-property-added");

static RESPONSE_REQUIRED_REMOVED: Rule = Rule::new(
    "response-required-property-removed",
    (Major, Breaking, Response),
    "A property that all answers carried is gone.",
)
.reverse("response-required-property-added")
.counterpart("request-required-property-removed");

static RESPONSE_OPTIONAL_ADDED: Rule = Rule::new(
    "response-optional-property-added",
    (Minor, Compatible, Response),
    "Answers may carry a property that there was not.",
)
.reverse("response-optional-property-removed")
.counterpart("request-optional-property-added");

static RESPONSE_OPTIONAL_REMOVED: Rule = Rule::new(
    "response-optional-property-removed",
    (Major, Compatible, Response),
    "A property that answers may have carried is gone.",
)
.reverse("response-optional-property-added")
.counterpart("request-optional-property-removed");

static REQUEST_NULLABLE_ADDED: Rule = Rule::new(
    "request-required-nullable-property-added",
    (Minor, Breaking, Request),
    "An object that is sent needs a property that there was not, which may be null.",
)
.reverse("request-required-nullable-property-removed")
.counterpart("response-required-nullable-property-added");

static REQUEST_NULLABLE_REMOVED: Rule = Rule::new(
    "request-required-nullable-property-removed",
    (Major, Breaking, Request),
    "A property that an object needed when it was sent, and that could be null, is gone.",
)
.reverse("request-required-nullable-property-added")
.counterpart("response-required-nullable-property-removed");

static RESPONSE_NULLABLE_ADDED: Rule = Rule::new(
    "response-required-nullable-property-added",
    (Minor, Compatible, Response),
    "Answers carry a property that there was not, which may be null.",
)
.reverse("response-required-nullable-property-removed")
.counterpart("request-required-nullable-property-added");

static RESPONSE_NULLABLE_REMOVED: Rule = Rule::new(
    "response-required-nullable-property-removed",
    (Major, Breaking, Response),
    "A property that all answers carried, which could be null, is gone.",
)
.reverse("response-required-nullable-property-added")
.counterpart("request-required-nullable-property-removed");

fn compare(_: &Comparison<'_>, changes: &mut Changes, list: &FieldList<'_>) {
    let Container::Struct(pair) = list.of else { return };
    let name = &pair.head.path.name;
    for field in &list.fields.added {
        let (request, response) = match (field.required, field.nullable) {
            (true, false) => (&REQUEST_REQUIRED_ADDED, &RESPONSE_REQUIRED_ADDED),
            (true, true) => (&REQUEST_NULLABLE_ADDED, &RESPONSE_NULLABLE_ADDED),
            (false, _) => (&REQUEST_OPTIONAL_ADDED, &RESPONSE_OPTIONAL_ADDED),
        };
        let wire = &field.wire;
        let message = match (list.of.is_built(), field.is_option(), field.required) {
            (true, false, _) => format!("`{name}::new` has an argument for `{wire}`, which Stripe asks for"),
            (true, true, true) => format!("`{wire}` can be set, and Stripe asks for it"),
            (true, true, false) => format!("`{wire}` can be set"),
            (false, ..) => format!("`{wire}` can be read"),
        };
        changes.report(list.usage.choose(request, response), list.added(field), message);
    }
    for field in &list.fields.removed {
        let (request, response) = match (field.required, field.nullable) {
            (true, false) => (&REQUEST_REQUIRED_REMOVED, &RESPONSE_REQUIRED_REMOVED),
            (true, true) => (&REQUEST_NULLABLE_REMOVED, &RESPONSE_NULLABLE_REMOVED),
            (false, _) => (&REQUEST_OPTIONAL_REMOVED, &RESPONSE_OPTIONAL_REMOVED),
        };
        let use_of = if list.of.is_built() { "sets or reads" } else { "reads" };
        let message = format!("`{}` is gone; code that {use_of} it stops compiling", field.wire);
        changes.report(list.usage.choose(request, response), list.removed(field), message);
    }
}
