//! Objects of a description, whose keys stand in the order in which they were set.

use serde_yaml::{Mapping, Value};

/// An object that is being written.
#[derive(Debug, Clone, Default)]
pub(super) struct Object(Mapping);

impl Object {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Creates a reference to a component.
    pub(super) fn reference(kind: &str, key: &str) -> Self {
        let key = key.replace('~', "~0").replace('/', "~1");
        Self::new().with("$ref", format!("#/components/{kind}/{key}"))
    }

    /// Creates a schema of a type.
    pub(super) fn typed(name: &str) -> Self {
        Self::new().with("type", name)
    }

    /// Sets a key.
    pub(super) fn set(&mut self, key: &str, value: impl Into<Value>) {
        self.0.insert(key.into(), value.into());
    }

    /// The object with one more key.
    pub(super) fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.set(key, value);
        self
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)
    }

    pub(super) fn remove(&mut self, key: &str) -> Option<Value> {
        self.0.shift_remove(key)
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().filter_map(Value::as_str)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Self::Mapping(object.0)
    }
}

/// A list of values.
pub(super) fn list<T: Into<Value>>(items: impl IntoIterator<Item = T>) -> Value {
    Value::Sequence(items.into_iter().map(Into::into).collect())
}
