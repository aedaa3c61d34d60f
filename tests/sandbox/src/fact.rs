//! Values that are known of an object, and how they are written by a schema: times in its format, other members left out.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::description::{Kind, Schema};

/// A value whose form depends on the schema of the place where it is written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Fact {
    Value(Value),
    Time(Timestamp),
    Integer(i64),
    Map(BTreeMap<String, Fact>),
    List(Vec<Fact>),
}

impl Default for Fact {
    fn default() -> Self {
        Self::Map(BTreeMap::new())
    }
}

impl From<Value> for Fact {
    fn from(value: Value) -> Self {
        match value {
            Value::Object(members) => Self::Map(members.into_iter().map(|(key, value)| (key, value.into())).collect()),
            Value::Array(items) => Self::List(items.into_iter().map(Self::from).collect()),
            other => Self::Value(other),
        }
    }
}

impl From<&str> for Fact {
    fn from(text: &str) -> Self {
        Self::Value(text.into())
    }
}

impl From<Timestamp> for Fact {
    fn from(time: Timestamp) -> Self {
        Self::Time(time)
    }
}

impl From<bool> for Fact {
    fn from(value: bool) -> Self {
        Self::Value(value.into())
    }
}

impl Fact {
    /// Creates a map.
    pub(crate) fn map<const N: usize>(members: [(&str, Self); N]) -> Self {
        Self::Map(members.into_iter().map(|(name, fact)| (name.to_owned(), fact)).collect())
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Map(members) => members.get(name),
            _ => None,
        }
    }

    /// Returns the value at a path with dots.
    pub(crate) fn at(&self, path: &str) -> Option<&Self> {
        path.split('.').try_fold(self, |fact, name| fact.get(name))
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Self::Value(value) => value.as_str(),
            _ => None,
        }
    }

    /// Sets the value at a path with dots.
    pub(crate) fn set(&mut self, path: &str, fact: impl Into<Self>) {
        let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
        if !matches!(self, Self::Map(_)) {
            *self = Self::default();
        }
        let Self::Map(members) = self else { return };
        match rest {
            None => {
                members.insert(name.to_owned(), fact.into());
            }
            Some(rest) => members.entry(name.to_owned()).or_default().set(rest, fact),
        }
    }

    /// Returns the value as JSON, as it is.
    pub(crate) fn to_json(&self) -> Value {
        self.write(&Schema::default())
    }

    /// Writes the value by a schema. Missing members of objects are not added.
    fn write(&self, schema: &Schema) -> Value {
        match (self, &schema.kind) {
            (_, Kind::Either(each)) => {
                let is_object = matches!(self, Self::Map(_));
                let chosen = each.iter().find(|schema| matches!(schema.kind, Kind::Object { .. }) == is_object);
                self.write(chosen.unwrap_or(&Schema::default()))
            }
            (Self::Time(time), Kind::Integer { .. }) => time.as_second().into(),
            (Self::Time(time), _) => rfc_3339(*time).into(),
            (Self::Integer(number), Kind::String { .. }) => number.to_string().into(),
            (Self::Integer(number), _) => (*number).into(),
            (Self::Value(value), _) => value.clone(),
            (Self::List(items), kind) => {
                let schema = if let Kind::Array(items) = kind { items } else { &Schema::default() };
                items.iter().map(|item| item.conform(schema, None)).collect()
            }
            (Self::Map(members), _) => {
                let members = members.iter().map(|(name, fact)| (name.clone(), fact.to_json()));
                Value::Object(members.collect())
            }
        }
    }

    /// Writes the value by a schema: objects have the members that it lists, missing ones are null, an example or left out.
    pub(crate) fn conform(&self, schema: &Schema, example: Option<&Value>) -> Value {
        let Self::Map(members) = self else {
            return self.write(schema);
        };
        match &schema.kind {
            Kind::Object { properties, additional } => {
                let whole = example.or(schema.example.as_ref());
                let mut written = Map::new();
                for property in properties {
                    let example = whole.and_then(|example| example.get(&property.name));
                    let value = match members.get(&property.name) {
                        Some(fact) => Some(fact.conform(&property.schema, example)),
                        // Responses leave out what their example does.
                        None if !property.required && whole.is_some() && example.is_none() => None,
                        None => absent(&property.schema, property.required, example),
                    };
                    written.extend(value.map(|value| (property.name.clone(), value)));
                }
                if let Some(additional) = additional {
                    for (name, fact) in members.iter().filter(|(name, _)| !properties.iter().any(|p| p.name == **name))
                    {
                        written.insert(name.clone(), fact.conform(additional, None));
                    }
                }
                Value::Object(written)
            }
            Kind::Either(each) => {
                let has = |schema: &&Schema| members.keys().all(|name| schema.property(name).is_some());
                match each.iter().find(has) {
                    Some(schema) => self.conform(schema, example),
                    None => self.write(schema),
                }
            }
            _ => self.write(schema),
        }
    }
}

/// Returns the value of a property that nothing is known of.
fn absent(schema: &Schema, required: bool, example: Option<&Value>) -> Option<Value> {
    let is_empty = |example: &Value| {
        example.is_null()
            || example.as_object().is_some_and(Map::is_empty)
            || example.as_array().is_some_and(Vec::is_empty)
    };
    if let Some(example) = example.filter(|example| is_empty(example) || (schema.is_v1_list())) {
        return Some(example.clone());
    }
    if schema.nullable {
        return Some(Value::Null);
    }
    required.then(|| fallback(schema, example))
}

/// Returns a value for a property that must have one.
fn fallback(schema: &Schema, example: Option<&Value>) -> Value {
    if let [value] = schema.values() {
        return value.as_str().into();
    }
    if let Some(value) = example.or(schema.example.as_ref()).or(schema.default.as_ref()) {
        return value.clone();
    }
    match &schema.kind {
        Kind::Object { .. } => Fact::default().conform(schema, None),
        Kind::Array(_) => Value::Array(Vec::new()),
        Kind::String { values, format } => match (values.first(), format.as_deref()) {
            (Some(value), _) => value.as_str().into(),
            (None, Some("date-time")) => rfc_3339(Timestamp::UNIX_EPOCH).into(),
            (None, Some("int64" | "uint64" | "decimal")) => "0".into(),
            (None, Some("currency")) => "usd".into(),
            _ => "".into(),
        },
        Kind::Integer { minimum, .. } => minimum.unwrap_or_default().into(),
        Kind::Number => 0.0.into(),
        Kind::Boolean => false.into(),
        Kind::Either(each) => each.first().map_or(Value::Null, |schema| fallback(schema, None)),
        Kind::Any => Value::Null,
    }
}

/// Formats a time as API v2 does.
pub(crate) fn rfc_3339(time: Timestamp) -> String {
    time.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}
