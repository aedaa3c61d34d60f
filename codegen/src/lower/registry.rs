//! The component schemas of all descriptions: what each is for, and the Rust type it becomes.

use std::collections::BTreeMap;

use openapiv3::{ReferenceOr, Schema, SchemaKind};

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
    /// The body of an error answer; a model only where something refers to it.
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

/// References that may lead to one another before something else stands there; more are taken for a circle.
const MAX_HOPS: usize = 32;

/// How deep modules may stand inside of each other.
const MAX_MODULES: usize = 16;

/// How long the names of modules and components may be, in bytes.
const MAX_NAME: usize = 200;

/// Why a `$ref` leads nowhere.
pub(super) enum Unresolved {
    Missing,
    Cycle,
    /// It leads to something that has an error of its own.
    Broken,
}

impl<'a> Registry<'a> {
    /// Every component, sorted by document and key.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Component<'a>> {
        self.components.values()
    }

    /// The keys of a document's components.
    fn keys(&self, file: FileId) -> impl Iterator<Item = &'a str> {
        self.components
            .range((file, "")..)
            .map(|(key, _)| *key)
            .take_while(move |(other, _)| *other == file)
            .map(|(_, key)| key)
    }

    /// Every `x-resourceId`.
    pub(super) fn resource_ids(&self) -> impl Iterator<Item = &'a str> {
        self.resources.keys().copied()
    }

    /// Whether a component has this `x-resourceId`, though it may have errors.
    pub(super) fn has_resource(&self, id: &str) -> bool {
        self.resources.contains_key(id)
    }

    /// The component that is the resource with this `x-resourceId`.
    pub(super) fn resource(&self, id: &str) -> Option<&Component<'a>> {
        self.components.get(self.resources.get(id)?)
    }

    /// Follows a reference inside a document to the schema that is no reference itself.
    fn resolve(&self, document: &'a Document, reference: &str) -> Result<&Component<'a>, Unresolved> {
        let (key, _) = follow(document, reference)?;
        self.components.get(&(document.file, key)).ok_or(Unresolved::Broken)
    }
}

impl<'a> Lowering<'a> {
    /// Enters the component schemas of all documents.
    pub(super) fn register(&mut self) {
        let documents = self.documents;
        let error_bodies = self.error_bodies();
        for document in documents {
            let Some(components) = &document.openapi.components else { continue };
            let site = Site::root(document).keys(&["components", "schemas"]);
            let mut schemas: Vec<_> = components.schemas.iter().collect();
            schemas.sort_by_key(|(key, _)| key.as_str());
            for (key, schema) in schemas {
                if let ReferenceOr::Item(schema) = schema {
                    let is_error_body = error_bodies.contains(&(document.file, key.as_str()));
                    self.register_component(site.key(key), key, schema, is_error_body);
                }
            }
        }
    }

    /// Reports what is wrong with components that stand for something else, whether something refers to them or not.
    pub(super) fn check_aliases(&mut self) {
        for document in self.documents {
            let site = Site::root(document).keys(&["components", "schemas"]);
            let components = document.openapi.components.iter();
            for (key, schema) in components.flat_map(|components| &components.schemas) {
                if let ReferenceOr::Reference { reference } = schema
                    && let Err(Unresolved::Missing) = follow(document, reference)
                {
                    self.resolve(&site.key(key), reference);
                }
            }
        }
        let is_composed =
            |component: &&Component<'a>| component.role == Role::Alias && patterns::is_composed(component.schema);
        let composed: Vec<_> = self.registry.iter().filter(is_composed).cloned().collect();
        let before = self.diagnostics.len();
        for component in composed {
            let naming = Naming::new(component.path, names::fixed("Value"));
            let _ = self.schema(&component.site, SchemaOrRef::Schema(component.schema), &naming);
        }
        self.broken.hides_resources |= self.diagnostics.len() > before;
    }

    fn register_component(&mut self, site: Site<'a>, key: &'a str, schema: &'a Schema, is_error_body: bool) {
        let extensions = &schema.schema_data.extensions;
        let is_event = extensions.contains_key(ext::STRIPE_EVENT) || self.was_misread(&site.key(ext::STRIPE_EVENT));
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
        let Some(path) = self.component_path(&site, key, schema) else {
            self.registry.resources.extend(resource.map(|id| (id, (file, key))));
            return;
        };
        if let Some(id) = resource {
            let taken = self.registry.resources.insert(id, (file, key));
            if let Some(other) = taken.and_then(|other| self.registry.components.get(&other)) {
                let mut diagnostic = site.key(ext::RESOURCE_ID).at_value(
                    Code::DuplicateResource,
                    format!("`{id}` is already the id of the resource `{}`", other.key),
                );
                diagnostic.related.push(other.site.related("the other one"));
                self.report(diagnostic);
            }
        }
        let has_name = role != Role::Model || self.claim_type(&path, &site);
        self.registry.components.insert((file, key), Component { key, schema, site, path, role, has_name, resource });
    }

    /// The Rust path of a component: from `x-stripeResource` and `x-rustName`, else from its key.
    fn component_path(&mut self, site: &Site<'a>, key: &str, schema: &Schema) -> Option<TypePath> {
        let extensions = &schema.schema_data.extensions;
        let placed: Option<StripeResource> = self.extension(site, extensions, ext::STRIPE_RESOURCE);
        let (package, class) = match &placed {
            Some(resource) => (resource.in_package.as_str(), resource.class_name.as_str()),
            None if generation_of_key(key) == Generation::V2 => key.rsplit_once('.').unwrap_or(("v2", key)),
            None => ("", key),
        };
        let name = self.name(site, extensions, NameKind::UpperCamel, class)?;
        let mut modules = Vec::new();
        for part in package.split('.').filter(|part| !part.is_empty()) {
            modules.push(self.derived_name(&site.key(ext::STRIPE_RESOURCE), NameKind::Snake, part)?);
        }
        if modules.first().is_none_or(|first| !["v1", "v2"].contains(&first.as_str())) {
            modules.insert(0, names::fixed("v1"));
        }
        if let Some(module) = modules.iter().find(|module| !module.as_str().is_ascii()) {
            let mut diagnostic = site.at_key(Code::InvalidName, format!("no module can be called `{module}`"));
            diagnostic.help = Some("give it a place with `x-stripeResource` whose `in_package` is ASCII".to_owned());
            self.report(diagnostic);
            return None;
        }
        // Every module is a folder and every component a file, whose names have a limit anywhere.
        if modules.len() > MAX_MODULES || modules.iter().chain([&name]).any(|name| name.as_str().len() > MAX_NAME) {
            let message = format!(
                "its type would stand in more than {MAX_MODULES} modules, or have a name of more than {MAX_NAME} bytes"
            );
            let mut diagnostic = site.at_key(Code::InvalidName, message);
            diagnostic.help = Some("give it a shorter name with `x-stripeResource`".to_owned());
            self.report(diagnostic);
            return None;
        }
        Some(TypePath { module: ModulePath(modules), name })
    }

    /// Follows a reference inside its document, or says what is wrong with it.
    pub(super) fn resolve(&mut self, site: &Site<'a>, reference: &str) -> Option<Component<'a>> {
        self.resolve_target(site, &Target::local(site.document, reference))
    }

    /// Follows a reference to what it leads to, or says what is wrong with it.
    pub(super) fn resolve_target(&mut self, site: &Site<'a>, target: &Target<'a, '_>) -> Option<Component<'a>> {
        match self.registry.resolve(target.document, target.path) {
            Ok(component) => return Some(component.clone()),
            Err(Unresolved::Broken) => {}
            Err(Unresolved::Missing) => {
                let known = self.registry.keys(target.document.file);
                let diagnostic = site.bad_reference("schema", target, known);
                self.report(diagnostic);
            }
            Err(Unresolved::Cycle) => {
                let message = format!("`{target}` leads back to itself, or through more than {MAX_HOPS} others");
                let mut diagnostic = site.key("$ref").at_value(Code::ReferenceCycle, message);
                diagnostic.help = Some("replace one of the references by a schema".to_owned());
                self.report(diagnostic);
            }
        }
        None
    }

    /// The schema behind a reference, or the schema itself, with the place it stands in.
    pub(super) fn resolve_schema(
        &mut self,
        site: &Site<'a>,
        schema: SchemaOrRef<'a>,
    ) -> Option<(Site<'a>, &'a Schema)> {
        match schema {
            SchemaOrRef::Schema(schema) => Some((site.clone(), schema)),
            SchemaOrRef::Reference(reference) => {
                self.resolve(site, reference).map(|component| (component.site, component.schema))
            }
        }
    }
}

/// The path of the newtype of a resource's id, when the resource has one.
pub(super) fn id_path(component: &Component<'_>) -> Option<TypePath> {
    component.resource?;
    let properties = patterns::properties(component.schema)?;
    let id = match properties.get("id")? {
        ReferenceOr::Item(schema) => schema,
        ReferenceOr::Reference { .. } => return None,
    };
    let is_string = matches!(&id.schema_kind, SchemaKind::Type(openapiv3::Type::String(_)));
    let name = names::extend(&component.path.name, &names::fixed("Id"));
    is_string.then(|| TypePath { module: component.path.module.clone(), name })
}

/// The generation that a component belongs to when nothing but its key tells.
pub(super) fn generation_of_key(key: &str) -> Generation {
    if key.starts_with("v2.") { Generation::V2 } else { Generation::V1 }
}

/// Follows a reference inside a document to the schema that is no reference itself, and its key.
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
