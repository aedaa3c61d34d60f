//! The state of a server, and what happens to runs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use jiff::{SignedDuration, Timestamp, Unit};
use tokio::sync::Notify;

use super::clock::Clock;
use super::ids::Ids;
use super::keys::Keys;
use super::limits::Limits;
use super::record::Record;
use super::run::{Progress, Run, Status};
use super::schedule::{Outcome, Schedule, Schedules, Timing};
use super::store::Store;
use crate::data::Database;
use crate::description::{Description, Resource};
use crate::events::Events;
use crate::fact::Fact;
use crate::facts;
use crate::faults::Faults;
use crate::log::Log;
use crate::request::Idempotency;
use crate::validation::Validators;
use crate::work::Results;

/// The state of a server.
pub(crate) struct Core {
    pub(crate) description: Arc<Description>,
    pub(crate) validators: Arc<Validators>,
    pub(crate) database: Arc<Database>,
    pub(crate) results: Results,
    pub(crate) clock: Clock,
    pub(crate) limits: RwLock<Limits>,
    pub(crate) keys: Keys,
    pub(crate) store: Store,
    pub(crate) ids: Ids,
    pub(crate) schedules: Schedules,
    pub(crate) idempotency: Idempotency,
    pub(crate) log: Log,
    pub(crate) events: Events,
    pub(crate) faults: Faults,
    /// The resources that the account has no access to.
    pub(crate) inaccessible: BTreeSet<String>,
    pub(crate) urls: OnceLock<Urls>,
    /// The runs that end at a time.
    pub(crate) agenda: Mutex<BTreeMap<(Timestamp, String), Arc<Record>>>,
    /// Notified when a run is added to the agenda or the time is advanced.
    pub(crate) wake: Notify,
}

/// The addresses of the server.
#[derive(Debug, Clone)]
pub(crate) struct Urls {
    pub(crate) base: String,
    /// Of pre-signed URLs.
    pub(crate) files: String,
}

/// What happened to an object.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) record: Arc<Record>,
    pub(crate) kind: ChangeKind,
    pub(crate) at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChangeKind {
    Created,
    /// The status changed.
    Updated,
    Succeeded,
    Failed,
    Canceled,
}

impl ChangeKind {
    const ALL: [Self; 5] = [Self::Created, Self::Updated, Self::Succeeded, Self::Failed, Self::Canceled];

    /// Returns the change that events are about whose names have an end.
    pub(crate) fn from_suffix(suffix: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.suffix() == suffix)
    }

    /// Returns the end of the names of events about the change.
    pub(crate) fn suffix(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
        }
    }
}

impl Core {
    pub(crate) fn limits(&self) -> Limits {
        self.limits.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns the time of new objects, to the millisecond.
    pub(crate) fn now(&self) -> Timestamp {
        let now = self.clock.now();
        now.round(Unit::Millisecond).unwrap_or(now)
    }

    pub(crate) fn resource(&self, id: &str) -> Option<&Arc<Resource>> {
        self.description.resources.get(id)
    }

    /// Returns the objects of a resource that exists, without those that are too old.
    pub(crate) fn prune(&self, resource: &Resource) {
        let limits = self.limits();
        let retention = facts::retention(resource.generation, resource.envelope.is_some());
        self.store.prune(&resource.id, self.now(), limits.retention.then_some(retention), limits.objects);
    }

    /// Adds an object.
    pub(crate) fn insert(&self, record: Arc<Record>) {
        self.store.insert(record.clone());
        self.prune(&record.resource);
    }

    /// Adds a run, and the time at which it ends to the agenda.
    pub(crate) fn start(&self, record: &Arc<Record>) {
        self.insert(record.clone());
        self.changed(record, ChangeKind::Created, record.created);
        let Some(run) = &record.run else { return };
        let limit = self.limits().execution;
        // A run that is never finished fails when it exceeds the limit.
        let after = match run.schedule.timing {
            Timing::After(duration) => {
                let duration = SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX);
                Some(limit.map_or(duration, |limit| duration.min(limit)))
            }
            Timing::AfterPolls(_) | Timing::Never => limit,
            Timing::AtOnce => None,
        };
        if let Some(due) = after.and_then(|after| record.created.checked_add(after).ok()) {
            let mut agenda = self.agenda.lock().unwrap_or_else(PoisonError::into_inner);
            agenda.insert((due, record.id.clone()), record.clone());
            drop(agenda);
            self.wake.notify_one();
        }
    }

    /// Ends the runs whose time has come, and returns when the next one ends.
    pub(crate) fn settle(&self) -> Option<Timestamp> {
        let now = self.clock.now();
        loop {
            let mut agenda = self.agenda.lock().unwrap_or_else(PoisonError::into_inner);
            let first = agenda.first_entry()?;
            if first.key().0 > now {
                return Some(first.key().0);
            }
            let ((due, _), record) = first.remove_entry();
            drop(agenda);
            if let Some(run) = &record.run {
                self.end(&record, self.outcome_at(&run.schedule, &record, due), due);
            }
        }
    }

    /// Returns how a run ends at a time: it fails if that is its limit.
    fn outcome_at(&self, schedule: &Schedule, record: &Record, due: Timestamp) -> Outcome {
        let is_scheduled = match schedule.timing {
            Timing::After(duration) => {
                let duration = SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX);
                record.created.duration_until(due) >= duration
            }
            _ => false,
        };
        if is_scheduled {
            return schedule.outcome.clone();
        }
        let (code, message) = facts::TOO_SLOW;
        Outcome::Failed { code: code.into(), message: message.into() }
    }

    /// Moves the clock, and ends the runs whose time has come.
    pub(crate) fn advance(&self, duration: SignedDuration) {
        self.clock.advance(duration);
        self.settle();
        self.wake.notify_one();
        self.events.clock_advanced();
    }

    /// Ends a run by its id, if it is in progress. Returns `false` if it does not exist.
    pub(crate) fn finish(&self, id: &str, outcome: Outcome) -> bool {
        let found = self.store.all().into_iter().find(|record| record.id == id && record.run.is_some());
        if let Some(record) = &found {
            self.end(record, outcome, self.now());
        }
        found.is_some()
    }

    /// Ends a run that is in progress.
    pub(crate) fn end(&self, record: &Arc<Record>, outcome: Outcome, at: Timestamp) {
        if let Some(kind) = self.complete(record, outcome, at) {
            self.changed(record, ChangeKind::Updated, at);
            self.changed(record, kind, at);
        }
    }

    /// Ends a run that is in progress, without events. Returns how it ended.
    pub(crate) fn complete(&self, record: &Record, outcome: Outcome, at: Timestamp) -> Option<ChangeKind> {
        let (run, wait) = (record.run.as_ref()?, record.resource.wait.as_ref()?);
        if run.progress().status != Status::Running {
            return None;
        }
        let failure = |(code, message): (&str, &str)| Some((code.to_owned(), message.to_owned()));
        let (status, failure) = match outcome {
            Outcome::Succeeded if self.limits().file_size.is_some_and(|most| run.summary.size > most) => {
                (Status::Failed, failure(facts::TOO_LARGE))
            }
            Outcome::Succeeded => (Status::Succeeded, None),
            Outcome::Failed { code, message } => (Status::Failed, Some((code, message))),
            Outcome::Canceled => (Status::Canceled, failure(facts::CANCELED)),
            Outcome::Status(name) if wait.succeeded.contains(&name) => (Status::Succeeded, None),
            Outcome::Status(name) if wait.canceled.contains(&name) => (Status::Canceled, failure(facts::CANCELED)),
            Outcome::Status(name) => {
                let position = wait.failed.iter().position(|failed| *failed == name);
                (position.map_or(Status::Failed, Status::FailedAs), failure(facts::INTERNAL))
            }
        };
        let file = (status == Status::Succeeded).then(|| self.file_of(record, run, at)).flatten();
        if !run.end(Progress { status, ended: Some(at), failure, file }) {
            return None;
        }
        if let Some(due) = self.limits().execution.and_then(|limit| record.created.checked_add(limit).ok()) {
            let mut agenda = self.agenda.lock().unwrap_or_else(PoisonError::into_inner);
            agenda.remove(&(due, record.id.clone()));
        }
        Some(match status {
            Status::Succeeded => ChangeKind::Succeeded,
            Status::Canceled if !wait.canceled.is_empty() => ChangeKind::Canceled,
            _ => ChangeKind::Failed,
        })
    }

    /// Adds the file of a run's result, if files are objects. Returns its id.
    fn file_of(&self, record: &Record, run: &Run, at: Timestamp) -> Option<String> {
        let (root, _) = record.resource.download.as_ref()?.url.split_once('.')?;
        let resource = self.resource(record.resource.schema.property(root)?.resource.as_deref()?)?;
        let id = self.ids.next(&resource.id_prefix(record.livemode));
        let is_report = matches!(*run.output.work, crate::work::Work::Report { .. });
        let retention = facts::retention(resource.generation, false);
        let extension = crate::files::extension(&run.output);
        let mut values = Fact::map([
            ("purpose", facts::purpose(is_report).into()),
            ("filename", format!("{}.{extension}", record.id).as_str().into()),
            ("size", Fact::Integer(i64::try_from(run.summary.size).unwrap_or(i64::MAX))),
            ("type", extension.into()),
        ]);
        if let Ok(expires) = at.checked_add(retention) {
            values.set("expires_at", expires);
        }
        self.insert(Arc::new(Record {
            id: id.clone(),
            resource: resource.clone(),
            owner: record.owner.clone(),
            livemode: record.livemode,
            created: at,
            cause: None,
            values,
            run: None,
            output: Some(run.output.clone()),
        }));
        Some(id)
    }

    fn changed(&self, record: &Arc<Record>, kind: ChangeKind, at: Timestamp) {
        crate::events::on_change(self, &Change { record: record.clone(), kind, at });
    }

    /// Reserves a run of a key, unless too many are in progress.
    pub(crate) fn reserve(&self, key: &super::Key) -> bool {
        let most = self.limits().concurrent_runs(key.livemode);
        let before = key.running.fetch_add(1, Ordering::Relaxed);
        let is_free = most.is_none_or(|most| before < most);
        if !is_free {
            key.running.fetch_sub(1, Ordering::Relaxed);
        }
        is_free
    }
}
