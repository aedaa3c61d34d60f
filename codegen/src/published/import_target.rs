//! The curated descriptions, as what is imported into them sees them.

use std::collections::{BTreeSet, HashSet};

use serde_json::Value as Json;

use super::described::empty;
use super::import::{ImportError, Written, text};
use super::import_what::{Found, template};
use super::node::Node;
use super::schema::{Form, Used, properties};
use super::translate::{members, schema_place};
use super::{Published, Version};
use crate::edit::{Edit, EditKind, Value};
use crate::parse::{self, Tree};
use crate::pointer::Pointer;
use crate::source::{Source, base_name};

/// A curated description.
pub(super) struct Target<'s> {
    pub(super) name: &'s str,
    text: &'s str,
    pub(super) root: Json,
    tree: Tree,
}

impl<'s> Target<'s> {
    /// Reads a description.
    pub(super) fn read(source: &'s Source) -> Result<Self, ImportError> {
        let tree = parse::tree(&source.text).map_err(|error| {
            let message = format!("{}:{}:{}: {}", source.name, error.line, error.column, error.message);
            ImportError::new(message, "run `cargo xtask codegen`, and fix the errors that it reports")
        })?;
        let root = tree.value();
        if !root.is_object() {
            return Err(ImportError::new(
                format!("{} is not a description: not an object", source.name),
                "start it with `openapi: 3.0.3`",
            ));
        }
        Ok(Self { name: &source.name, text: &source.text, root, tree })
    }

    pub(super) fn base_name(&self) -> &'s str {
        base_name(self.name)
    }

    pub(super) fn version(&self) -> Version {
        Version::new(self.root.pointer("/info/version").and_then(Json::as_str).unwrap_or_default())
    }

    fn schemas(&self) -> impl Iterator<Item = (&String, &Json)> {
        self.root.get("components").into_iter().flat_map(|components| members(components, "schemas"))
    }

    pub(super) fn has_operation(&self, method: &str, path: &str) -> bool {
        self.own_path(path)
            .is_some_and(|own| self.root.get("paths").and_then(|paths| paths.get(own)?.get(method)).is_some())
    }

    /// Returns the path of the same operations, with its own names of the parameters.
    pub(super) fn own_path(&self, path: &str) -> Option<&str> {
        members(&self.root, "paths").map(|(own, _)| own.as_str()).find(|own| template(own) == template(path))
    }

    pub(super) fn has_resource(&self, id: &str) -> bool {
        self.schemas().any(|(_, schema)| text(schema, "x-resourceId") == Some(id))
    }

    pub(super) fn has_event(&self, kind: &str, name: &str) -> bool {
        let is_it = |event: &Json| text(event, "type") == Some(name);
        self.schemas().any(|(_, schema)| {
            let events = schema.get("x-events").and_then(|events| events.get(kind)?.as_array());
            events.into_iter().flatten().any(is_it) || schema.get("x-stripeEvent").is_some_and(is_it)
        })
    }

    /// Returns whether a resource has a method, or another of its name.
    pub(super) fn has_method(&self, key: &str, method: &Value) -> bool {
        let operations = self.root.pointer(schema_place(key).join("x-stripeOperations").as_str());
        let is_same = |other: &Json, name: &str| other.get(name).map(Value::from).as_ref() == method.get(name);
        let mut operations = operations.and_then(Json::as_array).into_iter().flatten();
        operations.any(|other| is_same(other, "method_name") || is_same(other, "operation") && is_same(other, "path"))
    }

    /// Returns whether a resource has an operation as a method.
    pub(super) fn attaches(&self, method: &str, path: &str) -> bool {
        let is_it = |other: &Json| {
            text(other, "operation") == Some(method) && text(other, "path").map(template) == Some(template(path))
        };
        self.schemas().any(|(_, schema)| {
            let operations = schema.get("x-stripeOperations").and_then(Json::as_array);
            operations.into_iter().flatten().any(is_it)
        })
    }

    /// Returns the key of the schema that describes the same as a published one.
    pub(super) fn counterpart(&self, published: &Published, key: &str) -> Option<String> {
        let theirs = published.root.pointer(schema_place(key).as_str())?;
        let identity = |schema: &Json| {
            let code = schema.get("x-stripeError").and_then(|error| text(error, "code"));
            (text(schema, "x-resourceId").map(str::to_owned), code.map(str::to_owned))
        };
        let own = self.schemas().find(|(own, schema)| match identity(theirs) {
            (None, None) => *own == key && self.is_like(key, published),
            identity_of_theirs => identity(schema) == identity_of_theirs,
        });
        own.map(|(own, _)| own.clone())
    }

    /// Returns whether a schema may describe the same as the published one of its key: the same kind of value and, of objects, a
    /// property that both have.
    fn is_like(&self, key: &str, published: &Published) -> bool {
        let used = |root| Node::root(root).at(&schema_place(key)).and_then(Used::at);
        let Some((own, theirs)) = used(&self.root).zip(used(&published.root)) else { return false };
        let (names, other) = (properties(&own.schema), properties(&theirs.schema));
        let is_shared = names.iter().any(|(name, _)| other.iter().any(|(other, _)| other == name));
        let is_like = own.is_like(&theirs, &HashSet::new()) && (is_shared || names.is_empty() || other.is_empty());
        // What the dialect cannot express is described by hand.
        is_like || matches!(theirs.form, Form::Foreign(_))
    }

    pub(super) fn has_schema(&self, key: &str) -> bool {
        self.schemas().any(|(own, _)| own == key)
    }

    /// Returns the key of the last resource, without the envelopes of events.
    pub(super) fn last_resource(&self) -> Option<String> {
        // The tree has the order of the text.
        let schemas = Pointer::root().join("components").join("schemas");
        let keys = self.tree.keys(&schemas);
        let is_resource = |key: &&str| {
            self.root
                .pointer(schema_place(key).as_str())
                .is_some_and(|schema| schema.get("x-resourceId").is_some() && schema.get("x-eventEnvelope").is_none())
        };
        keys.filter(is_resource).last().map(str::to_owned)
    }

    /// Replaces parameters by references to those that operations share. These stand at the end, in the order of the components.
    pub(super) fn with_shared_parameters(&self, mut operation: Value) -> Value {
        let Some(Value::List(parameters)) = operation.get_mut("parameters") else { return operation };
        let place = Pointer::root().join("components").join("parameters");
        let shared: Vec<_> = self.tree.keys(&place).collect();
        let found = |parameter: &Value| {
            let is_it = |key: &&str| {
                self.root.pointer(place.join(key).as_str()).is_some_and(|shared| is_same(shared, parameter))
            };
            let mut found = shared.iter().enumerate().filter(|(_, key)| is_it(key));
            // Where several have the name, such as `include`, a person decides.
            found.next().filter(|_| found.next().is_none())
        };
        let (mut own, mut referenced) = (Vec::new(), Vec::new());
        for parameter in std::mem::take(parameters) {
            match found(&parameter) {
                Some((index, key)) => {
                    referenced.push((index, Value::map([("$ref", Value::text(format!("#{}", place.join(key))))])))
                }
                None => own.push(parameter),
            }
        }
        let is_in_path = |parameter: &Value| parameter.get("in") == Some(&Value::text("path"));
        own.sort_by_key(|parameter| !is_in_path(parameter));
        referenced.sort_by_key(|(index, _)| *index);
        *parameters = own.into_iter().chain(referenced.into_iter().map(|(_, reference)| reference)).collect();
        operation
    }

    /// Returns the path of an operation with the names that its parameters have in this file.
    pub(super) fn with_own_path(&self, path: &str, mut operation: Value) -> (String, Value) {
        let Some(own) = self.own_path(path) else { return (path.to_owned(), operation) };
        let name = |part: &str| part.trim_matches(['{', '}']).to_owned();
        for (theirs, own) in path.split('/').zip(own.split('/')).filter(|(theirs, own)| theirs != own) {
            if let Some(Value::List(parameters)) = operation.get_mut("parameters") {
                let is_it = |parameter: &&mut Value| parameter.get("name") == Some(&Value::Text(name(theirs)));
                if let Some(parameter) =
                    parameters.iter_mut().find(is_it).and_then(|parameter| parameter.get_mut("name"))
                {
                    *parameter = Value::Text(name(own));
                }
            }
        }
        (own.to_owned(), operation)
    }

    /// Returns a method with the path that its operation has, or gets, in this file.
    pub(super) fn with_own_path_of(&self, mut method: Value) -> Value {
        if let Some(Value::Text(path)) = method.get_mut("path")
            && let Some(own) = self.own_path(path)
        {
            own.clone_into(path);
        }
        method
    }

    /// Returns what edits have written into this description.
    pub(super) fn written(&self, edits: &[Edit]) -> Vec<Written> {
        let places: BTreeSet<_> = edits.iter().filter_map(|edit| self.place(edit)).collect();
        let is_whole = |place: &&Pointer| !places.iter().any(|other| other != *place && place.is_in(other));
        let written = places.iter().filter(is_whole).map(|place| {
            let value = self.root.pointer(place.as_str()).unwrap_or(&Json::Null);
            let mut empty: Vec<_> =
                empty(value, place).into_iter().map(|place| (self.tree.line(&place), place)).collect();
            empty.sort();
            let line = self.tree.line(place);
            Written { file: self.name.to_owned(), pointer: place.clone(), line, text: self.lines(line), empty }
        });
        let mut written: Vec<_> = written.collect();
        written.sort_by_key(|written| written.line);
        written
    }

    /// Returns the text of the part that begins on a line.
    fn lines(&self, line: usize) -> String {
        let mut lines = self.text.lines().skip(line.saturating_sub(1));
        let first = lines.next().unwrap_or_default();
        let indentation = first.len() - first.trim_start().len();
        let is_inside = |line: &&str| line.trim().is_empty() || line.len() - line.trim_start().len() > indentation;
        let rest: Vec<_> = lines.take_while(is_inside).collect();
        let dedented = |line: &str| line.get(indentation..).unwrap_or_default().to_owned();
        let text: Vec<_> = [first].into_iter().chain(rest).map(dedented).collect();
        text.join("\n").trim_end().to_owned()
    }

    /// Returns the place of what an edit has set or appended.
    fn place(&self, edit: &Edit) -> Option<Pointer> {
        match &edit.kind {
            EditKind::Set(_) => Some(edit.pointer.clone()),
            EditKind::Append(value) => {
                let items = self.root.pointer(edit.pointer.as_str())?.as_array()?;
                let index = items.iter().position(|item| Value::from(item).is(value))?;
                Some(edit.pointer.index(index))
            }
            EditKind::Remove => None,
        }
    }
}

/// Returns whether a shared parameter says the same as one of an operation, apart from sentences, defaults and deviations.
pub(super) fn is_same(shared: &Json, parameter: &Value) -> bool {
    let deviations = shared.get("x-deviation").and_then(Json::as_array).into_iter().flatten();
    let deviations: Vec<_> = deviations.filter_map(|entry| text(entry, "at")?.strip_prefix("schema/")).collect();
    let shared = Value::from(shared);
    let schema = |parameter: &Value| match parameter.get("schema").map(without_sentences) {
        Some(Value::Map(mut entries)) => {
            entries.retain(|(key, _)| !deviations.contains(&key.as_str()));
            Value::Map(entries)
        }
        _ => Value::Null,
    };
    ["name", "in", "required", "deprecated"].iter().all(|name| shared.get(name) == parameter.get(name))
        && schema(&shared).is(&schema(parameter))
}

fn without_sentences(value: &Value) -> Value {
    let is_fact = |key: &str| !key.starts_with("x-") && !["description", "default", "example"].contains(&key);
    match value {
        Value::Map(entries) => {
            let facts = entries.iter().filter(|(key, _)| is_fact(key));
            Value::map(facts.map(|(key, value)| (key.clone(), without_sentences(value))).collect::<Vec<_>>())
        }
        Value::List(items) => Value::List(items.iter().map(without_sentences).collect()),
        value => value.clone(),
    }
}

/// Returns the index of the description that something belongs to: the one with this name, or that of the same namespace.
pub(super) fn target(curated: &[Target<'_>], found: &Found<'_>, file: Option<&str>) -> Result<usize, ImportError> {
    if let Some(file) = file {
        let is_it = |curated: &Target<'_>| curated.name == file || curated.base_name() == file;
        return curated.iter().position(is_it).ok_or_else(|| {
            let names: Vec<_> = curated.iter().map(|curated| format!("`{}`", curated.name)).collect();
            ImportError::new(
                format!("`{file}` is not one of the descriptions"),
                format!("pass one of {}", names.join(", ")),
            )
        });
    }
    if let [_] = curated {
        return Ok(0);
    }
    let shared = |curated: &Target<'_>| {
        let paths = members(&curated.root, "paths").map(|(path, _)| path.clone());
        let ids = curated.schemas().filter_map(|(_, schema)| text(schema, "x-resourceId"));
        let ids = ids.map(|id| {
            if id.starts_with("v2.") {
                format!("/{}", id.replace('.', "/"))
            } else {
                format!("/v1/{}", id.replace('.', "/"))
            }
        });
        paths.chain(ids).map(|path| shared_parts(&path, &found.namespace)).max().unwrap_or_default()
    };
    let most = curated
        .iter()
        .enumerate()
        .map(|(index, file)| (shared(file), index))
        .max_by_key(|(shared, index)| (*shared, std::cmp::Reverse(*index)));
    match most {
        Some((shared, index)) if shared > 0 => Ok(index),
        _ => {
            let message = format!("no description has anything under the generation of {}", found.words());
            Err(ImportError::new(message, "pass the description to import into with `--file`"))
        }
    }
}

fn shared_parts(one: &str, other: &str) -> usize {
    let parts = |path: &str| path.split('/').skip(1).map(str::to_owned).collect::<Vec<_>>();
    parts(one).iter().zip(parts(other)).take_while(|(one, other)| *one == other).count()
}
