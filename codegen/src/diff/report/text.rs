//! Reports for a terminal.

use super::{changes, item, places, totals, verdict, without_documentation};
use crate::diff::{Change, Report};

/// Renders a report as plain text. Changes to documentation only are at the end.
#[must_use]
pub fn render_diff_text(report: &Report) -> String {
    let totals = totals(report).map(|totals| format!("{totals}\n")).unwrap_or_default();
    format!("{}\n{totals}{}", verdict(report), groups(report, |change| vec![places(change, "->")]))
}

/// Renders the changes of a report, with the places of each in lines of their own.
pub(crate) fn groups(report: &Report, places: impl Fn(&Change) -> Vec<String>) -> String {
    let (others, documentation) = without_documentation(report);
    let mut out = String::new();
    for group in others.chunk_by(|a, b| a.group == b.group) {
        out.extend(group.first().map(|change| format!("\n{}\n", change.group)));
        out.extend(group.iter().map(|change| self::change(change, &places(change))));
    }
    if !documentation.is_empty() {
        out.push_str(&format!("\n{} to documentation only\n", changes(documentation.len())));
        out.extend(documentation.into_iter().map(|change| short(change, &places(change))));
    }
    out
}

fn change(change: &Change, places: &[String]) -> String {
    let rule = change.rule;
    let (level, wire, direction) = (rule.level, rule.wire, change.direction);
    format!("  {level}, {wire} ({direction}): {} [{}]\n{}", item(change), rule.id, details(change, places))
}

fn short(change: &Change, places: &[String]) -> String {
    format!("  {} [{}]\n{}", item(change), change.rule.id, details(change, places))
}

fn details(change: &Change, places: &[String]) -> String {
    let places: String = places.iter().map(|place| format!("    {place}\n")).collect();
    format!("    {}\n{places}", change.message)
}
