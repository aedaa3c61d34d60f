//! The formats of reports.

mod github;
mod json;
mod markdown;
mod text;

pub use github::render_diff_github;
pub(crate) use github::{annotated, command};
pub(crate) use json::JsonChange;
pub use json::{REPORT_SCHEMA, render_diff_json, render_rules_json};
pub use markdown::render_diff_markdown;
pub(crate) use markdown::{Body, prose};
pub(crate) use text::groups;
pub use text::render_diff_text;

use std::fmt::Display;

use super::{Change, Level, Place, Report, Rule, Wire};

/// What all changes together mean.
pub(crate) fn verdict(report: &Report) -> String {
    match (report.level(), report.wire()) {
        (Some(level), Some(wire)) => format!("{level} for Rust, {wire} on the wire"),
        _ => "no changes".to_owned(),
    }
}

/// The numbers of changes by level and by wire; `None` without changes.
pub(crate) fn totals(report: &Report) -> Option<String> {
    let levels = counts(report, Level::ALL, |rule| rule.level);
    let wires = counts(report, Wire::ALL, |rule| rule.wire);
    let count = report.changes.len();
    (count > 0).then(|| format!("{} ({levels}; {wires})", changes(count)))
}

/// The number of changes for each value of a rule, the most serious first.
fn counts<T: PartialEq + Display>(report: &Report, values: &[T], of: impl Fn(&Rule) -> T) -> String {
    let count = |value: &T| report.changes.iter().filter(|change| of(change.rule) == *value).count();
    let counted = values.iter().rev().map(|value| (value, count(value)));
    let shown = counted.filter(|(_, count)| *count > 0).map(|(value, count)| format!("{count} {value}"));
    shown.collect::<Vec<_>>().join(", ")
}

fn changes(count: usize) -> String {
    if count == 1 { "1 change".to_owned() } else { format!("{count} changes") }
}

/// The item, with its former name if that differs.
fn item(change: &Change) -> String {
    match (&change.base, &change.head) {
        (Some(base), Some(head)) if base.item != head.item => format!("{} (was {})", head.item, base.item),
        _ => change.item().to_owned(),
    }
}

/// The places of the item in both descriptions.
fn places(change: &Change, arrow: &str) -> String {
    let side = |place: &Option<Place>| place.as_ref().map(|place| format!("{}:{}", place.file, place.line));
    match (side(&change.base), side(&change.head)) {
        (Some(base), Some(head)) if base != head => format!("{base} {arrow} {head}"),
        (Some(_), Some(head)) => head,
        (None, Some(head)) => format!("{head} (added)"),
        (Some(base), None) => format!("{base} (removed)"),
        (None, None) => String::new(),
    }
}

/// Splits off the changes that need no attention, which are many.
pub(crate) fn without_documentation(report: &Report) -> (Vec<&Change>, Vec<&Change>) {
    let is_documentation =
        |change: &&Change| (change.rule.level, change.rule.wire) == (Level::Patch, Wire::Documentation);
    report.changes.iter().partition(|change| !is_documentation(change))
}
