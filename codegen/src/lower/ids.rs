//! Ids of resources: the strings that are one (`x-stripeProperty`, `x-stripeParam`).

use super::context::Context;
use super::extensions::{self as ext, References};
use super::registry::{self, Component, Registry, Role};
use super::site::Site;
use super::{Lowering, broken, patterns};
use crate::api::{Type, TypePath};
use crate::diagnostic::Code;
use crate::suggest;

/// A reference to a resource that has no id type.
pub(super) struct UnknownId<'a> {
    site: Site<'a>,
    resource: String,
}

impl<'a> Lowering<'a> {
    /// Returns the id type that `x-stripeProperty` or `x-stripeParam` names.
    pub(super) fn referenced_id(&mut self, site: &Site<'a>, extensions: &ext::Extensions, key: &str) -> Option<Type> {
        let References { referenced_resource: resource } = self.cx.extension(site, extensions, key)?;
        let Some(path) = self.registry.resource(&resource).and_then(registry::id_path) else {
            self.deferred.ids.push(UnknownId { site: site.keys(&[key, "referenced_resource"]), resource });
            return Some(broken::unknown());
        };
        Some(Type::Named(path))
    }
}

/// Reports references to resources without an id type, once it is known which resources have an error.
pub(super) fn check_references<'a>(cx: &mut Context<'a>, registry: &Registry<'a>, unknown: Vec<UnknownId<'a>>) {
    for UnknownId { site, resource } in unknown {
        id_type(cx, registry, &site, &resource);
    }
}

/// The help for a resource without an id type.
const DESCRIBE_ID: &str = "describe the property `id` in place, with `type: string`";

/// Returns the id type of the resource that a value names; reports a resource that does not exist or has no id.
fn id_type<'a>(cx: &mut Context<'a>, registry: &Registry<'a>, site: &Site<'a>, resource: &str) -> Option<TypePath> {
    let component = registry.resource(resource);
    if let Some(path) = component.and_then(registry::id_path) {
        return Some(path);
    }
    let is_broken = match component {
        Some(component) => has_error(cx, component),
        None => cx.broken.hides_resources || registry.has_resource(resource),
    };
    if is_broken {
        return None;
    }
    let shown = resource.escape_debug();
    let (message, help) = match component {
        Some(_) => (format!("the resource `{shown}` has no `id` of `type: string`"), DESCRIBE_ID.to_owned()),
        None => (
            format!("unknown resource `{shown}`"),
            suggest::did_you_mean(resource, registry.resource_ids()).unwrap_or_else(|| {
                "add `x-resourceId` to the schema of the resource, and a property `id` of `type: string`".to_owned()
            }),
        ),
    };
    cx.report(site.at_value(Code::UnknownResource, message, help));
    None
}

/// Whether a component, or its `x-resourceId`, has an error.
fn has_error<'a>(cx: &Context<'a>, component: &Component<'a>) -> bool {
    let is_struct = component.role != Role::Alias && patterns::object(component.schema).is_some();
    !is_struct || cx.has_parse_error(&component.site) || cx.is_broken_path(&component.path)
}
