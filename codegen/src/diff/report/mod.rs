//! Reports, as they are shown.

mod json;
mod markdown;
mod text;

pub use json::render_diff_json;
pub use markdown::render_diff_markdown;
pub use text::render_diff_text;

use super::{Change, Level, Place, Report, Wire};

/// The headline: how serious everything together is.
fn headline(report: &Report) -> String {
    let (Some(level), Some(wire)) = (report.level(), report.wire()) else { return "no change".to_owned() };
    format!("{level} for Rust, {wire} on the wire: {}", changes(report.changes.len()))
}

fn changes(count: usize) -> String {
    if count == 1 { "1 change".to_owned() } else { format!("{count} changes") }
}

/// The item on both sides.
fn item(change: &Change) -> String {
    match (&change.base, &change.head) {
        (Some(base), Some(head)) if base.item != head.item => format!("{} (was {})", head.item, base.item),
        _ => change.item().to_owned(),
    }
}

/// Where a side describes an item.
fn location(place: &Place) -> String {
    format!("{}:{}", place.file, place.line)
}

/// Whether only what is said has changed: such changes are many, and nobody has to do anything about them.
fn is_documentation(change: &Change) -> bool {
    (change.rule.level, change.rule.wire) == (Level::Patch, Wire::Documentation)
}
