//! Compares what two witnesses saw, field by field.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

use crate::run::Record;

/// A field that differs.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Difference {
    pub(crate) step: String,
    /// The JSON pointer of the field.
    pub(crate) at: String,
    /// The value here, or `None` if it is missing.
    pub(crate) ours: Option<Value>,
    pub(crate) theirs: Option<Value>,
}

/// Returns the differences of all steps.
pub(crate) fn records(ours: &Record, theirs: &Record) -> Vec<Difference> {
    let mut found = Vec::new();
    for (step, seen) in ours {
        let other = theirs.iter().find(|(name, _)| name == step).map(|(_, seen)| seen);
        match (seen, other) {
            (a, Some(b)) if a.get("error").is_some() != b.get("error").is_some() => {
                outcomes(step, a, b, &mut found);
            }
            _ => values(step, "", Some(seen), other, &mut found),
        }
    }
    let missing = theirs.iter().filter(|(step, _)| ours.iter().all(|(name, _)| name != step));
    for (step, seen) in missing {
        values(step, "", None, Some(seen), &mut found);
    }
    found
}

/// Adds the difference between a value and an error, and those of the requests.
fn outcomes(step: &str, ours: &Value, theirs: &Value, found: &mut Vec<Difference>) {
    let outcome = |seen: &Value| seen.get("error").or_else(|| seen.get("value")).cloned();
    let (step, at) = (step.to_owned(), "/error".to_owned());
    found.push(Difference { step: step.clone(), at, ours: outcome(ours), theirs: outcome(theirs) });
    values(&step, "/requests", ours.get("requests"), theirs.get("requests"), found);
}

fn values(step: &str, at: &str, ours: Option<&Value>, theirs: Option<&Value>, found: &mut Vec<Difference>) {
    match (ours, theirs) {
        (Some(Value::Object(a)), Some(Value::Object(b))) => {
            for name in a.keys().chain(b.keys()).collect::<BTreeSet<_>>() {
                let place = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
                values(step, &place, a.get(name), b.get(name), found);
            }
        }
        (Some(Value::Array(a)), Some(Value::Array(b))) => {
            for index in 0..a.len().max(b.len()) {
                values(step, &format!("{at}/{index}"), a.get(index), b.get(index), found);
            }
        }
        _ if ours == theirs => {}
        // Every client makes its own key, so it is compared whether there is one.
        (Some(Value::String(a)), Some(Value::String(b)))
            if at.ends_with("/request/idempotency_key") && a.is_empty() == b.is_empty() => {}
        _ => found.push(Difference {
            step: step.to_owned(),
            at: at.to_owned(),
            ours: ours.cloned(),
            theirs: theirs.cloned(),
        }),
    }
}

/// The longest value that is shown.
const SHOWN: usize = 160;

fn shown(value: Option<&Value>) -> String {
    let text = value.map_or_else(|| "missing".to_owned(), Value::to_string);
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = if self.at.is_empty() { "/" } else { &self.at };
        write!(f, "{} {at}: here {}, there {}", self.step, shown(self.ours.as_ref()), shown(self.theirs.as_ref()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn record(value: Value) -> Record {
        vec![("step".to_owned(), value)]
    }

    fn differences(ours: Value, theirs: Value) -> Vec<String> {
        records(&record(ours), &record(theirs)).iter().map(Difference::to_string).collect()
    }

    #[test]
    fn equal_values_have_no_difference() {
        let value = json!({"value": {"a": [1, "2", null]}, "unknown": []});
        assert_eq!(differences(value.clone(), value), [""; 0]);
    }

    #[test]
    fn names_values_types_and_order_differ() {
        assert_eq!(
            differences(json!({"a": 1}), json!({"b": 1})),
            ["step /a: here 1, there missing", "step /b: here missing, there 1"]
        );
        assert_eq!(differences(json!({"a": 1}), json!({"a": "1"})), [r#"step /a: here 1, there "1""#]);
        assert_eq!(differences(json!({"a": null}), json!({})), ["step /a: here null, there missing"]);
        assert_eq!(differences(json!([1, 2]), json!([2, 1])), ["step /0: here 1, there 2", "step /1: here 2, there 1"]);
    }

    #[test]
    fn idempotency_keys_of_events_differ_only_if_one_is_missing() {
        let event = |key: &str| json!({"value": {"reason": {"request": {"idempotency_key": key}}}});
        assert_eq!(differences(event("one"), event("other")), [""; 0]);
        assert_eq!(differences(event("one"), event("")).len(), 1);
    }

    #[test]
    fn a_step_that_only_one_has_differs() {
        let one = record(json!(1));
        assert_eq!(records(&one, &Vec::new()).len(), 1);
        assert_eq!(records(&Vec::new(), &one).len(), 1);
    }
}
