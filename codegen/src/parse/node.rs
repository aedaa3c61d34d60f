//! A tree of values with their positions in the text.

use indexmap::IndexMap;

/// A value and its position.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) span: Span,
    pub(crate) content: Content,
}

/// A value of YAML's core schema.
#[derive(Debug)]
pub(crate) enum Content {
    Null,
    Flag(bool),
    Number(serde_yaml::Number),
    Text(String),
    List(Vec<Node>),
    Mapping(Mapping),
    /// A value whose error has been reported.
    Refused,
}

/// A position in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    /// Bytes, from the start of the text.
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// From 1.
    pub(crate) line: usize,
    /// In characters, from 1.
    pub(crate) column: usize,
}

/// An object, in the order of the text.
#[derive(Debug, Default)]
pub(crate) struct Mapping(IndexMap<String, Entry>);

/// A key and its value.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) key_span: Span,
    pub(crate) value: Node,
}

impl Mapping {
    /// Adds an entry.
    ///
    /// # Errors
    ///
    /// The position of another entry with the same key.
    pub(super) fn insert(&mut self, entry: Entry) -> Result<(), Span> {
        match self.0.get(&entry.key) {
            Some(other) => Err(other.key_span),
            None => {
                self.0.insert(entry.key.clone(), entry);
                Ok(())
            }
        }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Entry> {
        self.0.get(key)
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.0.values()
    }
}

impl Node {
    /// Returns the kind of value, for messages.
    pub(super) fn kind(&self) -> &'static str {
        match &self.content {
            Content::Null => "null",
            Content::Flag(_) => "a boolean",
            Content::Number(_) => "a number",
            Content::Text(_) => "a string",
            Content::List(_) => "a list",
            Content::Mapping(_) => "an object",
            Content::Refused => "something else",
        }
    }

    /// Returns the value of a key or at an index, with the position of the key.
    pub(super) fn child(&self, segment: &str) -> Option<(Span, &Self)> {
        match &self.content {
            Content::Mapping(mapping) => mapping.get(segment).map(|entry| (entry.key_span, &entry.value)),
            Content::List(items) => items.get(segment.parse::<usize>().ok()?).map(|item| (item.span, item)),
            _ => None,
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn mapping(&self) -> Option<&Mapping> {
        match &self.content {
            Content::Mapping(mapping) => Some(mapping),
            _ => None,
        }
    }
}
