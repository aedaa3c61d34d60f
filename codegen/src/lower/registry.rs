//! The component schemas of all descriptions: what each is for, and the Rust type it becomes.

use std::collections::BTreeMap;

use openapiv3::{ReferenceOr, Schema, SchemaKind};

use super::context::Context;
use super::extensions::{self as ext, StripeResource};
use super::names::{self, NameKind};
use super::schema::Naming;
use super::site::{SchemaOrRef, Site, Target};
use super::{Lowering, patterns};
use crate::api::{Generation, ModulePath, TypePath};
use crate::diagnostic::Code;
use crate::location::FileId;
use crate::parse::Document;
use crate::pointer::Pointer;

/// A named schema of a description.
#[derive(Clone)]
pub(super) struct Component<'a> {
    pub(super) key: &'a str,
    pub(super) schema: &'a Schema,
    pub(super) site: Site<'a>,
    /// The type it becomes, if it becomes one.
    pub(super) path: TypePath,
    pub(super) role: Role,
    /// Whether no other component has the same path.
    pub(super) has_name: bool,
    /// `x-resourceId`
    pub(super) resource: Option<&'a str>,
}

/// What a named schema is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A type of the crate.
    Model,
    /// Stands for its content wherever it is referred to: an array, a map, a number.
    Alias,
    /// The body of an error response; a model only where something refers to it.
    ErrorBody,
    /// The content of a webhook event.
    EventData,
}

/// All named schemas.
#[derive(Default)]
pub(super) struct Registry<'a> {
    components: BTreeMap<(FileId, &'a str), Component<'a>>,
    resources: BTreeMap<&'a str, (FileId, &'a str)>,
}

/// The most references from one to the next; more are taken for a cycle.
const MAX_HOPS: usize = 32;

/// How deep modules are nested at most.
const MAX_MODULES: usize = 16;

/// The longest name of a module or a component, in bytes.
const MAX_NAME: usize = 200;

/// Why a `$ref` leads to no schema.
pub(super) enum Unresolved {
    Missing,
    Cycle,
    /// It leads to something with an error of its own.
    Broken,
}

impl<'a> Registry<'a> {
    /// Registers the component schemas of all documents. Reports those whose name or `x-resourceId` is not valid.
    pub(super) fn new(cx: &mut Context<'a>) -> Self {
        let mut registry = Self::default();
        let error_bodies = cx.files().error_bodies();
        for document in cx.documents {
            let Some(components) = &document.openapi.components else { continue };
            let site = Site::root(document).keys(&["components", "schemas"]);
            let mut schemas: Vec<_> = components.schemas.iter().collect();
            schemas.sort_by_key(|(key, _)| key.as_str());
            for (key, schema) in schemas {
                if let ReferenceOr::Item(schema) = schema {
                    let is_error_body = error_bodies.contains(&(document.file, key.as_str()));
                    registry.register(cx, site.key(key), key, schema, is_error_body);
                }
            }
        }
        registry
    }

    fn register(
        &mut self,
        cx: &mut Context<'a>,
        site: Site<'a>,
        key: &'a str,
        schema: &'a Schema,
        is_error_body: bool,
    ) {
        let extensions = &schema.schema_data.extensions;
        let is_event = extensions.contains_key(ext::STRIPE_EVENT) || cx.has_parse_error(&site.key(ext::STRIPE_EVENT));
        let role = if is_event {
            Role::EventData
        } else if is_error_body || extensions.contains_key(ext::STRIPE_ERROR) {
            Role::ErrorBody
        } else if patterns::is_named_kind(&schema.schema_kind) {
            Role::Model
        } else {
            Role::Alias
        };
        let resource = extensions.get(ext::RESOURCE_ID).and_then(|id| id.as_str());
        let file = site.document.file;
        let Some(path) = component_path(cx, &site, key, schema) else {
            self.resources.extend(resource.map(|id| (id, (file, key))));
            return;
        };
        if let Some(id) = resource {
            let taken = self.resources.insert(id, (file, key));
            if let Some(other) = taken.and_then(|other| self.components.get(&other)) {
                let message = format!("two schemas have the `x-resourceId` `{id}`");
                let help = "give one of the two another `x-resourceId`";
                let diagnostic = site.key(ext::RESOURCE_ID).at_value(Code::DuplicateResource, message, help);
                cx.report(diagnostic.related(other.site.related("the other schema")));
            }
        }
        let has_name = role != Role::Model || cx.claim_type(&path, &site);
        self.components.insert((file, key), Component { key, schema, site, path, role, has_name, resource });
    }

    /// Returns every component, sorted by document and key.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Component<'a>> {
        self.components.values()
    }

    /// Returns the keys of a document's components.
    fn keys(&self, file: FileId) -> impl Iterator<Item = &'a str> {
        self.components
            .range((file, "")..)
            .map(|(key, _)| *key)
            .take_while(move |(other, _)| *other == file)
            .map(|(_, key)| key)
    }

    /// Returns every `x-resourceId`.
    pub(super) fn resource_ids(&self) -> impl Iterator<Item = &'a str> {
        self.resources.keys().copied()
    }

    /// Whether a component has this `x-resourceId`, though it may have errors.
    pub(super) fn has_resource(&self, id: &str) -> bool {
        self.resources.contains_key(id)
    }

    /// Returns the resource with an `x-resourceId`.
    pub(super) fn resource(&self, id: &str) -> Option<&Component<'a>> {
        self.components.get(self.resources.get(id)?)
    }

    /// Follows a reference inside its document; reports one that leads to no schema.
    pub(super) fn resolve(
        &'a self,
        cx: &mut Context<'a>,
        site: &Site<'a>,
        reference: &str,
    ) -> Option<&'a Component<'a>> {
        self.resolve_target(cx, site, &Target::local(site.document, reference))
    }

    /// Follows a reference to its target; reports one that leads to no schema.
    pub(super) fn resolve_target(
        &'a self,
        cx: &mut Context<'a>,
        site: &Site<'a>,
        target: &Target<'a, '_>,
    ) -> Option<&'a Component<'a>> {
        match follow(target.document, target.path) {
            // A component that is not registered has an error, which has been reported.
            Ok((key, _)) => return self.components.get(&(target.document.file, key)),
            Err(Unresolved::Broken) => {}
            Err(Unresolved::Missing) => {
                cx.report(site.bad_reference("schema", target, self.keys(target.document.file)));
            }
            Err(Unresolved::Cycle) => {
                let message = format!("`{target}` refers to itself, or leads through more than {MAX_HOPS} references");
                let help = "replace one of the references with a schema";
                cx.report(site.key("$ref").at_value(Code::ReferenceCycle, message, help));
            }
        }
        None
    }

    /// Returns the schema behind a reference, or the schema itself, with its place.
    pub(super) fn resolve_schema(
        &'a self,
        cx: &mut Context<'a>,
        site: &Site<'a>,
        schema: SchemaOrRef<'a>,
    ) -> Option<(Site<'a>, &'a Schema)> {
        match schema {
            SchemaOrRef::Schema(schema) => Some((site.clone(), schema)),
            SchemaOrRef::Reference(reference) => {
                let component = self.resolve(cx, site, reference)?;
                Some((component.site.clone(), component.schema))
            }
        }
    }
}

impl<'a> Lowering<'a> {
    /// Reports errors in components that stand for their content, whether something refers to them or not.
    pub(super) fn check_aliases(&mut self) {
        for document in self.cx.documents {
            let site = Site::root(document).keys(&["components", "schemas"]);
            let components = document.openapi.components.iter();
            for (key, schema) in components.flat_map(|components| &components.schemas) {
                if let ReferenceOr::Reference { reference } = schema
                    && let Err(Unresolved::Missing) = follow(document, reference)
                {
                    self.registry.resolve(&mut self.cx, &site.key(key), reference);
                }
            }
        }
        let is_broken = |component: &Component<'a>| match &component.schema.schema_kind {
            SchemaKind::OneOf { one_of } => component.role == Role::Model && !patterns::is_one_of(one_of),
            _ => false,
        };
        self.cx.broken.hides_resources |= self.registry.iter().any(is_broken);
        let before = self.cx.diagnostics.len();
        for component in self.registry.iter() {
            if component.role == Role::Alias && patterns::is_composed(component.schema) {
                let naming = Naming::new(component.path.clone(), names::fixed("Value"));
                let _ = self.schema(&component.site, SchemaOrRef::Schema(component.schema), &naming);
            }
        }
        self.cx.broken.hides_resources |= self.cx.diagnostics.len() > before;
    }
}

/// Returns the Rust path of a component: from `x-stripeResource` and `x-rustName`, else from its key.
fn component_path<'a>(cx: &mut Context<'a>, site: &Site<'a>, key: &str, schema: &Schema) -> Option<TypePath> {
    let extensions = &schema.schema_data.extensions;
    let placed: Option<StripeResource> = cx.extension(site, extensions, ext::STRIPE_RESOURCE);
    let (package, class) = match &placed {
        Some(resource) => (resource.in_package.as_str(), resource.class_name.as_str()),
        None if generation_of_key(key) == Generation::V2 => key.rsplit_once('.').unwrap_or(("v2", key)),
        None => ("", key),
    };
    let name = cx.name(site, extensions, NameKind::UpperCamel, class)?;
    let mut modules = Vec::new();
    for part in package.split('.').filter(|part| !part.is_empty()) {
        modules.push(cx.derived_name(&site.key(ext::STRIPE_RESOURCE), NameKind::Snake, part)?);
    }
    if modules.first().is_none_or(|first| !["v1", "v2"].contains(&first.as_str())) {
        modules.insert(0, names::fixed("v1"));
    }
    if let Some(module) = modules.iter().find(|module| !module.as_str().is_ascii()) {
        let message = format!("the module name `{module}` is not ASCII");
        let help = "write an ASCII `in_package` in `x-stripeResource`";
        cx.report(site.at_key(Code::InvalidName, message, help));
        return None;
    }
    // Every module is a folder and every component a file; file systems limit both.
    if modules.len() > MAX_MODULES || modules.iter().chain([&name]).any(|name| name.as_str().len() > MAX_NAME) {
        let message =
            format!("the type has a name of more than {MAX_NAME} bytes, or is in more than {MAX_MODULES} modules");
        let help = "give it a shorter name with `x-stripeResource`";
        cx.report(site.at_key(Code::InvalidName, message, help));
        return None;
    }
    Some(TypePath { module: ModulePath(modules), name })
}

/// Returns the path of the newtype of a resource's id.
pub(super) fn id_path(component: &Component<'_>) -> Option<TypePath> {
    component.resource?;
    let id = patterns::property(component.schema, "id")?.as_item()?;
    let name = names::extend(&component.path.name, &names::fixed("Id"));
    patterns::is_string(id).then(|| TypePath { module: component.path.module.clone(), name })
}

/// Returns the generation of a component by its key alone.
pub(super) fn generation_of_key(key: &str) -> Generation {
    if key.starts_with("v2.") { Generation::V2 } else { Generation::V1 }
}

/// Follows references inside a document to a schema in place, with its key.
pub(super) fn follow<'a>(document: &'a Document, reference: &str) -> Result<(&'a str, &'a Schema), Unresolved> {
    let schemas = document.openapi.components.as_ref().map(|components| &components.schemas);
    let mut reference = reference;
    for hop in 0..MAX_HOPS {
        let key = Pointer::from_reference(reference).and_then(|place| place.component("schemas"));
        let Some(found) = key.and_then(|key| schemas?.get_key_value(&key)) else {
            return Err(if hop == 0 { Unresolved::Missing } else { Unresolved::Broken });
        };
        match found {
            (key, ReferenceOr::Item(schema)) => return Ok((key, schema)),
            (_, ReferenceOr::Reference { reference: next }) => reference = next,
        }
    }
    Err(Unresolved::Cycle)
}
