//! A running server, and what its caller controls.

use std::fmt;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::builder::{Builder, StartError};
use crate::events::{self, Event, EventTypes, SendError};
use crate::faults::Fault;
use crate::log::Exchange;
use crate::seeds;
use crate::server::Servers;
use crate::state::{Core, Limits, Outcome, Owner, Record, Schedule, Status};

/// The secret key of the platform account in test mode.
pub(crate) const KEY: &str = "sk_test_sandbox";

/// Returns the variables that clients and receivers of events need.
pub(crate) fn variables(core: &Core) -> [(&'static str, &str); 3] {
    [
        ("STRIPE_API_BASE", core.urls.get().map(|urls| urls.base.as_str()).unwrap_or_default()),
        ("STRIPE_API_KEY", KEY),
        ("STRIPE_WEBHOOK_SECRET", core.events.secret()),
    ]
}

/// A server with Stripe's reporting APIs. It ends when it is dropped.
pub struct Sandbox {
    core: Arc<Core>,
    _servers: Servers,
}

/// A run.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunState {
    /// The run's id.
    pub id: String,
    /// The `x-resourceId`.
    pub resource: String,
    /// The status, as responses have it.
    pub status: String,
    /// The account, or `None` for the organization.
    pub account: Option<String>,
    /// Whether it was created with a key of live mode.
    pub livemode: bool,
    /// When it was created, on the server's clock.
    pub created: Timestamp,
    /// The idempotency key of the request that created it.
    pub idempotency_key: Option<String>,
    /// The number of times that it was retrieved while it was in progress.
    pub polls: u32,
    /// Whether it is in progress.
    pub is_running: bool,
}

impl Sandbox {
    pub(crate) fn new(core: Arc<Core>, servers: Servers) -> Self {
        Self { core, _servers: servers }
    }

    /// Starts a server on a free port, whose runs succeed at once.
    ///
    /// # Errors
    ///
    /// [`StartError`] if the server cannot start.
    pub async fn start() -> Result<Self, StartError> {
        Self::builder().start().await
    }

    /// Creates a builder.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Returns the URL of the server.
    #[must_use]
    pub fn base_url(&self) -> &str {
        self.core.urls.get().map(|urls| urls.base.as_str()).unwrap_or_default()
    }

    /// Returns the variables to export for clients and receivers of events.
    #[must_use]
    pub fn variables(&self) -> [(&'static str, &str); 3] {
        variables(&self.core)
    }

    /// Returns the secret key of the platform account in test mode.
    #[must_use]
    pub fn key(&self) -> &'static str {
        KEY
    }

    /// Returns the secret key of the platform account in live mode.
    #[must_use]
    pub fn live_key(&self) -> &'static str {
        "sk_live_sandbox"
    }

    /// Returns the key of the organization in test mode.
    #[must_use]
    pub fn organization_key(&self) -> &'static str {
        "sk_org_test_sandbox"
    }

    /// Returns the newest version of the API that the description has.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.core.description.version
    }

    /// Returns the operations that are described and not served, since they do not create, retrieve or list.
    #[must_use]
    pub fn unsupported(&self) -> &[String] {
        &self.core.description.unsupported
    }

    /// Returns the ids of the accounts. The first is the platform of the others.
    #[must_use]
    pub fn accounts(&self) -> Vec<String> {
        self.core.database.accounts().iter().map(|account| account.id.clone()).collect()
    }

    /// Returns the latest requests, in the order of their responses.
    #[must_use]
    pub fn requests(&self) -> Vec<Exchange> {
        self.core.log.exchanges()
    }

    /// Returns the number of requests, including those that are no longer among the latest.
    #[must_use]
    pub fn request_count(&self) -> usize {
        self.core.log.count()
    }

    /// Returns the secret that events are signed with.
    #[must_use]
    pub fn webhook_secret(&self) -> &str {
        self.core.events.secret()
    }

    /// Returns the latest events, oldest first, with what has become of their deliveries.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        self.core.events.all()
    }

    /// Returns the types of events that the description has, by their kind.
    #[must_use]
    pub fn event_types(&self) -> EventTypes {
        events::types(&self.core.description)
    }

    /// Sends an event of the description, about an object that is created for it, or about a report type.
    ///
    /// # Errors
    ///
    /// [`SendError`] if the description does not have the type.
    pub async fn send_event(&self, event_type: &str) -> Result<Event, SendError> {
        events::send(&self.core, event_type).await
    }

    /// Waits until each delivery has succeeded or failed. With a virtual clock, retries need [`Sandbox::advance`].
    pub async fn wait_for_deliveries(&self) {
        self.core.events.delivered().await;
    }

    /// Returns all runs.
    #[must_use]
    pub fn runs(&self) -> Vec<RunState> {
        RunState::all(&self.core)
    }

    /// Sets how one of the next runs ends: the first that has no schedule of its own.
    pub fn schedule_next(&self, schedule: impl Into<Schedule>) {
        self.core.schedules.push(schedule.into());
    }

    /// Sets how all following runs end.
    pub fn schedule(&self, schedule: impl Into<Schedule>) {
        self.core.schedules.set(schedule.into());
    }

    /// Ends a run that is in progress. Returns `false` if it does not exist.
    pub fn finish(&self, id: &str, outcome: Outcome) -> bool {
        self.core.finish(id, outcome)
    }

    /// Adds a fault, which requests meet after those that were added before.
    pub fn fault(&self, fault: Fault) {
        self.core.faults.add(fault);
    }

    /// Removes all faults.
    pub fn clear_faults(&self) {
        self.core.faults.clear();
    }

    /// Sets the limits of runs that are created from now on.
    pub fn set_limits(&self, limits: Limits) {
        *self.core.limits.write().unwrap_or_else(PoisonError::into_inner) = limits;
    }

    /// Returns the time on the server's clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.core.now()
    }

    /// Moves the server's clock, and ends the runs whose time has come.
    pub fn advance(&self, duration: impl TryInto<SignedDuration>) {
        self.core.advance(duration.try_into().unwrap_or(SignedDuration::MAX));
    }

    /// Adds an object, such as the run of a scheduled query, with properties of its resource. Returns its id.
    ///
    /// # Errors
    ///
    /// A message if the resource is not described, or if the object is not valid.
    pub async fn add(&self, resource: &str, properties: Value, outcome: Outcome) -> Result<String, String> {
        seeds::create(&self.core, resource, properties, outcome).await
    }
}

impl RunState {
    /// Returns all runs, in the order of their creation.
    pub(crate) fn all(core: &Core) -> Vec<Self> {
        let mut runs: Vec<_> = core.store.all().iter().filter_map(|record| Self::new(record)).collect();
        runs.sort_by_key(|run| run.created);
        runs
    }

    fn new(record: &Record) -> Option<Self> {
        let (run, wait) = (record.run.as_ref()?, record.resource.wait.as_ref()?);
        Some(Self {
            id: record.id.clone(),
            resource: record.resource.id.clone(),
            status: run.progress().status.name(wait).to_owned(),
            account: match &record.owner {
                Owner::Account(id) => Some(id.to_string()),
                Owner::Organization => None,
            },
            livemode: record.livemode,
            created: record.created,
            idempotency_key: record.cause.as_ref().and_then(|cause| cause.idempotency_key.clone()),
            polls: run.polls.load(Ordering::Relaxed),
            is_running: run.progress().status == Status::Running,
        })
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").field("base_url", &self.base_url()).finish_non_exhaustive()
    }
}
