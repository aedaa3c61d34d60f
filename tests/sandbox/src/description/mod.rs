//! Reads the description: files of `spec/` come in, operations, resources, error codes and events go out.
//!
//! Pure. All names of operations, resources and fields come from here.

mod documents;
mod errors;
mod json_schema;
mod operation;
mod resource;
mod schema;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::{fs, io};

use http::Method;
use serde_json::Value;

pub use documents::SpecError;
pub(crate) use errors::{ErrorSchema, Errors};
pub(crate) use operation::{Generation, Operation, Verb};
pub use resource::EventKind;
pub(crate) use resource::{Download, EventType, Resource, Rows, Wait};
pub(crate) use schema::{Kind, Schema};

use documents::Documents;

/// The files of `spec/` at the time of the build, with their names.
const EMBEDDED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/spec.rs"));

/// What the sandbox serves.
#[derive(Debug)]
pub(crate) struct Description {
    pub(crate) operations: Vec<Operation>,
    pub(crate) resources: BTreeMap<String, Arc<Resource>>,
    pub(crate) errors: Errors,
    /// The operations that are described and not served: none of the verbs applies.
    pub(crate) unsupported: Vec<String>,
    /// The newest version of the API.
    pub(crate) version: String,
}

impl Description {
    /// Returns the description that the sandbox was built with.
    pub(crate) fn embedded() -> Result<Arc<Self>, SpecError> {
        static EMBEDDED_DESCRIPTION: OnceLock<Arc<Description>> = OnceLock::new();
        if let Some(description) = EMBEDDED_DESCRIPTION.get() {
            return Ok(description.clone());
        }
        let description = Arc::new(Self::parse(EMBEDDED.iter().copied())?);
        Ok(EMBEDDED_DESCRIPTION.get_or_init(|| description).clone())
    }

    /// Reads all `.yaml` files of a directory.
    pub(crate) fn read(directory: &Path) -> Result<Arc<Self>, SpecError> {
        let files = yaml_files(directory)
            .map_err(|error| SpecError::new(format!("cannot read `{}`: {error}", directory.display())))?;
        Self::parse(files.iter().map(|(name, text)| (name.as_str(), text.as_str()))).map(Arc::new)
    }

    pub(crate) fn parse<'t>(files: impl IntoIterator<Item = (&'t str, &'t str)>) -> Result<Self, SpecError> {
        let documents = Documents::parse(files)?;
        let mut resources = BTreeMap::new();
        let mut errors = Errors::default();
        let mut events = Vec::new();
        for (file, name, schema) in documents.members("/components/schemas") {
            if let Some(id) = schema.get("x-resourceId").and_then(Value::as_str) {
                let schema = documents.resolve(file, schema)?;
                let json_schema = json_schema::json_schema(&schema);
                let mut resource = Resource::new(id.to_owned(), &schema, json_schema);
                resource.version = documents.version(file).unwrap_or_default().to_owned();
                resources.insert(id.to_owned(), resource);
            } else if schema.get("x-stripeEvent").is_some() {
                let event = EventType::of_schema(&documents.resolve(file, schema)?);
                events.push(event.ok_or_else(|| SpecError::new(format!("{file}: `{name}` has no type or resource")))?);
            } else if schema.pointer("/properties/error").is_some() {
                errors.add(name, &documents.resolve(file, schema)?);
            }
        }
        for (resource, event) in events {
            let missing = || SpecError::new(format!("`{resource}` is not described"));
            let resource: &mut Resource = resources.get_mut(&resource).ok_or_else(missing)?;
            if !resource.events.iter().any(|other| other.name == event.name) {
                resource.events.push(event);
            }
        }
        let (mut operations, mut unsupported) = (Vec::new(), Vec::new());
        for (file, path, item) in documents.members("/paths") {
            for (method, operation) in item.as_object().into_iter().flatten() {
                match Operation::new(&documents, file, path, method, operation)? {
                    Some(operation) => operations.push(operation),
                    None => unsupported.push(format!("{} {path}", method.to_uppercase())),
                }
            }
        }
        for operation in &operations {
            let Some(resource) = resources.get_mut(&operation.resource) else {
                return Err(SpecError::new(format!("`{}` is not described", operation.resource)));
            };
            resource.generation = operation.generation;
            if let Some(Kind::Array(items)) = operation.parameters.property("include").map(|include| &include.kind) {
                resource.includable.extend(items.values().iter().cloned());
            }
            match operation.verb {
                Verb::Create => resource.is_created = true,
                Verb::Retrieve => resource.path = Some(operation.path.clone()),
                Verb::List => {}
            }
        }
        let versions = documents.files().filter_map(|file| documents.version(file));
        let version = versions.max().unwrap_or_default().to_owned();
        let resources = resources.into_iter().map(|(id, resource)| (id, Arc::new(resource))).collect();
        Ok(Self { operations, resources, errors, unsupported, version })
    }

    /// Returns the operation of a request, its position, and the arguments in the path.
    pub(crate) fn find(&self, method: &Method, path: &[String]) -> Option<(usize, Vec<(&str, String)>)> {
        let matching = self.operations.iter().enumerate().filter(|(_, operation)| operation.method == method);
        let mut found: Vec<_> =
            matching.filter_map(|(index, operation)| Some((index, operation.arguments(path)?))).collect();
        // Literal segments take precedence over parameters.
        found.sort_by_key(|(_, arguments)| arguments.len());
        found.into_iter().next()
    }

    /// Returns all types of events, each with the resource that it is about.
    pub(crate) fn events(&self) -> impl Iterator<Item = (&Arc<Resource>, &EventType)> {
        let resources = self.resources.values();
        resources.flat_map(|resource| resource.events.iter().map(move |event| (resource, event)))
    }

    /// Returns the envelope of a kind of event, as a resource.
    pub(crate) fn envelope(&self, kind: EventKind) -> Option<&Arc<Resource>> {
        self.resources.values().find(|resource| resource.envelope == Some(kind))
    }
}

fn yaml_files(directory: &Path) -> io::Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.push((name, fs::read_to_string(&path)?));
        }
    }
    files.sort();
    Ok(files)
}
