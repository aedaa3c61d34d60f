//! Reports by id or name, and their parameters as the data knows them.

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::data::Database;
use crate::data::reports::{self, Parameters, Report, ReportError};
use crate::description::Generation;
use crate::fact::Fact;
use crate::failure::{Failure, FailureKind};
use crate::validation::{Problem, ProblemKind};

/// Returns the reports of a generation, those of both modes.
pub(crate) fn all(generation: Generation) -> &'static [Report] {
    match generation {
        Generation::V1 => reports::report_types(),
        Generation::V2 => reports::reports(),
    }
}

pub(crate) fn find(generation: Generation, id: &str) -> Option<&'static Report> {
    all(generation).iter().find(|report| report.id == id)
}

/// Returns a report by an id, or by an object with an id or a name.
pub(super) fn named(generation: Generation, parameter: &str, value: &Fact) -> Result<&'static Report, Failure> {
    let missing = |param: String, given: &str| {
        Failure::new(FailureKind::NotFound, format!("No such {}: '{given}'", parameter.replace('_', " "))).param(param)
    };
    if let Some(id) = value.as_str() {
        return find(generation, id).ok_or_else(|| missing(parameter.to_owned(), id));
    }
    if let Some(id) = value.get("id").and_then(Fact::as_str) {
        return find(generation, id).ok_or_else(|| missing(format!("{parameter}[id]"), id));
    }
    let name = value.get("name").and_then(Fact::as_str).unwrap_or_default();
    let report = all(generation).iter().find(|report| report.name == name && !report.test);
    report.ok_or_else(|| missing(format!("{parameter}[name]"), name))
}

/// Reads and checks the parameters of a run.
pub(super) fn check(
    database: &Database,
    report: &Report,
    parameter: &str,
    given: &Map<String, Value>,
) -> Result<(), Failure> {
    let param = |name: &str| format!("{parameter}[{name}]");
    let accepts = |name: &str| report.required.contains(&name) || report.optional.contains(&name);
    if let Some(name) = given.keys().find(|name| !accepts(name)) {
        let message = format!("Received unknown parameter: {}: {} does not accept it", param(name), report.id);
        return Err(Problem::new(ProblemKind::Unknown, param(name), message).into());
    }
    if let Some(name) = report.required.iter().find(|name| !given.contains_key(**name)) {
        let message = format!("Missing required param: {}.", param(name));
        return Err(Problem::new(ProblemKind::Missing, param(name), message).into());
    }
    let invalid = |name: &str, message: String| Failure::from(Problem::new(ProblemKind::Invalid, param(name), message));
    let read = read(given).map_err(|name| invalid(name, format!("Invalid {}", param(name))))?;
    let checked = report.sql(database, &read);
    checked.map(|_| ()).map_err(|error| failure(&error, parameter))
}

/// Returns the failure of a request whose report cannot be run.
pub(crate) fn failure(error: &ReportError, parameter: &str) -> Failure {
    let param = error.parameter.map_or_else(|| parameter.to_owned(), |name| format!("{parameter}[{name}]"));
    Problem::new(ProblemKind::Invalid, param, &error.message).into()
}

/// Reads parameters, or returns the first that does not have the right type.
pub(super) fn read(given: &Map<String, Value>) -> Result<Parameters, &str> {
    let mut read = Parameters::default();
    for (name, value) in given {
        let text = || value.as_str().map(str::to_owned).ok_or(name.as_str());
        let texts = || {
            let texts = value.as_array().ok_or(name.as_str())?.iter().map(|text| text.as_str().map(str::to_owned));
            texts.collect::<Option<Vec<_>>>().ok_or(name.as_str())
        };
        match name.as_str() {
            "interval_start" => read.interval_start = Some(time(value).ok_or(name.as_str())?),
            "interval_end" => read.interval_end = Some(time(value).ok_or(name.as_str())?),
            "timezone" => read.timezone = Some(text()?),
            "columns" => read.columns = Some(texts()?),
            "currency" => read.currency = Some(text()?),
            "reporting_category" => read.reporting_category = Some(text()?),
            "payout" => read.payout = Some(text()?),
            "connected_account" => read.connected_accounts = vec![text()?],
            "connected_accounts" => read.connected_accounts = texts()?,
            "decimal_separator" => read.decimal_separator = Some(text()?),
            _ => return Err(name),
        }
    }
    Ok(read)
}

/// Reads a time in the form of either generation.
pub(crate) fn time(value: &Value) -> Option<Timestamp> {
    match value {
        Value::Number(seconds) => Timestamp::from_second(seconds.as_i64()?).ok(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}
