//! The resource that an event is about.

use openapiv3::ReferenceOr;

use super::context::Context;
use super::extensions::{self as ext, Envelope};
use super::patterns;
use super::registry::{Component, Registry};
use super::site::Site;
use crate::diagnostic::Code;
use crate::suggest;

/// Returns the resource that an event is about; reports an event without one.
pub(super) fn subject<'a>(
    cx: &mut Context<'a>,
    registry: &'a Registry<'a>,
    event: &'a Component<'a>,
    kind: Envelope,
) -> Option<&'a Component<'a>> {
    if cx.broken.hides_resources || cx.has_parse_error(&event.site) {
        return None;
    }
    match kind {
        Envelope::Snapshot => snapshot_subject(cx, registry, event),
        Envelope::Thin => thin_subject(cx, registry, event),
    }
}

fn snapshot_subject<'a>(
    cx: &mut Context<'a>,
    registry: &'a Registry<'a>,
    event: &'a Component<'a>,
) -> Option<&'a Component<'a>> {
    let site = event.site.keys(&["properties", "object"]);
    let object = patterns::property(event.schema, "object");
    if object.and_then(ReferenceOr::as_item).is_some_and(|object| patterns::is_composed(object)) {
        return None;
    }
    let Some(ReferenceOr::Reference { reference }) = object else {
        let site = if object.is_some() { site } else { event.site.key(ext::STRIPE_EVENT) };
        no_subject(cx, &site, "make the property `object` a `$ref` to a schema with an `x-resourceId`");
        return None;
    };
    let target = registry.resolve(cx, &site, reference)?;
    if target.resource.is_none() {
        if !cx.has_parse_error(&target.site) {
            let message = format!("expected a resource, found `{reference}` without an `x-resourceId`");
            let help = "refer to a resource, or add `x-resourceId` to the schema";
            let diagnostic = site.key("$ref").at_value(Code::UnknownResource, message, help);
            cx.report(diagnostic.related(target.site.related("the schema")));
        }
        return None;
    }
    Some(target)
}

fn thin_subject<'a>(
    cx: &mut Context<'a>,
    registry: &'a Registry<'a>,
    event: &'a Component<'a>,
) -> Option<&'a Component<'a>> {
    let help = "make `related_object.type` an `enum` of one value, the `x-resourceId` of a schema";
    let Some(related) = patterns::property(event.schema, "related_object") else {
        no_subject(cx, &event.site.key(ext::STRIPE_EVENT), help);
        return None;
    };
    let site = event.site.keys(&["properties", "related_object"]);
    let (site, related) = registry.resolve_schema(cx, &site, related.into())?;
    let Some(property) = patterns::property(related, "type") else {
        no_subject(cx, &site, help);
        return None;
    };
    let (site, schema) = registry.resolve_schema(cx, &site.keys(&["properties", "type"]), property.into())?;
    let Some(id) = patterns::single_value(schema) else {
        if !patterns::is_composed(schema) {
            no_subject(cx, &site, help);
        }
        return None;
    };
    if registry.has_resource(&id) {
        return registry.resource(&id);
    }
    let help = suggest::did_you_mean(&id, registry.resource_ids())
        .unwrap_or_else(|| format!("write the `x-resourceId` of a schema, or add `x-resourceId: {id}` to one"));
    let message = format!("unknown resource `{id}`");
    cx.report(site.key("enum").index(0).at_value(Code::UnknownResource, message, help));
    None
}

fn no_subject<'a>(cx: &mut Context<'a>, site: &Site<'a>, help: &str) {
    cx.report(site.at_key(Code::UnknownResource, "the event has no resource", help));
}
