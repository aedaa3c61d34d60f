//! Filters of lists: a parameter that is named like a property selects objects by its value, or by a range.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::{Request, render};
use crate::description::Resource;
use crate::fact::Fact;
use crate::facts;
use crate::state::{Core, Record};
use crate::work;

/// A property and what it is compared with.
#[derive(Debug)]
pub(super) struct Condition<'r> {
    path: &'r str,
    value: &'r Value,
}

/// Returns the conditions of a request.
pub(super) fn conditions<'r>(request: &'r Request<'_>, resource: &Resource) -> Vec<Condition<'r>> {
    let parameters = request.parameters.as_object().into_iter().flatten();
    let conditions = parameters.map(|(name, value)| {
        let alias = facts::FILTERS.iter().find(|(parameter, _)| parameter == name);
        Condition { path: alias.map_or(name.as_str(), |(_, path)| path), value }
    });
    conditions.filter(|condition| resource.schema.at(condition.path).is_some()).collect()
}

/// Whether an object meets all conditions.
pub(super) fn accepts(core: &Core, record: &Record, conditions: &[Condition<'_>]) -> bool {
    if conditions.iter().any(|condition| condition.path != "created") {
        let known = render::known(core, record, None);
        return conditions.iter().all(|condition| condition.accepts(known.at(condition.path)));
    }
    let created = Fact::Time(record.created);
    conditions.iter().all(|condition| condition.accepts(Some(&created)))
}

impl Condition<'_> {
    fn accepts(&self, fact: Option<&Fact>) -> bool {
        let Some(fact) = fact else { return false };
        match self.value {
            Value::Object(range) => in_range(fact, range),
            Value::Array(values) => values.is_empty() || values.iter().any(|value| equals(fact, value)),
            value => equals(fact, value),
        }
    }
}

fn equals(fact: &Fact, value: &Value) -> bool {
    match fact {
        Fact::Time(time) => work::time(value).is_some_and(|other| comparable(*time, value) == other),
        other => other.to_json() == *value,
    }
}

fn in_range(fact: &Fact, range: &Map<String, Value>) -> bool {
    let Fact::Time(time) = fact else { return false };
    range.iter().all(|(bound, value)| {
        let Some(limit) = work::time(value) else { return false };
        let time = comparable(*time, value);
        match bound.as_str() {
            "gt" => time > limit,
            "gte" => time >= limit,
            "lt" => time < limit,
            "lte" => time <= limit,
            _ => false,
        }
    })
}

/// Returns a time in the precision of what it is compared with: v1 has seconds.
fn comparable(time: Timestamp, value: &Value) -> Timestamp {
    match value {
        Value::Number(_) => Timestamp::from_second(time.as_second()).unwrap_or(time),
        _ => time,
    }
}
