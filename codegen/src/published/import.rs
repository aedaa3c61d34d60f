//! Imports parts of a published description into the curated ones: operations, resources, events, and everything that they reach;
//! and single facts of the drift.
//!
//! Descriptions go in, descriptions with more in them come out. What exists stays as it is.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;
use std::slice;

use serde_json::Value as Json;

use super::choice::Choice;
use super::deviation;
use super::fact::edits;
use super::import_files::by_file;
use super::import_names as names;
use super::import_refused::{Changes, without_refused};
use super::import_target::Target;
use super::import_what::{Event, Found, Item, events_of, find};
use super::node::Node;
use super::pairing::Pairing;
use super::translate::{Direction, Inexpressible, Translated, Translator, members, schema_place};
use super::translate_errors::is_error;
use super::{Drift, Fact, Published, Version};
use crate::edit::{self, Edit, EditKind, Value};
use crate::pointer::Pointer;
use crate::source::Source;
use crate::suggest;

/// What has been imported.
#[derive(Debug, Default)]
pub struct Import {
    /// The descriptions that change, with their new text.
    pub files: Vec<Source>,
    /// What is new or different.
    pub written: Vec<Written>,
    /// The places of what is removed, each with its file.
    pub removed: Vec<(String, Pointer)>,
    /// What was requested and exists.
    pub existing: Vec<String>,
    /// What is left out or wider, since the dialect cannot express it.
    pub lost: Vec<Inexpressible>,
    /// The files that describe another API version than the published one, with both.
    pub versions: Vec<(String, Version, Version)>,
}

/// A part of a description that is new or different.
#[derive(Debug)]
pub struct Written {
    /// The file.
    pub file: String,
    /// The place in it.
    pub pointer: Pointer,
    /// The line, from 1.
    pub line: usize,
    /// The YAML text.
    pub text: String,
    /// The lines and the places in it where a description is to be written.
    pub empty: Vec<(usize, Pointer)>,
}

/// Why nothing can be imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportError {
    /// What is wrong.
    pub message: String,
    /// How to fix it.
    pub help: String,
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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
/// A name that the published description does not have, a description that cannot be read or edited, or a named part that the
/// dialect cannot express.
pub fn import(
    sources: &[Source],
    published: &Published,
    what: &[String],
    file: Option<&str>,
) -> Result<Import, ImportError> {
    let curated: Vec<_> = sources.iter().map(Target::read).collect::<Result<_, _>>()?;
    let mut found = BTreeSet::new();
    for name in what {
        found.extend(find(published, name)?);
    }
    let names = counterparts(&curated, published);
    let mut importer = Importer { curated: &curated, names, published, result: Import::default() };
    let by_file = by_file(&importer, found, file)?;
    let (mut changes, mut named) = (BTreeMap::new(), BTreeMap::new());
    for (file, items) in &by_file {
        changes.insert(*file, importer.file(*file, items)?);
        named.extend(importer.named(*file, items));
    }
    let mut result = importer.result;
    result.lost.extend(without_refused(sources, published, &mut changes, &named)?);
    for (index, Changes { edits, after }) in changes {
        let (Some(own), Some(source)) = (curated.get(index), sources.get(index)) else { continue };
        if result.change(source, &edits, &after)? && own.version().text != published.version.text {
            result.versions.push((source.name.clone(), own.version(), published.version.clone()));
        }
    }
    Ok(result)
}

/// Takes over facts of a drift, by their fingerprints. What is no deviation then is not declared as one any more.
///
/// # Errors
///
/// A fingerprint that the drift does not have, or a description that cannot be edited.
pub fn update(sources: &[Source], drift: &Drift, fingerprints: &[String]) -> Result<Import, ImportError> {
    let outdated = drift.deviations.outdated.iter().map(|(_, fact)| fact);
    let facts: Vec<&Fact> = drift.facts.iter().chain(&drift.later).chain(outdated).collect();
    let mut taken: Vec<Fact> = Vec::new();
    for fingerprint in fingerprints {
        let found = facts.iter().find(|fact| fact.fingerprint() == *fingerprint);
        let fact = found.ok_or_else(|| {
            let near = suggest::did_you_mean(fingerprint, facts.iter().map(|fact| fact.fingerprint()));
            let help = near.unwrap_or_else(|| "`cargo xtask drift` shows the fingerprint of each change".to_owned());
            ImportError::new(format!("the drift has no fact `{fingerprint}`"), help)
        })?;
        taken.push((*fact).clone());
    }
    let mut result = Import::default();
    for source in sources {
        let facts: Vec<&Fact> = taken.iter().filter(|fact| fact.file == source.name).collect();
        let edits = edits(&taken, &source.name).into_iter().cloned();
        let edits: Vec<Edit> = edits.chain(deviation::without(source, &facts)).collect();
        result.change(source, &edits, &BTreeMap::new())?;
    }
    Ok(result)
}

impl Import {
    /// Changes a file; returns whether its text is another one then.
    fn change(
        &mut self,
        source: &Source,
        edits: &[Edit],
        after: &BTreeMap<Pointer, String>,
    ) -> Result<bool, ImportError> {
        let text = edit::apply_after(&source.text, edits, after).map_err(|error| {
            ImportError::new(format!("{} cannot be edited: {}", source.name, error.message), error.help)
        })?;
        if text == source.text {
            return Ok(false);
        }
        let changed = Source { name: source.name.clone(), text };
        self.written.extend(Target::read(&changed)?.written(edits));
        let removed = edits.iter().filter(|edit| edit.kind == EditKind::Remove);
        self.removed.extend(removed.map(|edit| (source.name.clone(), edit.pointer.clone())));
        self.files.push(changed);
        self.lost.sort();
        self.lost.dedup();
        Ok(true)
    }
}

/// Returns the keys of the schemas that have counterparts, by file and published place.
fn counterparts(curated: &[Target<'_>], published: &Published) -> BTreeMap<(usize, Pointer), String> {
    let roots: Vec<_> = curated.iter().map(|curated| Node::root(&curated.root)).collect();
    let pairing = Pairing::new(&roots, &Choice::new(&roots, slice::from_ref(published)));
    let mut names = BTreeMap::new();
    for group in pairing.schemas.values() {
        let Some(key) = group.curated.schema.pointer.component("schemas") else { continue };
        for other in &group.counterparts {
            names.entry((group.file, other.published.schema.pointer.clone())).or_insert_with(|| key.clone());
        }
    }
    names
}

/// What is imported, and what is known of both sides.
pub(super) struct Importer<'a> {
    pub(super) curated: &'a [Target<'a>],
    /// The keys of the schemas that have counterparts, by file and published place.
    names: BTreeMap<(usize, Pointer), String>,
    pub(super) published: &'a Published,
    result: Import,
}

/// What is imported into a file.
#[derive(Default)]
struct Requested<'a> {
    operations: Vec<(&'a str, &'a str)>,
    /// Operations that exist, that were requested by their names, and that are no methods.
    unattached: Vec<(&'a str, &'a str)>,
    events: Vec<Event<'a>>,
    /// The schemas that are needed, with the index of the new one that needs it.
    schemas: VecDeque<(Pointer, Option<usize>)>,
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
    fn file(&mut self, file: usize, items: &[Found<'a>]) -> Result<Changes, ImportError> {
        let Changes { mut edits, mut after } = Changes::default();
        let Some(curated) = self.curated.get(file) else { return Ok(Changes { edits, after }) };
        let Requested { operations, unattached, mut events, schemas } = self.requested(file, items)?;
        let new = self.reached(file, schemas)?;
        // A resource has its events, however it is reached.
        let is_new = |resource: &str| new.iter().any(|new| new.at == schema_place(resource));
        let own = events_of(&self.published.root, is_new).into_iter().filter(|event| !self.has_event(event));
        let own: Vec<_> = own.filter(|event| !events.contains(event)).collect();
        events.extend(own);
        // Only now it is known which strings are ids of something that is described.
        let resources: BTreeSet<&str> =
            new.iter().filter_map(|new| names::resource(&self.published.root, &new.at)).collect();
        let has_resource = |id: &str| resources.contains(id) || self.curated.iter().any(|file| file.has_resource(id));
        for (method, path) in &operations {
            let at = operation_place(method, path);
            let errors = self.translate(file, &has_resource, |translator| translator.errors(&at));
            let errors = names::shared_errors(self.curated, file, errors.value.unwrap_or_else(nothing));
            let Translated { value, lost, .. } =
                self.translate(file, &has_resource, |translator| translator.operation(&at, &errors));
            self.result.lost.extend(lost);
            let Some(value) = value else { continue };
            let (path, value) = curated.with_own_path(path, curated.with_shared_parameters(value));
            edits.push(Edit { pointer: operation_place(method, &path), kind: EditKind::Set(value) });
        }
        for New { at, key, after: before, package } in &new {
            let Translated { value, lost, .. } =
                self.translate(file, &has_resource, |translator| translator.schema(at, Direction::Response));
            self.result.lost.extend(lost);
            let Some(Value::Map(mut entries)) = value else { continue };
            names::name(&mut entries, key, package.as_deref());
            edits.push(Edit { pointer: schema_place(key), kind: EditKind::Set(Value::Map(entries)) });
            after.extend(before.clone().map(|before| (schema_place(key), before)));
        }
        let attached: Vec<_> = operations.into_iter().chain(unattached).collect();
        for (at, key) in self.resources(file, &new) {
            edits.extend(self.methods(curated, &at, &key, &attached));
            for (kind, name, _) in events.iter().filter(|(_, _, resource)| schema_place(resource) == at) {
                let entry = Value::map([("type", Value::text(*name)), ("description", Value::text(""))]);
                let pointer = schema_place(&key).join("x-events").join(kind);
                edits.push(Edit { pointer, kind: EditKind::Append(entry) });
            }
        }
        Ok(Changes { edits, after })
    }

    /// Returns the places of what is requested by its own name, with the words for it.
    fn named(&self, file: usize, items: &[Found<'_>]) -> BTreeMap<Pointer, String> {
        let items = items.iter().filter(|item| item.is_named);
        let place = |item: &Found<'_>| match &item.item {
            Item::Operation { method, path } => {
                let path = self.curated.get(file).and_then(|own| own.own_path(path)).unwrap_or(path);
                (operation_place(method, path), item.words())
            }
            Item::Schema(key) => (schema_place(key), item.words()),
            Item::Event { kind, name, resource } => {
                let at = schema_place(resource);
                let at = self.counterpart(file, &at).map_or(at, |key| schema_place(&key));
                (at.join("x-events").join(kind).join(name), item.words())
            }
        };
        items.map(place).collect()
    }

    /// Sorts out what exists, and what cannot be expressed.
    fn requested(&mut self, file: usize, items: &[Found<'a>]) -> Result<Requested<'a>, ImportError> {
        let mut requested = Requested::default();
        for item in items {
            match &item.item {
                Item::Operation { method, path } => {
                    if self.curated.iter().any(|file| file.has_operation(method, path)) {
                        self.result.existing.push(item.words());
                        let is_method = self.curated.iter().any(|file| file.attaches(method, path));
                        requested.unattached.extend((item.is_named && !is_method).then_some((*method, *path)));
                        continue;
                    }
                    let at = operation_place(method, path);
                    let translated =
                        self.translate(file, &|_| true, |translator| translator.operation(&at, &nothing()));
                    match translated.value {
                        None if item.is_named => return Err(inexpressible(&item.words(), &translated.lost)),
                        None => self.result.lost.extend(translated.lost),
                        Some(_) => {
                            let errors = self.translate(file, &|_| true, |translator| translator.errors(&at));
                            let needs = translated.needs.into_iter().chain(errors.needs);
                            requested.schemas.extend(needs.map(|need| (need, None)));
                            requested.operations.push((*method, *path));
                        }
                    }
                }
                Item::Schema(key) => {
                    let at = schema_place(key);
                    if self.elsewhere(&at).is_some() {
                        self.result.existing.push(item.words());
                    } else {
                        requested.schemas.push_back((at, None));
                    }
                }
                Item::Event { kind, name, resource } => {
                    let event = (*kind, *name, *resource);
                    if self.has_event(&event) {
                        self.result.existing.push(item.words());
                    } else {
                        requested.schemas.push_back((schema_place(resource), None));
                        requested.events.push(event);
                    }
                }
            }
        }
        Ok(requested)
    }

    fn has_event(&self, (kind, name, _): &Event<'_>) -> bool {
        self.curated.iter().any(|file| file.has_event(kind, name))
    }

    /// Returns the schemas that are reached and that no file has.
    fn reached(&mut self, file: usize, mut queue: VecDeque<(Pointer, Option<usize>)>) -> Result<Vec<New>, ImportError> {
        let mut new: Vec<New> = Vec::new();
        let mut seen = BTreeSet::new();
        while let Some((at, by)) = queue.pop_front() {
            let Some(key) = at.component("schemas") else { continue };
            if !seen.insert(at.clone()) || self.counterpart(file, &at).is_some() {
                continue;
            }
            let schema = self.published.root.pointer(at.as_str());
            if let Some(other) = self.elsewhere(&at) {
                // Only errors may be in another file.
                if schema.is_some_and(is_error) {
                    continue;
                }
                let message =
                    format!("`{key}` is described in {}, and schemas cannot refer to other files", other.name);
                return Err(ImportError::new(message, format!("import into it with `--file {}`", other.name)));
            }
            if self.curated.get(file).is_some_and(|own| own.has_schema(&key)) {
                let message = format!("`{key}` describes something else here than in {}", self.published.name);
                return Err(ImportError::new(
                    message,
                    "give the schema another key first, and change the references to it",
                ));
            }
            let Translated { value, needs, lost } =
                self.translate(file, &|_| true, |translator| translator.schema(&at, Direction::Response));
            if value.is_none() {
                return Err(inexpressible(&format!("`{key}`"), &lost));
            }
            let by = by.and_then(|by| new.get(by));
            let package = schema.and_then(names::package).or_else(|| by?.package.clone());
            let after = by.map(|by| by.key.clone());
            let index = new.len();
            queue.extend(needs.into_iter().map(|need| (need, Some(index))));
            new.push(New { at, key, after, package });
        }
        // Those that a resource reaches stand after it, the others after the last resource. Errors stand with other errors.
        let mut last = self.curated.get(file).and_then(Target::last_resource);
        let is_error = |new: &New| self.published.root.pointer(new.at.as_str()).is_some_and(is_error);
        for new in new.iter_mut().filter(|new| !is_error(new)) {
            new.after = new.after.take().or(last.take());
            last = Some(new.key.clone());
        }
        Ok(new)
    }

    /// Returns the edits that add the methods of a resource.
    fn methods(&self, curated: &Target<'_>, at: &Pointer, key: &str, operations: &[(&str, &str)]) -> Vec<Edit> {
        let methods = names::methods(self.published, at, operations).into_iter();
        let methods = methods.map(|method| curated.with_own_path_of(method));
        let new = methods.filter(|method| !curated.has_method(key, method));
        let pointer = schema_place(key).join("x-stripeOperations");
        new.map(|method| Edit { pointer: pointer.clone(), kind: EditKind::Append(method) }).collect()
    }

    /// Returns the resources that a file has or gets, each with its published place and its key.
    fn resources(&self, file: usize, new: &[New]) -> Vec<(Pointer, String)> {
        let schemas = self.published.root.get("components").into_iter();
        let schemas = schemas.flat_map(|components| members(components, "schemas"));
        let resources = schemas.filter(|(_, schema)| schema.get("x-resourceId").is_some());
        let found = resources.filter_map(|(key, _)| {
            let at = schema_place(key);
            let new = || new.iter().find(|new| new.at == at).map(|new| new.key.clone());
            let own = self.counterpart(file, &at).or_else(new)?;
            Some((at, own))
        });
        found.collect()
    }

    /// Returns the key of the schema of a file that describes the same as a published one.
    pub(super) fn counterpart(&self, file: usize, at: &Pointer) -> Option<String> {
        let own = || self.curated.get(file)?.counterpart(self.published, &at.component("schemas")?);
        self.names.get(&(file, at.clone())).cloned().or_else(own)
    }

    /// Returns the file that describes the same as a published schema.
    fn elsewhere(&self, at: &Pointer) -> Option<&'a Target<'a>> {
        let mut files = self.curated.iter().enumerate();
        files.find(|(file, _)| self.counterpart(*file, at).is_some()).map(|(_, curated)| curated)
    }

    /// Translates with the names of a file.
    pub(super) fn translate(
        &self,
        file: usize,
        has_resource: &dyn Fn(&str) -> bool,
        run: impl FnOnce(&Translator<'_>) -> Translated,
    ) -> Translated {
        let component = |at: &Pointer| self.counterpart(file, at).or_else(|| at.component("schemas"));
        run(&Translator { root: &self.published.root, component: &component, has_resource })
    }
}

pub(super) fn nothing() -> Value {
    Value::Map(Vec::new())
}

fn inexpressible(what: &str, lost: &[Inexpressible]) -> ImportError {
    let why = lost.last().map(|lost| format!(": {} at `{}`", lost.construct, lost.pointer)).unwrap_or_default();
    let help = "describe it by hand, by the recipes of spec/README.md";
    ImportError::new(format!("the dialect cannot express {what}{why}"), help)
}

pub(super) fn operation_place(method: &str, path: &str) -> Pointer {
    Pointer::root().join("paths").join(path).join(method)
}

/// Returns the string under a key.
pub(super) fn text<'j>(value: &'j Json, key: &str) -> Option<&'j str> {
    value.get(key)?.as_str()
}
