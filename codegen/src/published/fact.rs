//! A fact: one difference between a curated and a published description, at one place.

use std::fmt;

use crate::edit::Edit;
use crate::pointer::Pointer;

/// A difference between a curated and a published description.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// The curated description.
    pub file: String,
    /// The place in it, of what exists or would exist: values and parameters by their name, such as `…/enum/canceled`.
    pub pointer: Pointer,
    /// What the published description has there.
    pub value: Value,
    /// The published description.
    pub published: String,
    /// The place in it, or the one around what is missing.
    pub published_pointer: Pointer,
    /// The place in it of a parameter that several operations share, if the fact is about one of them.
    pub(super) shared: Option<Pointer>,
    /// The changes of the curated description that take the fact over.
    pub edits: Vec<Edit>,
}

/// What a published description has at the place of a fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// What only the curated description has.
    Missing,
    /// What only the published description has.
    Exists,
    /// Another value, in short words.
    Other(String),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("missing"),
            Self::Exists => f.write_str("exists"),
            Self::Other(value) => f.write_str(value),
        }
    }
}

impl Fact {
    /// Returns what identifies it in reports, the same on every machine: 8 hexadecimal digits.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let file = crate::source::base_name(&self.file);
        let text = format!("{file}\0{}\0{}", self.pointer, self.value);
        // FNV-1a, which the standard library does not have; its own hashes may change.
        let hash = text.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        format!("{hash:08x}")
    }
}

/// Returns the edits that take over those of some facts that are about a file, each once.
pub(super) fn edits<'f>(facts: &'f [Fact], file: &str) -> Vec<&'f Edit> {
    let mut edits: Vec<&Edit> = Vec::new();
    for edit in facts.iter().filter(|fact| fact.file == file).flat_map(|fact| &fact.edits) {
        if !edits.contains(&edit) {
            edits.push(edit);
        }
    }
    edits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_are_stable() {
        let fact = |file: &str| Fact {
            file: file.to_owned(),
            pointer: Pointer::root().join("paths"),
            value: Value::Missing,
            published: String::new(),
            published_pointer: Pointer::root(),
            shared: None,
            edits: Vec::new(),
        };
        assert_eq!(fact("spec/v1.yaml").fingerprint(), fact("/a/v1.yaml").fingerprint());
        assert_eq!(fact("v1.yaml").fingerprint(), "79bf93c0");
    }
}
