//! Operations: how a request is matched and read, what it does, and what it returns.

use http::Method;
use serde_json::{Map, Value, json};

use super::documents::{Documents, SpecError};
use super::json_schema::json_schema;
use super::schema::Schema;

/// The generation of the API, by which requests, lists and errors have their form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Generation {
    V1,
    V2,
}

impl Generation {
    /// Returns the generation of a path.
    pub(crate) fn of_path(path: &str) -> Self {
        if path.starts_with("/v2/") { Self::V2 } else { Self::V1 }
    }
}

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    Create,
    Retrieve,
    List,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Segment {
    Literal(String),
    /// A parameter.
    Parameter(String),
}

/// An operation that the sandbox serves.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: Method,
    /// The template, such as `/v1/files/{file}`.
    pub(crate) path: String,
    pub(crate) segments: Vec<Segment>,
    pub(crate) generation: Generation,
    pub(crate) verb: Verb,
    /// The `x-resourceId` of what is created, retrieved or listed.
    pub(crate) resource: String,
    /// The parameters in the query or the body, as one object.
    pub(crate) parameters: Schema,
    pub(crate) parameters_schema: Value,
    /// Whether the parameters are in the body.
    pub(crate) has_body: bool,
    pub(crate) response_schema: Value,
    /// The codes of the errors that its responses list.
    pub(crate) errors: Vec<String>,
}

impl Operation {
    /// Reads an operation. Returns `None` if no verb applies.
    pub(super) fn new(
        documents: &Documents,
        file: &str,
        path: &str,
        method: &str,
        value: &Value,
    ) -> Result<Option<Self>, SpecError> {
        let method = Method::from_bytes(method.to_uppercase().as_bytes())
            .map_err(|_| SpecError::new(format!("{file}: {path}: unknown method `{method}`")))?;
        let value = documents.resolve(file, value)?;
        let (mut response, mut errors) = (Value::Null, Vec::new());
        for (status, entry) in value.get("responses").and_then(Value::as_object).into_iter().flatten() {
            let schema = entry.pointer("/content/application~1json/schema").cloned().unwrap_or_default();
            if status.starts_with('2') {
                response = schema;
            } else {
                errors.extend(codes(&schema));
            }
        }
        let segments: Vec<_> = path.split('/').skip(1).map(Segment::new).collect();
        let Some((verb, resource)) = verb(&method, &segments, &Schema::new(&response)) else {
            return Ok(None);
        };
        let body = ["application~1x-www-form-urlencoded", "application~1json"].into_iter().find_map(|content| {
            value.pointer(&format!("/requestBody/content/{content}/schema")).filter(|_| method == Method::POST).cloned()
        });
        let has_body = body.is_some();
        let parameters = body.unwrap_or_else(|| query(&value));
        Ok(Some(Self {
            id: value.get("operationId").and_then(Value::as_str).unwrap_or(path).to_owned(),
            path: path.to_owned(),
            generation: Generation::of_path(path),
            parameters: Schema::new(&parameters),
            parameters_schema: json_schema(&parameters),
            response_schema: json_schema(&response),
            method,
            segments,
            verb,
            resource,
            has_body,
            errors,
        }))
    }

    /// Returns the arguments in a path, if this is the operation's.
    pub(crate) fn arguments<'o>(&'o self, path: &[String]) -> Option<Vec<(&'o str, String)>> {
        if path.len() != self.segments.len() {
            return None;
        }
        let mut arguments = Vec::new();
        for (segment, text) in self.segments.iter().zip(path) {
            match segment {
                Segment::Literal(literal) if literal == text => {}
                Segment::Parameter(name) if !text.is_empty() => arguments.push((name.as_str(), text.clone())),
                _ => return None,
            }
        }
        Some(arguments)
    }

    /// Returns the name of the last parameter of the path.
    pub(crate) fn id_parameter(&self) -> Option<&str> {
        match self.segments.last()? {
            Segment::Parameter(name) => Some(name),
            Segment::Literal(_) => None,
        }
    }
}

impl Segment {
    fn new(text: &str) -> Self {
        match text.strip_prefix('{').and_then(|text| text.strip_suffix('}')) {
            Some(name) => Self::Parameter(name.to_owned()),
            None => Self::Literal(text.to_owned()),
        }
    }
}

/// Determines the verb by method, path and response.
fn verb(method: &Method, segments: &[Segment], response: &Schema) -> Option<(Verb, String)> {
    let ends_with_id = matches!(segments.last(), Some(Segment::Parameter(_)));
    let has_id = segments.iter().any(|segment| matches!(segment, Segment::Parameter(_)));
    let items = response.list_items();
    match (method, items) {
        (&Method::GET, Some(items)) => Some((Verb::List, items.resource.clone()?)),
        (&Method::GET, None) if ends_with_id => Some((Verb::Retrieve, response.resource.clone()?)),
        // With an id, it would be an action on an object, such as a cancellation.
        (&Method::POST, None) if !has_id => Some((Verb::Create, response.resource.clone()?)),
        _ => None,
    }
}

/// Returns the query parameters as the schema of an object.
fn query(operation: &Value) -> Value {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for parameter in operation.get("parameters").and_then(Value::as_array).into_iter().flatten() {
        let text = |key: &str| parameter.get(key).and_then(Value::as_str);
        if let (Some("query"), Some(name)) = (text("in"), text("name")) {
            properties.insert(name.to_owned(), parameter.get("schema").cloned().unwrap_or_else(|| json!({})));
            if parameter.get("required").is_some_and(|required| required == true) {
                required.push(Value::from(name));
            }
        }
    }
    json!({"type": "object", "properties": properties, "required": required})
}

/// Returns the codes of the schemas that an error response refers to.
fn codes(schema: &Value) -> Vec<String> {
    let each = schema.get("oneOf").and_then(Value::as_array).map_or_else(|| vec![schema], |each| each.iter().collect());
    each.iter().filter_map(|schema| schema.pointer("/x-stripeError/code")?.as_str().map(str::to_owned)).collect()
}
