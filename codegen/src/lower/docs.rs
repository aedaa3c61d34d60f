//! The prose of descriptions, Markdown or the HTML that Stripe publishes, to Markdown that rustdoc accepts without a warning.

use std::borrow::Cow;

use crate::markdown;

/// Cleans a description.
pub(super) fn clean(prose: &str) -> String {
    markdown::normalized(&from_any(prose))
}

/// Cleans a title, to one line.
pub(super) fn title(prose: &str) -> String {
    markdown::line(&from_any(prose))
}

/// The longest summary that is repeated wherever something refers to its component, in bytes.
const LONGEST_SUMMARY: usize = 500;

/// Returns the first sentence, if it is short enough to be repeated.
pub(super) fn summary(prose: &str) -> String {
    let start = prose.get(..prose.floor_char_boundary(LONGEST_SUMMARY)).unwrap_or(prose);
    let (summary, is_whole) = markdown::first_sentence(&from_any(start));
    if is_whole || start.len() == prose.len() { summary } else { String::new() }
}

/// The tags by which HTML is recognised.
const TAGS: &[&str] = &["<p>", "</p>", "<a ", "<br", "<code>", "<ul>", "<li>", "<strong>", "<em>"];

/// Returns the prose as Markdown.
fn from_any(prose: &str) -> Cow<'_, str> {
    if markdown::has_html(prose, TAGS) { Cow::Owned(from_html(prose)) } else { Cow::Borrowed(prose) }
}

/// Converts the few tags that API descriptions use; drops others and keeps their text.
fn from_html(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut link_target: Option<String> = None;
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let (text, from_tag) = rest.split_at(start);
        push_text(&mut out, text);
        let Some(end) = from_tag.find('>') else {
            rest = from_tag;
            break;
        };
        let tag = from_tag.get(1..end).unwrap_or_default();
        match tag.trim_end_matches('/').split_whitespace().next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "p" | "/p" | "ul" | "/ul" | "ol" | "/ol" | "div" | "/div" => out.push_str("\n\n"),
            "br" => out.push('\n'),
            "li" => out.push_str("\n- "),
            "code" | "/code" => out.push('`'),
            "strong" | "/strong" | "b" | "/b" => out.push_str("**"),
            "em" | "/em" | "i" | "/i" => out.push('*'),
            "a" => {
                link_target = attribute(tag, "href").map(str::to_owned);
                if link_target.is_some() {
                    out.push('[');
                }
            }
            "/a" => {
                if let Some(target) = link_target.take() {
                    out.push_str(&format!("]({target})"));
                }
            }
            _ => {}
        }
        rest = from_tag.get(end + 1..).unwrap_or_default();
    }
    push_text(&mut out, rest);
    if let Some(target) = link_target {
        out.push_str(&format!("]({target})"));
    }
    squeeze(&out)
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, after) = tag.split_once(&format!("{name}=\""))?;
    after.split_once('"').map(|(value, _)| value).filter(|value| !value.is_empty())
}

fn push_text(out: &mut String, text: &str) {
    for (entity, plain) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&nbsp;", " ")] {
        if text.contains(entity) {
            return push_text(out, &text.replace(entity, plain));
        }
    }
    out.push_str(&text.replace("&amp;", "&"));
}

/// Leaves at most one blank line in a row.
fn squeeze(text: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines().map(str::trim) {
        if !(line.is_empty() && lines.last().is_none_or(|last| last.is_empty())) {
            lines.push(line);
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_becomes_markdown() {
        assert_eq!(
            clean(
                "<p>Returns a <a href=\"/docs/api/files\">file</a>, see <code>url</code>.</p>\n\n<p>Or <strong>not</strong>.</p>"
            ),
            "Returns a [file](https://docs.stripe.com/api/files), see `url`.\n\nOr **not**."
        );
        assert_eq!(clean("<ul><li>one</li><li>two &lt; three</li></ul>"), "- one\n- two \\< three");
        assert_eq!(clean("Markdown with `<p>` in code."), "Markdown with `<p>` in code.");
    }

    #[test]
    fn nothing_is_lost_on_broken_markup() {
        for broken in ["<p", "a < b", "[", "[x](", "`", "<a href=\"x\">y", "```x\ny", "&lt", "<code>x"] {
            assert!(!clean(broken).is_empty(), "{broken}");
        }
    }

    #[test]
    fn a_sentence_without_end_is_not_repeated() {
        let long = "a".repeat(LONGEST_SUMMARY);
        assert_eq!(summary("One. Two."), "One.");
        assert_eq!(summary(&format!("One. {long}")), "One.");
        assert_eq!(summary(&long), long);
        assert_eq!(summary(&format!("{long}a")), "");
    }
}
