//! Reports for programs. `spec/POLICY.md` documents the format, to which members are only added.

use serde::Serialize;

use crate::diff::{Change, Place, Report};
use crate::json_lines::escape_line_separators;

#[derive(Serialize)]
struct JsonReport<'a> {
    level: Option<&'static str>,
    wire: Option<&'static str>,
    changes: Vec<JsonChange<'a>>,
}

#[derive(Serialize)]
struct JsonChange<'a> {
    rule: &'static str,
    level: &'static str,
    wire: &'static str,
    direction: &'static str,
    item: &'a str,
    message: &'a str,
    base: Option<JsonPlace<'a>>,
    head: Option<JsonPlace<'a>>,
}

#[derive(Serialize)]
struct JsonPlace<'a> {
    file: &'a str,
    line: usize,
}

/// Renders a report as one JSON object.
#[must_use]
pub fn render_diff_json(report: &Report) -> String {
    let report = JsonReport {
        level: report.level().map(|level| level.as_str()),
        wire: report.wire().map(|wire| wire.as_str()),
        changes: report.changes.iter().map(change).collect(),
    };
    // Strings and numbers always serialize.
    let text = serde_json::to_string_pretty(&report).unwrap_or_default();
    escape_line_separators(&format!("{text}\n"))
}

fn change(change: &Change) -> JsonChange<'_> {
    JsonChange {
        rule: change.rule.id,
        level: change.rule.level.as_str(),
        wire: change.rule.wire.as_str(),
        direction: change.direction.as_str(),
        item: change.item(),
        message: &change.message,
        base: change.base.as_ref().map(place),
        head: change.head.as_ref().map(place),
    }
}

fn place(place: &Place) -> JsonPlace<'_> {
    JsonPlace { file: &place.file, line: place.line }
}
