//! The component schemas of all descriptions: what each is for, and the Rust type it becomes.

use std::collections::{BTreeMap, HashMap, HashSet};

use openapiv3::{ReferenceOr, Schema, SchemaKind};

use super::extensions::{self as ext, StripeResource};
use super::names::{self, NameKind};
use super::site::{SchemaOrRef, Site};
use super::{Lowering, patterns};
use crate::api::{Generation, ModulePath, TypePath};
use crate::diagnostic::{Code, Diagnostic};
use crate::location::FileId;

/// A named schema of a description.
#[derive(Clone)]
pub(super) struct Component<'a> {
    pub(super) key: &'a str,
    pub(super) schema: &'a Schema,
    pub(super) site: Site<'a>,
    /// The type it becomes, if it becomes one.
    pub(super) path: TypePath,
    pub(super) role: Role,
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
    /// The first component of each path.
    paths: HashMap<TypePath, (FileId, &'a str)>,
}

/// References that may lead to one another before something else stands there; more are taken for a circle.
const MAX_HOPS: usize = 32;

/// How deep modules may stand inside of each other.
const MAX_MODULES: usize = 16;

/// How long the names of modules and components may be, in bytes.
const MAX_NAME: usize = 200;

/// Why a `$ref` leads nowhere.
enum Unresolved {
    Missing,
    Cycle,
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

    /// The component that becomes the type with this path.
    pub(super) fn at_path(&self, path: &TypePath) -> Option<&Component<'a>> {
        self.components.get(self.paths.get(path)?)
    }

    /// The component that is the resource with this `x-resourceId`.
    pub(super) fn resource(&self, id: &str) -> Option<&Component<'a>> {
        self.components.get(self.resources.get(id)?)
    }

    /// Follows a reference to the schema that is no reference itself.
    fn resolve(&self, site: &Site<'a>, reference: &str) -> Result<&Component<'a>, Unresolved> {
        let file = site.document.file;
        let schemas = site.document.openapi.components.as_ref().map(|components| &components.schemas);
        let mut reference = reference;
        let mut hops = 0;
        loop {
            hops += 1;
            let key = reference.strip_prefix("#/components/schemas/").map(unescape).ok_or(Unresolved::Missing)?;
            let Some((key, schema)) = schemas.and_then(|schemas| schemas.get_key_value(&key)) else {
                return Err(Unresolved::Missing);
            };
            match schema {
                ReferenceOr::Item(_) => return self.components.get(&(file, key.as_str())).ok_or(Unresolved::Missing),
                ReferenceOr::Reference { reference: next } if hops < MAX_HOPS => reference = next,
                ReferenceOr::Reference { .. } => return Err(Unresolved::Cycle),
            }
        }
    }
}

impl<'a> Lowering<'a> {
    /// Enters the component schemas of all documents.
    pub(super) fn register(&mut self) {
        let documents = self.documents;
        for document in documents {
            let Some(components) = &document.openapi.components else { continue };
            let error_bodies = error_bodies(document);
            let site = Site::root(document).keys(&["components", "schemas"]);
            let mut schemas: Vec<_> = components.schemas.iter().collect();
            schemas.sort_by_key(|(key, _)| key.as_str());
            for (key, schema) in schemas {
                if let ReferenceOr::Item(schema) = schema {
                    self.register_component(site.key(key), key, schema, error_bodies.contains(key.as_str()));
                }
            }
        }
    }

    fn register_component(&mut self, site: Site<'a>, key: &'a str, schema: &'a Schema, is_error_body: bool) {
        let extensions = &schema.schema_data.extensions;
        let role = if extensions.contains_key(ext::STRIPE_EVENT) {
            Role::EventData
        } else if is_error_body || extensions.contains_key(ext::STRIPE_ERROR) {
            Role::ErrorBody
        } else if patterns::is_named_kind(&schema.schema_kind) {
            Role::Model
        } else {
            Role::Alias
        };
        let Some(path) = self.component_path(&site, key, schema) else { return };
        let resource = extensions.get(ext::RESOURCE_ID).and_then(|id| id.as_str());
        let file = site.document.file;
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
        if role == Role::Model {
            self.claim_type(&path, &site);
        }
        self.registry.paths.entry(path.clone()).or_insert((file, key));
        self.registry.components.insert((file, key), Component { key, schema, site, path, role, resource });
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

    /// Follows a reference, or says what is wrong with it.
    pub(super) fn resolve(&mut self, site: &Site<'a>, reference: &str) -> Option<Component<'a>> {
        let unresolved = match self.registry.resolve(site, reference) {
            Ok(component) => return Some(component.clone()),
            Err(unresolved) => unresolved,
        };
        let diagnostic = self.unresolved(site, reference, unresolved);
        self.report(diagnostic);
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

    fn unresolved(&self, site: &Site<'a>, reference: &str, unresolved: Unresolved) -> Diagnostic {
        match unresolved {
            Unresolved::Missing => site.bad_reference("schema", reference, self.registry.keys(site.document.file)),
            Unresolved::Cycle => {
                let message = format!("`{reference}` leads back to itself, or through more than {MAX_HOPS} others");
                let mut diagnostic = site.key("$ref").at_value(Code::ReferenceCycle, message);
                diagnostic.help = Some("replace one of the references by a schema".to_owned());
                diagnostic
            }
        }
    }

    /// The newtype of a resource's `id`, when there is such a resource.
    pub(super) fn id_type(&mut self, resource: &str) -> Option<TypePath> {
        let component = self.registry.resource(resource)?;
        id_path(component)
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

/// The keys of the schemas that error answers consist of.
fn error_bodies(document: &crate::parse::Document) -> HashSet<String> {
    let mut keys = HashSet::new();
    let mut add = |reference: &str| {
        if let Some(key) = reference.strip_prefix("#/components/schemas/") {
            keys.insert(unescape(key));
        }
    };
    for response in super::response::error_responses(document) {
        for media in response.content.values() {
            match media.schema.as_ref().map(SchemaOrRef::from) {
                Some(SchemaOrRef::Reference(reference)) => add(reference),
                Some(SchemaOrRef::Schema(schema)) => {
                    for member in patterns::alternatives(schema) {
                        if let ReferenceOr::Reference { reference } = member {
                            add(reference);
                        }
                    }
                }
                None => {}
            }
        }
    }
    // What an error's members are described by belongs to the error, unless something else refers to it.
    let schemas = document.openapi.components.iter().flat_map(|components| &components.schemas);
    let members: Vec<String> = schemas
        .filter(|(key, _)| keys.contains(*key))
        .filter_map(|(_, schema)| match patterns::properties(schema.as_item()?)?.get("error")? {
            ReferenceOr::Reference { reference } => Some(unescape(reference.strip_prefix("#/components/schemas/")?)),
            ReferenceOr::Item(_) => None,
        })
        .collect();
    keys.extend(members);
    keys
}

/// A pointer's segment as it was before it was escaped.
pub(super) fn unescape(segment: &str) -> String {
    segment.replace("~1", "/").replace("~0", "~")
}
