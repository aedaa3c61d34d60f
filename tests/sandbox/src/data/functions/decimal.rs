//! Decimals: 128-bit integers, whose scale is known from the type of the expression.
//!
//! SQLite keeps them as blobs whose order is that of the numbers; nothing goes through a double.

use super::{Fault, Registry, fault};

pub(crate) fn power(scale: i64) -> Result<i128, Fault> {
    match u32::try_from(scale).ok().and_then(|scale| 10i128.checked_pow(scale)) {
        Some(power) => Ok(power),
        None => fault("decimal overflow"),
    }
}

fn checked(value: Option<i128>) -> Result<i128, Fault> {
    match value {
        Some(value) if value.unsigned_abs() < 10u128.pow(38) => Ok(value),
        _ => fault("decimal overflow"),
    }
}

/// Divides, rounding half away from zero.
fn divide(value: i128, by: i128) -> Result<i128, Fault> {
    let (Some(whole), Some(rest)) = (value.checked_div(by), value.checked_rem(by)) else {
        return fault("division by zero");
    };
    let up = rest.unsigned_abs() >= by.unsigned_abs() - rest.unsigned_abs() && rest != 0;
    Ok(if up { whole + if (value < 0) == (by < 0) { 1 } else { -1 } } else { whole })
}

/// Changes the scale; digits that are lost are rounded. The result has at most `precision` digits.
fn rescale(value: i128, from: i64, to: i64, precision: i64) -> Result<i128, Fault> {
    let value =
        if to >= from { checked(value.checked_mul(power(to - from)?))? } else { divide(value, power(from - to)?)? };
    if precision < 38 && value.unsigned_abs() >= power(precision)?.unsigned_abs() {
        return fault(format!("cannot cast to decimal({precision},{to}): the value is too large"));
    }
    Ok(value)
}

/// Parses a number with a point and an exponent.
pub(crate) fn parse(text: &str, precision: i64, scale: i64) -> Result<i128, Fault> {
    let invalid = || Fault(format!("cannot cast `{text}` to decimal({precision},{scale})"));
    let lower = text.trim().to_ascii_lowercase();
    let (mantissa, exponent) = match lower.split_once('e') {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().map_err(|_| invalid())?),
        None => (lower.as_str(), 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if !digits.trim_start_matches(['+', '-']).bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(invalid());
    }
    let value: i128 = digits.parse().map_err(|_| invalid())?;
    let from = i64::try_from(fraction.len()).unwrap_or(i64::MAX).saturating_sub(exponent);
    match rescale(value, from.max(0), scale, precision) {
        Ok(value) if from < 0 => checked(value.checked_mul(power(-from)?)),
        other => other.map_err(|_| invalid()),
    }
}

/// The text of a decimal, with all digits of its scale.
pub(crate) fn text(value: i128, scale: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let scale = usize::try_from(scale).unwrap_or(0);
    let mut digits = format!("{:0>width$}", value.unsigned_abs(), width = scale + 1);
    if scale > 0 {
        digits.insert(digits.len() - scale, '.');
    }
    format!("{sign}{digits}")
}

#[allow(clippy::cast_precision_loss, reason = "a double is requested")]
fn double(value: i128, scale: i64) -> Result<f64, Fault> {
    text(value, scale).parse().map_err(|_| Fault("invalid decimal".to_owned()))
}

fn round(value: i128, scale: i64, digits: i64) -> Result<i128, Fault> {
    if digits >= scale {
        return Ok(value);
    }
    let unit = power(scale - digits)?;
    checked(divide(value, unit)?.checked_mul(unit))
}

pub(super) fn register(to: &Registry<'_>) -> rusqlite::Result<()> {
    // The value, its scale, and the scale and precision of the result.
    to.scalar("d_scale", 4, |a| rescale(a.get(0)?, a.int(1)?, a.int(2)?, a.int(3)?))?;
    to.scalar("d_int", 3, |a| rescale(a.int(0)?.into(), 0, a.int(1)?, a.int(2)?))?;
    to.scalar("d_parse", 3, |a| parse(a.text(0)?, a.int(2)?, a.int(1)?))?;
    to.scalar("d_double", 3, |a| parse(&format!("{:e}", a.get::<f64>(0)?), a.int(2)?, a.int(1)?))?;
    to.scalar("d_text", 2, |a| Ok(text(a.get(0)?, a.int(1)?)))?;
    to.scalar("d_to_double", 2, |a| double(a.get(0)?, a.int(1)?))?;
    to.scalar("d_to_int", 2, |a| match i64::try_from(rescale(a.get(0)?, a.int(1)?, 0, 38)?) {
        Ok(value) => Ok(value),
        Err(_) => fault("cannot cast to bigint: the value is too large"),
    })?;
    to.scalar("d_add", 2, |a| checked(a.get::<i128>(0)?.checked_add(a.get(1)?)))?;
    to.scalar("d_sub", 2, |a| checked(a.get::<i128>(0)?.checked_sub(a.get(1)?)))?;
    to.scalar("d_mul", 2, |a| checked(a.get::<i128>(0)?.checked_mul(a.get(1)?)))?;
    // Both operands, and the power of ten that the first is multiplied with.
    to.scalar("d_div", 3, |a| divide(checked(a.get::<i128>(0)?.checked_mul(power(a.int(2)?)?))?, a.get(1)?))?;
    to.scalar("d_mod", 2, |a| match a.get::<i128>(0)?.checked_rem(a.get(1)?) {
        Some(value) => Ok(value),
        None => fault("division by zero"),
    })?;
    to.scalar("d_neg", 1, |a| Ok(-a.get::<i128>(0)?))?;
    to.scalar("d_abs", 1, |a| Ok(a.get::<i128>(0)?.abs()))?;
    to.scalar("d_round", 3, |a| round(a.get(0)?, a.int(1)?, a.int(2)?))?;
    to.scalar("d_floor", 2, |a| Ok(a.get::<i128>(0)?.div_euclid(power(a.int(1)?)?)))?;
    to.scalar("d_ceil", 2, |a| Ok(-(-a.get::<i128>(0)?).div_euclid(power(a.int(1)?)?)))
}
