//! Deliberate deviations: what the curated descriptions say differently from the published ones, and why.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::fact::Fact;
use super::node::Node;
use crate::dialect::extensions::{self, DEVIATION};
use crate::edit::{Edit, EditKind};
use crate::parse;
use crate::pointer::Pointer;
use crate::source::Source;

/// An entry of `x-deviation`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deviation {
    /// The curated description.
    pub file: String,
    /// The line of the entry's item.
    pub line: usize,
    /// The place of the fact that it is about.
    pub pointer: Pointer,
    /// The place of the entry.
    pub(super) entry: Pointer,
    /// What the published description has there.
    pub published: String,
    /// Why the curated description deviates.
    pub reason: String,
    /// The API version since which it is known.
    pub since: String,
    /// Where the fact is from.
    pub source: String,
}

/// Returns the deviations of a description.
pub(super) fn all(source: &Source, root: &Node<'_>, line: impl Fn(&Pointer) -> usize) -> Vec<Deviation> {
    let (mut found, mut rest) = (Vec::new(), vec![root.clone()]);
    while let Some(node) = rest.pop() {
        for entry in node.items_of(DEVIATION) {
            let Ok(entry_value) = extensions::Deviation::deserialize(entry.value) else { continue };
            let at = entry_value.at.iter().flat_map(|at| at.split('/'));
            let at = at.map(|key| key.replace("~1", "/").replace("~0", "~"));
            found.push(Deviation {
                file: source.name.clone(),
                line: line(&entry.pointer),
                pointer: at.fold(node.named.clone(), |pointer, key| pointer.join(&key)),
                entry: entry.pointer.clone(),
                published: entry_value.published,
                reason: entry_value.reason,
                since: entry_value.since,
                source: entry_value.source,
            });
        }
        for (key, value) in node.entries().filter(|(key, _)| !["example", "default", DEVIATION].contains(key)) {
            match value.value {
                Value::Array(_) if key == "parameters" => {
                    let named = value.items().map(|item| match item.text("name") {
                        Some(name) => item.called(name),
                        None => item,
                    });
                    rest.extend(named);
                }
                Value::Array(_) => rest.extend(value.items()),
                _ => rest.push(value),
            }
        }
    }
    found.sort_by_key(|deviation| deviation.line);
    found
}

impl Deviation {
    /// Returns whether it is about the place of a fact.
    pub(super) fn is_about(&self, fact: &Fact) -> bool {
        let places = [Some(&fact.pointer), fact.shared.as_ref()];
        self.file == fact.file && places.contains(&Some(&self.pointer))
    }
}

/// Returns the edits that remove the deviations about some facts.
pub(super) fn without(source: &Source, facts: &[&Fact]) -> Vec<Edit> {
    let Ok(tree) = parse::tree(&source.text) else { return Vec::new() };
    let root = tree.value();
    let mut lists: BTreeMap<Pointer, (usize, Vec<Pointer>)> = BTreeMap::new();
    for deviation in all(source, &Node::root(&root), |pointer| tree.line(pointer)) {
        let (count, gone) = lists.entry(deviation.entry.parent()).or_default();
        *count += 1;
        gone.extend(facts.iter().any(|fact| deviation.is_about(fact)).then_some(deviation.entry));
    }
    let gone = lists.into_iter().flat_map(|(list, (count, gone))| if gone.len() == count { vec![list] } else { gone });
    gone.map(|pointer| Edit { pointer, kind: EditKind::Remove }).collect()
}
