//! Every model of the generated crate by name, and every thin event.

use serde_json::Value;
use stripe_reporting::{Bytes, Config, Error, Request as _, http};

include!(concat!(env!("OUT_DIR"), "/models.rs"));

fn via<T>(json: &Value) -> Result<Value, String>
where
    T: serde::de::DeserializeOwned + serde::Serialize,
{
    // By way of text, as answers come: numbers and keys are read differently from a value in memory.
    let decoded: T = serde_json::from_str(&json.to_string()).map_err(|error| error.to_string())?;
    serde_json::to_value(&decoded).map_err(|error| error.to_string())
}
