//! Every model of the generated crate, by name.

use serde_json::Value;

include!(concat!(env!("OUT_DIR"), "/round_trip.rs"));

fn via<T>(json: &Value) -> Result<Value, String>
where
    T: serde::de::DeserializeOwned + serde::Serialize,
{
    // By way of text, as answers come: numbers and keys are read differently from a value in memory.
    let decoded: T = serde_json::from_str(&json.to_string()).map_err(|error| error.to_string())?;
    serde_json::to_value(&decoded).map_err(|error| error.to_string())
}
