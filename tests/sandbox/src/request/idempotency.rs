//! Idempotency keys: what was done for a key, and what is in progress.

use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::body::Bytes;
use http::StatusCode;
use jiff::Timestamp;
use serde_json::Value;

use crate::description::Generation;
use crate::facts;
use crate::failure::{Failure, FailureKind};
use crate::state::Owner;

/// The keys that requests have used.
#[derive(Debug, Default)]
pub(crate) struct Idempotency {
    entries: Mutex<Entries>,
}

#[derive(Debug, Default)]
struct Entries {
    by_key: HashMap<Key, Entry>,
    /// The keys in the order of use, by generation: they are kept for different times.
    v1: VecDeque<(Timestamp, Key)>,
    v2: VecDeque<(Timestamp, Key)>,
}

type Key = (Owner, bool, String);

#[derive(Debug)]
struct Entry {
    fingerprint: u64,
    /// `None` while the request is in progress.
    saved: Option<Saved>,
}

/// What is saved for a key.
#[derive(Debug, Clone)]
pub(crate) enum Saved {
    /// The response, which v1 replays.
    Response(StatusCode, Bytes),
    /// The id of what was created, which v2 returns as it is now.
    Created(String),
    /// v2 executes the request again.
    Failed,
}

/// The right to execute a request. Without [`Claim::save`], the key is free again.
#[derive(Debug)]
pub(crate) struct Claim<'i> {
    idempotency: &'i Idempotency,
    key: Option<Key>,
}

impl Idempotency {
    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Claims a key, or returns what was saved for it.
    pub(crate) fn claim(
        &self,
        (owner, livemode, key): (Owner, bool, &str),
        generation: Generation,
        fingerprint: u64,
        now: Timestamp,
    ) -> Result<Result<Claim<'_>, Saved>, Failure> {
        if key.len() > facts::IDEMPOTENCY_KEY_LENGTH {
            let message = format!("Idempotency keys have at most {} characters.", facts::IDEMPOTENCY_KEY_LENGTH);
            return Err(Failure::new(FailureKind::Malformed, message));
        }
        let key = (owner, livemode, key.to_owned());
        let mut entries = self.entries();
        entries.prune(now);
        match entries.by_key.get_mut(&key) {
            Some(entry) if entry.fingerprint != fingerprint => Err(Failure::new(
                FailureKind::IdempotencyMismatch,
                format!(
                    "Keys for idempotent requests can only be used with the same parameters they were first used with. \
                     Try using a key other than '{}' if you meant to execute a different request.",
                    key.2
                ),
            )),
            Some(Entry { saved: None, .. }) => Err(Failure::new(
                FailureKind::IdempotencyInUse,
                format!("There is currently another in-progress request using the idempotency key '{}'.", key.2),
            )),
            Some(entry) => match entry.saved.take_if(|saved| matches!(saved, Saved::Failed)) {
                Some(_) => Ok(Ok(Claim { idempotency: self, key: Some(key) })),
                None => entry.saved.clone().map(Err).ok_or_else(|| Failure::internal("an idempotency key is lost")),
            },
            None => {
                entries.by_key.insert(key.clone(), Entry { fingerprint, saved: None });
                let order = entries.order(generation);
                order.push_back((now, key.clone()));
                Ok(Ok(Claim { idempotency: self, key: Some(key) }))
            }
        }
    }
}

impl Entries {
    fn order(&mut self, generation: Generation) -> &mut VecDeque<(Timestamp, Key)> {
        match generation {
            Generation::V1 => &mut self.v1,
            Generation::V2 => &mut self.v2,
        }
    }

    fn prune(&mut self, now: Timestamp) {
        for generation in [Generation::V1, Generation::V2] {
            let retention = facts::idempotency_retention(generation);
            let is_over = |(used, _): &(Timestamp, Key)| used.duration_until(now) > retention;
            while self.order(generation).front().is_some_and(is_over) {
                if let Some((_, key)) = self.order(generation).pop_front() {
                    self.by_key.remove(&key);
                }
            }
        }
    }
}

impl Claim<'_> {
    pub(crate) fn save(mut self, saved: Saved) {
        if let Some(key) = self.key.take()
            && let Some(entry) = self.idempotency.entries().by_key.get_mut(&key)
        {
            entry.saved = Some(saved);
        }
    }
}

impl Drop for Claim<'_> {
    fn drop(&mut self) {
        if let Some(key) = self.key.take() {
            let mut entries = self.idempotency.entries();
            entries.by_key.remove(&key);
            for generation in [Generation::V1, Generation::V2] {
                let order = entries.order(generation);
                if let Some(position) = order.iter().rposition(|(_, other)| *other == key) {
                    order.remove(position);
                }
            }
        }
    }
}

/// Returns what distinguishes a request from another one with the same key.
pub(crate) fn fingerprint(path: &str, parameters: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    path.hash(&mut hasher);
    parameters.to_string().hash(&mut hasher);
    hasher.finish()
}
