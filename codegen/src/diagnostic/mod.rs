//! What is wrong with a description, and where.

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

/// How many other places are shown with a mistake.
const MOST_RELATED: usize = 5;

/// A mistake in a description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// What kind of mistake it is.
    pub code: Code,
    /// What is wrong.
    pub message: String,
    /// The way to the offending key or value.
    pub pointer: Pointer,
    /// Where it stands.
    pub location: Location,
    /// Other places that have to do with it.
    pub related: Vec<Related>,
    /// What to write instead.
    pub help: Option<String>,
}

impl Diagnostic {
    /// Adds another place that has to do with it.
    pub(crate) fn related(mut self, related: Related) -> Self {
        self.related.push(related);
        self
    }
}

/// Another place that has to do with a mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// Where it is.
    pub location: Location,
    /// What it has to do with the mistake.
    pub text: String,
}

/// All mistakes that were found, in the order of their places.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Puts them in the order of their places; what is said twice of one place is said once.
    pub(crate) fn sort(&mut self) {
        let place =
            |diagnostic: &Diagnostic| (diagnostic.location.file, diagnostic.location.span.start, diagnostic.code);
        self.0.sort_by(|a, b| place(a).cmp(&place(b)).then_with(|| a.message.cmp(&b.message)));
        self.0.dedup();
        self.merge();
    }

    /// Reports what is missing once, at its first use, with the next of the others.
    fn merge(&mut self) {
        let mut first: HashMap<(FileId, Code, String), usize> = HashMap::new();
        let mut merged: Vec<Diagnostic> = Vec::new();
        for diagnostic in self.0.drain(..) {
            // With the name of what is missing, the message is about the same.
            let is_missing = diagnostic.message.contains('`')
                && matches!(diagnostic.code, Code::UnresolvedReference | Code::UnknownResource | Code::UnknownField);
            let key = (diagnostic.location.file, diagnostic.code, diagnostic.message.clone());
            match first.get(&key).and_then(|index| merged.get_mut(*index)).filter(|_| is_missing) {
                Some(known) if known.related.len() < MOST_RELATED => {
                    let text = "it is needed here too".to_owned();
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

    /// Adds what was found in what these mistakes have left of the descriptions, except where it may only follow from them.
    pub(crate) fn extend_independent(&mut self, found: Self) {
        let causes = Causes::new(&self.0);
        let independent: Vec<_> = found.0.into_iter().filter(|diagnostic| !causes.lead_to(diagnostic)).collect();
        self.0.extend(independent);
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// One after the other.
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
