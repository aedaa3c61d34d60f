//! Creates an object. If it is a run, its work is done first: wrong SQL is an error of the request.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::{Done, Request, described, expand, object};
use crate::catalogue;
use crate::data::SqlErrorKind;
use crate::description::{Resource, Schema};
use crate::fact::Fact;
use crate::facts;
use crate::failure::{Failure, FailureKind};
use crate::state::{Core, Key, Outcome, Record, Run, Schedule, Summary, Timing};
use crate::validation::{Problem, ProblemKind};
use crate::work::{self, Found, Output, WorkError};

/// A run's place among those of its key, until the run has it.
struct Reservation<'k>(Option<&'k Arc<Key>>);

impl Drop for Reservation<'_> {
    fn drop(&mut self) {
        if let Some(key) = self.0 {
            key.running.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

pub(super) async fn create(core: &Core, request: &Request<'_>) -> Result<Done, Failure> {
    let (operation, caller) = (request.operation, request.caller);
    let resource = core.resource(&operation.resource).ok_or_else(|| Failure::internal("the resource is missing"))?;
    expand::check(request, &resource.schema)?;
    let mut values = Fact::from(request.parameters.clone());
    defaults(&mut values, &operation.parameters);
    let mut run = None;
    if resource.wait.is_some() {
        if !core.reserve(&caller.key) {
            return Err(too_many(core, request));
        }
        let mut reservation = Reservation(Some(&caller.key));
        let found = work::of(resource, &values, &caller.owner, &core.database);
        let Found { output, report } = found.map_err(|failure| unavailable(core, request, resource, failure))?;
        if let Some(report) = report {
            for name in facts::REPORT {
                values.set(name, report.id);
            }
            for name in facts::REPORT_NAME {
                values.set(name, report.name.as_str());
            }
        }
        let mut schedule = core.schedules.take();
        let summary = compute(core, request, resource, &output, &mut schedule).await?;
        run = Some(Run::new(output, summary, Some(caller.key.clone()), schedule));
        reservation.0 = None;
    }
    // The time that the work took is not the run's.
    let now = core.now();
    let record = Arc::new(Record {
        id: core.ids.next(&resource.id_prefix(caller.key.livemode)),
        resource: resource.clone(),
        owner: caller.owner.clone(),
        livemode: caller.key.livemode,
        created: now,
        cause: Some(request.cause.clone()),
        values,
        run,
        output: None,
    });
    // The response has the run as it was created, also if it ends at once.
    let mut body = object(core, &record, &request.fields(), None);
    expand::expand(core, request, &mut body, &resource.schema);
    core.start(&record);
    if let Some(run) = &record.run
        && run.schedule.timing == Timing::AtOnce
    {
        core.end(&record, run.schedule.outcome.clone(), now);
    }
    Ok(Done { body, created: Some(record.id.clone()) })
}

/// Adds the defaults of parameters that are missing.
fn defaults(values: &mut Fact, parameters: &Schema) {
    for property in parameters.properties() {
        if let (Some(default), None) = (&property.schema.default, values.get(&property.name)) {
            values.set(&property.name, default.clone());
        }
    }
}

fn too_many(core: &Core, request: &Request<'_>) -> Failure {
    let most = core.limits().concurrent_runs(request.caller.key.livemode).unwrap_or_default();
    let message = format!("Too many concurrent runs: the limit is {most}. Retry when one has ended.");
    let described = described(core, request.operation, 429, &message);
    described.unwrap_or_else(|| Failure::new(FailureKind::TooManyRequests, message))
}

/// A report that is known but has no data is inaccessible, if the operation has a code for that.
fn unavailable(core: &Core, request: &Request<'_>, resource: &Resource, failure: Failure) -> Failure {
    let name = facts::REPORT.iter().find_map(|name| Some((*name, request.parameter(name)?.as_str()?)));
    let Some((name, id)) = name.filter(|_| failure.kind == FailureKind::NotFound) else {
        return failure;
    };
    let referred = request.operation.parameters.property(name).and_then(|schema| schema.refers_to.as_deref());
    let referred = referred.and_then(|id| core.resource(id));
    match referred {
        Some(report) if catalogue::is_known(report, id) && resource.generation == report.generation => {
            Failure { message: format!("The sandbox has no data for the report {id}."), ..failure }
        }
        _ => failure,
    }
}

/// Computes the result. A failure that the request cannot report becomes the outcome of the run.
async fn compute(
    core: &Core,
    request: &Request<'_>,
    resource: &Resource,
    output: &Output,
    schedule: &mut Schedule,
) -> Result<Summary, Failure> {
    match core.results.get(output, &core.limits()).await {
        Ok(computed) => Ok(computed.summary()),
        Err(WorkError::Sql(error)) if error.kind == SqlErrorKind::Invalid => {
            let place = error.offset.map(|offset| format!(" at offset {offset}")).unwrap_or_default();
            let message = format!("Invalid SQL{place}: {}", error.message);
            if let Some(code) = request.operation.errors.iter().find(|code| code.ends_with(facts::INVALID_SQL)) {
                return Err(Failure::new(FailureKind::Described(code.clone()), message));
            }
            let Some(code) = failure_code(resource, facts::INVALID_SQL) else {
                return Err(Problem::new(ProblemKind::Invalid, "sql", message).into());
            };
            schedule.outcome = Outcome::Failed { code, message };
            Ok(Summary::default())
        }
        Err(WorkError::Sql(error)) => {
            let (code, message) = match error.kind {
                SqlErrorKind::TooLarge => facts::TOO_LARGE,
                SqlErrorKind::Timeout => facts::TOO_SLOW,
                SqlErrorKind::Failed | SqlErrorKind::Invalid => (facts::INTERNAL.0, error.message.as_str()),
            };
            schedule.outcome = Outcome::Failed { code: code.into(), message: message.into() };
            Ok(Summary::default())
        }
        Err(WorkError::Report(error)) => {
            let parameters = facts::PARAMETERS.iter().find(|name| request.parameter(name).is_some());
            Err(work::failure(&error, parameters.copied().unwrap_or_default()))
        }
        Err(WorkError::Internal(reason)) => Err(Failure::internal(reason)),
    }
}

/// Returns a code of failed runs by the end of its name.
fn failure_code(resource: &Resource, end: &str) -> Option<String> {
    let path = resource.wait.as_ref()?.failure_code.as_ref()?;
    let codes = resource.schema.at(path)?.values();
    codes.iter().find(|code| code.ends_with(end)).cloned()
}
