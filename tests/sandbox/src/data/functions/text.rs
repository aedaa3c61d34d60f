//! Text, regular expressions, JSON and arrays.
//!
//! An array is a JSON array. Results are at most a megabyte long.

use regex_lite::Regex;
use rusqlite::types::{Value, ValueRef};
use serde_json::Value as Json;

use super::{Arguments, Fault, Registry, fault, owned};

const LONGEST: usize = 1_000_000;

fn regex(pattern: &str) -> Result<Regex, Fault> {
    Regex::new(pattern).map_err(|error| Fault(format!("invalid regular expression `{pattern}`: {error}")))
}

fn count(n: i64) -> Result<usize, Fault> {
    match usize::try_from(n) {
        Ok(n) if n <= LONGEST => Ok(n),
        _ => fault(format!("invalid length {n}")),
    }
}

fn pad(a: &Arguments<'_, '_>, left: bool) -> Result<String, Fault> {
    let (text, size, fill) = (a.text(0)?, count(a.int(1)?)?, a.text(2)?);
    let length = text.chars().count();
    if fill.is_empty() {
        return fault("padding is empty");
    }
    let padding: String = fill.chars().cycle().take(size.saturating_sub(length)).collect();
    let text: String = text.chars().take(size).collect();
    Ok(if left { padding + &text } else { text + &padding })
}

/// `substr`: positions count from 1, or from the end if negative.
fn substr(text: &str, start: i64, length: i64) -> String {
    let size = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    let first = if start > 0 { start - 1 } else { size.saturating_add(start) };
    if start == 0 || first < 0 || length <= 0 {
        return String::new();
    }
    let take = |n: i64| usize::try_from(n).unwrap_or(usize::MAX);
    text.chars().skip(take(first)).take(take(length)).collect()
}

/// Finds the value at a path such as `$.a.b[0]["c"]`.
fn at_path<'j>(json: &'j Json, path: &str) -> Result<Option<&'j Json>, Fault> {
    let Some(mut rest) = path.strip_prefix('$') else {
        return fault(format!("invalid JSON path `{path}`\nhelp: start with `$`"));
    };
    let mut found = Some(json);
    while !rest.is_empty() {
        let (key, after) = if let Some(name) = rest.strip_prefix('.') {
            name.split_at(name.find(['.', '[']).unwrap_or(name.len()))
        } else if let Some((key, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            (key, after)
        } else {
            return fault(format!("invalid JSON path `{path}`"));
        };
        found = found.and_then(|json| match key.parse::<usize>() {
            Ok(index) if json.is_array() => json.get(index),
            _ => json.get(key.trim_matches('"')),
        });
        rest = after;
    }
    Ok(found)
}

fn json_text(json: &Json) -> String {
    json.as_str().map_or_else(|| json.to_string(), str::to_owned)
}

fn extract(text: &str, path: &str, scalar: bool) -> Result<Option<String>, Fault> {
    let Ok(json) = serde_json::from_str::<Json>(text) else { return Ok(None) };
    Ok(at_path(&json, path)?.and_then(|found| match found {
        Json::Null if scalar => None,
        Json::Array(_) | Json::Object(_) if scalar => None,
        _ if scalar => Some(json_text(found)),
        _ => Some(found.to_string()),
    }))
}

fn elements(array: &str) -> Result<Vec<Json>, Fault> {
    serde_json::from_str(array).map_err(|_| Fault("invalid array".to_owned()))
}

/// The JSON of an element of an array.
pub(super) fn to_json(value: &Value) -> Json {
    match value {
        Value::Null | Value::Blob(_) => Json::Null,
        Value::Integer(value) => (*value).into(),
        Value::Real(value) => (*value).into(),
        Value::Text(value) => value.as_str().into(),
    }
}

fn from_json(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Integer((*value).into()),
        Json::Number(number) => {
            number.as_i64().map(Value::Integer).or_else(|| number.as_f64().map(Value::Real)).unwrap_or(Value::Null)
        }
        other => Value::Text(json_text(other)),
    }
}

fn element(array: &str, at: i64) -> Result<Value, Fault> {
    let elements = elements(array)?;
    let size = i64::try_from(elements.len()).unwrap_or(i64::MAX);
    let index = if at < 0 { size + at } else { at - 1 };
    Ok(usize::try_from(index).ok().and_then(|index| elements.get(index)).map_or(Value::Null, from_json))
}

pub(super) fn register(to: &Registry<'_>) -> rusqlite::Result<()> {
    to.scalar("s_lower", 1, |a| Ok(a.text(0)?.to_lowercase()))?;
    to.scalar("s_upper", 1, |a| Ok(a.text(0)?.to_uppercase()))?;
    to.scalar("s_reverse", 1, |a| Ok(a.text(0)?.chars().rev().collect::<String>()))?;
    to.scalar("s_lpad", 3, |a| pad(a, true))?;
    to.scalar("s_rpad", 3, |a| pad(a, false))?;
    to.scalar("s_substr", 3, |a| Ok(substr(a.text(0)?, a.int(1)?, a.int(2)?)))?;
    to.scalar("s_starts_with", 2, |a| Ok(a.text(0)?.starts_with(a.text(1)?)))?;
    to.scalar("s_split_part", 3, |a| {
        let (text, by, at) = (a.text(0)?, a.text(1)?, a.int(2)?);
        if at < 1 || by.is_empty() {
            return fault("`split_part` needs a delimiter and an index of at least 1");
        }
        Ok(text.split(by).nth(usize::try_from(at - 1).unwrap_or(usize::MAX)).map(str::to_owned))
    })?;
    to.scalar("s_split", 2, |a| {
        Ok(Json::from(a.text(0)?.split(a.text(1)?).map(str::to_owned).collect::<Vec<_>>()).to_string())
    })?;
    to.scalar("s_regexp_like", 2, |a| Ok(regex(a.text(1)?)?.is_match(a.text(0)?)))?;
    to.scalar("s_regexp_extract", 3, |a| {
        let group = usize::try_from(a.int(2)?).unwrap_or(usize::MAX);
        let regex = regex(a.text(1)?)?;
        let found = regex.captures(a.text(0)?).and_then(|groups| groups.get(group).map(|found| found.as_str()));
        Ok(found.map(str::to_owned))
    })?;
    to.scalar("s_regexp_replace", 3, |a| {
        let (text, replacement) = (a.text(0)?, a.text(2)?);
        if text.len().saturating_mul(replacement.len()) > 100 * LONGEST {
            return fault("text is too long");
        }
        Ok(regex(a.text(1)?)?.replace_all(text, replacement).into_owned())
    })?;
    to.scalar("s_json", 2, |a| extract(a.text(0)?, a.text(1)?, false))?;
    to.scalar("s_json_scalar", 2, |a| extract(a.text(0)?, a.text(1)?, true))?;
    to.scalar("s_cardinality", 1, |a| Ok(i64::try_from(elements(a.text(0)?)?.len()).unwrap_or(i64::MAX)))?;
    to.scalar("s_element", 2, |a| element(a.text(0)?, a.int(1)?))?;
    to.scalar("s_contains", 2, |a| Ok(elements(a.text(0)?)?.contains(&to_json(&owned(a.value(1))))))?;
    to.scalar("s_join", 2, |a| {
        let parts: Vec<String> = elements(a.text(0)?)?.iter().filter(|e| !e.is_null()).map(json_text).collect();
        Ok(parts.join(a.text(1)?))
    })?;
    to.scalar("s_distinct", 1, |a| {
        let mut unique: Vec<Json> = Vec::new();
        for element in elements(a.text(0)?)? {
            if !unique.contains(&element) {
                unique.push(element);
            }
        }
        Ok(Json::from(unique).to_string())
    })?;
    to.scalar("s_sort", 1, |a| {
        let mut elements = elements(a.text(0)?)?;
        elements.sort_by(|a, b| match (a.as_f64(), b.as_f64()) {
            (Some(a), Some(b)) => a.total_cmp(&b),
            _ => json_text(a).cmp(&json_text(b)),
        });
        Ok(Json::from(elements).to_string())
    })?;
    to.connection.create_scalar_function("s_array", -1, to.flags, |context| {
        let elements: Vec<Json> = (0..context.len()).map(|at| to_json(&owned(context.get_raw(at)))).collect();
        Ok(Json::from(elements).to_string())
    })?;
    to.connection.create_scalar_function("s_concat_ws", -1, to.flags, |context| {
        let part = |at| match context.get_raw(at) {
            ValueRef::Text(text) => Some(String::from_utf8_lossy(text)),
            _ => None,
        };
        let parts: Vec<_> = (1..context.len()).filter_map(part).collect();
        Ok(part(0).map(|by| parts.join(by.as_ref())))
    })
}
