//! Retrieves an object. A run is polled by that, and may have its rows inline.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::page::RowPage;
use super::{Request, described, expand, object};
use crate::catalogue;
use crate::description::{Resource, Verb};
use crate::failure::{Failure, FailureKind};
use crate::state::{Core, Filter, Record, Status, Timing};
use serde_json::Value;

pub(super) async fn retrieve(core: &Core, request: &Request<'_>, id: &str) -> Result<Value, Failure> {
    let operation = request.operation;
    let resource = core.resource(&operation.resource).ok_or_else(|| Failure::internal("the resource is missing"))?;
    expand::check(request, &resource.schema)?;
    let record = find(core, resource, request.filter(), id).ok_or_else(|| missing(core, request, resource, id))?;
    if operation.verb == Verb::Retrieve {
        poll(core, &record);
    }
    let rows = match &resource.rows {
        Some(rows) if operation.verb == Verb::Retrieve => RowPage::read(core, request, rows, &record).await?,
        _ => None,
    };
    let mut body = object(core, &record, &request.fields(), rows.as_ref());
    expand::expand(core, request, &mut body, &resource.schema);
    Ok(body)
}

/// Returns an object that a request sees.
pub(super) fn find(core: &Core, resource: &Arc<Resource>, filter: Filter<'_>, id: &str) -> Option<Arc<Record>> {
    if catalogue::is_catalogue(resource) {
        return catalogue::get(core, resource, filter.livemode, id);
    }
    core.prune(resource);
    core.store.get(&resource.id, id).filter(|record| filter.accepts(record))
}

/// Counts a poll, and ends a run that was scheduled to end with it.
fn poll(core: &Core, record: &Arc<Record>) {
    let Some(run) = &record.run else { return };
    if run.progress().status != Status::Running {
        return;
    }
    let polls = run.polls.fetch_add(1, Ordering::Relaxed) + 1;
    if let Timing::AfterPolls(count) = run.schedule.timing
        && polls >= count
    {
        core.end(record, run.schedule.outcome.clone(), core.now());
    }
}

fn missing(core: &Core, request: &Request<'_>, resource: &Arc<Resource>, id: &str) -> Failure {
    if catalogue::is_known(resource, id)
        && let Some(failure) =
            described(core, request.operation, 403, &format!("The sandbox has no data for the report {id}."))
    {
        return failure;
    }
    let name = resource.id.rsplit('.').next().unwrap_or_default().replace('_', " ");
    let mut message = format!("No such {name}: '{id}'");
    let key = &request.caller.key;
    let other = Filter { livemode: !key.livemode, ..request.filter() };
    if find(core, resource, other, id).is_some() {
        let (exists, used) = if key.livemode { ("test", "live") } else { ("live", "test") };
        message.push_str(&format!("; a similar object exists in {exists} mode, but a {used} mode key was used."));
    }
    let failure = Failure::new(FailureKind::NotFound, message);
    match request.operation.id_parameter() {
        Some(param) => failure.param(param),
        None => failure,
    }
}
