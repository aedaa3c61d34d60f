//! A value in a description, with its place.

use std::ptr;

use serde_json::Value;

use crate::pointer::Pointer;

/// How many references are followed, one after the other: more are a cycle.
const MAX_REFERENCES: usize = 32;

/// A value in a description, with its place.
#[derive(Debug, Clone)]
pub(super) struct Node<'a> {
    root: &'a Value,
    pub(super) pointer: Pointer,
    pub(super) value: &'a Value,
    /// The place with entries of lists by their name instead of their index.
    pub(super) named: Pointer,
}

impl PartialEq for Node<'_> {
    fn eq(&self, other: &Self) -> bool {
        ptr::eq(self.value, other.value)
    }
}

impl<'a> Node<'a> {
    /// Returns the whole description.
    pub(super) fn root(root: &'a Value) -> Self {
        Self { root, pointer: Pointer::root(), value: root, named: Pointer::root() }
    }

    /// Returns the value at a place of the description.
    pub(super) fn at(&self, pointer: &Pointer) -> Option<Self> {
        let value = self.root.pointer(pointer.as_str())?;
        Some(self.inside(value, pointer.clone(), pointer.clone()))
    }

    /// Returns the value of a key.
    pub(super) fn key(&self, key: &str) -> Option<Self> {
        self.value.get(key).map(|value| self.inside(value, self.pointer.join(key), self.named.join(key)))
    }

    /// Returns the value at the end of a path of keys.
    pub(super) fn keys(&self, keys: &[&str]) -> Option<Self> {
        keys.iter().try_fold(self.clone(), |node, key| node.key(key))
    }

    /// Returns the keys and values of an object.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'a str, Self)> {
        let members = self.value.as_object().into_iter().flatten();
        members.map(|(key, value)| (key.as_str(), self.inside(value, self.pointer.join(key), self.named.join(key))))
    }

    /// Returns the items of a list.
    pub(super) fn items(&self) -> impl Iterator<Item = Self> {
        let items = self.value.as_array().into_iter().flatten().enumerate();
        items.map(|(index, value)| self.inside(value, self.pointer.index(index), self.named.index(index)))
    }

    /// Returns the items of the list under a key; none if it is missing.
    pub(super) fn items_of(&self, key: &str) -> Vec<Self> {
        self.key(key).iter().flat_map(Node::items).collect()
    }

    /// Returns the same value at another place.
    pub(super) fn moved(self, pointer: Pointer, named: Pointer) -> Self {
        Self { pointer, named, ..self }
    }

    /// Returns the same value under a name in the list around it.
    pub(super) fn called(self, name: &str) -> Self {
        Self { named: self.named.parent().join(name), ..self }
    }

    fn inside(&self, value: &'a Value, pointer: Pointer, named: Pointer) -> Self {
        Self { root: self.root, pointer, value, named }
    }

    /// Returns the string under a key.
    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        self.value.get(key)?.as_str()
    }

    /// Returns whether the value of a key is `true`.
    pub(super) fn flag(&self, key: &str) -> bool {
        self.value.get(key) == Some(&Value::Bool(true))
    }

    /// Returns the strings in the list under a key.
    pub(super) fn texts(&self, key: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        let list = self.value.get(key).and_then(Value::as_array);
        list.into_iter().flatten().filter_map(Value::as_str)
    }

    /// Returns whether the list under a key has a string.
    pub(super) fn lists(&self, key: &str, text: &str) -> bool {
        self.texts(key).any(|other| other == text)
    }

    /// Returns the value that a `$ref` leads to, or the value itself; `None` if the reference leads nowhere.
    pub(super) fn resolved(&self) -> Option<Self> {
        let mut node = self.clone();
        for _ in 0..MAX_REFERENCES {
            let Some(reference) = node.text("$ref") else { return Some(node) };
            let pointer = Pointer::from_reference(reference)?;
            node = self.at(&pointer)?;
        }
        None
    }
}
