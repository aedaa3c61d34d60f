//! Translates schemas to JSON Schema, as each of their readers applies them.

use jsonschema::{Draft, Validator};
use serde_json::{Map, Value, json};

use super::contract::{component, members};

/// Who reads a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reader {
    /// Stripe, which rejects unknown properties and checks constraints.
    Server,
    /// A client in any language, which ignores unknown properties and constraints. It knows all values of a closed enum, and
    /// all properties of which an object has exactly one.
    Client,
    /// The generated crate, which reads more than a client: null as absent, and unknown values of closed enums.
    Crate,
}

pub(super) const CONSTRAINTS: [&str; 10] = [
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
];

/// Returns a validator of bodies with a schema, which is beside its components.
pub(super) fn compile(schema: &Value, reader: Reader) -> Validator {
    let root = Translation { components: &schema["components"]["schemas"], reader };
    // By position, since not every name can be in a URI.
    let definitions = members(root.components).enumerate();
    let definitions: Map<_, _> = definitions.map(|(at, (_, schema))| (at.to_string(), root.schema(schema))).collect();
    let document = json!({"$defs": definitions, "allOf": [root.schema(&schema["schema"])]});
    validator(&document)
}

/// Returns a validator of scalars as Stripe checks them.
pub(super) fn of_scalar(schema: &Value) -> Validator {
    validator(&Translation { components: &Value::Null, reader: Reader::Server }.schema(schema))
}

fn validator(schema: &Value) -> Validator {
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .with_format("int64", |text: &str| text.parse::<i64>().is_ok())
        .with_format("uint64", |text: &str| text.parse::<u64>().is_ok())
        .build(schema)
        .unwrap_or_else(|error| panic!("{error}: {schema}"))
}

/// Whether an enum accepts values that it does not list.
pub(super) fn is_open(schema: &Value) -> bool {
    let is_table = schema.get("x-stripeEnum").is_none() && schema["enum"].as_array().is_some_and(|all| all.len() > 64);
    is_table || schema["x-stripeEnum"]["kind"] == "open" || schema["x-stripeBypassValidation"] == true
}

struct Translation<'a> {
    components: &'a Value,
    reader: Reader,
}

impl Translation<'_> {
    fn schema(&self, schema: &Value) -> Value {
        if let Some(name) = schema["$ref"].as_str().and_then(component) {
            let at = members(self.components).position(|(known, _)| known == name);
            return json!({"$ref": format!("#/$defs/{}", at.unwrap())});
        }
        let mut translated = match schema["type"].as_str() {
            Some("object") => self.object(schema),
            Some("string") => self.string(schema),
            Some("array") => json!({"type": "array", "items": self.schema(&schema["items"])}),
            Some(kind) => json!({"type": kind}),
            None => json!({}),
        };
        if schema["minimum"].as_f64().is_some_and(|minimum| minimum >= 0.0) && schema["type"] == "integer" {
            // Clients that read an unsigned integer read no sign.
            translated["minimum"] = json!(0);
        }
        if let Some(each) = schema["anyOf"].as_array() {
            translated["anyOf"] = each.iter().map(|each| self.schema(each)).collect();
        }
        if let Some(each) = schema["oneOf"].as_array() {
            translated = self.one_of(each);
        }
        if self.reader == Reader::Server {
            for keyword in CONSTRAINTS {
                if let Some(value) = schema.get(keyword) {
                    translated[keyword] = value.clone();
                }
            }
            for (keyword, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
                if schema[keyword] == true && schema.get(bound).is_some() {
                    translated[keyword] = schema[bound].clone();
                }
            }
            if schema["uniqueItems"] == true {
                translated["uniqueItems"] = json!(true);
            }
        }
        if schema["nullable"] == true { json!({"anyOf": [translated, {"type": "null"}]}) } else { translated }
    }

    fn string(&self, schema: &Value) -> Value {
        let mut translated = json!({"type": "string"});
        match schema["format"].as_str() {
            Some("int64" | "uint64") if self.reader == Reader::Crate => {
                let string = json!({"type": "string", "format": schema["format"]});
                return json!({"anyOf": [string, {"type": "integer"}]});
            }
            // What is preserved verbatim is any text.
            Some(format @ ("int64" | "uint64" | "date-time")) => translated["format"] = json!(format),
            _ => {}
        }
        if let Some(values) = schema.get("enum")
            && !is_open(schema)
            && self.reader != Reader::Crate
        {
            translated["enum"] = values.clone();
        }
        translated
    }

    fn object(&self, schema: &Value) -> Value {
        let mut required = schema["required"].as_array().cloned().unwrap_or_default();
        let properties: Map<_, _> = members(&schema["properties"])
            .map(|(name, schema_of_property)| {
                let is_required = required.iter().any(|required| required == name);
                (name.to_owned(), self.property(name, schema_of_property, is_required))
            })
            .collect();
        if self.reader == Reader::Crate {
            let properties = &schema["properties"];
            let is_tag = |name: &str| name == "object" && is_tag(&properties[name]);
            required
                .retain(|name| name.as_str().is_none_or(|name| !self.is_nullable(&properties[name]) && !is_tag(name)));
        }
        let mut translated = json!({"type": "object", "properties": properties, "required": required});
        match schema.get("additionalProperties") {
            Some(Value::Object(_)) => {
                translated["additionalProperties"] = self.schema(&schema["additionalProperties"]);
            }
            Some(Value::Bool(true)) => {}
            _ if self.reader == Reader::Server => translated["additionalProperties"] = json!(false),
            _ => {}
        }
        translated
    }

    fn property(&self, name: &str, schema: &Value, is_required: bool) -> Value {
        let mut translated = self.schema(schema);
        if self.reader == Reader::Crate {
            if name == "object" && is_tag(schema) {
                return json!({});
            }
            if !is_required {
                translated = json!({"anyOf": [translated, {"type": "null"}]});
            }
        }
        if schema["x-falseMeansAbsent"] == true {
            translated = json!({"anyOf": [translated, {"const": false}]});
        }
        translated
    }

    /// Exactly one of several properties.
    fn one_of(&self, each: &[Value]) -> Value {
        if self.reader != Reader::Crate {
            return json!({"oneOf": each.iter().map(|each| self.schema(each)).collect::<Vec<_>>()});
        }
        let variant = |each: &Value| {
            let known = json!({"type": "object", "required": each["required"], "maxProperties": 1});
            json!({"if": known, "then": self.schema(each)})
        };
        json!({"allOf": each.iter().map(variant).collect::<Vec<_>>()})
    }

    fn is_nullable(&self, schema: &Value) -> bool {
        let target = schema["$ref"].as_str().and_then(component).and_then(|name| self.components.get(name));
        let alone = schema["anyOf"].as_array().filter(|each| each.len() == 1).map(|each| &each[0]);
        schema["nullable"] == true || [target, alone].into_iter().flatten().any(|schema| self.is_nullable(schema))
    }
}

/// Whether the property `object` is the type's tag.
pub(super) fn is_tag(schema: &Value) -> bool {
    schema["enum"].as_array().is_some_and(|values| values.len() == 1) && !is_open(schema)
}
