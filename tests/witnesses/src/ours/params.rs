//! The parameters of a step. Every one must be read, so that none is left out silently.

use serde_json::{Map, Value};
use stripe_reporting::Timestamp;

use super::Failure;

pub(super) struct Params(Map<String, Value>);

impl Params {
    pub(super) fn new(value: Option<&Value>) -> Self {
        Self(value.and_then(Value::as_object).cloned().unwrap_or_default())
    }

    pub(super) fn text(&mut self, name: &str) -> Option<String> {
        self.take(name, |value| value.as_str().map(str::to_owned))
    }

    pub(super) fn required(&mut self, name: &str) -> Result<String, Failure> {
        self.text(name).ok_or_else(|| Failure::Script(format!("parameter `{name}` is missing")))
    }

    pub(super) fn number(&mut self, name: &str) -> Option<u64> {
        self.take(name, Value::as_u64)
    }

    pub(super) fn flag(&mut self, name: &str) -> Option<bool> {
        self.take(name, Value::as_bool)
    }

    pub(super) fn time(&mut self, name: &str) -> Option<Timestamp> {
        self.take(name, |value| Timestamp::from_second(value.as_i64()?).ok())
    }

    pub(super) fn texts(&mut self, name: &str) -> Option<Vec<String>> {
        self.take(name, |value| value.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect())
    }

    pub(super) fn map(&mut self, name: &str) -> Option<Map<String, Value>> {
        self.take(name, |value| value.as_object().cloned())
    }

    pub(super) fn nested(&mut self, name: &str) -> Option<Self> {
        self.map(name).map(Self)
    }

    /// Fails if a parameter is left.
    pub(super) fn end(self) -> Result<(), Failure> {
        match self.0.keys().next() {
            Some(name) => {
                Err(Failure::Script(format!("parameter `{name}` is not supported; add it to `src/ours/calls.rs`")))
            }
            None => Ok(()),
        }
    }

    /// Removes a value of the right type.
    fn take<T>(&mut self, name: &str, read: impl FnOnce(&Value) -> Option<T>) -> Option<T> {
        let value = read(self.0.get(name)?)?;
        self.0.remove(name);
        Some(value)
    }
}
