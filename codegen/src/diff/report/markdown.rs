//! Reports to post on a pull request, and to begin a changelog with.

use super::{headline, is_documentation, item, location};
use crate::diff::{Change, Place, Report};

/// Renders a report as Markdown.
#[must_use]
pub fn render_diff_markdown(report: &Report) -> String {
    let mut out = format!("**API: {}**\n", headline(report));
    let (said, done): (Vec<_>, Vec<_>) = report.changes.iter().partition(|change| is_documentation(change));
    let mut group = None;
    for change in done {
        if group != Some(&change.group) {
            out.push_str(&format!("\n### `{}`\n\n", escaped(&change.group)));
            group = Some(&change.group);
        }
        out.push_str(&line(change));
    }
    if !said.is_empty() {
        let count = said.len();
        let summary = if count == 1 { "1 change".to_owned() } else { format!("{count} changes") };
        out.push_str(&format!("\n<details>\n<summary>{summary} of documentation and order only</summary>\n\n"));
        for change in said {
            out.push_str(&format!("- `{}` ({})\n", escaped(&item(change)), places(change)));
        }
        out.push_str("\n</details>\n");
    }
    out
}

fn line(change: &Change) -> String {
    let rule = change.rule;
    let level = rule.level.as_str();
    let level = if level == "major" { format!("**{level}**") } else { level.to_owned() };
    let (item, message) = (escaped(&item(change)), one_line(&change.message));
    let (wire, direction) = (rule.wire, change.direction);
    format!("- {level} `{item}`: {message}. <sub>{wire}, {direction}, `{}`, {}</sub>\n", rule.id, places(change))
}

fn places(change: &Change) -> String {
    let shown = |place: &Option<Place>| place.as_ref().map(location);
    match (shown(&change.base), shown(&change.head)) {
        (Some(base), Some(head)) if base != head => format!("{base} → {head}"),
        (_, Some(head)) => head,
        (Some(base), None) => format!("{base} → gone"),
        (None, None) => String::new(),
    }
}

/// What stands between back quotes must hold none.
fn escaped(text: &str) -> String {
    one_line(&text.replace('`', "'"))
}

/// Markup and line breaks in names and values are text.
fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ").replace('<', "&lt;").replace("@", "@\u{200b}")
}
