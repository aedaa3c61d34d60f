//! Reports for pull requests, which are also drafts of a changelog.

use super::{changes, item, places, totals, verdict, without_documentation};
use crate::diff::{Change, Level, Report, Wire};

/// The maximum length in bytes: GitHub accepts comments of 65,536 characters.
const LIMIT: usize = 60_000;

/// Renders a report as Markdown. Changes that do not fit into a comment are counted.
#[must_use]
pub fn render_diff_markdown(report: &Report) -> String {
    let totals = totals(report).map(|totals| format!("\n{totals}\n")).unwrap_or_default();
    let mut body = Body::new(format!("**API: {}**\n{totals}", verdict(report)));
    body.changes(report, |change| places(change, "→"));
    body.finish("cargo xtask diff")
}

/// The text of a report, as far as it fits into a comment.
pub(crate) struct Body {
    text: String,
    omitted: usize,
}

impl Body {
    /// Creates one that starts with a text.
    pub(crate) fn new(text: String) -> Self {
        Self { text, omitted: 0 }
    }

    /// Adds the changes of a report, those to documentation folded, with the places of each.
    pub(crate) fn changes(&mut self, report: &Report, places: impl Fn(&Change) -> String) {
        let (others, documentation) = without_documentation(report);
        let mut group = None;
        self.push(others.into_iter().map(|change| {
            let heading = group.replace(&change.group) != Some(&change.group);
            let heading = if heading { format!("\n### {}\n\n", prose(&change.group)) } else { String::new() };
            heading + &line(change, &places(change))
        }));
        if !documentation.is_empty() {
            let summary = format!("{} to documentation only", changes(documentation.len()));
            self.folded(&summary, documentation.into_iter().map(|change| short(change, &places(change))));
        }
    }

    /// Adds lines under a summary that unfolds them.
    pub(crate) fn folded(&mut self, summary: &str, lines: impl Iterator<Item = String>) {
        self.text.push_str(&format!("\n<details>\n<summary>{summary}</summary>\n\n"));
        self.push(lines);
        self.text.push_str("\n</details>\n");
    }

    /// Adds lines up to the limit, and counts the others.
    fn push(&mut self, lines: impl Iterator<Item = String>) {
        let mut is_full = false;
        for line in lines {
            is_full |= self.text.len() + line.len() > LIMIT;
            if is_full {
                self.omitted += 1;
            } else {
                self.text.push_str(&line);
            }
        }
    }

    /// Returns the text, with the number of what does not fit, and the command that lists it.
    pub(crate) fn finish(mut self, command: &str) -> String {
        if self.omitted > 0 {
            self.text.push_str(&format!("\n{} omitted here; `{command}` lists them.\n", changes(self.omitted)));
        }
        self.text
    }
}

fn short(change: &Change, places: &str) -> String {
    format!("- `{}`: {} <sub>{places}</sub>\n", code(&item(change)), sentence(&change.message))
}

fn line(change: &Change, places: &str) -> String {
    let (rule, direction) = (change.rule, change.direction);
    let bold = |text: &str, is_serious: bool| if is_serious { format!("**{text}**") } else { text.to_owned() };
    let level = bold(rule.level.as_str(), rule.level == Level::Major);
    let wire = bold(rule.wire.as_str(), rule.wire == Wire::Breaking);
    let (item, message) = (code(&item(change)), sentence(&change.message));
    format!("- {level}, {wire} `{item}`: {message} <sub>{direction}, `{}`, {places}</sub>\n", rule.id)
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
pub(crate) fn prose(text: &str) -> String {
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
    use super::{Body, LIMIT, prose};

    #[test]
    fn lines_beyond_the_limit_are_counted() {
        let mut body = Body::new("x".repeat(LIMIT - 5));
        body.push(["four", "three", "I"].map(str::to_owned).into_iter());
        assert_eq!(body.omitted, 2);
        let text = body.finish("cargo xtask diff");
        assert!(text.ends_with("xfour\n2 changes omitted here; `cargo xtask diff` lists them.\n"));
    }

    #[test]
    fn markup_is_escaped() {
        assert_eq!(prose("an `Option<i64>` for <b> of @all\nhere"), "an `Option<i64>` for &lt;b> of @\u{200b}all here");
        assert_eq!(prose("`a` and `<b>"), "`a` and `&lt;b>");
    }
}
