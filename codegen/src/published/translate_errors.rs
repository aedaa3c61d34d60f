//! Translates error responses, and the schemas in them.

use serde_json::Value as Json;

use super::translate::{Work, facts, members, referenced_schema, response, schema_place};
use crate::edit::Value;
use crate::pointer::Pointer;

/// The members of an error that decide what it is.
const CODES: [&str; 2] = ["code", "type"];

/// Returns whether a published schema is the body of an error.
pub(super) fn is_error(schema: &Json) -> bool {
    let has_error = schema.pointer("/properties/error").is_some() && members(schema, "properties").count() == 1;
    schema.get("x-stripeError").is_some() || schema.get("x-resourceId").is_none() && has_error
}

impl Work<'_> {
    /// Translates the error responses of an operation, by status.
    pub(super) fn errors(&mut self, node: &Json, at: &Pointer) -> Value {
        let responses = members(node, "responses").filter(|(status, _)| !status.starts_with('2'));
        let responses = responses.filter_map(|(status, found)| {
            let at = at.join("responses").join(status).join("content").join("application/json").join("schema");
            let schema = self.schema_of_errors(found.pointer("/content/application~1json/schema")?, &at)?;
            Some((status.clone(), response("The request failed.", schema)))
        });
        Value::Map(responses.collect())
    }

    fn schema_of_errors(&mut self, schema: &Json, at: &Pointer) -> Option<Value> {
        let union = ["oneOf", "anyOf"].into_iter().find_map(|key| Some((key, schema.get(key)?.as_array()?)));
        let Some((key, schemas)) = union else { return self.error_reference(schema, at) };
        let schemas = schemas.iter().enumerate();
        let references: Vec<_> =
            schemas.filter_map(|(index, schema)| self.error_reference(schema, &at.join(key).index(index))).collect();
        match references.as_slice() {
            [] => None,
            [only] => Some(only.clone()),
            _ => Some(Value::map([("oneOf", Value::List(references))])),
        }
    }

    fn error_reference(&mut self, node: &Json, at: &Pointer) -> Option<Value> {
        let place = node.get("$ref").and_then(Json::as_str).and_then(referenced_schema).map(|key| schema_place(&key));
        let place = place.filter(|place| self.translator.root.pointer(place.as_str()).is_some_and(is_error));
        if place.is_none() {
            self.lose(at, "an error without a name");
        }
        self.need(&place?)
    }

    /// Translates the body of an error: its code, its type and its message.
    pub(super) fn error(&mut self, node: &Json, at: &Pointer) -> Option<Value> {
        let mut entries = vec![("type".to_owned(), Value::text("object"))];
        if let Some(error) = node.get("x-stripeError") {
            let mut members = facts(error, &["code", "type"], Json::is_string);
            members.extend(facts(error, &["httpStatusCode"], |status| {
                status.as_u64().is_some_and(|status| (300..600).contains(&status))
            }));
            if ["code", "httpStatusCode"].iter().any(|name| !members.iter().any(|(key, _)| key == name)) {
                self.lose(at, "an error without a code or a status");
                return None;
            }
            entries.push(("description".to_owned(), Value::text("")));
            entries.push(("x-stripeError".to_owned(), Value::Map(members)));
        }
        let body = node.pointer("/properties/error").unwrap_or(&Json::Null);
        let referenced = body.get("$ref").and_then(Json::as_str).and_then(referenced_schema);
        let body = referenced.and_then(|key| self.translator.root.pointer(schema_place(&key).as_str())).unwrap_or(body);
        let is_text = |schema: &Json| schema.get("type").and_then(Json::as_str) == Some("string");
        let texts: Vec<_> = members(body, "properties").filter(|(_, schema)| is_text(schema)).collect();
        let required = body.get("required").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str);
        let mut required: Vec<_> = required.filter(|name| texts.iter().any(|(other, _)| other == name)).collect();
        required.sort_unstable();
        required.dedup();
        let mut inner = vec![("type".to_owned(), Value::text("object"))];
        if !required.is_empty() {
            inner.push(("required".to_owned(), Value::List(required.into_iter().map(Value::text).collect())));
        }
        let mut properties = Vec::new();
        for (name, schema) in texts {
            let mut entries = vec![("type".to_owned(), Value::text("string"))];
            let at = at.join("properties").join("error").join("properties").join(name);
            let values = if CODES.contains(&name.as_str()) { self.values(schema, "string", &at) } else { Vec::new() };
            if !values.is_empty() {
                entries.push(("enum".to_owned(), Value::List(values.into_iter().map(Value::text).collect())));
            }
            properties.push((name.clone(), Value::Map(entries)));
        }
        inner.push(("properties".to_owned(), Value::Map(properties)));
        entries.push(("required".to_owned(), Value::List(vec![Value::text("error")])));
        entries.push(("properties".to_owned(), Value::map([("error", Value::Map(inner))])));
        Some(Value::Map(entries))
    }
}
