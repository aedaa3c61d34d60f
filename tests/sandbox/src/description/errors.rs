//! Error codes and the schemas of error responses.

use std::collections::BTreeMap;

use http::StatusCode;
use serde_json::Value;

use super::json_schema::json_schema;
use super::operation::Generation;
use super::schema::Schema;

/// The schemas of error responses.
#[derive(Debug, Default)]
pub(crate) struct Errors {
    /// The schema of errors without one of their own, by generation.
    pub(crate) v1: Option<ErrorSchema>,
    pub(crate) v2: Option<ErrorSchema>,
    /// The others, by their code.
    pub(crate) by_code: BTreeMap<String, ErrorSchema>,
}

#[derive(Debug)]
pub(crate) struct ErrorSchema {
    /// The status of responses with the code.
    pub(crate) status: Option<StatusCode>,
    /// The type of responses with the code.
    pub(crate) error_type: Option<String>,
    /// The schema of the member `error`.
    pub(crate) body: Schema,
    pub(crate) json_schema: Value,
}

impl Errors {
    /// Adds the schema, if its `error` has a message, as errors have.
    pub(super) fn add(&mut self, name: &str, schema: &Value) {
        if schema.pointer("/properties/error/properties/message").is_none() {
            return;
        }
        let declared = |key: &str| schema.get("x-stripeError")?.get(key);
        let status = declared("httpStatusCode").and_then(Value::as_u64).and_then(|status| u16::try_from(status).ok());
        let error = ErrorSchema {
            status: status.and_then(|status| StatusCode::from_u16(status).ok()),
            error_type: declared("type").and_then(Value::as_str).map(str::to_owned),
            body: Schema::new(schema.pointer("/properties/error").unwrap_or(&Value::Null)),
            json_schema: json_schema(schema),
        };
        match declared("code").and_then(Value::as_str) {
            Some(code) => {
                self.by_code.insert(code.to_owned(), error);
            }
            None if name.starts_with("v2.") => self.v2 = Some(error),
            None => self.v1 = Some(error),
        }
    }

    /// Returns the schema of an error by its code, if it has one of its own.
    pub(crate) fn get(&self, generation: Generation, code: &str) -> Option<&ErrorSchema> {
        match generation {
            Generation::V1 => self.v1.as_ref(),
            Generation::V2 => self.by_code.get(code).or(self.v2.as_ref()),
        }
    }
}
