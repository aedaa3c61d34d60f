//! Ids of resources: the strings that are one (`x-stripeProperty`, `x-stripeParam`), and the resources that have the same ones
//! (`x-sameIdsAs`).

use std::collections::BTreeMap;

use super::context::Context;
use super::extensions::{self as ext, References};
use super::registry::{self, Component, Registry, Role};
use super::site::Site;
use super::{Lowering, Types, broken, facts, patterns};
use crate::api::{SameIds, Type, TypeKind, TypePath};
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

/// Lowers every `x-sameIdsAs`, once all types are known.
pub(super) fn same_ids<'a>(cx: &mut Context<'a>, registry: &Registry<'a>, types: &mut Types) {
    let declared: Vec<_> = registry.iter().filter_map(|component| declared(cx, component)).collect();
    let mut pairs: BTreeMap<[TypePath; 2], Site<'a>> = BTreeMap::new();
    for (id, other, site) in declared {
        let Some(other_id) = id_type(cx, registry, &site, other) else { continue };
        let shown = other.escape_debug();
        if id == other_id {
            let message = format!("`{shown}` has the same ids as itself");
            let help = "name another resource, or remove `x-sameIdsAs`";
            cx.report(site.at_value(Code::ReferenceCycle, message, help));
            continue;
        }
        let mut pair = [id.clone(), other_id.clone()];
        pair.sort_unstable();
        if let Some(first) = pairs.get(&pair) {
            let message = format!("`x-sameIdsAs` has no effect beside that of `{shown}`");
            let diagnostic = site.at_key(Code::MisplacedKeyword, message, "remove one of the two");
            cx.report(diagnostic.related(first.related(format!("the `x-sameIdsAs` of `{shown}`"))));
            continue;
        }
        if let Some(TypeKind::String(definition)) = types.get_mut(&id).map(|def| &mut def.kind) {
            definition.same_ids = Some(SameIds { id_type: other_id, origin: cx.origin(&site) });
        }
        pairs.insert(pair, site);
    }
}

/// Returns the id type of a resource with `x-sameIdsAs`, the other resource, and the place of the extension.
fn declared<'a>(cx: &mut Context<'a>, component: &Component<'a>) -> Option<(TypePath, &'a str, Site<'a>)> {
    let other = component.schema.schema_data.extensions.get(ext::SAME_IDS_AS)?.as_str()?;
    facts::resource(cx, component, ext::SAME_IDS_AS)?;
    let site = component.site.key(ext::SAME_IDS_AS);
    let id = registry::id_path(component);
    if id.is_none() && !has_error(cx, component) {
        let message = "`x-sameIdsAs` needs an `id` of `type: string`";
        cx.report(site.at_key(Code::MalformedExtension, message, DESCRIBE_ID));
        cx.break_type(&component.path);
    }
    Some((id?, other, site))
}
