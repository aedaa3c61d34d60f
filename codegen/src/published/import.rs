//! Imports parts of a published description into the curated ones: operations, resources, events, and everything that they reach.
//!
//! Descriptions go in, descriptions with more in them come out. What exists stays as it is.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::Value as Json;

use super::import_names as names;
use super::import_target::{Curated, target};
use super::import_what::{Found, Item, find};
use super::translate::{Direction, Inexpressible, Translated, Translator, members, schema_place};
use super::{Published, Version};
use crate::edit::{self, Edit, EditKind, Value};
use crate::pointer::Pointer;
use crate::source::Source;

/// What has been imported.
#[derive(Debug)]
pub struct Import {
    /// The descriptions that change, with their new text.
    pub files: Vec<Source>,
    /// What is added.
    pub added: Vec<Added>,
    /// What was requested and exists.
    pub existing: Vec<String>,
    /// What is left out, since the dialect cannot express it.
    pub lost: Vec<Inexpressible>,
    /// The files that describe another API version than the published one, with both.
    pub versions: Vec<(String, Version, Version)>,
}

/// A part of a description that is added.
#[derive(Debug)]
pub struct Added {
    /// The file.
    pub file: String,
    /// The place in it.
    pub pointer: Pointer,
    /// The line, from 1.
    pub line: usize,
    /// The YAML text.
    pub text: String,
    /// The lines and the places in it where a description is to be written.
    pub unwritten: Vec<(usize, Pointer)>,
}

/// Why nothing can be imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportError {
    /// What is wrong.
    pub message: String,
    /// How to fix it.
    pub help: String,
}

impl std::fmt::Display for ImportError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}\nhelp: {}", self.message, self.help)
    }
}

impl std::error::Error for ImportError {}

impl ImportError {
    pub(super) fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: help.into() }
    }
}

/// Imports parts of a published description, each named by an operation, a resource, an event type or a namespace.
///
/// `file` is the description to import into, by default the one that describes the same namespace.
///
/// # Errors
///
/// A name that the published description does not have, a description that cannot be read or edited, or a part that the dialect
/// cannot express at all.
pub fn import(
    sources: &[Source],
    published: &Published,
    what: &[String],
    file: Option<&str>,
) -> Result<Import, ImportError> {
    let curated: Vec<_> = sources.iter().map(Curated::read).collect::<Result<_, _>>()?;
    let mut found = BTreeSet::new();
    for name in what {
        found.extend(find(published, name)?);
    }
    let mut importer =
        Importer { curated: &curated, published, edits: BTreeMap::new(), existing: Vec::new(), lost: Vec::new() };
    let mut by_file: BTreeMap<usize, Vec<Found<'_>>> = BTreeMap::new();
    for item in found {
        by_file.entry(target(&curated, &item, file)?).or_default().push(item);
    }
    for (file, items) in &by_file {
        importer.file(*file, items)?;
    }
    importer.finish(sources)
}

struct Importer<'a> {
    curated: &'a [Curated<'a>],
    published: &'a Published,
    /// The edits of each file, and the keys that new schemas stand after.
    edits: BTreeMap<usize, (Vec<Edit>, BTreeMap<Pointer, String>)>,
    existing: Vec<String>,
    lost: Vec<Inexpressible>,
}

/// A schema that is imported.
struct New {
    at: Pointer,
    key: String,
    /// The key that it stands after.
    after: Option<String>,
    /// The module of the resource that reaches it.
    package: Option<String>,
}

impl<'a> Importer<'a> {
    fn file(&mut self, file: usize, items: &[Found<'a>]) -> Result<(), ImportError> {
        let Some(curated) = self.curated.get(file) else { return Ok(()) };
        let root = &self.published.root;
        let mut operations = Vec::new();
        let mut queue = VecDeque::new();
        let mut events = Vec::new();
        for item in items {
            match &item.item {
                Item::Operation { method, path }
                    if self.curated.iter().any(|file| file.has_operation(method, path)) =>
                {
                    self.existing.push(item.words());
                }
                Item::Operation { method, path } => {
                    // Its errors do not decide whether it can be expressed.
                    let at = operation_place(method, path);
                    let nothing = Value::Map(Vec::new());
                    let translated = self.translator(file, &|_| true, |translator| translator.operation(&at, &nothing));
                    match translated.value {
                        None if item.is_named => return Err(inexpressible(&at, &translated.lost)),
                        None => self.lost.extend(translated.lost),
                        Some(_) => {
                            let errors = self.translator(file, &|_| true, |translator| translator.errors(&at)).needs;
                            queue.extend(translated.needs.into_iter().chain(errors).map(|need| (need, None)));
                            operations.push((*method, *path));
                        }
                    }
                }
                Item::Schema(key) => {
                    if self.curated.iter().any(|file| file.counterpart(self.published, key).is_some()) {
                        self.existing.push(item.words());
                    }
                    queue.push_back((schema_place(key), None));
                }
                Item::Event { kind, name, resource } => {
                    if self.curated.iter().any(|file| file.has_event(kind, name)) {
                        self.existing.push(item.words());
                    } else {
                        queue.push_back((schema_place(resource), None));
                        events.push((*kind, *name, *resource));
                    }
                }
            }
        }
        // What is reached is known only now, and with it which strings are ids of something that is described.
        let new = self.reached(file, queue)?;
        let resources: BTreeSet<&str> = new.iter().filter_map(|new| names::resource(root, &new.at)).collect();
        let has_resource = |id: &str| resources.contains(id) || self.curated.iter().any(|file| file.has_resource(id));
        let (mut edits, mut places) = (Vec::new(), BTreeMap::new());
        for (method, path) in &operations {
            let at = operation_place(method, path);
            let errors = self.translator(file, &has_resource, |translator| translator.errors(&at));
            let errors = errors
                .value
                .map(|errors| names::shared_errors(self.curated, file, errors))
                .unwrap_or(Value::Map(Vec::new()));
            let Translated { value, lost, .. } =
                self.translator(file, &has_resource, |translator| translator.operation(&at, &errors));
            self.lost.extend(lost);
            let Some(value) = value else { continue };
            let (path, value) = curated.with_own_path(path, curated.with_shared_parameters(value));
            edits.push(Edit { pointer: operation_place(method, &path), kind: EditKind::Set(value) });
        }
        for New { at, key, after, package } in &new {
            let Translated { value, lost, .. } =
                self.translator(file, &has_resource, |translator| translator.schema(at, Direction::Response));
            self.lost.extend(lost);
            let Some(Value::Map(mut entries)) = value else { continue };
            names::name(&mut entries, key, package.as_deref());
            edits.push(Edit { pointer: schema_place(key), kind: EditKind::Set(Value::Map(entries)) });
            places.extend(after.clone().map(|after| (schema_place(key), after)));
        }
        // Methods and events belong to resources, new or not.
        for (at, key) in self.resources(file, &new) {
            let schema = root.pointer(at.as_str());
            let is_described = |method: &str, path: &str| operations.contains(&(method, path));
            for entry in names::methods(self.published, schema, &at, &is_described, &operations) {
                if !curated.has_method(&key, &entry) {
                    edits.push(Edit {
                        pointer: schema_place(&key).join("x-stripeOperations"),
                        kind: EditKind::Append(entry),
                    });
                }
            }
            for (kind, name, _) in events.iter().filter(|(_, _, resource)| schema_place(resource) == at) {
                let entry = Value::map([("type", Value::text(*name)), ("description", Value::text(""))]);
                edits.push(Edit {
                    pointer: schema_place(&key).join("x-events").join(kind),
                    kind: EditKind::Append(entry),
                });
            }
        }
        self.edits.insert(file, (edits, places));
        Ok(())
    }

    /// Runs the translator with the names of a file.
    fn translator<T>(
        &self,
        file: usize,
        has_resource: &dyn Fn(&str) -> bool,
        run: impl FnOnce(&Translator<'_>) -> T,
    ) -> T {
        let component = |at: &Pointer| {
            let key = at.component("schemas").unwrap_or_default();
            let own = self.curated.get(file).and_then(|file| file.counterpart(self.published, &key));
            own.unwrap_or(key)
        };
        run(&Translator { root: &self.published.root, component: &component, has_resource })
    }

    /// Returns the schemas that are reached and that no file has.
    fn reached(&self, file: usize, mut queue: VecDeque<(Pointer, Option<usize>)>) -> Result<Vec<New>, ImportError> {
        let (mut new, mut seen): (Vec<New>, BTreeSet<Pointer>) = (Vec::new(), BTreeSet::new());
        let Some(curated) = self.curated.get(file) else { return Ok(new) };
        while let Some((at, by)) = queue.pop_front() {
            let key = at.component("schemas").unwrap_or_default();
            if !seen.insert(at.clone()) || curated.counterpart(self.published, &key).is_some() {
                continue;
            }
            let schema = self.published.root.pointer(at.as_str());
            if let Some(other) = self.curated.iter().find(|other| other.counterpart(self.published, &key).is_some()) {
                // Only errors may be in another file.
                if schema.is_some_and(names::is_error) {
                    continue;
                }
                let message =
                    format!("`{key}` is described in {}, and schemas cannot refer to other files", other.name);
                return Err(ImportError::new(message, format!("import into it with `--file {}`", other.name)));
            }
            let Translated { value, needs, lost } =
                self.translator(file, &|_| true, |translator| translator.schema(&at, Direction::Response));
            if value.is_none() {
                return Err(inexpressible(&at, &lost));
            }
            let package = match schema.and_then(|schema| names::package(schema)) {
                Some(package) => Some(package),
                None => by.and_then(|by| new.get(by)).and_then(|by| by.package.clone()),
            };
            let after = by.and_then(|by| new.get(by)).map(|by| by.key.clone());
            let index = new.len();
            queue.extend(needs.into_iter().map(|need| (need, Some(index))));
            new.push(New { at, key, after, package });
        }
        let mut last = curated.last_resource();
        for new in new.iter_mut() {
            // Those that are reached by a resource stand after it, in the order in which they are found.
            new.after = new.after.take().or(last.clone());
            last = Some(new.key.clone());
        }
        Ok(new)
    }

    /// Returns the resources of a file that are published, each with its published place and its own key.
    fn resources(&self, file: usize, new: &[New]) -> Vec<(Pointer, String)> {
        let Some(curated) = self.curated.get(file) else { return Vec::new() };
        let schemas = self
            .published
            .root
            .pointer("/components")
            .into_iter()
            .flat_map(|components| members(components, "schemas"));
        let resources = schemas.filter(|(_, schema)| schema.get("x-resourceId").is_some());
        let found = resources.filter_map(|(key, _)| {
            let at = schema_place(key);
            let own = curated.counterpart(self.published, key);
            let new = || new.iter().find(|new| new.at == at).map(|new| new.key.clone());
            Some((at.clone(), own.or_else(new)?))
        });
        found.collect()
    }

    fn finish(self, sources: &[Source]) -> Result<Import, ImportError> {
        let Self { curated, published, edits, existing, mut lost } = self;
        let (mut files, mut added, mut versions) = (Vec::new(), Vec::new(), Vec::new());
        for (index, (edits, after)) in edits {
            let (Some(curated), Some(source)) = (curated.get(index), sources.get(index)) else { continue };
            let text = edit::apply_after(&source.text, &edits, &after).map_err(|error| {
                ImportError::new(format!("{}: cannot be edited: {}", source.name, error.message), error.help)
            })?;
            if text == source.text {
                continue;
            }
            let changed = Source { name: source.name.clone(), text };
            let root = Curated::read(&changed)?;
            added.extend(root.added(&edits));
            if curated.version().text != published.version.text {
                versions.push((source.name.clone(), curated.version(), published.version.clone()));
            }
            files.push(changed);
        }
        lost.sort();
        lost.dedup();
        added.sort_by(|one: &Added, other| (&one.file, one.line).cmp(&(&other.file, other.line)));
        Ok(Import { files, added, existing, lost, versions })
    }
}

fn inexpressible(at: &Pointer, lost: &[Inexpressible]) -> ImportError {
    let why = lost.iter().map(|lost| format!("{} at `{}`", lost.construct, lost.pointer));
    let why = why.last().unwrap_or_else(|| "it does not exist".to_owned());
    ImportError::new(
        format!("the dialect cannot express `{at}`: {why}"),
        "describe it by hand, by the recipes of spec/README.md",
    )
}

pub(super) fn operation_place(method: &str, path: &str) -> Pointer {
    Pointer::root().join("paths").join(path).join(method)
}

/// Returns the string under a key.
pub(super) fn text<'j>(value: &'j Json, key: &str) -> Option<&'j str> {
    value.get(key)?.as_str()
}
