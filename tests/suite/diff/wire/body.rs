//! Schemas with their samples and validators, which many descriptions share.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, LazyLock, Mutex, OnceLock};

use jsonschema::Validator;
use serde_json::{Map, Value, json};

use super::contract::{component, members};
use super::sample::samples;
use super::schema::{Reader, compile};

/// A schema, its samples and its validators.
pub(crate) struct Body {
    /// With the components that it refers to.
    schema: Value,
    samples: [OnceLock<Vec<Value>>; 3],
    validators: [OnceLock<Validator>; 3],
    /// Why a reader of another schema rejects one of the samples, by the address of the schema.
    rejections: Mutex<HashMap<usize, Option<String>>>,
}

impl Body {
    /// Returns the body with a schema; there is only one for each.
    pub(super) fn of(schema: &Value, components: &Map<String, Value>) -> Arc<Self> {
        static ALL: LazyLock<Mutex<HashMap<String, Arc<Body>>>> = LazyLock::new(Mutex::default);
        let names = reachable(schema, components);
        let used: Map<_, _> = names.iter().map(|name| (name.clone(), components[name].clone())).collect();
        let schema = json!({"schema": schema, "components": {"schemas": used}});
        let mut all = ALL.lock().unwrap();
        let body = all.entry(schema.to_string()).or_insert_with(|| {
            let (samples, validators, rejections) = Default::default();
            Arc::new(Self { schema, samples, validators, rejections })
        });
        body.clone()
    }

    /// Returns bodies that are valid for the schema, as they are written for a reader.
    pub(crate) fn samples(&self, reader: Reader) -> &[Value] {
        self.samples[reader as usize].get_or_init(|| samples(&self.schema, reader, &BTreeSet::new()))
    }

    /// Returns whether a reader of this schema accepts a body.
    pub(crate) fn accepts(&self, reader: Reader, body: &Value) -> bool {
        self.validator(reader).is_valid(body)
    }

    /// Returns why a reader of another schema rejects one of the samples.
    pub(super) fn rejected_by(self: &Arc<Self>, read: &Arc<Self>, reader: Reader) -> Option<String> {
        if Arc::ptr_eq(self, read) {
            return None;
        }
        let key = Arc::as_ptr(read) as usize;
        let known = self.rejections.lock().unwrap().get(&key).cloned();
        known.unwrap_or_else(|| {
            let rejection = self.rejection(read, reader);
            self.rejections.lock().unwrap().insert(key, rejection.clone());
            rejection
        })
    }

    fn rejection(&self, read: &Self, reader: Reader) -> Option<String> {
        // The whole body is never null, also if its component may be.
        let rejects = |sample: &&Value| !sample.is_null() && !read.accepts(reader, sample);
        let mut rejected = self.samples(reader).iter().find(rejects).cloned();
        if rejected.is_none() && self.has_maps() {
            // The key of a map may be a property that the reader knows.
            let keyed = samples(&self.schema, reader, &property_names(&read.schema));
            rejected = keyed.iter().find(rejects).cloned();
        }
        let rejected = rejected?;
        let error = read.validator(reader).validate(&rejected).unwrap_err();
        Some(format!("{rejected} is rejected: {error}"))
    }

    fn has_maps(&self) -> bool {
        objects(&self.schema)
            .iter()
            .any(|object| !matches!(object.get("additionalProperties"), None | Some(Value::Bool(false))))
    }

    fn validator(&self, reader: Reader) -> &Validator {
        self.validators[reader as usize].get_or_init(|| compile(&self.schema, reader))
    }
}

/// All objects in a value, its own included.
fn objects(value: &Value) -> Vec<&Map<String, Value>> {
    let (mut found, mut pending) = (Vec::new(), vec![value]);
    while let Some(value) = pending.pop() {
        match value {
            Value::Object(object) => {
                found.push(object);
                pending.extend(object.values());
            }
            Value::Array(items) => pending.extend(items),
            _ => {}
        }
    }
    found
}

fn property_names(schema: &Value) -> BTreeSet<String> {
    let properties = objects(schema).into_iter().filter_map(|object| object.get("properties"));
    properties.flat_map(members).map(|(name, _)| name.to_owned()).collect()
}

/// The names of the components that a schema refers to, directly or by way of others.
pub(super) fn reachable(schema: &Value, components: &Map<String, Value>) -> BTreeSet<String> {
    let (mut found, mut pending) = (BTreeSet::new(), vec![schema]);
    while let Some(schema) = pending.pop() {
        for reference in objects(schema).into_iter().filter_map(|object| object.get("$ref")?.as_str()) {
            if let Some(name) = component(reference)
                && let Some(target) = components.get(&name)
                && found.insert(name)
            {
                pending.push(target);
            }
        }
    }
    found
}
