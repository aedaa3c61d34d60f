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
            out.push_str(&format!("\n### {}\n\n", prose(&change.group)));
            group = Some(&change.group);
        }
        out.push_str(&line(change));
    }
    if !said.is_empty() {
        let count = said.len();
        let summary = if count == 1 { "1 change".to_owned() } else { format!("{count} changes") };
        out.push_str(&format!("\n<details>\n<summary>{summary} that only tell more, or less</summary>\n\n"));
        for change in said {
            let (item, message) = (code(&item(change)), prose(&change.message));
            out.push_str(&format!("- `{item}`: {message}. <sub>{}</sub>\n", places(change)));
        }
        out.push_str("\n</details>\n");
    }
    out
}

fn line(change: &Change) -> String {
    let rule = change.rule;
    let level = rule.level.as_str();
    let level = if level == "major" { format!("**{level}**") } else { level.to_owned() };
    let (item, message) = (code(&item(change)), prose(&change.message));
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

/// What stands between back quotes holds none, and is one line.
fn code(text: &str) -> String {
    text.replace('`', "'").replace(['\n', '\r'], " ")
}

/// Markup in prose is text; between back quotes it is anyway.
fn prose(text: &str) -> String {
    let text = text.replace(['\n', '\r'], " ");
    let parts: Vec<&str> = text.split('`').collect();
    let escaped = |(at, part): (usize, &&str)| {
        // A back quote without a partner quotes nothing.
        let is_code = at % 2 == 1 && at + 1 < parts.len();
        if is_code { (*part).to_owned() } else { part.replace('<', "&lt;").replace('@', "@\u{200b}") }
    };
    parts.iter().enumerate().map(escaped).collect::<Vec<_>>().join("`")
}

#[cfg(test)]
mod tests {
    use super::prose;

    #[test]
    fn markup_is_text() {
        assert_eq!(prose("an `Option<i64>` for <b> of @all\nhere"), "an `Option<i64>` for &lt;b> of @\u{200b}all here");
        assert_eq!(prose("`a` and `<b>"), "`a` and `&lt;b>");
    }
}
