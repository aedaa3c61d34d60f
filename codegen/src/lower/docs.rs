//! Descriptions' prose, Markdown or the HTML that Stripe publishes, to Markdown that rustdoc reads without a warning.

/// Where links that start with a slash lead.
const SITE: &str = "https://docs.stripe.com";

/// How far the end of a link or a code span is looked for, in bytes; without a bound, a line of opening brackets takes for ever.
const LOOKAHEAD: usize = 2048;

/// Cleans a description.
pub(super) fn clean(prose: &str) -> String {
    let prose = printable(prose);
    let prose = prose.as_str();
    let markdown = if looks_like_html(prose) { from_html(prose) } else { prose.to_owned() };
    let mut lines = Vec::new();
    let mut fenced = false;
    let mut item = 0;
    for line in markdown.lines() {
        let line = line.trim_end();
        if let Some(language) = line.trim_start().strip_prefix("```") {
            // A fence without a language would be compiled as Rust.
            lines.push(if fenced || !language.is_empty() {
                line.trim_start().to_owned()
            } else {
                "```text".to_owned()
            });
            fenced = !fenced;
        } else if fenced {
            lines.push(line.to_owned());
        } else {
            lines.push(reindented(line, &mut item));
        }
    }
    if fenced {
        lines.push("```".to_owned());
    }
    lines.join("\n").trim().to_owned()
}

/// What Rust refuses in comments becomes a blank.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(|c| if is_printable(c) { c } else { ' ' }).collect()
}

/// Rust refuses comments with a carriage return, or with characters that turn the direction of the text around.
fn is_printable(c: char) -> bool {
    let turns = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c == '\n' || !(c.is_control() || turns)
}

/// The first sentence, for places that have room for one.
pub(crate) fn summary(text: &str) -> &str {
    let paragraph = text.split("\n\n").next().unwrap_or_default();
    match paragraph.find(". ").or_else(|| paragraph.find(".\n")) {
        Some(end) => paragraph.get(..=end).unwrap_or(paragraph),
        None => paragraph,
    }
}

/// What a summary may have, in bytes, to be repeated wherever something refers to what it is about.
const LONGEST_SUMMARY: usize = 500;

/// The first sentence, if it is short enough to be repeated.
pub(super) fn short_summary(text: &str) -> &str {
    let start = text.get(..text.floor_char_boundary(LONGEST_SUMMARY)).unwrap_or(text);
    let summary = summary(start);
    if summary.len() < start.len() || start.len() == text.len() { summary } else { "" }
}

/// A line with the indentation that it needs: that of the list item it belongs to. Four blanks in front would make a code
/// block, which rustdoc would compile.
fn reindented(line: &str, item: &mut usize) -> String {
    let text = line.trim_start();
    let is_nested = line.len() > text.len() && *item > 0;
    if text.is_empty() {
        *item = 0;
        return String::new();
    }
    match marker(text) {
        Some(width) => {
            let indent = if is_nested { 2 } else { 0 };
            *item = indent + width;
            format!("{:indent$}{}", "", inline(text))
        }
        None => format!("{:width$}{}", "", inline(text), width = *item),
    }
}

/// The width of a list item's marker, with the blank behind it.
fn marker(text: &str) -> Option<usize> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let rest = text.get(digits..)?;
    match digits {
        0 if rest.starts_with("- ") || rest.starts_with("* ") => Some(2),
        1..=3 if rest.starts_with(". ") => Some(digits + 2),
        _ => None,
    }
}

/// Escapes what rustdoc would take for something else, outside of code spans.
fn inline(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find(['`', '[', '<', 'h']) {
        let (plain, special) = rest.split_at(at);
        out.push_str(plain);
        rest = special;
        let near = rest.get(..rest.floor_char_boundary(LOOKAHEAD)).unwrap_or(rest);
        let taken = match rest.as_bytes().first() {
            Some(b'`') => code_span(near).map(|span| (span.len(), span.to_owned())),
            Some(b'[') => Some(link(near).unwrap_or((1, "\\[".to_owned()))),
            Some(b'<') => Some(autolink(near).unwrap_or((1, "\\<".to_owned()))),
            _ => bare_url(near).map(|url| (url.len(), format!("<{url}>"))),
        };
        let (length, text) = taken.unwrap_or_else(|| (1, rest.get(..1).unwrap_or_default().to_owned()));
        out.push_str(&text);
        rest = rest.get(length..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

fn code_span(text: &str) -> Option<&str> {
    let ticks = text.len() - text.trim_start_matches('`').len();
    let (fence, inside) = text.split_at_checked(ticks)?;
    let end = inside.find(fence)?;
    text.get(..ticks + end + ticks)
}

/// `[text](target)` with its target made absolute; anything else in brackets would be taken for an item's name.
fn link(text: &str) -> Option<(usize, String)> {
    let middle = text.find("](")?;
    let label = text.get(1..middle)?;
    let target_start = middle + 2;
    let target_end = target_start + text.get(target_start..)?.find(')')?;
    let target = text.get(target_start..target_end)?;
    let plain = !label.contains(['[', ']']) && !target.is_empty() && !target.contains(char::is_whitespace);
    plain.then(|| (target_end + 1, format!("[{label}]({})", absolute(target))))
}

fn autolink(text: &str) -> Option<(usize, String)> {
    let end = text.find('>')?;
    let inside = text.get(1..end)?;
    bare_url(inside).filter(|url| *url == inside).map(|url| (end + 1, format!("<{url}>")))
}

fn bare_url(text: &str) -> Option<&str> {
    if !(text.starts_with("https://") || text.starts_with("http://")) {
        return None;
    }
    let end = text.find(|c: char| c.is_whitespace() || "<>()[]\"'`".contains(c)).unwrap_or(text.len());
    text.get(..end).map(|url| url.trim_end_matches(['.', ',', ';', ':', '!', '?']))
}

fn absolute(target: &str) -> String {
    match target.strip_prefix('/') {
        Some(path) => format!("{SITE}/{}", path.strip_prefix("docs/").unwrap_or(path)),
        None => target.to_owned(),
    }
}

fn looks_like_html(prose: &str) -> bool {
    ["<p>", "</p>", "<a ", "<br", "<code>", "<ul>", "<li>", "<strong>", "<em>"].iter().any(|tag| prose.contains(tag))
}

/// The few tags that API descriptions use; others are dropped and their text kept.
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

/// At most one blank line in a row.
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
    }

    #[test]
    fn brackets_and_angles_are_text_unless_they_link() {
        assert_eq!(clean("a[0] and Vec<u8>"), "a\\[0] and Vec\\<u8>");
        assert_eq!(clean("`a[0]` and [x](/docs/y)"), "`a[0]` and [x](https://docs.stripe.com/y)");
        assert_eq!(clean("see https://stripe.com/docs."), "see <https://stripe.com/docs>.");
        assert_eq!(clean("see <https://stripe.com>"), "see <https://stripe.com>");
    }

    #[test]
    fn nothing_becomes_a_doctest() {
        assert_eq!(clean("text\n\n    let x = 1;"), "text\n\nlet x = 1;");
        assert_eq!(clean("```\nlet x = 1;\n```"), "```text\nlet x = 1;\n```");
        assert_eq!(clean("```sql\nSELECT 1"), "```sql\nSELECT 1\n```");
    }

    #[test]
    fn list_items_keep_their_lines() {
        assert_eq!(
            clean("- one\n  goes on\nlazily\n- two\n    - nested\n\nafter"),
            "- one\n  goes on\n  lazily\n- two\n  - nested\n\nafter"
        );
        assert_eq!(clean("1. one\n   goes on"), "1. one\n   goes on");
    }

    #[test]
    fn what_rust_refuses_in_comments_is_taken_out() {
        assert_eq!(clean("a\rb\u{202e}c\u{0}d"), "a b c d");
    }

    #[test]
    fn nothing_is_lost_on_broken_markup() {
        for broken in ["<p", "a < b", "[", "[x](", "`", "<a href=\"x\">y", "```", "&lt", "<code>x"] {
            assert!(!clean(broken).is_empty(), "{broken}");
        }
    }

    #[test]
    fn the_summary_is_the_first_sentence() {
        assert_eq!(summary("One. Two.\n\nThree"), "One.");
        assert_eq!(summary("v1.2 of it\n\nMore"), "v1.2 of it");
    }

    #[test]
    fn a_sentence_without_end_is_not_repeated() {
        let long = "a".repeat(LONGEST_SUMMARY);
        assert_eq!(short_summary("One. Two."), "One.");
        assert_eq!(short_summary(&format!("One. {long}")), "One.");
        assert_eq!(short_summary(&long), long);
        assert_eq!(short_summary(&format!("{long}a")), "");
    }
}
