//! Reports for pull requests, which are also drafts of a changelog.

use super::{changes, item, places, totals, verdict, without_documentation};
use crate::diff::{Change, Level, Report, Wire};

/// The maximum length in bytes: GitHub accepts comments of 65,536 characters.
const LIMIT: usize = 60_000;

/// Renders a report as Markdown. Changes that do not fit into a comment are counted.
#[must_use]
pub fn render_diff_markdown(report: &Report) -> String {
    let mut out = format!("**API: {}**\n", verdict(report));
    out.extend(totals(report).map(|totals| format!("\n{totals}\n")));
    let (others, documentation) = without_documentation(report);
    let mut group = None;
    let lines = others.into_iter().map(|change| {
        let heading = group.replace(&change.group) != Some(&change.group);
        let heading = if heading { format!("\n### {}\n\n", prose(&change.group)) } else { String::new() };
        heading + &line(change)
    });
    let mut omitted = push_some(&mut out, lines);
    if !documentation.is_empty() {
        let summary = format!("{} to documentation only", changes(documentation.len()));
        out.push_str(&format!("\n<details>\n<summary>{summary}</summary>\n\n"));
        omitted += push_some(&mut out, documentation.into_iter().map(short));
        out.push_str("\n</details>\n");
    }
    if omitted > 0 {
        out.push_str(&format!("\n{} omitted here; `cargo xtask diff` lists them.\n", changes(omitted)));
    }
    out
}

/// Adds lines up to the limit, and counts the others.
fn push_some(out: &mut String, lines: impl Iterator<Item = String>) -> usize {
    let mut omitted = 0;
    for line in lines {
        if omitted == 0 && out.len() + line.len() <= LIMIT {
            out.push_str(&line);
        } else {
            omitted += 1;
        }
    }
    omitted
}

fn short(change: &Change) -> String {
    format!("- `{}`: {} <sub>{}</sub>\n", code(&item(change)), sentence(&change.message), places(change, "→"))
}

fn line(change: &Change) -> String {
    let (rule, direction) = (change.rule, change.direction);
    let bold = |text: &str, is_serious: bool| if is_serious { format!("**{text}**") } else { text.to_owned() };
    let level = bold(rule.level.as_str(), rule.level == Level::Major);
    let wire = bold(rule.wire.as_str(), rule.wire == Wire::Breaking);
    let (item, message) = (code(&item(change)), sentence(&change.message));
    format!("- {level}, {wire} `{item}`: {message} <sub>{direction}, `{}`, {}</sub>\n", rule.id, places(change, "→"))
}

/// A message as a sentence. One that ends with quoted text may have its full stop already.
fn sentence(message: &str) -> String {
    let end = if message.ends_with(".\"") { "" } else { "." };
    prose(message) + end
}

/// Text between back quotes must not contain any, or line breaks.
fn code(text: &str) -> String {
    text.replace('`', "'").replace(['\n', '\r'], " ")
}

/// Escapes markup outside of back quotes.
fn prose(text: &str) -> String {
    let text = text.replace(['\n', '\r'], " ");
    let parts: Vec<&str> = text.split('`').collect();
    let escaped = |(at, part): (usize, &&str)| {
        // An unpaired back quote does not start code.
        let is_code = at % 2 == 1 && at + 1 < parts.len();
        if is_code { (*part).to_owned() } else { part.replace('<', "&lt;").replace('@', "@\u{200b}") }
    };
    parts.iter().enumerate().map(escaped).collect::<Vec<_>>().join("`")
}

#[cfg(test)]
mod tests {
    use super::{LIMIT, prose, push_some};

    #[test]
    fn lines_beyond_the_limit_are_counted() {
        let mut out = "x".repeat(LIMIT - 5);
        let lines = ["four", "three", "I"].map(str::to_owned);
        assert_eq!(push_some(&mut out, lines.into_iter()), 2);
        assert!(out.ends_with("xfour"));
    }

    #[test]
    fn markup_is_escaped() {
        assert_eq!(prose("an `Option<i64>` for <b> of @all\nhere"), "an `Option<i64>` for &lt;b> of @\u{200b}all here");
        assert_eq!(prose("`a` and `<b>"), "`a` and `&lt;b>");
    }
}
