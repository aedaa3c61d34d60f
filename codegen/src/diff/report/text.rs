//! Reports for a terminal.

use super::{changes, item, places, totals, verdict, without_documentation};
use crate::diff::{Change, Report};

/// Renders a report as plain text. Changes to documentation only are at the end.
#[must_use]
pub fn render_diff_text(report: &Report) -> String {
    let (others, documentation) = without_documentation(report);
    let mut out = format!("{}\n", verdict(report));
    out.extend(totals(report).map(|totals| format!("{totals}\n")));
    for group in others.chunk_by(|a, b| a.group == b.group) {
        out.extend(group.first().map(|change| format!("\n{}\n", change.group)));
        out.extend(group.iter().map(|change| self::change(change)));
    }
    if !documentation.is_empty() {
        out.push_str(&format!("\n{} to documentation only\n", changes(documentation.len())));
        out.extend(documentation.into_iter().map(short));
    }
    out
}

fn change(change: &Change) -> String {
    let rule = change.rule;
    let (level, wire, direction) = (rule.level, rule.wire, change.direction);
    format!("  {level}, {wire} ({direction}): {} [{}]\n{}", item(change), rule.id, details(change))
}

fn short(change: &Change) -> String {
    format!("  {} [{}]\n{}", item(change), change.rule.id, details(change))
}

fn details(change: &Change) -> String {
    format!("    {}\n    {}\n", change.message, places(change, "->"))
}
