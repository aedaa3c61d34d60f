//! The latest events, within a number.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::event::{Attempt, DeliveryState, Event};

/// The number of events that are kept.
const KEPT: usize = 1_000;

#[derive(Debug, Default)]
pub(super) struct Journal {
    events: Mutex<VecDeque<Event>>,
    changed: Notify,
}

impl Journal {
    fn lock(&self) -> MutexGuard<'_, VecDeque<Event>> {
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn add(&self, event: Event) {
        let mut events = self.lock();
        if events.len() == KEPT {
            events.pop_front();
        }
        events.push_back(event);
    }

    pub(super) fn all(&self) -> Vec<Event> {
        self.lock().iter().cloned().collect()
    }

    pub(super) fn get(&self, id: &str) -> Option<Event> {
        self.lock().iter().rev().find(|event| event.id == id).cloned()
    }

    /// Adds an attempt to deliver an event to a webhook, by its position.
    pub(super) fn attempted(&self, id: &str, webhook: usize, attempt: Attempt, state: DeliveryState) {
        let mut events = self.lock();
        let event = events.iter_mut().rev().find(|event| event.id == id);
        if let Some(delivery) = event.and_then(|event| event.deliveries.get_mut(webhook)) {
            delivery.attempts.push(attempt);
            delivery.state = state;
        }
        drop(events);
        self.changed.notify_waiters();
    }

    /// Waits until a condition holds.
    pub(super) async fn wait(&self, condition: impl Fn(&VecDeque<Event>) -> bool) {
        loop {
            let mut changed = std::pin::pin!(self.changed.notified());
            changed.as_mut().enable();
            if condition(&self.lock()) {
                return;
            }
            changed.await;
        }
    }
}
