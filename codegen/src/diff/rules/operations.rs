//! Operations: which exist, where and how they are requested, and what they return.
//!
//! To add a rule: a line in the table, a report in a check, and an example in `tests/fixtures/diff/operations.yaml`.

use std::collections::BTreeMap;

use super::super::pairing::path_shape;
use super::super::shape::{self, is_same_on_the_wire};
use super::super::subject::operation_item;
use super::prelude::*;
use super::{field_types, properties};
use crate::api::{Api, Encoding, EventKind, Operation, Place, Type};

rules! {
    ADDED = "operation-added", Minor, Compatible, Both, "An operation is added.";
    REMOVED = "operation-removed", Major, Breaking, Both, "An operation is removed.";
    ID_CHANGED = "operation-id-changed", Patch, Documentation, Both, "The `operationId` of an operation changes.";
    PATH_CHANGED = "path-changed", Patch, Breaking, Request, "The path of an operation changes.";
    PATH_PARAMETER_RENAMED = "path-parameter-renamed", Patch, Documentation, Request,
        "A parameter is renamed in the path template of an operation.";
    METHOD_CHANGED = "method-changed", Patch, Breaking, Request, "The HTTP method of an operation changes.";
    ENCODING_CHANGED = "parameter-encoding-changed", Patch, Breaking, Request,
        "The parameters of an operation move between query, form and JSON.";
    SERVER_CHANGED = "server-changed", Patch, Breaking, Request, "The server of an operation changes.";
    RESPONSE_CHANGED = "operation-response-changed", Major, Breaking, Response, "The response type of an operation changes.";
}

pub(super) const CHECKS: &[Check] =
    &[Check::Api(added_and_removed), Check::Api(servers), Check::Operation(request), Check::Operation(response)];

fn added_and_removed(comparison: &Comparison<'_>, changes: &mut Changes) {
    let endpoint = |operation: &Operation| format!("{} {}", operation.method.as_str(), operation.path);
    let subject = |operation| Subject::of_operation(Pair { base: operation, head: operation });
    for operation in &comparison.operations.added {
        let message = format!("`{}` is added as `{}`", endpoint(operation), operation_item(operation));
        changes.report(&ADDED, subject(operation).added(), message);
    }
    for operation in &comparison.operations.removed {
        let (request, was) = (&operation.request.name, properties::was_deprecated(operation.deprecated));
        let with: Vec<_> = methods(comparison.sides.base, operation).map(|method| format!("`{method}`")).collect();
        let with = if with.is_empty() { String::new() } else { format!(", and {} with it", with.join(" and ")) };
        let message = format!("`{}` (`{request}`) is removed{with}{was}", endpoint(operation));
        changes.report(&REMOVED, subject(operation).removed(), message);
    }
}

/// The methods that make the request of an operation.
fn methods(api: &Api, operation: &Operation) -> impl Iterator<Item = String> {
    let attached = operation.attachment.as_ref();
    let method = attached.map(|attached| format!("{}::{}", attached.resource.name, attached.method));
    let envelopes = api.events.iter().filter(|set| set.kind == EventKind::Thin).map(|set| &set.envelope);
    let full = envelopes.filter(move |envelope| {
        attached.is_some_and(|attached| attached.resource == **envelope && attached.method.as_str() == "retrieve")
    });
    method.into_iter().chain(full.map(|envelope| format!("{}::full", envelope.name)))
}

/// Reports a server once for all operations of a description.
fn servers(comparison: &Comparison<'_>, changes: &mut Changes) {
    let mut moved: BTreeMap<_, Vec<Pair<'_, Operation>>> = BTreeMap::new();
    for pair in comparison.operations.kept.iter().filter(|pair| !pair.same(|operation| &operation.base_url)) {
        let urls = pair.map(|operation| operation.base_url.as_str());
        let files = pair.map(|operation| operation.origin.file.as_str());
        moved.entry((urls, files)).or_default().push(*pair);
    }
    for (((old, new), (base, head)), operations) in moved {
        let change = format!("changes from `{old}` to `{new}`");
        let description = |api: &'_ Api, file: &str| {
            api.descriptions.iter().find(|description| description.file == file).map(|found| found.origin.clone())
        };
        match operations.as_slice() {
            [pair] => changes.report(&SERVER_CHANGED, Subject::of_operation(*pair), format!("the server {change}")),
            operations => {
                let place = |api, file| place("servers", &description(api, file)?);
                let Pair { base: old_api, head: new_api } = comparison.sides;
                let subject = Subject::whole(place(old_api, base), place(new_api, head));
                let names: Vec<_> = operations.iter().map(|pair| format!("`{}`", operation_item(pair.head))).collect();
                let message = format!("the server of {} operations {change}: {}", names.len(), names.join(", "));
                changes.report(&SERVER_CHANGED, subject, message);
            }
        }
    }
}

fn request(_: &Comparison<'_>, changes: &mut Changes, pair: Pair<'_, Operation>) {
    let (base, head) = (pair.base, pair.head);
    let (path_rule, path) = if path_shape(&base.path) == path_shape(&head.path) {
        (&PATH_PARAMETER_RENAMED, "path template")
    } else {
        (&PATH_CHANGED, "path")
    };
    for (rule, what, old, new) in [
        (&ID_CHANGED, "`operationId`", base.id.as_str(), head.id.as_str()),
        (path_rule, path, base.path.as_str(), head.path.as_str()),
        (&METHOD_CHANGED, "method", base.method.as_str(), head.method.as_str()),
    ] {
        if old != new {
            changes.report(rule, Subject::of_operation(pair), format!("the {what} changes from `{old}` to `{new}`"));
        }
    }
    // Parameters in the path are not encoded.
    let is_encoded =
        |operation: &Operation| operation.parameters.iter().any(|parameter| parameter.place != Place::Path);
    if base.encoding != head.encoding && is_encoded(base) && is_encoded(head) {
        let name = |encoding| match encoding {
            Encoding::Query => "in the query",
            Encoding::Form => "as a form",
            Encoding::Json => "as JSON",
        };
        let message = format!("parameters are sent {} instead of {}", name(head.encoding), name(base.encoding));
        changes.report(&ENCODING_CHANGED, Subject::of_operation(pair), message);
    }
}

fn response<'a>(comparison: &Comparison<'a>, changes: &mut Changes, pair: Pair<'a, Operation>) {
    let (old, new) = pair.map(|operation| &operation.response);
    // Lists that become something else have rules of their own.
    if pair.base.listing.is_some() == pair.head.listing.is_some() && !comparison.is_same(old, new) {
        let rust = |ty: &Type| shape::rust(ty, &|path| path.to_string());
        let is_same_in_rust = rust(&comparison.in_head(old)) == rust(new);
        let rule = match (is_same_on_the_wire(comparison, old, new), is_same_in_rust) {
            (true, true) => {
                let message = "the documented format of the response changes".to_owned();
                return changes.report(&field_types::FORMAT_NOTED, Subject::of_operation(pair), message);
            }
            (true, false) => &field_types::RUST_CHANGED,
            (false, _) => field_types::responses(comparison, old, new).unwrap_or(&RESPONSE_CHANGED),
        };
        let (old, new) = comparison.shown(old, new);
        changes.report(rule, Subject::of_operation(pair), format!("the response changes from `{old}` to `{new}`"));
    }
}
