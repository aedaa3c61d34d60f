//! Finds the facts: how the curated descriptions differ from their counterparts.
//!
//! What is compared is marked in the declaration of keywords. What only says less than the published description is no fact.

mod errors;
mod events;
mod foreign;
mod lists;
mod objects;
mod operations;
mod ranges;
mod shared;
#[cfg(test)]
mod tests;
mod values;

use std::collections::{BTreeMap, HashSet};

use serde_json::Value as Json;

use super::Published;
use super::adopt::{Adopted, Adopter};
use super::choice::Choice;
use super::fact::{Fact, Value};
use super::node::Node;
use super::pairing::{Counterpart, Group, Pairing};
use super::schema::{Form, Used};
use super::translate::Direction;
use crate::edit::{self, Edit, EditKind};
use crate::pointer::Pointer;
use crate::source::Source;

/// A construct of a published description, within what is covered, that the dialect cannot express.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Foreign {
    /// The published description.
    pub published: String,
    /// The place in it.
    pub pointer: Pointer,
    /// What it is, such as `a union of 3 schemas`.
    pub construct: String,
}

/// What the comparison has found.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) facts: Vec<Fact>,
    pub(super) foreign: Vec<Foreign>,
}

/// Finds the facts.
pub(super) fn find<'a>(sources: &[Source], roots: &[Node<'a>], choice: &Choice<'a>, pairing: &Pairing<'a>) -> Found {
    let vocabularies = choice.published.iter().map(|source| (source.name.as_str(), Vocabulary::of(&source.root)));
    let adopter = Adopter::new(roots, pairing);
    let mut finder = Finder {
        sources,
        roots,
        choice,
        vocabularies: vocabularies.collect(),
        adopter,
        resources: &pairing.resources,
        found: Found::default(),
    };
    finder.servers();
    finder.operations(pairing);
    finder.inexpressible(pairing);
    for group in pairing.parameters.values() {
        finder.parameter(group);
    }
    for group in pairing.uses.values() {
        group.counterparts.iter().for_each(|other| finder.keywords(other));
        finder.used(group);
    }
    for group in pairing.schemas.values() {
        match group.curated.form {
            Form::Object => finder.object(group),
            Form::OneOf(_) => finder.one_of(group),
            Form::Map => finder.map(group),
            Form::Range { .. } => finder.range(group),
            Form::List => finder.list(group),
            _ => finder.value(group),
        }
    }
    finder.share(pairing);
    finder.errors(pairing);
    finder.events(pairing);
    let mut found = finder.found;
    found.facts.sort_by(|a, b| (&a.file, &a.pointer).cmp(&(&b.file, &b.pointer)));
    found.foreign.sort();
    found.foreign.dedup();
    found
}

struct Finder<'s, 'a> {
    sources: &'s [Source],
    roots: &'s [Node<'a>],
    choice: &'s Choice<'a>,
    vocabularies: BTreeMap<&'a str, Vocabulary<'a>>,
    adopter: Adopter<'s, 'a>,
    resources: &'s HashSet<&'a str>,
    found: Found,
}

/// The formats and extensions that occur anywhere in a published description: what occurs nowhere in it is not missing.
#[derive(Default)]
struct Vocabulary<'a> {
    formats: HashSet<&'a str>,
    extensions: HashSet<&'a str>,
}

impl<'a> Vocabulary<'a> {
    fn of(root: &'a Json) -> Self {
        let (mut found, mut rest) = (Self::default(), vec![root]);
        while let Some(value) = rest.pop() {
            match value {
                Json::Object(members) => {
                    for (key, value) in members {
                        match (key.as_str(), value) {
                            ("format", Json::String(format)) => drop(found.formats.insert(format)),
                            (key, value) => {
                                found.extensions.extend(key.starts_with("x-").then_some(key));
                                rest.push(value);
                            }
                        }
                    }
                }
                Json::Array(items) => rest.extend(items),
                _ => {}
            }
        }
        found
    }
}

/// A place in a published description.
#[derive(Clone)]
struct There<'a> {
    source: &'a Published,
    pointer: Pointer,
}

impl<'a, T> Counterpart<'a, T> {
    fn at(&self, pointer: &Pointer) -> There<'a> {
        There { source: self.source, pointer: pointer.clone() }
    }
}

impl<'a> Finder<'_, 'a> {
    fn fact(&mut self, file: usize, pointer: Pointer, value: Value, there: There<'a>, edits: Vec<Edit>) {
        let file = self.sources.get(file).map(|source| source.name.clone()).unwrap_or_default();
        let There { source, pointer: published_pointer } = there;
        let published = source.name.clone();
        self.found.facts.push(Fact { file, pointer, value, published, published_pointer, shared: None, edits });
    }

    /// Adds a fact about what only the published description has, unless the dialect cannot express it.
    fn exists(
        &mut self,
        file: usize,
        pointer: Pointer,
        there: There<'a>,
        adopted: Adopted,
        edits: impl FnOnce(edit::Value) -> Vec<Edit>,
    ) {
        let Adopted { value, components, lost } = adopted;
        for lost in lost {
            self.foreign(&There { source: there.source, pointer: lost.pointer }, lost.construct);
        }
        if let Some(value) = value {
            let edits = edits(value).into_iter().chain(components).collect();
            self.fact(file, pointer, Value::Exists, there, edits);
        }
    }

    fn foreign(&mut self, there: &There<'_>, construct: String) {
        let (published, pointer) = (there.source.name.clone(), there.pointer.clone());
        self.found.foreign.push(Foreign { published, pointer, construct });
    }

    fn has_extension(&self, source: &Published, name: &str) -> bool {
        self.vocabularies.get(source.name.as_str()).is_some_and(|found| found.extensions.contains(name))
    }

    fn has_format(&self, source: &Published, format: &str) -> bool {
        self.vocabularies.get(source.name.as_str()).is_some_and(|found| found.formats.contains(format))
    }

    /// Compares the use of a schema: its type, and whether it is nullable and deprecated.
    fn used(&mut self, group: &Group<'a, Used<'a>>) {
        let Group { file, curated, counterparts } = group;
        let place = curated.site.named.clone();
        let agrees = |other: &Counterpart<'a, Used<'a>>| curated.is_like(&other.published, self.resources);
        if let Some(first) = group.differing(agrees) {
            let of_direction = || counterparts.iter().filter(|other| other.direction == first.direction);
            for other in of_direction() {
                if let Form::Foreign(construct) = &other.published.form {
                    self.foreign(&other.at(&other.published.schema.pointer), construct.clone());
                }
            }
            if let Some(other) = of_direction().find(|other| !takes(curated, &other.published)) {
                let adopted = self.adopter.schema(*file, other.source, &other.published.site, other.direction);
                let there = other.at(&other.published.schema.pointer);
                let value = Value::Other(other.published.words());
                self.replaced(*file, curated, place.join("type"), value, there, adopted);
            }
            return;
        }
        let received = || counterparts.iter().filter(|other| other.direction == Direction::Response);
        if let Some(other) = received().find(|other| other.published.nullable && !curated.nullable) {
            let edits = self.with_keyword(curated, "nullable");
            let there = other.at(&other.published.site.pointer);
            self.fact(*file, place.join("nullable"), Value::Other("true".to_owned()), there, edits);
        }
        let is_deprecated = |used: &Used<'_>| used.site.flag("deprecated") || used.schema.flag("deprecated");
        let deprecating = counterparts.iter().find(|other| is_deprecated(&other.published));
        match (is_deprecated(curated), deprecating, counterparts.first()) {
            (false, Some(other), _) => {
                let edits = self.with_keyword(curated, "deprecated");
                let there = other.at(&other.published.site.pointer);
                self.fact(*file, place.join("deprecated"), Value::Other("true".to_owned()), there, edits);
            }
            (true, None, Some(other)) => {
                let on = if curated.site.flag("deprecated") { &curated.site } else { &curated.schema };
                let edits = vec![remove(on.pointer.join("deprecated"))];
                self.fact(
                    *file,
                    on.named.join("deprecated"),
                    Value::Missing,
                    other.at(&other.published.site.pointer),
                    edits,
                );
            }
            _ => {}
        }
    }

    /// Returns the edits that set a keyword of a use to `true`: nothing stands beside a `$ref`, so it is wrapped.
    fn with_keyword(&self, used: &Used<'a>, keyword: &str) -> Vec<Edit> {
        if !used.is_reference() {
            return vec![set(used.site.pointer.join(keyword), edit::Value::Flag(true))];
        }
        let text = used.schema.text("description").unwrap_or_default();
        let value = edit::Value::map([
            (keyword, edit::Value::Flag(true)),
            ("description", edit::Value::text(text)),
            ("anyOf", edit::Value::List(vec![edit::Value::from(used.site.value)])),
        ]);
        vec![set(used.site.pointer.clone(), value)]
    }

    /// Adds the fact that a schema is another one, with the documentation and the name that the curated one has.
    fn replaced(
        &mut self,
        file: usize,
        curated: &Used<'a>,
        pointer: Pointer,
        words: Value,
        there: There<'a>,
        adopted: Adopted,
    ) {
        let Adopted { value: Some(schema), components, .. } = adopted else {
            return self.foreign(&there, there_words(&words));
        };
        let kept = ["description", "externalDocs", "x-rustName", "x-deviation"];
        let edit::Value::Map(members) = schema else { return };
        // Nothing stands beside a reference: a property has the description of what it refers to.
        let is_property = curated.site.pointer.parent().segments().last().is_some_and(|key| key == "properties");
        let referenced = |key: &str| curated.schema.value.get(key).filter(|_| is_property && key == "description");
        let own = |key: &str| curated.site.value.get(key).or_else(|| referenced(key));
        let others = members.into_iter().filter(|(key, _)| !kept.contains(&key.as_str()));
        let documentation = kept.iter().filter_map(|key| Some(((*key).to_owned(), edit::Value::from(own(key)?))));
        let value = edit::Value::Map(others.chain(documentation).collect());
        let mut edits = vec![set(curated.site.pointer.clone(), value.clone())];
        // An expandable object is written twice.
        let around = curated.site.pointer.parent().parent();
        let expandable = self.roots.get(file).and_then(|root| root.value.pointer(around.as_str()));
        if expandable.is_some_and(|schema| schema.get("x-expansionResources").is_some()) {
            edits.push(set(around.join("x-expansionResources").join("oneOf").index(0), value));
        }
        edits.extend(components);
        self.fact(file, pointer, words, there, edits);
    }
}

fn there_words(value: &Value) -> String {
    format!("{value} that the dialect does not have")
}

/// Returns whether a schema of another form takes all that a published one describes.
fn takes(curated: &Used<'_>, published: &Used<'_>) -> bool {
    let is_open = curated.form == Form::Map
        && curated.schema.value.get("additionalProperties").is_none_or(|values| *values == Json::Bool(true));
    match published.form {
        Form::Foreign(_) => true,
        Form::Object | Form::Map | Form::Bare | Form::List => is_open || curated.form == Form::Any,
        _ => curated.form == Form::Any,
    }
}

fn set(pointer: Pointer, value: edit::Value) -> Edit {
    Edit { pointer, kind: EditKind::Set(value) }
}

fn append(pointer: Pointer, value: edit::Value) -> Edit {
    Edit { pointer, kind: EditKind::Append(value) }
}

fn remove(pointer: Pointer) -> Edit {
    Edit { pointer, kind: EditKind::Remove }
}

/// Returns the edits that remove a string from a list of an object, if the list has it.
fn remove_text(object: &Node<'_>, list: &str, text: &str) -> Option<Edit> {
    let index = object.texts(list).position(|other| other == text)?;
    Some(remove(object.pointer.join(list).index(index)))
}
