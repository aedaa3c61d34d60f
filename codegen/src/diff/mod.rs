//! What a change of the description does: on the wire, and to programs that use the crate.
//!
//! Two representations are compared: items are paired first, then every topic looks at the pairs for its own kind of change,
//! each by a [`Rule`] with an id and a level. Like the rest of the pipeline past lowering, it can't fail.
//!
//! ```
//! use stripe_reporting_codegen::diff::{Level, diff};
//! use stripe_reporting_codegen::{Source, read};
//!
//! let description = |kind: &str| Source {
//!     name: "files.yaml".to_owned(),
//!     text: format!(
//!         "{{openapi: 3.0.3, info: {{title: Files, version: 2026-09-30.preview}}, paths: {{}}, components: {{schemas: {{
//!             file: {{type: object, properties: {{size: {{type: {kind}}}}}}}}}}}}}"
//!     ),
//! };
//! let base = read(&[description("integer")]).unwrap();
//! let head = read(&[description("string")]).unwrap();
//! let report = diff(&base, &head);
//! assert_eq!(report.level(), Some(Level::Major));
//! assert_eq!(report.changes[0].rule.id, "response-type-changed");
//! assert_eq!(report.changes[0].item(), "v1::File::size");
//! ```

mod change;
mod comparison;
mod difference;
mod pairing;
mod report;
mod rule;
mod rules;
mod shape;
mod subject;
mod wording;

pub use change::{Change, Place, Report};
pub use report::{render_diff_json, render_diff_markdown, render_diff_text};
pub use rule::{Counterpart, Direction, Level, Rule, Wire};

use self::comparison::Comparison;
use crate::api::Api;

/// Compares two descriptions.
#[must_use]
pub fn diff(base: &Api, head: &Api) -> Report {
    let comparison = Comparison::new(base, head);
    Report::new(rules::compare(&comparison).into_changes())
}

/// All rules, by topic.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    rules::RULE_SETS.iter().flat_map(|set| set.rules.iter().copied())
}
