//! Properties: which exist, and their names on the wire, with those of parameters.
//!
//! To add a rule: a line in the table, a report in a check, and an example in `tests/fixtures/diff/properties.yaml`.

use super::prelude::*;
use crate::api::{Field, Parameter, Place};

rules! {
    REQUEST_REQUIRED_ADDED = "request-required-property-added", Major, Breaking, Request,
        "A request object requires a new property.";
    REQUEST_REQUIRED_REMOVED = "request-required-property-removed", Major, Breaking, Request,
        "A required property is removed from a request object.";
    REQUEST_PRESET_ADDED = "request-required-preset-property-added", Minor, Breaking, Request,
        "A request object requires a new property that has a preset.";
    REQUEST_PRESET_REMOVED = "request-required-preset-property-removed", Major, Breaking, Request,
        "A required property that has a preset is removed from a request object.";
    REQUEST_OPTIONAL_ADDED = "request-optional-property-added", Minor, Compatible, Request,
        "A request object accepts a new optional property.";
    REQUEST_OPTIONAL_REMOVED = "request-optional-property-removed", Major, Breaking, Request,
        "An optional property is removed from a request object.";
    RESPONSE_REQUIRED_ADDED = "response-required-property-added", Minor, Compatible, Response,
        "A response object contains a new required property.";
    RESPONSE_REQUIRED_REMOVED = "response-required-property-removed", Major, Breaking, Response,
        "A required property is removed from a response object.";
    RESPONSE_OPTIONAL_ADDED = "response-optional-property-added", Minor, Compatible, Response,
        "A response object may contain a new optional property.";
    RESPONSE_OPTIONAL_REMOVED = "response-optional-property-removed", Major, Compatible, Response,
        "An optional property is removed from a response object.";
    REQUEST_NULLABLE_ADDED = "request-required-nullable-property-added", Minor, Breaking, Request,
        "A request object requires a new property that may be null.";
    REQUEST_NULLABLE_REMOVED = "request-required-nullable-property-removed", Major, Breaking, Request,
        "A required property that may be null is removed from a request object.";
    RESPONSE_NULLABLE_ADDED = "response-required-nullable-property-added", Minor, Compatible, Response,
        "A response object contains a new required property that may be null.";
    RESPONSE_NULLABLE_REMOVED = "response-required-nullable-property-removed", Major, Breaking, Response,
        "A required property that may be null is removed from a response object.";
    REQUEST_RENAMED = "request-name-changed", Patch, Breaking, Request,
        "A parameter or request property is renamed on the wire.";
    RESPONSE_RENAMED = "response-name-changed", Patch, Breaking, Response,
        "A required response property is renamed on the wire, or one gets the former name of another.";
    RESPONSE_OPTIONAL_RENAMED = "response-optional-name-changed", Patch, Compatible, Response,
        "An optional response property is renamed on the wire.";
}

pub(super) const CHECKS: &[Check] = &[Check::FieldList(added_and_removed), Check::Field(renamed)];

fn added_and_removed(_: &Comparison<'_>, changes: &mut Changes, list: &FieldList<'_>) {
    let Container::Struct(_) = list.container else { return };
    for field in &list.fields.added {
        let (request, response) = match (field.required, field.nullable) {
            (true, false) if field.preset.is_some() => (&REQUEST_PRESET_ADDED, &RESPONSE_REQUIRED_ADDED),
            (true, false) => (&REQUEST_REQUIRED_ADDED, &RESPONSE_REQUIRED_ADDED),
            (true, true) => (&REQUEST_NULLABLE_ADDED, &RESPONSE_NULLABLE_ADDED),
            (false, _) => (&REQUEST_OPTIONAL_ADDED, &RESPONSE_OPTIONAL_ADDED),
        };
        changes.report(list.usage.rule(request, response), list.subject.added_member(*field), added(list, field));
    }
    for field in &list.fields.removed {
        let (request, response) = match (field.required, field.nullable) {
            (true, false) if field.preset.is_some() => (&REQUEST_PRESET_REMOVED, &RESPONSE_REQUIRED_REMOVED),
            (true, false) => (&REQUEST_REQUIRED_REMOVED, &RESPONSE_REQUIRED_REMOVED),
            (true, true) => (&REQUEST_NULLABLE_REMOVED, &RESPONSE_NULLABLE_REMOVED),
            (false, _) => (&REQUEST_OPTIONAL_REMOVED, &RESPONSE_OPTIONAL_REMOVED),
        };
        changes.report(list.usage.rule(request, response), list.subject.removed_member(*field), removed(list, field));
    }
}

/// The message for a new property or parameter.
pub(super) fn added(list: &FieldList<'_>, field: &Field) -> String {
    let (wire, name) = (&field.wire, list.container.name());
    match (list.container.is_constructed(), &field.preset) {
        (true, None) if field.is_argument() => format!("`{wire}` is added as a required argument of `{name}::new`"),
        (true, Some(preset)) => format!("`{wire}` is added, preset to `{preset}`, with a setter"),
        (true, None) if field.required => {
            format!("`{wire}` is added; Stripe requires it, but it is nullable, so it has a setter")
        }
        (true, None) => format!("`{wire}` is added with a setter"),
        (false, _) => format!("`{wire}` is added"),
    }
}

/// The message for a property or parameter that is removed.
pub(super) fn removed(list: &FieldList<'_>, field: &Field) -> String {
    let (wire, name, was) = (&field.wire, list.container.name(), was_deprecated(field.deprecated));
    match (list.container.is_constructed(), field.is_argument()) {
        (true, true) => format!("`{wire}` is removed from the arguments of `{name}::new`{was}"),
        _ => format!("`{wire}` is removed{was}"),
    }
}

/// The end of the message for an item that is removed.
pub(super) fn was_deprecated(was_deprecated: bool) -> &'static str {
    if was_deprecated { "; it was deprecated before" } else { "" }
}

fn renamed(_: &Comparison<'_>, changes: &mut Changes, pair: &FieldPair<'_>) {
    let (old, new) = pair.field.map(|field| field.wire.as_str());
    // The path contains the value of a parameter, not its name.
    let in_path =
        |parameter: Pair<'_, Parameter>| [parameter.base.place, parameter.head.place] == [Place::Path, Place::Path];
    if old != new && !pair.parameter.is_some_and(in_path) {
        let is_required = pair.field.base.required || pair.field.head.required;
        let [base, head] = pair.container.fields();
        let has = |fields: Vec<&Field>, wire: &str| fields.iter().any(|field| field.wire == wire);
        let is_breaking = is_required || has(base, new) || has(head, old);
        let response = if is_breaking { &RESPONSE_RENAMED } else { &RESPONSE_OPTIONAL_RENAMED };
        let rule = pair.usage.rule(&REQUEST_RENAMED, response);
        changes.report(rule, pair.subject.clone(), format!("`{old}` is renamed to `{new}` on the wire"));
    }
}
