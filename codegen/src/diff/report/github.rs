//! Reports as annotations of a GitHub workflow: its log becomes notes beside the lines of the description.

use std::cmp::Reverse;

use super::{item, totals, verdict, without_documentation};
use crate::diff::{Change, Report};

/// Renders a report as workflow commands, without changes to documentation only, the most serious first: GitHub shows only ten
/// warnings and ten notices of a step. Removed items have no line in the head: their annotation is on the whole file.
#[must_use]
pub fn render_diff_github(report: &Report) -> String {
    let (mut changes, _) = without_documentation(report);
    changes.sort_by_key(|change| Reverse(change.rule.seriousness()));
    let annotations: String = changes.into_iter().filter_map(annotation).collect();
    let totals = totals(report).map(|totals| format!(": {totals}")).unwrap_or_default();
    format!("{annotations}{}{totals}\n", verdict(report))
}

fn annotation(change: &Change) -> Option<String> {
    let (place, base) = match (&change.head, &change.base) {
        (Some(head), _) => ((head.file.as_str(), Some(head.line)), String::new()),
        (None, Some(base)) => ((base.file.as_str(), None), format!(" (removed; it was in line {})", base.line)),
        (None, None) => return None,
    };
    Some(command(change, place, &base))
}

/// Renders a change as an annotation of a file, or of a line of it, with a remark after the message.
pub(crate) fn command(change: &Change, (file, line): (&str, Option<usize>), remark: &str) -> String {
    let rule = change.rule;
    let title = format!("{}, {}: {}", rule.level, rule.wire, item(change));
    let message = format!("{}{remark} [{}]", change.message, rule.id);
    annotated(rule.is_serious(), (file, line), &title, &message)
}

/// Renders an annotation of a file, or of a line of it.
pub(crate) fn annotated(is_serious: bool, (file, line): (&str, Option<usize>), title: &str, message: &str) -> String {
    let command = if is_serious { "warning" } else { "notice" };
    let line = line.map(|line| format!(",line={line}")).unwrap_or_default();
    format!("::{command} file={}{line},title={}::{}\n", property(file), property(title), data(message))
}

/// Escapes the message of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{data, property};

    #[test]
    fn commands_are_escaped() {
        assert_eq!(data("100%\r\n: a, b"), "100%25%0D%0A: a, b");
        assert_eq!(property("v1::Run, 5%"), "v1%3A%3ARun%2C 5%25");
    }
}
