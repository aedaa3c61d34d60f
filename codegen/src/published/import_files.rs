//! Chooses the description that each part is imported into.
//!
//! Schemas cannot refer to other files, so parts that share a new schema go into one file, and a part goes where the schemas are
//! that it reaches.

use std::collections::{BTreeMap, BTreeSet};

use super::import::{ImportError, Importer, nothing, operation_place};
use super::import_target::target;
use super::import_what::{Found, Item};
use super::translate::{Direction, schema_place};
use super::translate_errors::is_error;
use crate::pointer::Pointer;

/// Parts that go into the same file.
struct Group<'a> {
    items: Vec<Found<'a>>,
    /// The file of each part by its namespace.
    preferred: Vec<usize>,
    /// The new schemas that they reach.
    new: BTreeSet<Pointer>,
    /// The files that have all others.
    possible: BTreeSet<usize>,
}

/// Returns the parts by the index of the description that they are imported into.
///
/// # Errors
///
/// A file that is not one of the descriptions, or a part that belongs to none.
pub(super) fn by_file<'a>(
    importer: &Importer<'a>,
    found: BTreeSet<Found<'a>>,
    file: Option<&str>,
) -> Result<BTreeMap<usize, Vec<Found<'a>>>, ImportError> {
    let mut needs = BTreeMap::new();
    let mut groups: Vec<Group<'a>> = Vec::new();
    for item in found {
        let preferred = vec![target(importer.curated, &item, file)?];
        let (new, possible) = importer.reach(&item, &mut needs);
        let mut group = Group { items: vec![item], preferred, new, possible };
        let (joined, rest): (Vec<_>, Vec<_>) = groups.into_iter().partition(|other| !other.new.is_disjoint(&group.new));
        for other in joined {
            group.items.extend(other.items);
            group.preferred.extend(other.preferred);
            group.new.extend(other.new);
            group.possible.retain(|file| other.possible.contains(file));
        }
        groups = rest;
        groups.push(group);
    }
    let mut files: BTreeMap<usize, Vec<Found<'a>>> = BTreeMap::new();
    for Group { items, preferred, possible, .. } in groups {
        let count = |file: &usize| preferred.iter().filter(|other| *other == file).count();
        // Where no file is possible, the import says why.
        let candidates: Vec<usize> = match file {
            None if !possible.is_empty() => possible.into_iter().collect(),
            _ => preferred.clone(),
        };
        let best = candidates.into_iter().max_by_key(|file| (count(file), std::cmp::Reverse(*file)));
        files.entry(best.unwrap_or_default()).or_default().extend(items);
    }
    files.values_mut().for_each(|items| items.sort());
    Ok(files)
}

impl Importer<'_> {
    /// Returns the new schemas that a part reaches, and the files that have all others.
    fn reach(
        &self,
        item: &Found<'_>,
        needs: &mut BTreeMap<Pointer, Vec<Pointer>>,
    ) -> (BTreeSet<Pointer>, BTreeSet<usize>) {
        let mut queue = match &item.item {
            Item::Operation { method, path } if self.curated.iter().any(|file| file.has_operation(method, path)) => {
                Vec::new()
            }
            Item::Operation { method, path } => {
                let at = operation_place(method, path);
                self.translate(0, &|_| true, |translator| translator.operation(&at, &nothing())).needs
            }
            Item::Schema(key) | Item::Event { resource: key, .. } => vec![schema_place(key)],
        };
        let (mut new, mut possible) = (BTreeSet::new(), (0..self.curated.len()).collect::<BTreeSet<_>>());
        while let Some(at) = queue.pop() {
            let has = |file: &usize| self.counterpart(*file, &at).is_some();
            let files: BTreeSet<usize> = (0..self.curated.len()).filter(has).collect();
            let is_error = self.published.root.pointer(at.as_str()).is_some_and(is_error);
            if is_error || new.contains(&at) {
                continue;
            }
            if !files.is_empty() {
                possible.retain(|file| files.contains(file));
                continue;
            }
            let next = needs.entry(at.clone()).or_insert_with(|| {
                self.translate(0, &|_| true, |translator| translator.schema(&at, Direction::Response)).needs
            });
            queue.extend(next.iter().cloned());
            new.insert(at);
        }
        (new, possible)
    }
}
