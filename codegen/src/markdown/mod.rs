//! Writes Markdown for documentation comments: descriptions, and values quoted in sentences.
//!
//! A description is parsed by rustdoc's parser and rewritten from the tree. The output is parsed again and compared, so that no
//! text becomes a code block that rustdoc compiles, a link to an item, or HTML. No other module writes Markdown.

mod read;
mod sentence;
mod tree;
mod write;

use self::read::Dialect;
use self::write::Spans;

/// Rewrites a description so that rustdoc shows it as intended.
///
/// Code blocks become fences that rustdoc does not compile. Headings are lowered by one level, below the generated sections. HTML,
/// and links that are not URLs of pages, become text.
pub(crate) fn normalized(text: &str) -> String {
    let mut blocks = read::blocks(text, Dialect::Description);
    tree::lower_headings(&mut blocks);
    [Spans::Kept, Spans::Dropped]
        .into_iter()
        .map(|spans| (write::document(&blocks, spans), spans))
        .find(|(written, spans)| read::blocks(written, Dialect::Rustdoc) == spans.of(&blocks))
        .map_or_else(|| write::plain(&blocks), |(written, _)| written)
}

/// Returns the first sentence of a normalized text on one line.
pub(crate) fn summary(text: &str) -> String {
    sentence::first(&read::blocks(text, Dialect::Rustdoc)).0
}

/// Returns the first sentence of a description on one line, and whether more follows.
pub(crate) fn first_sentence(text: &str) -> (String, bool) {
    sentence::first(&read::blocks(text, Dialect::Description))
}

/// Writes a description on one line, for a title or an entry of a list.
pub(crate) fn line(text: &str) -> String {
    write::line(&tree::inlines(read::blocks(text, Dialect::Description)))
}

/// Writes a link with a description as its text.
pub(crate) fn link(text: &str, url: &str) -> String {
    let label = write::label(&tree::inlines(read::blocks(text, Dialect::Description)));
    match read::target(url) {
        Some(url) => format!("[{label}](<{url}>)"),
        None => format!("{label} ({})", code(url)),
    }
}

/// Writes any text as code.
pub(crate) fn code(text: &str) -> String {
    let text: String = printable(text).replace(['\n', '\t'], " ");
    if text.is_empty() { "`\"\"`".to_owned() } else { write::code(&text) }
}

/// Writes an entry of a list about an item, so that it does not become the definition of a link.
pub(crate) fn entry(item: &str, summary: &str) -> String {
    let entry = format!("- {item}: {summary}");
    let is_definition = read::blocks(&entry, Dialect::Rustdoc).is_empty();
    if is_definition { format!("- {item}\\: {summary}") } else { entry }
}

/// Writes any text as code in a cell of a table.
pub(crate) fn code_in_cell(text: &str) -> String {
    code(text).replace('|', "\\|")
}

/// Replaces the characters that rustc rejects in comments: control characters, and those that change the text direction.
pub(crate) fn printable(text: &str) -> String {
    text.chars().map(|c| if is_printable(c) { c } else { ' ' }).collect()
}

fn is_printable(c: char) -> bool {
    let changes_direction = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    matches!(c, '\n' | '\t') || !(c.is_control() || changes_direction)
}

/// Returns whether a text has one of these HTML tags outside of code.
pub(crate) fn has_html(text: &str, tags: &[&str]) -> bool {
    read::html(text).any(|html| tags.iter().any(|tag| html.contains(tag)))
}

/// The maximum width of a line, without indentation and `///`.
const WIDTH: usize = 110;

/// Wraps paragraphs, as far as that does not change their meaning.
pub(crate) fn wrap(text: &str) -> Vec<String> {
    let mut fence: Option<&str> = None;
    let mut lines = Vec::new();
    for line in text.lines() {
        let ticks = line.get(..line.len() - line.trim_start_matches('`').len()).unwrap_or_default();
        let is_fence = ticks.len() >= 3 && !line.trim_start_matches('`').contains('`');
        match fence {
            Some(open) if is_fence && ticks.len() >= open.len() && ticks == line => fence = None,
            None if is_fence => fence = Some(ticks),
            None => {
                wrap_line(line, &mut lines);
                continue;
            }
            Some(_) => {}
        }
        lines.push(line.to_owned());
    }
    lines
}

fn wrap_line(line: &str, lines: &mut Vec<String>) {
    let is_prose = !line.starts_with([' ', '`', '#', '|', '-', '*', '>', '1']) && !line.contains("](");
    if line.chars().count() <= WIDTH || !is_prose {
        lines.push(line.to_owned());
        return;
    }
    let mut current = String::new();
    for word in line.split(' ') {
        // A word that would be markup at the start of a line is not moved there, nor is one after an escape.
        let may_start = word.starts_with(|c: char| c.is_alphabetic() || c == '`' || c == '[')
            && !word.starts_with("``")
            && !current.ends_with(['\\', ' ']);
        if current.is_empty() {
            current.push_str(word);
        } else if may_start && current.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(std::mem::replace(&mut current, word.to_owned()));
        } else {
            current.push(' ');
            current.push_str(word);
        }
    }
    lines.push(current);
}

#[cfg(test)]
mod tests;
