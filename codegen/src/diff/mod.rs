//! What a change of the description does: on the wire, and to programs that use the crate.
//!
//! Two representations are compared: items are paired first, then every topic looks at the pairs for its own kind of change,
//! each by a [`Rule`] with an id and a level. Like the rest of the pipeline past lowering, it can't fail.

mod change;
mod comparison;
mod difference;
mod pairing;
mod report;
mod rule;
mod shape;
mod subject;
mod topics;
mod wording;

pub use change::{Change, Place, Report};
pub use report::{render_diff_json, render_diff_markdown, render_diff_text};
pub use rule::{Direction, Level, Rule, Twin, Wire};

use self::comparison::Comparison;
use crate::api::Api;

/// Compares two descriptions.
#[must_use]
pub fn diff(base: &Api, head: &Api) -> Report {
    let comparison = Comparison::new(base, head);
    Report::new(topics::compare(&comparison).into_changes())
}

/// All rules, by topic.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    topics::TOPICS.iter().flat_map(|topic| topic.rules.iter().copied())
}
