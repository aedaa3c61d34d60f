//! Dates and times: milliseconds since 1970, or days for dates, with the zone as an argument.
//!
//! The same functions read the literals of a query.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};
use jiff::{Span, Timestamp, ToSpan, Unit};

use super::{Fault, Registry, fault};

pub(crate) const DAY: i64 = 86_400_000;

/// Finds a time zone by its exact name, or by its offset.
pub(crate) fn zone(name: &str) -> Result<TimeZone, Fault> {
    if matches!(name, "UTC" | "Z" | "GMT") {
        return Ok(TimeZone::UTC);
    }
    if let Some(rest) = name.strip_prefix(['+', '-']) {
        let sign = if name.starts_with('-') { -1 } else { 1 };
        let parsed = rest.split_once(':').unwrap_or((rest, "0"));
        if let (Ok(hours), Ok(minutes)) = (parsed.0.parse::<i32>(), parsed.1.parse::<i32>())
            && let Ok(offset) = Offset::from_seconds(sign * (hours.clamp(0, 99) * 3600 + minutes.clamp(0, 59) * 60))
        {
            return Ok(TimeZone::fixed(offset));
        }
    }
    match TimeZone::get(name) {
        Ok(zone) if zone.iana_name() == Some(name) => Ok(zone),
        Ok(zone) => {
            fault(format!("unknown time zone `{name}`\nhelp: did you mean `{}`?", zone.iana_name().unwrap_or_default()))
        }
        Err(_) => fault(format!("unknown time zone `{name}`")),
    }
}

fn civil(ms: i64, zone: &TimeZone) -> Result<DateTime, Fault> {
    let instant = Timestamp::from_millisecond(ms).map_err(|_| out_of_range())?;
    Ok(zone.to_datetime(instant))
}

fn instant(time: DateTime, zone: &TimeZone) -> Result<i64, Fault> {
    zone.to_timestamp(time).map(Timestamp::as_millisecond).map_err(|_| out_of_range())
}

fn out_of_range() -> Fault {
    Fault("time out of range".to_owned())
}

/// A unit of `date_trunc`, `date_add` and `date_diff`.
fn unit(name: &str) -> Result<(Unit, i64), Fault> {
    Ok(match name.to_ascii_lowercase().as_str() {
        "millisecond" => (Unit::Millisecond, 1),
        "second" => (Unit::Second, 1),
        "minute" => (Unit::Minute, 1),
        "hour" => (Unit::Hour, 1),
        "day" => (Unit::Day, 1),
        "week" => (Unit::Week, 1),
        "month" => (Unit::Month, 1),
        "quarter" => (Unit::Month, 3),
        "year" => (Unit::Year, 1),
        _ => return fault(format!("unknown unit `{name}`")),
    })
}

fn trunc(name: &str, ms: i64, zone: &TimeZone) -> Result<i64, Fault> {
    let time = civil(ms, zone)?;
    let date = time.date();
    let month = |month: i8| Date::new(date.year(), month, 1).map_err(|_| out_of_range());
    let date = match unit(name)? {
        (Unit::Year, _) => month(1)?,
        (Unit::Month, 3) => month((date.month() - 1) / 3 * 3 + 1)?,
        (Unit::Month, _) => month(date.month())?,
        (Unit::Week, _) => {
            date.checked_sub(i64::from(date.weekday().to_monday_zero_offset()).days()).map_err(|_| out_of_range())?
        }
        (Unit::Day, _) => date,
        (small, _) => {
            let size = match small {
                Unit::Hour => 3_600_000,
                Unit::Minute => 60_000,
                Unit::Second => 1000,
                _ => 1,
            };
            let local = instant(time, &TimeZone::UTC)?;
            return Ok(ms - local.rem_euclid(size));
        }
    };
    instant(date.to_datetime(Time::midnight()), zone)
}

fn span(name: &str, n: i64) -> Result<Span, Fault> {
    let (unit, factor) = unit(name)?;
    let n = n.checked_mul(factor).ok_or_else(out_of_range)?;
    let span = match unit {
        Unit::Year => Span::new().try_years(n),
        Unit::Month => Span::new().try_months(n),
        Unit::Week => Span::new().try_weeks(n),
        Unit::Day => Span::new().try_days(n),
        Unit::Hour => Span::new().try_hours(n),
        Unit::Minute => Span::new().try_minutes(n),
        Unit::Second => Span::new().try_seconds(n),
        _ => Span::new().try_milliseconds(n),
    };
    span.map_err(|_| out_of_range())
}

/// Adds `n` units in the zone; months end with their last day.
pub(crate) fn add(name: &str, n: i64, ms: i64, zone: &TimeZone) -> Result<i64, Fault> {
    let time = civil(ms, zone)?.checked_add(span(name, n)?).map_err(|_| out_of_range())?;
    instant(time, zone)
}

fn diff(name: &str, from: i64, to: i64, zone: &TimeZone) -> Result<i64, Fault> {
    let (unit, factor) = unit(name)?;
    let (from, to) = (civil(from, zone)?, civil(to, zone)?);
    let span = from.until((unit, to)).map_err(|_| out_of_range())?;
    let whole = match unit {
        Unit::Year => i64::from(span.get_years()),
        Unit::Month => i64::from(span.get_months()),
        Unit::Week => i64::from(span.get_weeks()),
        Unit::Day => i64::from(span.get_days()),
        Unit::Hour => i64::from(span.get_hours()),
        Unit::Minute => span.get_minutes(),
        Unit::Second => span.get_seconds(),
        _ => span.get_milliseconds(),
    };
    Ok(whole / factor)
}

fn field(name: &str, ms: i64, zone: &TimeZone) -> Result<i64, Fault> {
    let time = civil(ms, zone)?;
    Ok(match name {
        "year" => time.year().into(),
        "quarter" => i64::from((time.month() - 1) / 3 + 1),
        "month" => time.month().into(),
        "week" => time.date().iso_week_date().week().into(),
        "year_of_week" => time.date().iso_week_date().year().into(),
        "day" => time.day().into(),
        "day_of_week" => time.weekday().to_monday_one_offset().into(),
        "day_of_year" => time.day_of_year().into(),
        "hour" => time.hour().into(),
        "minute" => time.minute().into(),
        "second" => time.second().into(),
        "millisecond" => time.millisecond().into(),
        "last_day_of_month" => instant(time.last_of_month(), &TimeZone::UTC)?.div_euclid(DAY),
        _ => return fault(format!("unknown field `{name}`")),
    })
}

/// Formats by MySQL's letters, as `date_format` does.
fn format(ms: i64, zone: &TimeZone, format: &str) -> Result<String, Fault> {
    let time = civil(ms, zone)?;
    let mut out = String::new();
    let mut letters = format.chars();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            out.push(letter);
            continue;
        }
        let strftime = match letters.next() {
            Some('Y') => "%Y",
            Some('y') => "%y",
            Some('m') => "%m",
            Some('c') => "%-m",
            Some('M') => "%B",
            Some('b') => "%b",
            Some('d') => "%d",
            Some('e') => "%-d",
            Some('H') => "%H",
            Some('k') => "%-H",
            Some('h' | 'I') => "%I",
            Some('l') => "%-I",
            Some('i') => "%M",
            Some('s' | 'S') => "%S",
            Some('f') => "%6f",
            Some('p') => "%p",
            Some('r') => "%I:%M:%S %p",
            Some('T') => "%H:%M:%S",
            Some('W') => "%A",
            Some('a') => "%a",
            Some('j') => "%j",
            Some('v') => "%V",
            Some('x') => "%G",
            Some('%') => "%%",
            Some(other) => return fault(format!("`%{other}` is not supported in a date format")),
            None => return fault("a date format ends with `%`"),
        };
        out.push_str(&time.strftime(strftime).to_string());
    }
    Ok(out)
}

/// Parses by MySQL's letters, as `date_parse` does.
fn parse_as(text: &str, format: &str) -> Result<i64, Fault> {
    let strptime = format.replace("%i", "%M").replace("%T", "%H:%M:%S").replace("%s", "%S");
    let invalid = |error: jiff::Error| Fault(format!("cannot parse `{text}` as `{format}`: {error}"));
    let parsed = jiff::fmt::strtime::parse(&strptime, text).map_err(invalid)?;
    let date = match (parsed.year(), parsed.month(), parsed.day()) {
        (Some(year), month, day) => Date::new(year, month.unwrap_or(1), day.unwrap_or(1)).map_err(invalid)?,
        _ => parsed.to_date().map_err(invalid)?,
    };
    let time = if parsed.hour().is_some() { parsed.to_time().map_err(invalid)? } else { Time::midnight() };
    instant(date.to_datetime(time), &TimeZone::UTC)
}

/// Parses a date, `2026-01-31`, as days.
pub(crate) fn parse_date(text: &str) -> Result<i64, Fault> {
    let date: Option<Date> = (text.trim().len() == 10).then(|| text.trim().parse().ok()).flatten();
    match date {
        Some(date) => Ok(instant(date.to_datetime(Time::midnight()), &TimeZone::UTC)? / DAY),
        None => fault(format!("`{text}` is not a date")),
    }
}

/// Parses a timestamp, `2026-01-31 12:30:00.000`, with a zone after it or without.
pub(crate) fn parse_timestamp(text: &str) -> Result<(i64, Option<String>), Fault> {
    let trimmed = text.trim();
    let (time, zone_name) = match trimmed.match_indices(' ').nth(1) {
        Some((at, _)) => {
            let (time, zone) = trimmed.split_at(at);
            (time, Some(zone.trim()))
        }
        None => match trimmed.strip_suffix('Z') {
            Some(time) => (time, Some("UTC")),
            None => (trimmed, None),
        },
    };
    let Ok(parsed) = time.parse::<DateTime>() else { return fault(format!("`{text}` is not a timestamp")) };
    let zone_of = zone(zone_name.unwrap_or("UTC"))?;
    Ok((instant(parsed, &zone_of)?, zone_name.map(str::to_owned)))
}

/// The text of a date.
pub(crate) fn date_text(days: i64) -> Result<String, Fault> {
    Ok(civil(days.checked_mul(DAY).ok_or_else(out_of_range)?, &TimeZone::UTC)?.date().to_string())
}

/// The text of a timestamp in UTC.
pub(crate) fn timestamp_text(ms: i64) -> Result<String, Fault> {
    Ok(civil(ms, &TimeZone::UTC)?.strftime("%Y-%m-%d %H:%M:%S.%3f").to_string())
}

/// The text of a timestamp with its zone.
pub(crate) fn zoned_text(ms: i64, name: &str) -> Result<String, Fault> {
    Ok(format!("{} {name}", civil(ms, &zone(name)?)?.strftime("%Y-%m-%d %H:%M:%S.%3f")))
}

/// The text of an interval of days and seconds.
pub(crate) fn interval_text(ms: i64) -> String {
    let (sign, ms) = (if ms < 0 { "-" } else { "" }, ms.unsigned_abs());
    let (days, rest) = (ms / 86_400_000, ms % 86_400_000);
    let (hours, minutes, seconds) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60);
    format!("{sign}{days} {hours:02}:{minutes:02}:{seconds:02}.{:03}", rest % 1000)
}

/// The elements of `sequence`, as JSON. Steps are months if `months`, else as large as the values.
fn sequence(from: i64, to: i64, step: i64, months: bool) -> Result<String, Fault> {
    if step == 0 || (step > 0) != (to >= from) && to != from {
        return fault("`sequence` does not end: the step has the wrong sign");
    }
    let mut elements: Vec<i64> = Vec::new();
    let mut next = from;
    while if step > 0 { next <= to } else { next >= to } {
        if elements.len() == 10_000 {
            return fault("`sequence` has more than 10000 elements");
        }
        elements.push(next);
        let n = i64::try_from(elements.len()).unwrap_or(i64::MAX);
        next = if months {
            add("month", step.saturating_mul(n), from, &TimeZone::UTC)?
        } else {
            from.saturating_add(step.saturating_mul(n))
        };
    }
    Ok(serde_json::to_string(&elements).unwrap_or_default())
}

pub(super) fn register(to: &Registry<'_>) -> rusqlite::Result<()> {
    to.scalar("t_trunc", 3, |a| trunc(a.text(0)?, a.int(1)?, &zone(a.text(2)?)?))?;
    to.scalar("t_add", 4, |a| add(a.text(0)?, a.int(1)?, a.int(2)?, &zone(a.text(3)?)?))?;
    to.scalar("t_diff", 4, |a| diff(a.text(0)?, a.int(1)?, a.int(2)?, &zone(a.text(3)?)?))?;
    to.scalar("t_field", 3, |a| field(a.text(0)?, a.int(1)?, &zone(a.text(2)?)?))?;
    to.scalar("t_format", 3, |a| format(a.int(0)?, &zone(a.text(1)?)?, a.text(2)?))?;
    to.scalar("t_parse", 2, |a| parse_as(a.text(0)?, a.text(1)?))?;
    to.scalar("t_local", 2, |a| instant(civil(a.int(0)?, &zone(a.text(1)?)?)?, &TimeZone::UTC))?;
    to.scalar("t_day", 1, |a| Ok(a.int(0)?.div_euclid(DAY)))?;
    to.scalar("t_date", 1, |a| parse_date(a.text(0)?))?;
    to.scalar("t_timestamp", 1, |a| parse_timestamp(a.text(0)?).map(|(ms, _)| ms))?;
    to.scalar("t_date_text", 1, |a| date_text(a.int(0)?))?;
    to.scalar("t_timestamp_text", 1, |a| timestamp_text(a.int(0)?))?;
    to.scalar("t_zoned_text", 2, |a| zoned_text(a.int(0)?, a.text(1)?))?;
    to.scalar("t_interval_text", 1, |a| a.int(0).map(interval_text))?;
    to.scalar("t_sequence", 4, |a| sequence(a.int(0)?, a.int(1)?, a.int(2)?, a.int(3)? == 1))
}
