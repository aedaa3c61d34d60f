//! The text as a tree in which everything has a place.

use std::collections::HashMap;

/// A value with its place.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) span: Span,
    pub(super) content: Content,
}

/// What a value is, by YAML's core schema.
#[derive(Debug)]
pub(super) enum Content {
    Null,
    Flag(bool),
    Number(serde_yaml::Number),
    Text(String),
    List(Vec<Node>),
    Mapping(Mapping),
    /// Something that has been complained about already.
    Refused,
}

/// A place in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    /// Bytes, from the start of the text.
    pub(super) start: usize,
    pub(super) end: usize,
    /// From 1.
    pub(super) line: usize,
    /// In characters, from 1.
    pub(super) column: usize,
}

/// An object, in the order of the text.
#[derive(Debug, Default)]
pub(super) struct Mapping {
    entries: Vec<Entry>,
    index: HashMap<String, usize>,
}

/// A key and its value.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) key_span: Span,
    pub(super) value: Node,
}

impl Mapping {
    /// Adds an entry, or gives the place of the one that is there already.
    pub(super) fn insert(&mut self, entry: Entry) -> Result<(), Span> {
        if let Some(other) = self.index.get(&entry.key).and_then(|index| self.entries.get(*index)) {
            return Err(other.key_span);
        }
        self.index.insert(entry.key.clone(), self.entries.len());
        self.entries.push(entry);
        Ok(())
    }

    pub(super) fn get(&self, key: &str) -> Option<&Entry> {
        self.entries.get(*self.index.get(key)?)
    }

    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }
}

impl Node {
    /// The kind of value, for messages.
    pub(super) fn kind(&self) -> &'static str {
        match &self.content {
            Content::Null => "nothing",
            Content::Flag(_) => "true or false",
            Content::Number(_) => "a number",
            Content::Text(_) => "text",
            Content::List(_) => "a list",
            Content::Mapping(_) => "an object",
            Content::Refused => "something else",
        }
    }

    /// What stands under a key or an index, with the place of the key.
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
