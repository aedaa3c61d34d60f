//! Both sides of the drift: the curated descriptions, and the same with facts taken over.

use std::sync::Arc;

use serde_json::Value as Json;

use super::apply::{apply, remove};
use super::fact::{Fact, edits};
use super::facts::Foreign;
use crate::api::Api;
use crate::diagnostic::{Code, Diagnostics};
use crate::diff::{Report, diff};
use crate::generate::read;
use crate::pointer::Pointer;
use crate::source::Source;

/// The rules about sentences and order, which are not taken over.
const SENTENCES: [&str; 3] = ["documentation-changed", "example-changed", "order-changed"];

/// Extensions of the project that depend on what is compared. If they no longer fit, both sides are compared without them.
const DEPENDENT: [&str; 7] =
    ["x-wait", "x-download", "x-rows", "x-preset", "x-replacedBy", "x-sameIdsAs", "x-falseMeansAbsent"];

/// The most facts of one list that are tried without one of them.
const TOGETHER: usize = 8;

/// The curated descriptions, without their examples.
#[derive(Clone)]
pub(super) struct Sides {
    base: Vec<(String, Json)>,
    /// What they describe.
    api: Arc<Api>,
    /// How many extensions have been removed from both sides.
    removed: usize,
}

/// The facts that fit into the dialect, and what changes by them.
pub(super) struct Taken {
    pub(super) facts: Vec<Fact>,
    pub(super) report: Report,
}

impl Sides {
    pub(super) fn new<'j>(curated: impl Iterator<Item = (String, &'j Json)>) -> Result<Self, Diagnostics> {
        let base = curated.map(|(name, root)| {
            let mut root = root.clone();
            without_examples(&mut root, false);
            (name, root)
        });
        let base: Vec<_> = base.collect();
        let api = Arc::new(read(&texts(&base))?);
        Ok(Self { base, api, removed: 0 })
    }

    /// Takes facts over, and compares both sides. A fact that does not fit into the dialect is left out.
    pub(super) fn take(&mut self, facts: Vec<Fact>, foreign: &mut Vec<Foreign>) -> Result<Taken, Diagnostics> {
        let before = self.removed;
        let (mut fitting, mut groups, mut head) = (Vec::new(), vec![facts], None);
        // What does not fit is found by parts: a diagnostic may be far from the fact that causes it.
        while let Some(group) = groups.pop() {
            let together: Vec<Fact> = fitting.iter().chain(&group).cloned().collect();
            match self.head(&together) {
                Ok(api) => (fitting, head) = (together, Some((self.removed, api))),
                Err(diagnostics) => match group.as_slice() {
                    [] => return Err(diagnostics),
                    [fact] => foreign.push(Foreign {
                        construct: inexpressible(fact, &diagnostics),
                        published: fact.published.clone(),
                        pointer: fact.published_pointer.clone(),
                    }),
                    _ => groups.extend(self.parts(&fitting, group)),
                },
            }
        }
        let head = match head {
            Some((removed, api)) if removed == self.removed => api,
            _ => self.head(&fitting)?,
        };
        if self.removed > before {
            self.api = Arc::new(read(&texts(&self.base))?);
        }
        let mut report = diff(&self.api, &head);
        report.changes.retain(|change| !SENTENCES.contains(&change.rule.id));
        Ok(Taken { facts: fitting, report })
    }

    /// Divides facts that do not fit together. Those of one list or object may fit only together, such as a value that is another
    /// one now: if all but one fit, they stay together.
    fn parts(&mut self, fitting: &[Fact], mut group: Vec<Fact>) -> [Vec<Fact>; 2] {
        let shared = |at: usize| {
            let (one, other) = (group.get(at.saturating_sub(1))?, group.get(at)?);
            let same = one.pointer.segments().zip(other.pointer.segments()).take_while(|(one, other)| one == other);
            Some((one.file == other.file, same.count()))
        };
        let middle = group.len() / 2;
        let at = (1..group.len()).min_by_key(|at| (shared(*at), at.abs_diff(middle))).unwrap_or(middle);
        let is_list =
            group.iter().all(|fact| Some(fact.pointer.parent()) == group.first().map(|first| first.pointer.parent()));
        if is_list && (3..=TOGETHER).contains(&group.len()) {
            for index in 0..group.len() {
                let others = group.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, fact)| fact);
                let others: Vec<Fact> = fitting.iter().chain(others).cloned().collect();
                if self.head(&others).is_ok() {
                    let one = group.remove(index);
                    return [vec![one], group];
                }
            }
        }
        let other = group.split_off(at);
        [other, group]
    }

    /// Lowers the descriptions with some facts. What depends on the facts is removed from both sides until they are valid.
    fn head(&mut self, facts: &[Fact]) -> Result<Api, Diagnostics> {
        let mut unused: Vec<(String, Pointer)> = Vec::new();
        loop {
            let head: Vec<(String, Json)> = self
                .base
                .iter()
                .map(|(name, root)| {
                    let mut root = root.clone();
                    apply(&mut root, &edits(facts, name));
                    without_examples(&mut root, false);
                    unused.iter().filter(|(file, _)| file == name).for_each(|(_, pointer)| remove(&mut root, pointer));
                    (name.clone(), root)
                })
                .collect();
            let diagnostics = match read(&texts(&head)) {
                Ok(api) => return Ok(api),
                Err(diagnostics) => diagnostics,
            };
            let mut is_smaller = false;
            for diagnostic in &diagnostics {
                let Some((file, _)) = self.base.get(diagnostic.location.file.0) else { continue };
                let (file, place) = (file.clone(), &diagnostic.pointer);
                if diagnostic.code == Code::UnusedComponent && !unused.contains(&(file.clone(), place.clone())) {
                    unused.push((file, place.clone()));
                    is_smaller = true;
                } else {
                    is_smaller |= self.remove_dependent(&file, place);
                }
            }
            if !is_smaller {
                return Err(diagnostics);
            }
        }
    }

    /// Removes the extension of the project that a place is in from both sides; returns whether there is one.
    fn remove_dependent(&mut self, file: &str, pointer: &Pointer) -> bool {
        let mut place = pointer.clone();
        while place != Pointer::root() {
            let key = place.segments().last().unwrap_or_default();
            let root = self.base.iter_mut().find(|(name, _)| name == file).map(|(_, root)| root);
            if DEPENDENT.contains(&key.as_str())
                && let Some(root) = root.filter(|root| root.pointer(place.as_str()).is_some())
            {
                remove(root, &place);
                self.removed += 1;
                return true;
            }
            place = place.parent();
        }
        false
    }
}

/// Says why the dialect cannot express a fact.
fn inexpressible(fact: &Fact, diagnostics: &Diagnostics) -> String {
    let reason = diagnostics.iter().next().map(|diagnostic| diagnostic.message.as_str()).unwrap_or_default();
    format!("`{}` cannot be taken over: {reason}", fact.pointer)
}

fn texts(descriptions: &[(String, Json)]) -> Vec<Source> {
    descriptions.iter().map(|(name, root)| Source { name: name.clone(), text: root.to_string() }).collect()
}

/// Removes examples and defaults, which need not fit after a change.
fn without_examples(value: &mut Json, has_names: bool) {
    match value {
        Json::Object(members) => {
            if !has_names {
                members.retain(|key, _| !["example", "default"].contains(&key.as_str()));
            }
            for (key, value) in members {
                without_examples(value, !has_names && NAMED.contains(&key.as_str()) && value.is_object());
            }
        }
        Json::Array(items) => items.iter_mut().for_each(|item| without_examples(item, false)),
        _ => {}
    }
}

/// The keywords with objects whose keys are names.
const NAMED: [&str; 7] = ["content", "encoding", "parameters", "paths", "properties", "responses", "schemas"];
