//! Compares two descriptions: what changes on the wire, and for programs that use the crate.
//!
//! Takes two [`Api`]s and returns a [`Report`]. Items are paired first; then the checks of `rules` report changes of the pairs,
//! each by a [`Rule`] with an id and a level. Nothing here can fail.
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

pub use change::{Change, Place, Report};
pub(crate) use report::{Body, JsonChange, annotated, command, groups, prose, totals, verdict, without_documentation};
pub use report::{
    REPORT_SCHEMA, render_diff_github, render_diff_json, render_diff_markdown, render_diff_text, render_rules_json,
};
pub use rule::{Direction, Level, Rule, Wire};

use self::comparison::Comparison;
use crate::api::Api;

/// Compares two descriptions.
#[must_use]
pub fn diff(base: &Api, head: &Api) -> Report {
    Report::new(rules::check(&Comparison::new(base, head)))
}

/// Returns all rules, grouped by what they are about.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    rules::all()
}
