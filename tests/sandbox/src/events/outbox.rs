//! Sends events to webhooks: in order for each object, with retries, beside the requests.
//!
//! Retries wait on the server's clock: a virtual one must be advanced. Events that are pending when the server ends are lost.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::body::Bytes;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinSet;

use super::attempt::{self, Http};
use super::event::{Attempt, Delivery, DeliveryState, Event};
use crate::state::Core;

/// The delays before retries. Stripe's grow likewise, over hours or days.
const DELAYS: [Duration; 5] = [
    Duration::from_millis(100),
    Duration::from_millis(300),
    Duration::from_millis(900),
    Duration::from_millis(2_700),
    Duration::from_millis(8_100),
];

/// The number of attempts at the same time.
const CONCURRENT: usize = 32;

/// The number of deliveries that may be pending, so that a webhook without a response does not fill the memory.
const PENDING: usize = 20_000;

/// A delivery to be made.
#[derive(Debug)]
pub(super) struct Job {
    event: String,
    /// The position of the webhook.
    webhook: usize,
    object: String,
    body: Bytes,
}

/// The deliveries that are made one after the other: those about an object, to a webhook.
type Lane = (usize, String);

/// Adds an event to the journal, and sends it if the server has started.
pub(super) fn add(core: &Core, mut event: Event) {
    let events = &core.events;
    let Some(outbox) = events.outbox.get().filter(|_| event.problem.is_none()) else {
        events.journal.add(event);
        return;
    };
    let is_full = events.pending.load(Ordering::Relaxed) >= PENDING;
    let full = || Attempt { at: core.now(), status: None, error: Some(format!("{PENDING} deliveries are pending")) };
    let new = |url: &str| Delivery {
        url: url.to_owned(),
        state: if is_full { DeliveryState::Failed } else { DeliveryState::Pending },
        attempts: is_full.then(full).into_iter().collect(),
    };
    event.deliveries = events.webhooks.iter().map(|webhook| new(&webhook.text)).collect();
    let (id, object, body) = (event.id.clone(), event.object.clone(), event.body.clone());
    events.journal.add(event);
    if is_full {
        return;
    }
    events.pending.fetch_add(events.webhooks.len(), Ordering::Relaxed);
    for webhook in 0..events.webhooks.len() {
        // Fails when the server has ended.
        let _ = outbox.send(Job { event: id.clone(), webhook, object: object.clone(), body: body.clone() });
    }
}

/// Makes deliveries until the server ends.
pub(super) async fn run(core: Arc<Core>, mut jobs: UnboundedReceiver<Job>, mut stopped: watch::Receiver<()>) {
    let http = attempt::client();
    let permits = Arc::new(Semaphore::new(CONCURRENT));
    let mut lanes: HashMap<Lane, VecDeque<Job>> = HashMap::new();
    let mut tasks = JoinSet::new();
    loop {
        tokio::select! {
            // An error when the sender is dropped.
            changed = stopped.changed() => if changed.is_err() { return },
            Some(job) = jobs.recv() => {
                let lane = (job.webhook, job.object.clone());
                match lanes.get_mut(&lane) {
                    Some(waiting) => waiting.push_back(job),
                    None => {
                        lanes.insert(lane, VecDeque::new());
                        tasks.spawn(deliver(core.clone(), http.clone(), permits.clone(), job));
                    }
                }
            }
            Some(done) = tasks.join_next() => {
                let Ok(lane) = done else { continue };
                core.events.pending.fetch_sub(1, Ordering::Relaxed);
                match lanes.get_mut(&lane).and_then(VecDeque::pop_front) {
                    Some(job) => {
                        tasks.spawn(deliver(core.clone(), http.clone(), permits.clone(), job));
                    }
                    None => {
                        lanes.remove(&lane);
                    }
                }
            }
        }
    }
}

/// Makes a delivery, with its retries. Returns its lane.
async fn deliver(core: Arc<Core>, http: Http, permits: Arc<Semaphore>, job: Job) -> Lane {
    let events = &core.events;
    let mut delays = DELAYS.into_iter();
    let Some(webhook) = events.webhooks.get(job.webhook) else { return (job.webhook, job.object) };
    loop {
        // The semaphore is never closed.
        let permit = permits.acquire().await;
        let result = attempt::post(&http, webhook, &events.secret, &job.body).await;
        drop(permit);
        let attempt = Attempt { at: core.now(), status: result.as_ref().ok().copied(), error: result.err() };
        let delay = delays.next().filter(|_| !attempt.has_succeeded());
        let state = match delay {
            Some(_) => DeliveryState::Pending,
            None if attempt.has_succeeded() => DeliveryState::Succeeded,
            None => DeliveryState::Failed,
        };
        events.journal.attempted(&job.event, job.webhook, attempt, state);
        match delay {
            Some(delay) => events.sleep(&core.clock, delay).await,
            None => return (job.webhook, job.object),
        }
    }
}
