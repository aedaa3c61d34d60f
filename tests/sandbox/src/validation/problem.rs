//! What is wrong with a parameter, and the parameter's name in Stripe's form: `parameters[columns][0]`.

use std::cmp::Reverse;

use jsonschema::ValidationError;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use serde_json::Value;

/// A parameter that is not valid.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    pub(crate) kind: ProblemKind,
    pub(crate) param: String,
    pub(crate) message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ProblemKind {
    Missing,
    Unknown,
    Empty,
    NotAnInteger,
    Exclusive,
    Invalid,
}

impl Problem {
    pub(crate) fn new(kind: ProblemKind, param: impl Into<String>, message: impl Into<String>) -> Self {
        Self { kind, param: param.into(), message: message.into() }
    }

    /// Returns the error that is the most useful: an unknown parameter before a missing one, which it may be a misspelling of.
    pub(super) fn first(errors: Vec<ValidationError<'_>>) -> Self {
        let mut problems: Vec<_> = errors.iter().map(Self::of).collect();
        problems.sort_by_key(|problem| match problem.kind {
            ProblemKind::Unknown => 0,
            ProblemKind::Missing => 1,
            _ => 2,
        });
        let first = problems.into_iter().next();
        first.unwrap_or_else(|| Self::new(ProblemKind::Invalid, "", "Invalid request."))
    }

    fn of(error: &ValidationError<'_>) -> Self {
        let pointer = error.instance_path().as_str();
        let (param, instance) = (bracketed(pointer), error.instance());
        let message = |text: String| Self::new(ProblemKind::Invalid, param.clone(), text);
        match error.kind() {
            ValidationErrorKind::Required { property } => {
                let name = property.as_str().unwrap_or_default();
                let param = bracketed(&format!("{pointer}/{name}"));
                Self::new(ProblemKind::Missing, param.clone(), format!("Missing required param: {param}."))
            }
            ValidationErrorKind::AdditionalProperties { unexpected } => {
                let name = unexpected.first().map(String::as_str).unwrap_or_default();
                let param = bracketed(&format!("{pointer}/{name}"));
                Self::new(ProblemKind::Unknown, param.clone(), format!("Received unknown parameter: {param}"))
            }
            ValidationErrorKind::Type { kind } => {
                let name = expected(kind);
                let kind = if name == "integer" { ProblemKind::NotAnInteger } else { ProblemKind::Invalid };
                Self::new(kind, param.clone(), format!("Invalid {name}: {}", shown(instance)))
            }
            ValidationErrorKind::Minimum { limit } => Self::new(
                ProblemKind::NotAnInteger,
                param.clone(),
                format!("Invalid {param}: must be greater than or equal to {limit}"),
            ),
            ValidationErrorKind::Maximum { limit } => Self::new(
                ProblemKind::NotAnInteger,
                param.clone(),
                format!("Invalid {param}: must be less than or equal to {limit}"),
            ),
            ValidationErrorKind::Enum { options } => {
                let options = options.as_array().into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>();
                message(format!("Invalid {param}: must be one of {}", options.join(", ")))
            }
            ValidationErrorKind::Format { format } => message(format!("Invalid {param}: expected {format}")),
            ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
                Self::nearest(context, pointer).unwrap_or_else(|| message(format!("Invalid {param}")))
            }
            _ => message(format!("Invalid {param}: {error}")),
        }
    }

    /// Returns the problem of the alternative that the value resembles most: the one whose type it has.
    fn nearest(context: &[Vec<ValidationError<'static>>], pointer: &str) -> Option<Self> {
        let is_type = |error: &ValidationError<'_>| {
            error.instance_path().as_str() == pointer && matches!(error.kind(), ValidationErrorKind::Type { .. })
        };
        let has_unknown = |errors: &[ValidationError<'_>]| {
            errors.iter().any(|error| matches!(error.kind(), ValidationErrorKind::AdditionalProperties { .. }))
        };
        let score =
            |errors: &&Vec<ValidationError<'static>>| (errors.iter().any(is_type), has_unknown(errors), errors.len());
        let best = context.iter().filter(|errors| !errors.is_empty()).max_by_key(|errors| Reverse(score(errors)))?;
        best.first().map(Self::of)
    }
}

fn expected(kind: &TypeKind) -> &'static str {
    let name = |kind: &jsonschema::JsonType| match kind {
        jsonschema::JsonType::Array => Some("array"),
        jsonschema::JsonType::Boolean => Some("boolean"),
        jsonschema::JsonType::Integer => Some("integer"),
        jsonschema::JsonType::Number => Some("number"),
        jsonschema::JsonType::Object => Some("object"),
        jsonschema::JsonType::String => Some("string"),
        jsonschema::JsonType::Null => None,
    };
    let found = match kind {
        TypeKind::Single(kind) => name(kind),
        TypeKind::Multiple(kinds) => kinds.iter().find_map(|kind| name(&kind)),
    };
    found.unwrap_or("null")
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Returns the name of a parameter by its JSON pointer.
fn bracketed(pointer: &str) -> String {
    let mut segments = pointer.split('/').skip(1).map(|segment| segment.replace("~1", "/").replace("~0", "~"));
    let mut name = segments.next().unwrap_or_default();
    for segment in segments {
        name.push_str(&format!("[{segment}]"));
    }
    name
}
