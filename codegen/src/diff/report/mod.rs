//! The formats of reports.

mod json;
mod markdown;
mod text;

pub use json::render_diff_json;
pub use markdown::render_diff_markdown;
pub use text::render_diff_text;

use super::{Change, Level, Place, Report, Wire};

/// The level of all changes together, and their number.
fn headline(report: &Report) -> String {
    let (Some(level), Some(wire)) = (report.level(), report.wire()) else { return "no changes".to_owned() };
    format!("{level} for Rust, {wire} on the wire: {}", changes(report.changes.len()))
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

/// Whether a change needs no attention: such changes are many.
fn is_documentation(change: &Change) -> bool {
    (change.rule.level, change.rule.wire) == (Level::Patch, Wire::Documentation)
}
