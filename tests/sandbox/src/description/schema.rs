//! The meaning of a schema: what requests are read by, and what responses are built by.

use serde_json::Value;

/// A schema without references.
#[derive(Debug, Clone, Default)]
pub(crate) struct Schema {
    pub(crate) kind: Kind,
    pub(crate) nullable: bool,
    /// The `x-resourceId`.
    pub(crate) resource: Option<String>,
    /// The resource that an id expands to.
    pub(crate) expands_to: Option<String>,
    /// The resource that a string is an id of.
    pub(crate) refers_to: Option<String>,
    pub(crate) default: Option<Value>,
    pub(crate) example: Option<Value>,
    pub(crate) known_values: Vec<String>,
}

#[derive(Debug, Clone, Default)]
pub(crate) enum Kind {
    Object {
        properties: Vec<Property>,
        /// The schema of members that are not listed.
        additional: Option<Box<Schema>>,
    },
    Array(Box<Schema>),
    String {
        format: Option<String>,
        values: Vec<String>,
    },
    Integer {
        minimum: Option<i64>,
        maximum: Option<i64>,
    },
    Number,
    Boolean,
    /// One of several, such as a range or its exact value.
    Either(Vec<Schema>),
    #[default]
    Any,
}

#[derive(Debug, Clone)]
pub(crate) struct Property {
    pub(crate) name: String,
    pub(crate) required: bool,
    pub(crate) schema: Schema,
}

impl Schema {
    pub(crate) fn new(value: &Value) -> Self {
        let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        let referred = |key: &str| value.get(key)?.get("referenced_resource")?.as_str().map(str::to_owned);
        let mut schema = match alternatives(value).as_deref() {
            // A reference with a description of its own, or one that is nullable.
            Some([alone]) => Self::new(alone),
            Some(several) => {
                Self { kind: Kind::Either(several.iter().map(|each| Self::new(each)).collect()), ..Self::default() }
            }
            None => Self { kind: Kind::new(value), ..Self::default() },
        };
        schema.nullable |= value.get("nullable").and_then(Value::as_bool).unwrap_or_default();
        schema.resource = text("x-resourceId").or(schema.resource);
        schema.expands_to = text("x-expandsTo").or(schema.expands_to);
        schema.refers_to = referred("x-stripeProperty").or_else(|| referred("x-stripeParam")).or(schema.refers_to);
        schema.default = value.get("default").or_else(|| value.get("x-preset")).cloned().or(schema.default);
        schema.example = value.get("example").cloned().or(schema.example);
        for known in value.get("x-knownValues").and_then(Value::as_array).into_iter().flatten() {
            let known = known.get("value").unwrap_or(known).as_str();
            schema.known_values.extend(known.map(str::to_owned));
        }
        schema
    }

    /// Returns the schema of a property, or of a map's values.
    pub(crate) fn property(&self, name: &str) -> Option<&Self> {
        match &self.kind {
            Kind::Object { properties, additional } => {
                let property = properties.iter().find(|property| property.name == name);
                property.map(|property| &property.schema).or(additional.as_deref())
            }
            Kind::Either(each) => each.iter().find_map(|schema| schema.property(name)),
            _ => None,
        }
    }

    /// Returns the schema at a path with dots.
    pub(crate) fn at(&self, path: &str) -> Option<&Self> {
        path.split('.').try_fold(self, |schema, name| schema.property(name))
    }

    pub(crate) fn properties(&self) -> &[Property] {
        match &self.kind {
            Kind::Object { properties, .. } => properties,
            _ => &[],
        }
    }

    /// Returns the values of an enum.
    pub(crate) fn values(&self) -> &[String] {
        match &self.kind {
            Kind::String { values, .. } => values,
            _ => &[],
        }
    }

    /// Whether this is the envelope of a v1 list.
    pub(crate) fn is_v1_list(&self) -> bool {
        let is_list = |schema: &Self| schema.values() == ["list"];
        self.property("object").is_some_and(is_list) && self.property("data").is_some()
    }

    /// Returns the items of a list's envelope.
    pub(crate) fn list_items(&self) -> Option<&Self> {
        let is_list = self.is_v1_list() || self.property("next_page_url").is_some();
        match &self.property("data")?.kind {
            Kind::Array(items) if is_list => Some(items),
            _ => None,
        }
    }
}

impl Kind {
    fn new(value: &Value) -> Self {
        let text = |key: &str| value.get(key).and_then(Value::as_str);
        let integer = |key: &str| value.get(key).and_then(Value::as_i64);
        let array = |key: &str| value.get(key).and_then(Value::as_array).into_iter().flatten();
        match text("type") {
            Some("object") => {
                let required: Vec<_> = array("required").filter_map(Value::as_str).collect();
                let properties = value.get("properties").and_then(Value::as_object).into_iter().flatten();
                let properties = properties.map(|(name, schema)| Property {
                    name: name.clone(),
                    required: required.contains(&name.as_str()),
                    schema: Schema::new(schema),
                });
                let additional = match value.get("additionalProperties") {
                    None | Some(Value::Bool(false)) => None,
                    Some(schema) => Some(Box::new(Schema::new(schema))),
                };
                Self::Object { properties: properties.collect(), additional }
            }
            Some("array") => Self::Array(Box::new(value.get("items").map(Schema::new).unwrap_or_default())),
            Some("string") => Self::String {
                format: text("format").map(str::to_owned),
                values: array("enum").filter_map(Value::as_str).map(str::to_owned).collect(),
            },
            Some("integer") => Self::Integer { minimum: integer("minimum"), maximum: integer("maximum") },
            Some("number") => Self::Number,
            Some("boolean") => Self::Boolean,
            _ => Self::Any,
        }
    }
}

fn alternatives(value: &Value) -> Option<Vec<&Value>> {
    let each = value.get("anyOf").or_else(|| value.get("oneOf"))?.as_array()?;
    Some(each.iter().collect())
}
