//! Values to be written.

use crate::parse::{Content, Node};

/// A value, with the order of its keys.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Flag(bool),
    /// A number.
    Number(serde_json::Number),
    /// A string.
    Text(String),
    /// A list.
    List(Vec<Value>),
    /// An object. A key occurs once.
    Map(Vec<(String, Value)>),
}

impl Value {
    /// Creates an object.
    pub(crate) fn map<K: Into<String>>(entries: impl IntoIterator<Item = (K, Self)>) -> Self {
        Self::Map(entries.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }

    /// Creates a string.
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// Returns the value of a key.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Map(entries) => entries.iter().find(|(other, _)| other == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// Returns the value of a key, to change it.
    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut Self> {
        match self {
            Self::Map(entries) => entries.iter_mut().find(|(other, _)| other == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// Returns the string.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns whether the values are equal, whatever the order of their keys.
    pub(crate) fn is(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Map(entries), Self::Map(others)) => {
                entries.len() == others.len()
                    && entries.iter().all(|(key, value)| other.get(key).is_some_and(|other| value.is(other)))
            }
            (Self::List(items), Self::List(others)) => {
                items.len() == others.len() && items.iter().zip(others).all(|(item, other)| item.is(other))
            }
            _ => self == other,
        }
    }
}

impl From<&serde_json::Value> for Value {
    fn from(value: &serde_json::Value) -> Self {
        match value {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(flag) => Self::Flag(*flag),
            serde_json::Value::Number(number) => Self::Number(number.clone()),
            serde_json::Value::String(text) => Self::Text(text.clone()),
            serde_json::Value::Array(items) => Self::List(items.iter().map(Self::from).collect()),
            serde_json::Value::Object(entries) => {
                Self::Map(entries.iter().map(|(key, value)| (key.clone(), Self::from(value))).collect())
            }
        }
    }
}

impl From<&Node> for Value {
    fn from(node: &Node) -> Self {
        match &node.content {
            Content::Null | Content::Refused => Self::Null,
            Content::Flag(flag) => Self::Flag(*flag),
            // Infinite numbers are refused.
            Content::Number(number) => serde_json::to_value(number).map_or(Self::Null, |number| Self::from(&number)),
            Content::Text(text) => Self::Text(text.clone()),
            Content::List(items) => Self::List(items.iter().map(Self::from).collect()),
            Content::Mapping(mapping) => {
                Self::Map(mapping.entries().map(|entry| (entry.key.clone(), Self::from(&entry.value))).collect())
            }
        }
    }
}
