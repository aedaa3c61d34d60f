//! Objects that exist when the server starts: runs that no operation creates, such as those of scheduled queries.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use crate::description::{Resource, Verb};
use crate::fact::Fact;
use crate::facts;
use crate::state::{Core, Outcome, Owner, Record, Run, Schedule, Timing};
use crate::verbs;
use crate::work::{self, Found};

/// The number of runs of each such resource.
const COUNT: i32 = 3;

/// Adds runs with the work of their resource's example, one a day.
pub(crate) async fn add(core: &Core) {
    let resources = core.description.resources.values();
    let is_listed = |resource: &Resource| {
        core.description.operations.iter().any(|op| op.verb == Verb::List && op.resource == resource.id)
    };
    let resources: Vec<_> = resources
        .filter(|resource| resource.wait.is_some() && !resource.is_created && is_listed(resource))
        .cloned()
        .collect();
    for resource in &resources {
        let example = resource.schema.example.clone().unwrap_or_default();
        for days in (1..=COUNT).rev() {
            let created = core.now().checked_sub(facts::DAY * days).unwrap_or_else(|_| core.now());
            add_one(core, resource, example.clone(), created, Outcome::Succeeded).await;
        }
    }
}

/// Adds an object, and returns its id. Returns a message if the resource is not described, or if the object is not valid.
pub(crate) async fn create(core: &Core, resource: &str, properties: Value, outcome: Outcome) -> Result<String, String> {
    let resource = core.resource(resource).ok_or_else(|| format!("`{resource}` is not described"))?;
    let record = add_one(core, resource, properties, core.now(), outcome).await;
    let record = record.ok_or("the data has no accounts")?;
    let object = verbs::whole(core, &record);
    core.validators.resource(&resource.id, &object).map(|()| record.id.clone())
}

/// Adds an object in both modes. Returns the one in test mode.
pub(crate) async fn add_one(
    core: &Core,
    resource: &Arc<Resource>,
    properties: Value,
    created: Timestamp,
    outcome: Outcome,
) -> Option<Arc<Record>> {
    let account = core.database.accounts().first()?.id.as_str().into();
    let owner = Owner::Account(account);
    let mut values = Fact::from(properties);
    let download = resource.download.as_ref().and_then(|download| download.url.split('.').next());
    // The result of the example is not that of the run.
    if let (Fact::Map(members), Some(root)) = (&mut values, download) {
        members.remove(root);
    }
    let mut added = None;
    for livemode in [true, false] {
        let run = match work::of(resource, &values, &owner, &core.database) {
            Ok(Found { output, .. }) if resource.wait.is_some() => {
                let computed = core.results.get(&output, &core.limits()).await;
                let summary = computed.map(|computed| computed.summary()).unwrap_or_default();
                let schedule = Schedule { timing: Timing::AtOnce, outcome: outcome.clone() };
                Some(Run::new(output, summary, None, schedule))
            }
            _ => None,
        };
        let record = Arc::new(Record {
            id: core.ids.next(&resource.id_prefix(livemode)),
            resource: resource.clone(),
            owner: owner.clone(),
            livemode,
            created,
            cause: None,
            values: values.clone(),
            run,
            output: None,
        });
        core.start(&record);
        core.end(&record, outcome.clone(), created);
        added = Some(record);
    }
    added
}
