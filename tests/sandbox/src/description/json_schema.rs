//! Translates schemas of OpenAPI 3.0 to JSON Schema: `nullable` becomes a type, objects are closed unless they say otherwise.

use serde_json::{Map, Value, json};

/// The keywords that JSON Schema has too, with the same meaning.
const SAME: [&str; 10] =
    ["type", "format", "enum", "required", "minimum", "maximum", "minLength", "maxLength", "minItems", "pattern"];

/// Returns the JSON Schema of a schema without references.
pub(super) fn json_schema(schema: &Value) -> Value {
    let Value::Object(members) = schema else {
        return schema.clone();
    };
    let mut translated = Map::new();
    for key in SAME {
        if let Some(value) = members.get(key) {
            translated.insert(key.into(), value.clone());
        }
    }
    if let Some(properties) = members.get("properties").and_then(Value::as_object) {
        let properties = properties.iter().map(|(name, schema)| (name.clone(), json_schema(schema)));
        translated.insert("properties".into(), properties.collect::<Map<_, _>>().into());
    }
    match members.get("additionalProperties") {
        Some(additional) => {
            translated.insert("additionalProperties".into(), json_schema(additional));
        }
        None if members.get("type").is_some_and(|kind| kind == "object") => {
            translated.insert("additionalProperties".into(), false.into());
        }
        None => {}
    }
    if let Some(items) = members.get("items") {
        translated.insert("items".into(), json_schema(items));
    }
    for key in ["anyOf", "oneOf"] {
        if let Some(each) = members.get(key).and_then(Value::as_array) {
            translated.insert(key.into(), each.iter().map(json_schema).collect());
        }
    }
    if members.get("nullable").is_some_and(|nullable| nullable == true) {
        return nullable(translated);
    }
    Value::Object(translated)
}

fn nullable(mut schema: Map<String, Value>) -> Value {
    let Some(kind) = schema.get("type").cloned() else {
        return json!({"anyOf": [schema, {"type": "null"}]});
    };
    schema.insert("type".into(), json!([kind, "null"]));
    if let Some(Value::Array(values)) = schema.get_mut("enum") {
        values.push(Value::Null);
    }
    Value::Object(schema)
}
