//! Shows that the comparison is sharp: with a sandbox that serves a changed description, it must fail.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::script::set;

/// A change to a schema of the description, of which the crate does not know.
pub(crate) struct Change {
    file: &'static str,
    schema: &'static str,
    kind: Kind,
}

enum Kind {
    /// A required property is removed.
    Removed(&'static str),
    Renamed(&'static str, &'static str),
    /// A property has another type, and a format of it.
    Retyped(&'static str, [&'static str; 2]),
    /// A value of enums is named differently, wherever the file has it.
    Value(&'static str, &'static str),
}

use Kind::{Removed, Renamed, Retyped};

const fn change(file: &'static str, schema: &'static str, kind: Kind) -> Change {
    Change { file, schema, kind }
}

/// One change of each kind for each file.
pub(crate) const CHANGES: &[Change] = &[
    change("v1.yaml", "reporting.report_run", Removed("livemode")),
    change("v1.yaml", "file", Renamed("purpose", "reason")),
    change("v1.yaml", "scheduled_query_run", Retyped("data_load_time", ["string", "date-time"])),
    change("v1.yaml", "reporting.report_run", Kind::Value("succeeded", "done")),
    change("v2.yaml", "v2.core.event", Removed("livemode")),
    change("v2.yaml", "v2.data.reporting.query_run", Renamed("sql", "statement")),
    change("v2.yaml", "v2.core.event", Retyped("created", ["integer", "unix-time"])),
    change("v2.yaml", "v2.data.reporting.query_run", Kind::Value("running", "executing")),
    change("data.yaml", "v2.data.report", Removed("livemode")),
    change("data.yaml", "v2.data.schema", Renamed("name", "title")),
    change("data.yaml", "v2.data.report_run", Retyped("created", ["integer", "unix-time"])),
    change("data.yaml", "v2.data.run_status", Kind::Value("succeeded", "done")),
];

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { schema, .. } = self;
        match self.kind {
            Kind::Removed(name) => write!(f, "`{name}` of `{schema}` is removed"),
            Kind::Renamed(from, to) => write!(f, "`{from}` of `{schema}` is renamed to `{to}`"),
            Retyped(name, [to, format]) => write!(f, "`{name}` of `{schema}` is of type {to} ({format})"),
            Kind::Value(from, to) => write!(f, "the value `{from}` of `{schema}` is `{to}`"),
        }
    }
}

impl Change {
    /// Writes a copy of the description with the change.
    pub(crate) fn write(&self, spec: &Path, folder: &Path) -> Result<(), String> {
        let files = ["data.yaml", "v1.yaml", "v2.yaml"];
        for file in files {
            let text = read(&spec.join(file))?;
            let text = if file == self.file { self.changed(&text)? } else { text };
            let path: PathBuf = folder.join(file);
            fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
        }
        Ok(())
    }

    /// Returns a document with the change, as JSON, which is YAML as well.
    fn changed(&self, text: &str) -> Result<String, String> {
        let mut document: Value = serde_yaml::from_str(text).map_err(|error| format!("{}: {error}", self.file))?;
        let schema = document.pointer_mut(&format!("/components/schemas/{}", self.schema));
        let schema = schema.ok_or_else(|| self.missing("the schema"))?;
        match self.kind {
            Removed(name) => {
                self.take(schema, name)?;
                require(schema, |names| names.retain(|other| other != name));
            }
            Renamed(from, to) => {
                let property = self.take(schema, from)?;
                put(schema, to, property);
                require(schema, |names| {
                    names.iter_mut().filter(|other| *other == from).for_each(|other| *other = to.into())
                });
            }
            Retyped(name, [to, format]) => {
                self.take(schema, name)?;
                put(schema, name, json!({"type": to, "format": format}));
            }
            // Other schemas have it as well: those of the runs whose status it is.
            Kind::Value(from, to) => {
                if replace(schema, from, to) == 0 {
                    return Err(self.missing(from));
                }
                replace(&mut document, from, to);
            }
        }
        Ok(document.to_string())
    }

    fn missing(&self, what: &str) -> String {
        format!("{}: {self}: {what} is missing", self.file)
    }

    /// Removes a property, also from examples.
    fn take(&self, schema: &mut Value, name: &str) -> Result<Value, String> {
        let properties = schema.get_mut("properties").and_then(Value::as_object_mut);
        let property = properties.and_then(|properties| properties.remove(name));
        schema.as_object_mut().into_iter().for_each(|schema| {
            schema.remove("example");
        });
        property.ok_or_else(|| self.missing(name))
    }
}

/// Adds a property.
fn put(schema: &mut Value, name: &str, property: Value) {
    if let Some(properties) = schema.get_mut("properties") {
        set(properties, name, property);
    }
}

/// Changes the names of required properties.
fn require(schema: &mut Value, change: impl FnOnce(&mut Vec<Value>)) {
    if let Some(Value::Array(names)) = schema.get_mut("required") {
        change(names);
    }
}

/// Replaces a text everywhere, and returns how often it was found.
fn replace(value: &mut Value, from: &str, to: &str) -> usize {
    match value {
        Value::String(text) if text == from => {
            *text = to.to_owned();
            1
        }
        Value::Array(items) => items.iter_mut().map(|item| replace(item, from, to)).sum(),
        Value::Object(members) => members.values_mut().map(|member| replace(member, from, to)).sum(),
        _ => 0,
    }
}

fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}
