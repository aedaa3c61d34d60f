//! Objects for events that are sent on demand: one of the catalogue, or a new one that no other event is about.

use std::sync::Arc;

use jiff::SignedDuration;

use crate::data::reports::Report;
use crate::description::Resource;
use crate::fact::Fact;
use crate::state::{ChangeKind, Core, Outcome, Owner, Record, Run, Schedule, Timing};
use crate::work::{self, Output, Work};
use crate::{catalogue, facts};

/// The longest interval of a report.
const INTERVAL: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Returns an object of test mode in the state that an event is about.
pub(super) async fn of(core: &Core, resource: &Arc<Resource>, kind: ChangeKind) -> Arc<Record> {
    if let Some(record) = catalogue::all(core, resource, false).and_then(|all| all.into_iter().next()) {
        return record;
    }
    let owner = core.database.accounts().first();
    let owner = owner.map_or(Owner::Organization, |account| Owner::Account(account.id.as_str().into()));
    let values = values(core, resource);
    let now = core.now();
    let record = Arc::new(Record {
        id: core.ids.next(&resource.id_prefix(false)),
        run: run(core, resource, &values, &owner).await,
        resource: resource.clone(),
        owner,
        livemode: false,
        created: now,
        cause: None,
        values,
        output: None,
    });
    core.insert(record.clone());
    let outcome = match kind {
        ChangeKind::Created | ChangeKind::Updated | ChangeKind::Succeeded => Outcome::Succeeded,
        ChangeKind::Failed => Outcome::Failed { code: facts::INTERNAL.0.into(), message: facts::INTERNAL.1.into() },
        ChangeKind::Canceled => Outcome::Canceled,
    };
    core.complete(&record, outcome, now);
    record
}

async fn run(core: &Core, resource: &Resource, values: &Fact, owner: &Owner) -> Option<Run> {
    resource.wait.as_ref()?;
    let found = work::of(resource, values, owner, &core.database).map(|found| found.output);
    let nothing = |_| Output { work: Arc::new(Work::Nothing), owner: owner.clone(), is_compressed: false };
    let output = found.unwrap_or_else(nothing);
    let computed = core.results.get(&output, &core.limits()).await;
    let schedule = Schedule::from(Timing::Never);
    Some(Run::new(output, computed.map(|computed| computed.summary()).unwrap_or_default(), None, schedule))
}

/// Returns the properties of the resource's example, with a report and an interval that have data.
fn values(core: &Core, resource: &Resource) -> Fact {
    let mut values = Fact::from(resource.schema.example.clone().unwrap_or_default());
    let download = resource.download.as_ref().and_then(|download| download.url.split('.').next());
    // The result of the example is not that of the run.
    if let (Fact::Map(members), Some(root)) = (&mut values, download) {
        members.remove(root);
    }
    if let Some(report) = report(resource, &values) {
        for name in facts::REPORT {
            values.set(name, report.id);
        }
        for name in facts::REPORT_NAME {
            values.set(name, report.name.as_str());
        }
        let (start, end) = report.available(&core.database);
        let start = end.checked_sub(INTERVAL).unwrap_or(start).max(start);
        for name in facts::PARAMETERS {
            values.set(name, Fact::map([("interval_start", start.into()), ("interval_end", end.into())]));
        }
    }
    values
}

/// Returns the report of an example, or any that needs an interval only.
fn report(resource: &Resource, values: &Fact) -> Option<&'static Report> {
    let id = facts::REPORT.iter().find_map(|name| values.get(name)?.as_str())?;
    let is_simple = |report: &&Report| report.required.iter().all(|name| name.starts_with("interval_"));
    let any = || work::reports_of(resource.generation).iter().find(is_simple);
    work::find(resource.generation, id).filter(|report| is_simple(report)).or_else(any)
}
