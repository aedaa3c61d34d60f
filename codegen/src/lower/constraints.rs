//! What values satisfy beyond their type, for the comparison: the crate does not depend on it.

use openapiv3::{Schema, SchemaKind, Type};
use serde_json::Value;

use crate::api::Constraints;

/// Returns the constraints of a schema itself.
pub(super) fn of(schema: &Schema) -> Constraints {
    let SchemaKind::Type(ty) = &schema.schema_kind else { return Constraints::new() };
    let flag = |set: bool| set.then_some(Value::Bool(true));
    let found: Vec<(&str, Option<Value>)> = match ty {
        Type::String(string) => vec![
            ("pattern", string.pattern.clone().map(Value::from)),
            ("minLength", string.min_length.map(Value::from)),
            ("maxLength", string.max_length.map(Value::from)),
        ],
        Type::Integer(integer) => vec![
            ("minimum", integer.minimum.map(Value::from)),
            ("maximum", integer.maximum.map(Value::from)),
            ("exclusiveMinimum", flag(integer.exclusive_minimum)),
            ("exclusiveMaximum", flag(integer.exclusive_maximum)),
            ("multipleOf", integer.multiple_of.map(Value::from)),
        ],
        Type::Number(number) => vec![
            ("minimum", number.minimum.map(Value::from)),
            ("maximum", number.maximum.map(Value::from)),
            ("exclusiveMinimum", flag(number.exclusive_minimum)),
            ("exclusiveMaximum", flag(number.exclusive_maximum)),
            ("multipleOf", number.multiple_of.map(Value::from)),
        ],
        Type::Array(array) => vec![
            ("minItems", array.min_items.map(Value::from)),
            ("maxItems", array.max_items.map(Value::from)),
            ("uniqueItems", flag(array.unique_items)),
        ],
        Type::Object(object) => vec![
            ("minProperties", object.min_properties.map(Value::from)),
            ("maxProperties", object.max_properties.map(Value::from)),
        ],
        Type::Boolean(_) => Vec::new(),
    };
    found.into_iter().filter_map(|(keyword, value)| Some((keyword.to_owned(), value?))).collect()
}

/// Returns constraints of a value under a key of another.
pub(super) fn under(key: &str, constraints: Constraints) -> impl Iterator<Item = (String, Value)> {
    constraints.into_iter().map(move |(path, value)| (format!("{key}.{path}"), value))
}
