//! Validates requests and responses with compiled JSON Schemas, and says which parameter is wrong.

mod problem;

use std::collections::BTreeMap;

use jsonschema::{Draft, Validator};
use serde_json::Value;

use crate::description::{Description, Generation, SpecError};

pub(crate) use problem::{Problem, ProblemKind};

/// The validators of a description.
#[derive(Debug)]
pub(crate) struct Validators {
    /// Of the parameters and the response of each operation.
    operations: Vec<(Validator, Validator)>,
    resources: BTreeMap<String, Validator>,
    errors: BTreeMap<String, Validator>,
    v1_error: Option<Validator>,
    v2_error: Option<Validator>,
}

impl Validators {
    pub(crate) fn new(description: &Description) -> Result<Self, SpecError> {
        let operations = description.operations.iter().map(|operation| {
            let compiled = |schema| compile(&operation.id, schema);
            Ok((compiled(&operation.parameters_schema)?, compiled(&operation.response_schema)?))
        });
        let resources = description.resources.iter();
        let resources = resources.map(|(id, resource)| Ok((id.clone(), compile(id, &resource.json_schema)?)));
        let errors = description.errors.by_code.iter();
        let errors = errors.map(|(code, error)| Ok((code.clone(), compile(code, &error.json_schema)?)));
        let general = |error: &Option<crate::description::ErrorSchema>| {
            error.as_ref().map(|error| compile("error", &error.json_schema)).transpose()
        };
        Ok(Self {
            operations: operations.collect::<Result<_, SpecError>>()?,
            resources: resources.collect::<Result<_, SpecError>>()?,
            errors: errors.collect::<Result<_, SpecError>>()?,
            v1_error: general(&description.errors.v1)?,
            v2_error: general(&description.errors.v2)?,
        })
    }

    /// Checks the examples of resources, which responses take values from.
    pub(crate) fn check_examples(&self, description: &Description) -> Result<(), SpecError> {
        for (id, resource) in &description.resources {
            let example = resource.schema.example.as_ref().zip(self.resources.get(id));
            example
                .map_or(Ok(()), |(example, validator)| explain(validator, example))
                .map_err(|reason| SpecError::new(format!("`{id}`: the example is not valid: {reason}")))?;
        }
        Ok(())
    }

    /// Returns what is wrong with the parameters of an operation.
    pub(crate) fn parameters(&self, operation: usize, parameters: &Value) -> Result<(), Problem> {
        let Some((validator, _)) = self.operations.get(operation) else {
            return Ok(());
        };
        if validator.is_valid(parameters) {
            return Ok(());
        }
        Err(Problem::first(validator.iter_errors(parameters).collect()))
    }

    /// Returns why a response is not the operation's.
    pub(crate) fn response(&self, operation: usize, response: &Value) -> Result<(), String> {
        self.operations.get(operation).map_or(Ok(()), |(_, validator)| explain(validator, response))
    }

    pub(crate) fn resource(&self, id: &str, object: &Value) -> Result<(), String> {
        self.resources.get(id).map_or(Ok(()), |validator| explain(validator, object))
    }

    pub(crate) fn error(&self, generation: Generation, code: Option<&str>, body: &Value) -> Result<(), String> {
        let validator = match generation {
            Generation::V1 => self.v1_error.as_ref(),
            Generation::V2 => code.and_then(|code| self.errors.get(code)).or(self.v2_error.as_ref()),
        };
        validator.map_or(Ok(()), |validator| explain(validator, body))
    }
}

fn explain(validator: &Validator, value: &Value) -> Result<(), String> {
    if validator.is_valid(value) {
        return Ok(());
    }
    let errors = validator.iter_errors(value).map(|error| format!("`{}`: {error}", error.instance_path()));
    Err(errors.collect::<Vec<_>>().join("; "))
}

fn compile(name: &str, schema: &Value) -> Result<Validator, SpecError> {
    let integer = |text: &str| text.parse::<i64>().is_ok();
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .with_format("int64", integer)
        .with_format("uint64", |text: &str| text.parse::<u64>().is_ok())
        .with_format("unix-time", |_: &str| true)
        .with_format("decimal", |text: &str| text.parse::<f64>().is_ok())
        .with_format("currency", |text: &str| text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_alphabetic()))
        .build(schema)
        .map_err(|error| SpecError::new(format!("`{name}`: {error}")))
}
