//! Integers, doubles and booleans: division and casts as in Trino.
//!
//! Division by zero and values that do not fit are errors.

use rusqlite::types::ValueRef;

use super::{Fault, Registry, fault};

/// The text of a double after a cast to varchar: `1.25E2`.
pub(crate) fn scientific(value: f64) -> String {
    let text = format!("{value:E}");
    match text.split_once('E') {
        Some((mantissa, exponent)) if !mantissa.contains('.') => format!("{mantissa}.0E{exponent}"),
        _ => text,
    }
}

#[allow(clippy::cast_possible_truncation, reason = "the range is checked")]
fn to_int(value: f64) -> Result<i64, Fault> {
    let rounded = value.round();
    if rounded.abs() < 9.2e18 { Ok(rounded as i64) } else { fault(format!("cannot cast {value} to bigint")) }
}

fn fit(value: i64, bits: i64) -> Result<i64, Fault> {
    let limit = 1i64 << (bits - 1).clamp(0, 62);
    if bits >= 64 || (-limit..limit).contains(&value) {
        Ok(value)
    } else {
        fault(format!("cannot cast {value} to integer: the value is too large"))
    }
}

fn parse_double(text: &str) -> Result<f64, Fault> {
    text.trim().parse().map_err(|_| Fault(format!("cannot cast `{text}` to double")))
}

pub(super) fn register(to: &Registry<'_>) -> rusqlite::Result<()> {
    to.scalar("n_div", 2, |a| match a.int(0)?.checked_div(a.int(1)?) {
        Some(value) => Ok(value),
        None => fault("division by zero"),
    })?;
    to.scalar("n_mod", 2, |a| match a.int(0)?.checked_rem(a.int(1)?) {
        Some(value) => Ok(value),
        None => fault("division by zero"),
    })?;
    to.scalar("n_real_div", 2, |a| Ok(a.get::<f64>(0)? / a.get::<f64>(1)?))?;
    to.scalar("n_real_mod", 2, |a| Ok(a.get::<f64>(0)? % a.get::<f64>(1)?))?;
    to.scalar("n_power", 2, |a| Ok(a.get::<f64>(0)?.powf(a.get(1)?)))?;
    to.scalar("n_math", 2, |a| {
        let x: f64 = a.get(1)?;
        Ok(match a.text(0)? {
            "sqrt" => x.sqrt(),
            "ln" => x.ln(),
            "exp" => x.exp(),
            "log10" => x.log10(),
            "log2" => x.log2(),
            "floor" => x.floor(),
            "ceil" => x.ceil(),
            "truncate" => x.trunc(),
            other => return fault(format!("unknown function `{other}`")),
        })
    })?;
    to.scalar("n_round", 2, |a| {
        let factor = 10f64.powi(i32::try_from(a.int(1)?.clamp(-300, 300)).unwrap_or(0));
        let value: f64 = a.get(0)?;
        let rounded = (value * factor).round() / factor;
        Ok(if rounded.is_finite() { rounded } else { value })
    })?;
    to.scalar("n_round_int", 2, |a| {
        let unit = 10i128.pow(u32::try_from((-a.int(1)?).clamp(0, 30)).unwrap_or(0));
        let value = i128::from(a.int(0)?);
        let up = if value < 0 { -unit / 2 } else { unit / 2 };
        i64::try_from((value + up) / unit * unit).or_else(|_| fault("bigint overflow"))
    })?;
    to.scalar("n_int", 2, |a| {
        let value = match a.value(0) {
            ValueRef::Integer(value) => value,
            ValueRef::Real(value) => to_int(value)?,
            _ => {
                let text = a.text(0)?;
                text.trim().parse().map_err(|_| Fault(format!("cannot cast `{text}` to bigint")))?
            }
        };
        fit(value, a.int(1)?)
    })?;
    to.scalar("n_double", 1, |a| match a.value(0) {
        #[allow(clippy::cast_precision_loss, reason = "a double is requested")]
        ValueRef::Integer(value) => Ok(value as f64),
        ValueRef::Real(value) => Ok(value),
        _ => parse_double(a.text(0)?),
    })?;
    to.scalar("n_double_text", 1, |a| Ok(scientific(a.get(0)?)))?;
    to.scalar("n_boolean", 1, |a| {
        let text = a.text(0)?;
        match text.to_lowercase().as_str() {
            "t" | "true" | "1" => Ok(true),
            "f" | "false" | "0" => Ok(false),
            _ => fault(format!("cannot cast `{text}` to boolean")),
        }
    })
}
