//! Parses the files of a description and replaces references by what they refer to.
//!
//! An expandable id keeps its shape, without the object: a file's links refer to the file.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value, json};

/// The deepest nesting of a schema, references included.
const DEPTH: usize = 64;

/// The description cannot be served.
#[derive(Debug)]
pub struct SpecError(pub(crate) String);

impl SpecError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for SpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SpecError {}

/// The files by name.
pub(super) struct Documents(BTreeMap<String, Value>);

impl Documents {
    pub(super) fn parse<'t>(files: impl IntoIterator<Item = (&'t str, &'t str)>) -> Result<Self, SpecError> {
        let mut documents = BTreeMap::new();
        for (name, text) in files {
            let value = serde_yaml::from_str(text).map_err(|error| SpecError::new(format!("{name}: {error}")))?;
            documents.insert(name.to_owned(), value);
        }
        if documents.is_empty() {
            return Err(SpecError::new("the description has no `.yaml` file"));
        }
        Ok(Self(documents))
    }

    /// Returns the members of the object at a JSON pointer, of all files, with the file that each is in.
    pub(super) fn members(&self, pointer: &str) -> impl Iterator<Item = (&str, &str, &Value)> {
        self.0.iter().flat_map(move |(file, document)| {
            let members = document.pointer(pointer).and_then(Value::as_object);
            members.into_iter().flatten().map(move |(key, value)| (file.as_str(), key.as_str(), value))
        })
    }

    pub(super) fn files(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Returns the version of the API that a file describes.
    pub(super) fn version(&self, file: &str) -> Option<&str> {
        self.0.get(file)?.pointer("/info/version")?.as_str()
    }

    /// Returns a value of a file without references.
    pub(super) fn resolve(&self, file: &str, value: &Value) -> Result<Value, SpecError> {
        self.resolve_at(file, value, DEPTH)
    }

    fn resolve_at(&self, file: &str, value: &Value, depth: usize) -> Result<Value, SpecError> {
        let Some(depth) = depth.checked_sub(1) else {
            return Err(SpecError::new(format!("{file}: references form a cycle")));
        };
        match value {
            Value::Object(members) => {
                if let Some(reference) = members.get("$ref").and_then(Value::as_str) {
                    let (file, target) = self.target(file, reference)?;
                    return self.resolve_at(file, target, depth);
                }
                if let Some(expansion) = members.get("x-expansionResources") {
                    return self.expandable(file, members, expansion);
                }
                let members = members.iter().map(|(key, value)| {
                    let value = if key == "example" { value.clone() } else { self.resolve_at(file, value, depth)? };
                    Ok((key.clone(), value))
                });
                Ok(Value::Object(members.collect::<Result<Map<_, _>, SpecError>>()?))
            }
            Value::Array(items) => {
                items.iter().map(|item| self.resolve_at(file, item, depth)).collect::<Result<_, _>>().map(Value::Array)
            }
            other => Ok(other.clone()),
        }
    }

    fn target<'d>(&'d self, file: &'d str, reference: &str) -> Result<(&'d str, &'d Value), SpecError> {
        let missing = || SpecError::new(format!("{file}: `{reference}` does not exist"));
        let (name, pointer) = reference.split_once('#').ok_or_else(missing)?;
        let name = if name.is_empty() { file } else { name };
        let (name, document) = self.0.get_key_value(name).ok_or_else(missing)?;
        Ok((name, document.pointer(pointer).ok_or_else(missing)?))
    }

    fn expandable(&self, file: &str, members: &Map<String, Value>, expansion: &Value) -> Result<Value, SpecError> {
        let reference = expansion.pointer("/oneOf/0/$ref").and_then(Value::as_str).unwrap_or_default();
        let (_, object) = self.target(file, reference)?;
        let mut members = members.clone();
        members.remove("x-expansionResources");
        members.insert("x-expandsTo".into(), object.get("x-resourceId").cloned().unwrap_or_default());
        members.insert("anyOf".into(), json!([{"type": "string"}, {"type": "object", "additionalProperties": true}]));
        Ok(Value::Object(members))
    }
}
