//! YAML that others write, with what descriptions of this project do not use: anchors, merge keys, tags, keys of other types.

use serde_json::Value as Json;
use serde_yaml::Value;

use super::SyntaxError;

/// Reads YAML as JSON. What JSON does not have is null, or is left out.
pub(crate) fn foreign(text: &str) -> Result<Json, SyntaxError> {
    // What is missing at the end is reported on the line after it.
    let explained = |error: serde_yaml::Error| explained(&error, text.lines().count().max(1));
    let mut value: Value = serde_yaml::from_str(text).map_err(explained)?;
    value.apply_merge().map_err(explained)?;
    Ok(json(value))
}

fn explained(error: &serde_yaml::Error, last: usize) -> SyntaxError {
    let (line, column) = error.location().map_or((1, 1), |place| (place.line().min(last), place.column()));
    let message = error.to_string();
    // The place is reported on its own.
    let message = message.split(" at line ").next().unwrap_or_default().to_owned();
    SyntaxError { line, column, message }
}

fn json(value: Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(flag) => Json::Bool(flag),
        Value::Number(number) => serde_json::to_value(number).unwrap_or_default(),
        Value::String(text) => Json::String(text),
        Value::Sequence(items) => items.into_iter().map(json).collect(),
        Value::Mapping(entries) => {
            entries.into_iter().filter_map(|(name, value)| Some((key(name)?, json(value)))).collect()
        }
        Value::Tagged(tagged) => json(tagged.value),
    }
}

/// Returns a key as text, such as the status `200`.
fn key(key: Value) -> Option<String> {
    match key {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Tagged(tagged) => self::key(tagged.value),
        Value::Null | Value::Sequence(_) | Value::Mapping(_) => None,
    }
}
