//! Reports for a terminal.

use super::{headline, item, places};
use crate::diff::{Change, Report};

/// Renders a report as plain text.
#[must_use]
pub fn render_diff_text(report: &Report) -> String {
    let mut out = format!("{}\n", headline(report));
    for (group, changes) in report.groups() {
        out.push_str(&format!("\n{group}\n"));
        for change in changes {
            out.push_str(&self::change(change));
        }
    }
    out
}

fn change(change: &Change) -> String {
    let rule = change.rule;
    let (level, wire, direction) = (rule.level, rule.wire, change.direction);
    let item = item(change);
    let mut out = format!("  {level}, {wire} ({direction}): {item} [{}]\n", rule.id);
    out.push_str(&format!("    {}\n", change.message));
    out.push_str(&format!("    {}\n", places(change, "->")));
    out
}
