//! Events about changes: built by the description, kept as objects, and sent to webhooks.
//!
//! Changes come in, without any lock; nothing here may block a request.

mod attempt;
mod endpoint;
mod event;
mod journal;
mod make;
mod outbox;
mod send;
mod signature;
mod subject;
mod webhook;

use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::{Notify, watch};

use crate::description::EventType;
use crate::facts;
use crate::state::{Change, ChangeKind, Clock, Core};

pub(crate) use endpoint::routes;
pub use event::{Attempt, Delivery, DeliveryState, Event};
pub use send::{EventTypes, SendError};
pub(crate) use send::{send, types};
pub use webhook::WebhookError;
pub(crate) use webhook::WebhookUrl;

use journal::Journal;
use outbox::Job;

/// The secret of webhooks without one of their own.
const SECRET: &str = "whsec_sandbox";

/// The events of a server, and where they are sent to.
#[derive(Debug)]
pub(crate) struct Events {
    webhooks: Vec<WebhookUrl>,
    secret: String,
    journal: Journal,
    /// Set when the server starts: events before that are not sent.
    outbox: OnceLock<UnboundedSender<Job>>,
    /// The number of deliveries that are pending.
    pending: AtomicUsize,
    clock_advanced: Notify,
}

impl Events {
    pub(crate) fn new(webhooks: Vec<WebhookUrl>, secret: Option<String>) -> Self {
        Self {
            webhooks,
            secret: secret.unwrap_or_else(|| SECRET.to_owned()),
            journal: Journal::default(),
            outbox: OnceLock::new(),
            pending: AtomicUsize::new(0),
            clock_advanced: Notify::new(),
        }
    }

    pub(crate) fn secret(&self) -> &str {
        &self.secret
    }

    /// Returns the latest events, oldest first.
    pub(crate) fn all(&self) -> Vec<Event> {
        self.journal.all()
    }

    pub(crate) fn get(&self, id: &str) -> Option<Event> {
        self.journal.get(id)
    }

    /// Waits until no delivery is pending.
    pub(crate) async fn delivered(&self) {
        self.journal.wait(|events| events.iter().all(|event| !event.is_pending())).await;
    }

    /// Continues the retries whose time has come.
    pub(crate) fn clock_advanced(&self) {
        self.clock_advanced.notify_waiters();
    }

    /// Waits for a time on the server's clock.
    async fn sleep(&self, clock: &Clock, duration: Duration) {
        let Ok(due) = clock.now().checked_add(duration) else { return };
        loop {
            let mut advanced = std::pin::pin!(self.clock_advanced.notified());
            // Before the time is read, so that no change is missed.
            advanced.as_mut().enable();
            let left = Duration::try_from(clock.now().duration_until(due)).unwrap_or_default();
            if left.is_zero() {
                return;
            }
            if clock.is_virtual() {
                advanced.await;
            } else {
                tokio::select! {
                    () = advanced => {}
                    () = tokio::time::sleep(left) => {}
                }
            }
        }
    }
}

/// Starts to send events. Sending ends when the server does.
pub(crate) fn start(core: &Arc<Core>, stopped: watch::Receiver<()>) {
    if core.events.webhooks.is_empty() {
        return;
    }
    let (outbox, jobs) = tokio::sync::mpsc::unbounded_channel();
    // Set once: each core has one server.
    let _ = core.events.outbox.set(outbox);
    tokio::spawn(outbox::run(core.clone(), jobs, stopped));
}

/// Adds the events about a change, and sends them.
pub(crate) fn on_change(core: &Core, change: &Change) {
    emit(core, change, |event| is_about(event, change));
}

/// Whether an event is about a change.
fn is_about(event: &EventType, change: &Change) -> bool {
    let wait = change.record.resource.wait.as_ref();
    // A resource without a status for runs in progress has the run's first event when it has ended.
    let has_running = wait.is_none_or(|wait| !wait.running.is_empty());
    match change.kind {
        ChangeKind::Created => has_running && event.suffix() == ChangeKind::Created.suffix(),
        ChangeKind::Updated => event.suffix() == ChangeKind::Updated.suffix(),
        ended => event.suffix() == ended.suffix() || (!has_running && event.suffix() == ChangeKind::Created.suffix()),
    }
}

/// Adds the selected events of a change's resource, and sends them. Returns the ids.
fn emit(core: &Core, change: &Change, is_selected: impl Fn(&EventType) -> bool) -> Vec<String> {
    let mut types: Vec<_> = change.record.resource.events.iter().filter(|event| is_selected(event)).collect();
    // Thin events name the snapshot event.
    types.sort_by_key(|event| event.kind == crate::description::EventKind::Thin);
    let mut snapshots: Vec<(&str, String)> = Vec::new();
    let mut ids = Vec::new();
    for event in types {
        let name = event.name.strip_prefix(facts::THIN_OF_V1).unwrap_or_default();
        let snapshot = snapshots.iter().find(|(other, _)| *other == name).map(|(_, id)| id.as_str());
        let Some(made) = make::event(core, change, event, snapshot) else { continue };
        snapshots.push((&event.name, made.id.clone()));
        ids.push(made.id.clone());
        outbox::add(core, made);
    }
    ids
}
