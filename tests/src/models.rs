//! Every model of the generated crate by name, and every thin event.

use serde_json::Value;
use stripe_reporting::testing::Example;
use stripe_reporting::{Bytes, Config, Download, Error, Request as _, RunState, Wait, http};

include!(concat!(env!("OUT_DIR"), "/models.rs"));

fn via<T>(json: &Value) -> Result<Value, String>
where
    T: serde::de::DeserializeOwned + serde::Serialize,
{
    // From text, like a response: numbers and keys are decoded differently from a value in memory.
    let decoded: T = serde_json::from_str(&json.to_string()).map_err(|error| error.to_string())?;
    serde_json::to_value(&decoded).map_err(|error| error.to_string())
}

/// The example of a model.
#[derive(Debug)]
pub struct ModelExample {
    /// The model's path.
    pub path: &'static str,
    /// The example as the generated crate has it.
    pub json: Value,
    /// The example, decoded and encoded.
    pub encoded: Value,
    /// Whether the encoded example decodes to the same value.
    pub is_stable: bool,
}

fn model_example<T: Example + PartialEq>(path: &'static str) -> ModelExample {
    let value = T::example();
    let encoded = serde_json::to_value(&value).unwrap_or_default();
    let is_stable = serde_json::from_str(&encoded.to_string()).is_ok_and(|again: T| again == value);
    ModelExample { path, json: serde_json::from_str(T::EXAMPLE).unwrap_or_default(), encoded, is_stable }
}

/// The example of a run in a state.
#[derive(Debug, Clone)]
pub struct RunExample {
    /// The model's path.
    pub path: &'static str,
    /// The state that was requested.
    pub expected: RunState,
    /// The state of the example.
    pub state: RunState,
    /// Whether it has a result.
    pub has_result: bool,
    /// Whether it has the message of a failure or a cancellation.
    pub has_reason: bool,
    /// Whether it has the code of a failure.
    pub has_code: bool,
}

fn run_examples<T: Example + Wait + Download>(path: &'static str) -> Vec<RunExample> {
    let example = |(state, _): &(RunState, &str)| {
        let run = T::example_in(*state).ok()?;
        Some(RunExample {
            path,
            expected: *state,
            state: run.run_state(),
            has_result: run.result_url().is_some(),
            has_reason: run.failure_message().is_some(),
            has_code: run.failure_code().is_some(),
        })
    };
    T::STATES.iter().filter_map(example).collect()
}
