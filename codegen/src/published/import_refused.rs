//! Leaves out what the generator refuses, so that what is imported needs nothing but its sentences.
//!
//! The new descriptions are read as the generator reads them. What an error is about is written differently, or left out and
//! listed, until no error is left.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::Published;
use super::described::described;
use super::import::ImportError;
use super::import_what::template;
use super::leave_out::{LeftOut, Role, leave_out};
use super::translate::{Inexpressible, members};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::edit::{self, Edit, EditKind, Value};
use crate::generate::read;
use crate::parse::{self, Tree};
use crate::pointer::Pointer;
use crate::source::Source;

/// What is written into a description.
#[derive(Debug, Default)]
pub(super) struct Changes {
    pub(super) edits: Vec<Edit>,
    /// The keys that new ones stand after, by the place of the new ones.
    pub(super) after: BTreeMap<Pointer, String>,
}

impl Changes {
    /// Returns the text of a description with the changes.
    fn applied(&self, source: &Source) -> Result<Source, ImportError> {
        let text = edit::apply_after(&source.text, &self.edits, &self.after).map_err(|error| {
            ImportError::new(format!("{} cannot be edited: {}", source.name, error.message), error.help)
        })?;
        Ok(Source { name: source.name.clone(), text })
    }

    /// Returns the edit that has written what is at a place of the result.
    fn written(&self, root: &Json, pointer: &Pointer) -> Option<usize> {
        let found = self.edits.iter().enumerate().filter(|(_, edit)| match &edit.kind {
            EditKind::Set(_) => pointer.is_in(&edit.pointer),
            EditKind::Append(item) => {
                let index = pointer.segments().nth(edit.pointer.segments().count());
                let written = index.and_then(|index| root.pointer(edit.pointer.join(&index).as_str()));
                pointer.is_in(&edit.pointer) && written.is_some_and(|written| is_described(written, item))
            }
            EditKind::Remove => false,
        });
        found.max_by_key(|(_, edit)| edit.pointer.as_str().len()).map(|(index, _)| index)
    }

    fn leave_out(&mut self, edit: usize, pointer: &Pointer, code: Code) -> LeftOut {
        let Some(Edit { pointer: at, kind: EditKind::Set(value) }) = self.edits.get_mut(edit) else {
            return LeftOut::Whole;
        };
        let path: Vec<String> = pointer.segments().skip(at.segments().count()).collect();
        let key = at.component("schemas");
        let role = if key.is_some() { Role::Component } else { Role::Operation };
        let id = value.get("operationId").and_then(Value::as_text).map(str::to_owned);
        leave_out(value, role, &key.or(id).unwrap_or_default(), &path, code)
    }

    /// Removes an edit, with what is attached to the schema that it writes.
    fn remove(&mut self, edit: usize) {
        if edit < self.edits.len() {
            let gone = self.edits.remove(edit);
            self.edits.retain(|edit| !matches!(gone.kind, EditKind::Set(_)) || !edit.pointer.is_in(&gone.pointer));
        }
    }
}

/// Returns the place of what an edit writes: of an event, in the list, by its type.
fn place_of_edit(edit: &Edit) -> Pointer {
    match &edit.kind {
        EditKind::Append(item) => edit.pointer.join(item.get("type").and_then(Value::as_text).unwrap_or_default()),
        EditKind::Set(_) | EditKind::Remove => edit.pointer.clone(),
    }
}

/// Returns whether an item is one that has been added, apart from its sentence.
fn is_described(written: &Json, item: &Value) -> bool {
    let written = Value::from(written);
    let Value::Map(entries) = item else { return written.is(item) };
    entries.iter().filter(|(key, _)| key != "description").all(|(key, value)| written.get(key) == Some(value))
}

/// Changes what is to be written, by the index of the description, until the generator accepts it; returns what is left out.
///
/// # Errors
///
/// Something that is left out has been requested by its name, or cannot be left out.
pub(super) fn without_refused(
    sources: &[Source],
    published: &Published,
    changes: &mut BTreeMap<usize, Changes>,
    named: &BTreeMap<Pointer, String>,
) -> Result<Vec<Inexpressible>, ImportError> {
    let known = known_errors(sources);
    let mut lost: Vec<Inexpressible> = Vec::new();
    for _ in 0..MAX_ROUNDS {
        let described = after(sources, changes)?;
        let Err(diagnostics) = read(&described) else { return Ok(lost) };
        let places = places(&diagnostics, &described, changes);
        if places.is_empty() {
            let new = diagnostics.iter().find(|diagnostic| !known.contains(&diagnostic.message));
            return new.map_or(Ok(lost), |diagnostic| Err(refused("the result", &diagnostic.message)));
        }
        let (mut gone, mut gone_edits) = (Vec::new(), BTreeSet::new());
        // Items of a list from its end, so that the indices of the others stay.
        for Place { file, edit, pointer, diagnostic } in places.into_values().rev() {
            let Some(changes) = changes.get_mut(&file) else { continue };
            if gone.iter().any(|(other, at)| *other == file && pointer.is_in(at)) {
                continue;
            }
            gone.push((file, pointer.clone()));
            let what = match changes.leave_out(edit, &pointer, diagnostic.code) {
                LeftOut::Whole => {
                    let place = changes.edits.get(edit).map(place_of_edit).unwrap_or_default();
                    if let Some(words) = named.get(&place) {
                        return Err(refused(words, &diagnostic.message));
                    }
                    gone.push((file, place));
                    gone_edits.insert((file, edit));
                    (!follows(diagnostic.code)).then(|| "left out".to_owned())
                }
                LeftOut::Part(what) => Some(what),
                LeftOut::Detail => None,
            };
            let pointer = place_in(published, &pointer);
            // Where the first name is taken as well, the second one counts.
            lost.retain(|lost| lost.pointer != pointer || !lost.construct.starts_with("named "));
            let construct = what.map(|what| format!("{what}: {}", diagnostic.message));
            lost.extend(construct.map(|construct| Inexpressible { pointer, construct }));
        }
        // What is attached to an edit comes after it.
        for (file, edit) in gone_edits.into_iter().rev() {
            changes.entry(file).or_default().remove(edit);
        }
    }
    Err(refused("the result", "too much of it would be left out"))
}

/// How many times the result is read: each time, less is left of it.
const MAX_ROUNDS: usize = 256;

/// Returns the descriptions after the changes, with sentences.
fn after(sources: &[Source], changes: &BTreeMap<usize, Changes>) -> Result<Vec<Source>, ImportError> {
    let changed = sources.iter().enumerate().map(|(index, source)| match changes.get(&index) {
        Some(changes) => changes.applied(source).map(|changed| described(&changed)),
        None => Ok(described(source)),
    });
    changed.collect()
}

/// A place to change.
struct Place<'d> {
    /// The index of the description.
    file: usize,
    /// The index of the edit that has written it.
    edit: usize,
    pointer: Pointer,
    diagnostic: &'d Diagnostic,
}

/// The places to change, in the order of the text.
type Places<'d> = BTreeMap<(usize, usize, Vec<(usize, String)>), Place<'d>>;

/// Returns the new places that errors are about, each once.
fn places<'d>(diagnostics: &'d Diagnostics, described: &[Source], changes: &BTreeMap<usize, Changes>) -> Places<'d> {
    let trees: Vec<Option<Tree>> = described.iter().map(|source| parse::tree(&source.text).ok()).collect();
    let roots: Vec<Option<Json>> = trees.iter().map(|tree| tree.as_ref().map(Tree::value)).collect();
    let written = |file: usize, pointer: &Pointer| changes.get(&file)?.written(roots.get(file)?.as_ref()?, pointer);
    let mut places = Places::new();
    for diagnostic in diagnostics {
        let new = places_of(diagnostic, &trees).into_iter();
        let new = new.filter_map(|(file, pointer)| Some((file, written(file, &pointer)?, pointer)));
        let count = if is_everywhere(diagnostic.code) { usize::MAX } else { 1 };
        for (file, edit, pointer) in new.take(count) {
            let keys = pointer.segments().map(|key| (key.len(), key)).collect();
            places.insert((file, edit, keys), Place { file, edit, pointer, diagnostic });
        }
    }
    places
}

/// Returns the errors that the descriptions have already, but for the sentences to be written.
fn known_errors(sources: &[Source]) -> BTreeSet<String> {
    let before: Vec<_> = sources.iter().map(described).collect();
    read(&before).err().iter().flatten().map(|diagnostic| diagnostic.message.clone()).collect()
}

/// Returns whether an error is about all of its places, not one of them.
fn is_everywhere(code: Code) -> bool {
    [Code::UnresolvedReference, Code::UnknownResource].contains(&code)
}

/// Returns whether an error follows from what has been left out, and is no loss of its own.
fn follows(code: Code) -> bool {
    [Code::UnusedComponent, Code::UnknownOperation].contains(&code)
}

/// Returns the places that an error is about.
fn places_of(diagnostic: &Diagnostic, trees: &[Option<Tree>]) -> Vec<(usize, Pointer)> {
    let related = diagnostic.related.iter().filter_map(|related| {
        let tree = trees.get(related.location.file.0)?.as_ref()?;
        Some((related.location.file.0, tree.place(related.location.span.start)))
    });
    [(diagnostic.location.file.0, diagnostic.pointer.clone())].into_iter().chain(related).collect()
}

fn refused(what: &str, message: &str) -> ImportError {
    let help = "describe it by hand, by the recipes of spec/README.md";
    ImportError::new(format!("the dialect cannot express {what}: {message}"), help)
}

/// Returns the published place of a place in a description, or the nearest around it.
fn place_in(published: &Published, pointer: &Pointer) -> Pointer {
    let mut place = Pointer::root();
    for key in pointer.segments() {
        let Some(value) = published.root.pointer(place.as_str()) else { break };
        let of_path = || {
            let mut paths = members(&published.root, "paths").map(|(path, _)| path);
            paths.find(|path| template(path) == template(&key)).cloned()
        };
        let key = if place.as_str() == "/paths" { of_path().unwrap_or(key) } else { key };
        let next = place.join(&key);
        // Parameters may have another order there.
        if published.root.pointer(next.as_str()).is_none() || value.is_array() {
            break;
        }
        place = next;
    }
    place
}
