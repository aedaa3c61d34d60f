//! Errors in descriptions: collecting, ordering and rendering them.

mod cause;
mod code;
mod human;
mod json;

use std::collections::HashMap;

use cause::Causes;
pub use code::Code;
pub use human::render_human;
pub use json::{render_file_json, render_json};

use crate::location::{FileId, Location};
use crate::pointer::Pointer;

/// The most related places of an error.
const MOST_RELATED: usize = 5;

/// An error in a description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The kind of error.
    pub code: Code,
    /// What failed.
    pub message: String,
    /// The place of the key or value.
    pub pointer: Pointer,
    /// The position of the key or value.
    pub location: Location,
    /// Related places.
    pub related: Vec<Related>,
    /// How to fix it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// Adds a related place.
    pub(crate) fn related(mut self, related: Related) -> Self {
        self.related.push(related);
        self
    }
}

/// A place related to an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// The position.
    pub location: Location,
    /// The label of the place.
    pub text: String,
}

/// The errors in descriptions, by file and position.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Sorts by position, and removes duplicates.
    pub(crate) fn sort(&mut self) {
        let place =
            |diagnostic: &Diagnostic| (diagnostic.location.file, diagnostic.location.span.start, diagnostic.code);
        self.0.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| a.message.cmp(&b.message)));
        self.0.dedup();
        self.merge();
    }

    /// Merges the errors about the same missing item into one, at its first use.
    fn merge(&mut self) {
        let mut first: HashMap<(FileId, Code, String), usize> = HashMap::new();
        let mut merged: Vec<Diagnostic> = Vec::new();
        for diagnostic in self.0.drain(..) {
            // The message names the missing item.
            let is_missing = diagnostic.message.contains('`')
                && matches!(diagnostic.code, Code::UnresolvedReference | Code::UnknownResource | Code::UnknownField);
            let key = (diagnostic.location.file, diagnostic.code, diagnostic.message.clone());
            match first.get(&key).and_then(|index| merged.get_mut(*index)).filter(|_| is_missing) {
                Some(known) if known.related.len() < MOST_RELATED => {
                    let text = "also used here".to_owned();
                    known.related.push(Related { location: diagnostic.location, text });
                }
                Some(_) => {}
                None => {
                    first.insert(key, merged.len());
                    merged.push(diagnostic);
                }
            }
        }
        self.0 = merged;
    }

    /// Adds further errors, except those that may only follow from these.
    pub(crate) fn extend_independent(&mut self, found: Self) {
        let causes = Causes::new(&self.0);
        let independent: Vec<_> = found.0.into_iter().filter(|diagnostic| !causes.lead_to(diagnostic)).collect();
        self.0.extend(independent);
    }

    /// Returns whether there are no errors.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the number of errors.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Iterates over the errors.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
