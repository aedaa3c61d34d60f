//! Objects by resource, in the order of their creation.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use jiff::{SignedDuration, Timestamp};

use super::keys::Owner;
use super::record::Record;

/// The objects.
#[derive(Debug, Default)]
pub(crate) struct Store {
    collections: RwLock<HashMap<String, Arc<Mutex<Collection>>>>,
}

#[derive(Debug, Default)]
struct Collection {
    next: u64,
    records: BTreeMap<u64, Arc<Record>>,
    by_id: HashMap<String, u64>,
}

/// Which objects a request sees.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Filter<'f> {
    pub(crate) owner: &'f Owner,
    pub(crate) livemode: bool,
}

impl Filter<'_> {
    pub(crate) fn accepts(&self, record: &Record) -> bool {
        record.livemode == self.livemode && self.owner.sees(&record.owner)
    }
}

impl Store {
    fn collection(&self, resource: &str) -> Arc<Mutex<Collection>> {
        let collections = self.collections.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(collection) = collections.get(resource) {
            return collection.clone();
        }
        drop(collections);
        let mut collections = self.collections.write().unwrap_or_else(PoisonError::into_inner);
        collections.entry(resource.to_owned()).or_default().clone()
    }

    pub(crate) fn insert(&self, record: Arc<Record>) {
        let collection = self.collection(&record.resource.id);
        let mut collection = lock(&collection);
        let position = collection.next;
        collection.next += 1;
        collection.by_id.insert(record.id.clone(), position);
        collection.records.insert(position, record);
    }

    /// Removes the objects that are too old, and the oldest of those that are too many.
    pub(crate) fn prune(&self, resource: &str, now: Timestamp, retention: Option<SignedDuration>, most: Option<usize>) {
        let collection = self.collection(resource);
        let mut collection = lock(&collection);
        while let Some(entry) = collection.records.first_entry() {
            let is_old = retention.is_some_and(|retention| entry.get().created.duration_until(now) >= retention);
            let id = entry.get().id.clone();
            if !is_old && most.is_none_or(|most| collection.records.len() <= most) {
                break;
            }
            collection.records.pop_first();
            collection.by_id.remove(&id);
        }
    }

    pub(crate) fn get(&self, resource: &str, id: &str) -> Option<Arc<Record>> {
        let collection = self.collection(resource);
        let collection = lock(&collection);
        let position = collection.by_id.get(id)?;
        collection.records.get(position).cloned()
    }

    /// Returns objects, newest first, that are older than the object at `after`, or else all.
    pub(crate) fn older(
        &self,
        resource: &str,
        after: Option<u64>,
        most: usize,
        mut accepts: impl FnMut(&Record) -> bool,
    ) -> Vec<(u64, Arc<Record>)> {
        let collection = self.collection(resource);
        let collection = lock(&collection);
        let end = after.map_or(Bound::Unbounded, Bound::Excluded);
        let records = collection.records.range((Bound::Unbounded, end)).rev();
        let accepted = records.filter(|(_, record)| accepts(record));
        accepted.take(most).map(|(position, record)| (*position, record.clone())).collect()
    }

    /// Returns the objects next to the one at `before` that are newer, newest first.
    pub(crate) fn newer(
        &self,
        resource: &str,
        before: u64,
        most: usize,
        mut accepts: impl FnMut(&Record) -> bool,
    ) -> Vec<(u64, Arc<Record>)> {
        let collection = self.collection(resource);
        let collection = lock(&collection);
        let records = collection.records.range((Bound::Excluded(before), Bound::Unbounded));
        let accepted = records.filter(|(_, record)| accepts(record));
        let mut found: Vec<_> = accepted.take(most).map(|(position, record)| (*position, record.clone())).collect();
        found.reverse();
        found
    }

    /// Returns the position of an object, which cursors refer to.
    pub(crate) fn position(&self, resource: &str, id: &str) -> Option<u64> {
        let collection = self.collection(resource);
        let collection = lock(&collection);
        collection.by_id.get(id).copied()
    }

    /// Returns all objects, of all resources.
    pub(crate) fn all(&self) -> Vec<Arc<Record>> {
        let collections = self.collections.read().unwrap_or_else(PoisonError::into_inner);
        let collections: Vec<_> = collections.values().cloned().collect();
        collections
            .iter()
            .flat_map(|collection| lock(collection).records.values().cloned().collect::<Vec<_>>())
            .collect()
    }
}

fn lock(collection: &Mutex<Collection>) -> MutexGuard<'_, Collection> {
    collection.lock().unwrap_or_else(PoisonError::into_inner)
}
