//! Sends events on demand, by their type.

use std::fmt;
use std::sync::Arc;

use super::{emit, subject};
use crate::description::{Description, EventKind, Resource};
use crate::events::Event;
use crate::state::{Change, ChangeKind, Core};

/// The number of names that an error suggests.
const SUGGESTED: usize = 3;
/// How similar a name is that is suggested, from 0 to 1.
const SIMILAR: f64 = 0.5;

/// The types of events, each with its kind.
pub type EventTypes = Vec<(String, EventKind)>;

/// The description does not have a type of event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendError {
    event_type: String,
    near: Vec<String>,
}

/// Returns the types of events of a description.
pub(crate) fn types(description: &Description) -> EventTypes {
    description.events().map(|(_, event)| (event.name.clone(), event.kind)).collect()
}

/// Sends an event of a type.
pub(crate) async fn send(core: &Core, event_type: &str) -> Result<Event, SendError> {
    let (resource, kind) = find(core, event_type)?;
    let record = subject::of(core, resource, kind).await;
    let change = Change { record, kind, at: core.now() };
    let ids = emit(core, &change, |event| event.name == event_type);
    let event = ids.first().and_then(|id| core.events.get(id));
    // The description has no envelope for the kind.
    event.ok_or_else(|| SendError { event_type: event_type.to_owned(), near: Vec::new() })
}

/// Returns the resource of a type of event, and the change that it is about.
pub(super) fn find<'c>(core: &'c Core, event_type: &str) -> Result<(&'c Arc<Resource>, ChangeKind), SendError> {
    let found = core.description.events().find(|(_, event)| event.name == event_type);
    let (resource, event) = found.ok_or_else(|| SendError::new(event_type, types(&core.description)))?;
    Ok((resource, ChangeKind::from_suffix(event.suffix()).unwrap_or(ChangeKind::Updated)))
}

impl SendError {
    fn new(event_type: &str, types: EventTypes) -> Self {
        let similarity = |name: &str| strsim::normalized_damerau_levenshtein(event_type, name);
        let mut near: Vec<_> = types.into_iter().map(|(name, _)| (similarity(&name), name)).collect();
        near.retain(|(similarity, name)| {
            *similarity >= SIMILAR || (!event_type.is_empty() && name.contains(event_type))
        });
        near.sort_by(|(a, _), (b, _)| b.total_cmp(a));
        let near = near.into_iter().take(SUGGESTED).map(|(_, name)| name).collect();
        Self { event_type: event_type.to_owned(), near }
    }
}

impl fmt::Display for SendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown event type `{}`", self.event_type)?;
        let near: Vec<_> = self.near.iter().map(|name| format!("`{name}`")).collect();
        match near.is_empty() {
            true => f.write_str("\nhelp: list the types with `cargo sandbox send-event --list`"),
            false => write!(f, "\nhelp: use a type with a similar name: {}", near.join(", ")),
        }
    }
}

impl std::error::Error for SendError {}
