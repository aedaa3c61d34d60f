//! What the server remembers: keys, objects in the order of their creation, runs and their schedules, the time.
//!
//! No lock is held while a query runs or a response is written.

mod clock;
mod core;
mod ids;
mod keys;
mod limits;
mod record;
mod run;
mod schedule;
mod store;

pub(crate) use clock::Clock;
pub(crate) use core::{Change, ChangeKind, Core, Urls};
pub(crate) use ids::Ids;
pub(crate) use keys::{Key, KeyKind, Keys, Owner};
pub use limits::Limits;
pub(crate) use record::{Cause, Record};
pub(crate) use run::{Run, Status, Summary};
pub(crate) use schedule::Schedules;
pub use schedule::{Outcome, Schedule, Timing};
pub(crate) use store::{Filter, Store};
