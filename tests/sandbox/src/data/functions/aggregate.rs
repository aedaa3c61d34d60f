//! Aggregates that SQLite lacks: sums of decimals, `max_by`, `array_agg`, `approx_percentile`, deviations.
//!
//! Only the sum of decimals works in windows.

use std::cmp::Ordering;

use rusqlite::functions::{Aggregate, Context, WindowAggregate};
use rusqlite::types::{Value, ValueRef};

use super::text::to_json;
use super::{Fault, Registry, owned};

fn overflow() -> rusqlite::Error {
    rusqlite::Error::UserFunctionError(Box::new(Fault("decimal overflow".to_owned())))
}

/// The sum and the number of decimals.
struct DecimalSum;

impl Aggregate<(i128, i64), Option<i128>> for DecimalSum {
    fn init(&self, _: &mut Context<'_>) -> rusqlite::Result<(i128, i64)> {
        Ok((0, 0))
    }

    fn step(&self, context: &mut Context<'_>, (sum, count): &mut (i128, i64)) -> rusqlite::Result<()> {
        if let Some(value) = context.get::<Option<i128>>(0)? {
            *sum = sum.checked_add(value).ok_or_else(overflow)?;
            *count += 1;
        }
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, state: Option<(i128, i64)>) -> rusqlite::Result<Option<i128>> {
        Ok(state.filter(|(_, count)| *count > 0).map(|(sum, _)| sum))
    }
}

impl WindowAggregate<(i128, i64), Option<i128>> for DecimalSum {
    fn value(&self, state: Option<&mut (i128, i64)>) -> rusqlite::Result<Option<i128>> {
        Ok(state.filter(|(_, count)| *count > 0).map(|(sum, _)| *sum))
    }

    fn inverse(&self, context: &mut Context<'_>, (sum, count): &mut (i128, i64)) -> rusqlite::Result<()> {
        if let Some(value) = context.get::<Option<i128>>(0)? {
            *sum = sum.checked_sub(value).ok_or_else(overflow)?;
            *count -= 1;
        }
        Ok(())
    }
}

fn compare(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Integer(a), Value::Integer(b)) => a.cmp(b),
        (Value::Real(a), Value::Real(b)) => a.total_cmp(b),
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Blob(a), Value::Blob(b)) => a.cmp(b),
        _ => Ordering::Equal,
    }
}

/// The first argument where the second is greatest, or least.
struct Extreme(Ordering);

impl Aggregate<Option<(Value, Value)>, Value> for Extreme {
    fn init(&self, _: &mut Context<'_>) -> rusqlite::Result<Option<(Value, Value)>> {
        Ok(None)
    }

    fn step(&self, context: &mut Context<'_>, best: &mut Option<(Value, Value)>) -> rusqlite::Result<()> {
        let key = owned(context.get_raw(1));
        if key != Value::Null && best.as_ref().is_none_or(|(_, least)| compare(&key, least) == self.0) {
            *best = Some((owned(context.get_raw(0)), key));
        }
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, best: Option<Option<(Value, Value)>>) -> rusqlite::Result<Value> {
        Ok(best.flatten().map_or(Value::Null, |(value, _)| value))
    }
}

/// All values, of which `finish` makes the result.
struct Collect {
    nulls: bool,
    finish: fn(Vec<Value>, Option<f64>) -> Value,
}

impl Aggregate<(Vec<Value>, Option<f64>), Value> for Collect {
    fn init(&self, context: &mut Context<'_>) -> rusqlite::Result<(Vec<Value>, Option<f64>)> {
        let argument = if context.len() > 1 { context.get(1)? } else { None };
        Ok((Vec::new(), argument))
    }

    fn step(&self, context: &mut Context<'_>, state: &mut (Vec<Value>, Option<f64>)) -> rusqlite::Result<()> {
        let value = context.get_raw(0);
        if self.nulls || value != ValueRef::Null {
            state.0.push(owned(value));
        }
        Ok(())
    }

    fn finalize(&self, _: &mut Context<'_>, state: Option<(Vec<Value>, Option<f64>)>) -> rusqlite::Result<Value> {
        Ok(state
            .filter(|(values, _)| !values.is_empty())
            .map_or(Value::Null, |(values, argument)| (self.finish)(values, argument)))
    }
}

fn array(values: Vec<Value>, _: Option<f64>) -> Value {
    Value::Text(serde_json::Value::from(values.iter().map(to_json).collect::<Vec<_>>()).to_string())
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "the index is within the values"
)]
fn percentile(mut values: Vec<Value>, fraction: Option<f64>) -> Value {
    values.sort_by(compare);
    let last = values.len().saturating_sub(1);
    let at = (fraction.unwrap_or(0.5).clamp(0.0, 1.0) * last as f64).round() as usize;
    values.get(at).cloned().unwrap_or(Value::Null)
}

#[allow(clippy::cast_precision_loss, reason = "the result is a double")]
fn variance(values: &[Value]) -> Option<f64> {
    let numbers: Vec<f64> = values
        .iter()
        .filter_map(|value| match value {
            Value::Integer(value) => Some(*value as f64),
            Value::Real(value) => Some(*value),
            _ => None,
        })
        .collect();
    let count = numbers.len() as f64;
    let mean = numbers.iter().sum::<f64>() / count;
    let squares: f64 = numbers.iter().map(|x| (x - mean).powi(2)).sum();
    (count > 1.0).then(|| squares / (count - 1.0))
}

pub(super) fn register(to: &Registry<'_>) -> rusqlite::Result<()> {
    to.connection.create_window_function("a_sum", 1, to.flags, DecimalSum)?;
    to.connection.create_aggregate_function("a_max_by", 2, to.flags, Extreme(Ordering::Greater))?;
    to.connection.create_aggregate_function("a_min_by", 2, to.flags, Extreme(Ordering::Less))?;
    let collect = |name, arguments, nulls, finish| {
        to.connection.create_aggregate_function(name, arguments, to.flags, Collect { nulls, finish })
    };
    collect("a_array", 1, true, array)?;
    collect("a_percentile", 2, false, percentile)?;
    collect("a_variance", 1, false, |values, _| variance(&values).map_or(Value::Null, Value::Real))?;
    collect("a_stddev", 1, false, |values, _| variance(&values).map_or(Value::Null, |v| Value::Real(v.sqrt())))
}
