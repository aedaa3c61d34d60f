//! Parameters that several operations share: what differs for all of them, and what for one.

use std::collections::BTreeMap;

use super::{Finder, Foreign, set};
use crate::edit::{self, Edit};
use crate::pointer::Pointer;
use crate::published::fact::Fact;
use crate::published::node::Node;
use crate::published::operation::Parameter;
use crate::published::pairing::{Key, Pairing};

/// A fact as it is at the shared parameter, and the same of each operation, by the operation's index.
type Common = (Fact, Vec<(usize, Fact)>);

impl<'a> Finder<'_, 'a> {
    /// Moves facts about shared parameters to where the parameter is described, if all operations have them. Those of some
    /// operations give these a parameter of their own.
    pub(super) fn share(&mut self, pairing: &Pairing<'a>) {
        let mut shared: BTreeMap<Key, Vec<&Parameter<'a>>> = BTreeMap::new();
        for group in pairing.parameters.values().filter(|group| group.curated.is_shared()) {
            let key = (group.file, group.curated.described.pointer.clone());
            shared.entry(key).or_default().push(&group.curated);
        }
        for ((file, _), uses) in shared {
            let name = self.sources.get(file).map(|source| source.name.as_str()).unwrap_or_default();
            let mut found: Vec<Common> = Vec::new();
            for (index, parameter) in uses.iter().enumerate() {
                let is_its = |fact: &Fact| {
                    fact.file == name && fact.edits.iter().any(|edit| edit.pointer.is_in(&parameter.node.pointer))
                };
                let (own, others) = std::mem::take(&mut self.found.facts).into_iter().partition(is_its);
                self.found.facts = others;
                for fact in own {
                    let common = moved(fact.clone(), &parameter.node, &parameter.described);
                    match found.iter_mut().find(|(other, _)| is_same(other, &common)) {
                        Some((_, of)) => of.push((index, fact)),
                        None => found.push((common, vec![(index, fact)])),
                    }
                }
            }
            let (of_all, of_some): (Vec<_>, Vec<_>) = found.into_iter().partition(|(_, of)| of.len() == uses.len());
            let mut apart: Vec<&Parameter<'a>> = Vec::new();
            for (common, of) in of_some {
                self.of_some(&uses, &common, of, &mut apart);
            }
            for (mut common, _) in of_all {
                // Operations that have a parameter of their own need the fact there as well.
                let own = apart.iter().flat_map(|parameter| {
                    let fact = moved(common.clone(), &parameter.described, &parameter.entry);
                    [copy(parameter)].into_iter().chain(fact.edits)
                });
                let own: Vec<_> = own.collect();
                common.edits.extend(own);
                self.found.facts.push(common);
            }
        }
    }

    /// Adds a fact of some operations for each of them.
    fn of_some<'u>(
        &mut self,
        uses: &[&'u Parameter<'a>],
        common: &Fact,
        of: Vec<(usize, Fact)>,
        apart: &mut Vec<&'u Parameter<'a>>,
    ) {
        let with: Vec<&Parameter<'a>> = of.iter().filter_map(|(index, _)| uses.get(*index).copied()).collect();
        for (index, fact) in of {
            let Some(parameter) = uses.get(index).copied() else { continue };
            // A path lists it once for all its operations.
            let is_listed_there = |other: &&&Parameter<'a>| other.entry.pointer == parameter.entry.pointer;
            if uses.iter().filter(is_listed_there).count() > with.iter().filter(is_listed_there).count() {
                let construct = format!("`{}` of one operation that shares the parameter with others", fact.pointer);
                let (published, pointer) = (fact.published.clone(), fact.published_pointer.clone());
                self.found.foreign.push(Foreign { published, pointer, construct });
                continue;
            }
            let Fact { pointer, edits, .. } = moved(fact.clone(), &parameter.node, &parameter.entry);
            let edits = [copy(parameter)].into_iter().chain(edits).collect();
            let shared = Some(common.pointer.clone());
            let fact = Fact { pointer, edits, shared, ..fact };
            if !self.found.facts.contains(&fact) {
                self.found.facts.push(fact);
            }
            apart.push(parameter);
        }
    }
}

/// Returns whether two facts differ in the published description only.
fn is_same(one: &Fact, other: &Fact) -> bool {
    one.pointer == other.pointer && one.value == other.value && one.edits == other.edits
}

/// Returns the edit by which an operation has a parameter of its own.
fn copy(parameter: &Parameter<'_>) -> Edit {
    set(parameter.entry.pointer.clone(), edit::Value::from(parameter.described.value))
}

/// Returns a fact about the same at another place.
fn moved(fact: Fact, from: &Node<'_>, to: &Node<'_>) -> Fact {
    let edits = fact.edits.into_iter().map(|Edit { pointer, kind }| {
        let pointer = within(&pointer, &from.pointer, &to.pointer);
        Edit { pointer, kind }
    });
    Fact { pointer: within(&fact.pointer, &from.named, &to.named), edits: edits.collect(), ..fact }
}

fn within(pointer: &Pointer, from: &Pointer, to: &Pointer) -> Pointer {
    if !pointer.is_in(from) {
        return pointer.clone();
    }
    let depth = from.segments().count();
    pointer.segments().skip(depth).fold(to.clone(), |pointer, key| pointer.join(&key))
}
