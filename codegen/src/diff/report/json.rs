//! Reports for programs. `spec/POLICY.md` documents the format, to which members are only added.

use serde::Serialize;

use crate::diff::{Change, Place, Report, Rule, rules};
use crate::json_lines::escape_line_separators;

#[derive(Serialize)]
struct JsonReport<'a> {
    level: Option<&'static str>,
    wire: Option<&'static str>,
    changes: Vec<JsonChange<'a>>,
}

/// A change in a report.
#[derive(Serialize)]
pub(crate) struct JsonChange<'a> {
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

#[derive(Serialize)]
struct JsonRule {
    id: &'static str,
    level: &'static str,
    wire: &'static str,
    direction: &'static str,
    text: &'static str,
}

/// The JSON Schema of the reports.
pub const REPORT_SCHEMA: &str = include_str!("schema.json");

/// Renders all rules as one JSON array.
#[must_use]
pub fn render_rules_json() -> String {
    let rule = |rule: &Rule| {
        let Rule { id, level, wire, direction, text } = *rule;
        JsonRule { id, level: level.as_str(), wire: wire.as_str(), direction: direction.as_str(), text }
    };
    let rules: Vec<JsonRule> = rules().map(rule).collect();
    // Strings always serialize.
    format!("{}\n", serde_json::to_string_pretty(&rules).unwrap_or_default())
}

/// Renders a report as one JSON object.
#[must_use]
pub fn render_diff_json(report: &Report) -> String {
    let report = JsonReport {
        level: report.level().map(|level| level.as_str()),
        wire: report.wire().map(|wire| wire.as_str()),
        changes: report.changes.iter().map(JsonChange::of).collect(),
    };
    // Strings and numbers always serialize.
    let text = serde_json::to_string_pretty(&report).unwrap_or_default();
    escape_line_separators(&format!("{text}\n"))
}

impl<'a> JsonChange<'a> {
    pub(crate) fn of(change: &'a Change) -> Self {
        Self {
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
}

fn place(place: &Place) -> JsonPlace<'_> {
    JsonPlace { file: &place.file, line: place.line }
}
