//! What a run does: a query or a report, found in the values that it was created with; and its result.

mod reports;
mod results;

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::data::Database;
use crate::data::reports::Report;
use crate::description::{Generation, Resource};
use crate::fact::Fact;
use crate::facts;
use crate::failure::Failure;
use crate::state::Owner;

pub(crate) use reports::{all as reports_of, failure, find, time};
pub(crate) use results::{Computed, Results, WorkError};

/// What a run does.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) enum Work {
    /// The run has an empty result.
    Nothing,
    Query(String),
    Report {
        generation: Generation,
        report: &'static str,
        parameters: String,
    },
}

/// A result that can be computed at any time: what is done, and with whose data.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Output {
    pub(crate) work: Arc<Work>,
    pub(crate) owner: Owner,
    /// Whether the file is an archive.
    pub(crate) is_compressed: bool,
}

impl Work {
    /// Returns the SQL of a report.
    pub(crate) fn report_sql(&self, database: &Database) -> Option<String> {
        let Self::Report { generation, report, parameters } = self else { return None };
        let parameters: Map<String, Value> = serde_json::from_str(parameters).ok()?;
        find(*generation, report)?.sql(database, &reports::read(&parameters).ok()?).ok()
    }
}

/// What a run does, and the report that it runs.
pub(crate) struct Found {
    pub(crate) output: Output,
    pub(crate) report: Option<&'static Report>,
}

/// Finds what a run does in the values that it is created with.
pub(crate) fn of(resource: &Resource, values: &Fact, owner: &Owner, database: &Database) -> Result<Found, Failure> {
    let is_compressed = values.at(facts::COMPRESSION) == Some(&Fact::from(true));
    let output = |work| Output { work: Arc::new(work), owner: owner.clone(), is_compressed };
    if let Some(sql) = facts::SQL.iter().find_map(|path| values.at(path)?.as_str()) {
        return Ok(Found { output: output(Work::Query(sql.to_owned())), report: None });
    }
    let Some((name, report)) = facts::REPORT.iter().find_map(|name| Some((*name, values.get(name)?))) else {
        return Ok(Found { output: output(Work::Nothing), report: None });
    };
    let report = reports::named(resource.generation, name, report)?;
    let given = facts::PARAMETERS.iter().find_map(|name| Some((*name, values.get(name)?)));
    let parameters = match given.map(|(_, fact)| fact.to_json()) {
        Some(Value::Object(parameters)) => parameters,
        _ => Map::new(),
    };
    let parameter = given.map(|(name, _)| name).or(facts::PARAMETERS.first().copied()).unwrap_or_default();
    reports::check(database, report, parameter, &parameters)?;
    let work = Work::Report {
        generation: resource.generation,
        report: report.id,
        parameters: Value::Object(parameters).to_string(),
    };
    Ok(Found { output: output(work), report: Some(report) })
}
