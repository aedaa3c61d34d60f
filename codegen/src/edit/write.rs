//! Writes values in the house style: block style, two spaces per level, lines of at most 110 columns.

use super::Value;
use super::order::{Role, is_separated};
use crate::parse::is_plain_text;
use crate::pointer::Pointer;

/// The greatest width of a line.
const WIDTH: usize = 110;

/// The columns of a level.
pub(super) const LEVEL: usize = 2;

/// Where a value is written.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) pointer: Pointer,
    pub(super) role: Role,
    /// The column of the key, or of the dash of an item.
    pub(super) column: usize,
}

impl Place {
    /// Returns the place of a value inside.
    pub(super) fn inside(&self, key: &str, column: usize) -> Self {
        Self { pointer: self.pointer.join(key), role: self.role.inside(key), column }
    }
}

/// A written value.
pub(super) struct Written {
    /// What stands on the line of the key.
    pub(super) inline: String,
    /// The lines below, each with its end.
    pub(super) below: String,
}

impl Written {
    fn inline(inline: impl Into<String>) -> Self {
        Self { inline: inline.into(), below: String::new() }
    }
}

/// Writes a value after a key of this width, with its colon.
pub(super) fn after_key(value: &Value, place: &Place, width: usize) -> Written {
    match lines(value, place, place.column + LEVEL) {
        Some(below) => Written { inline: String::new(), below },
        None => scalar(value, place.column, width + 1),
    }
}

/// Writes a value after a dash.
pub(super) fn after_dash(value: &Value, place: &Place) -> Written {
    match lines(value, place, place.column + LEVEL) {
        Some(lines) => {
            let lines = lines.trim_start_matches(' ');
            let (inline, below) = lines.split_once('\n').unwrap_or((lines, ""));
            Written { inline: inline.to_owned(), below: below.to_owned() }
        }
        None => scalar(value, place.column, LEVEL),
    }
}

/// Writes an entry of an object at a place.
pub(super) fn entry(key: &str, value: &Value, object: &Place, column: usize) -> String {
    let key_text = key_text(key);
    let written = after_key(value, &object.inside(key, column), key_text.chars().count() + 1);
    line(column, &format!("{key_text}:"), &written)
}

/// Writes an item of a list at a place.
pub(super) fn item(index: usize, value: &Value, list: &Place, column: usize) -> String {
    line(column, "-", &after_dash(value, &list.inside(&index.to_string(), column)))
}

fn line(column: usize, start: &str, written: &Written) -> String {
    let space = if written.inline.is_empty() { "" } else { " " };
    format!("{:column$}{start}{space}{}\n{}", "", written.inline, written.below)
}

/// Writes the lines of an object or a list that is not empty.
fn lines(value: &Value, place: &Place, column: usize) -> Option<String> {
    match value {
        Value::Map(entries) if !entries.is_empty() => Some(entries_in_order(entries, place, column)),
        Value::List(items) if !items.is_empty() => {
            Some(items.iter().enumerate().map(|(index, value)| item(index, value, place, column)).collect())
        }
        _ => None,
    }
}

/// Writes the entries of an object.
pub(super) fn entries_in_order(entries: &[(String, Value)], place: &Place, column: usize) -> String {
    let mut entries: Vec<_> = entries.iter().collect();
    entries.sort_by_key(|(key, _)| place.role.rank(key));
    let mut text = String::new();
    for (key, value) in entries {
        if !text.is_empty() && is_separated(&place.pointer, key) {
            text.push('\n');
        }
        text.push_str(&entry(key, value, place, column));
    }
    text
}

/// Writes a key.
pub(super) fn key_text(key: &str) -> String {
    quoted(key).unwrap_or_else(|| key.to_owned())
}

/// Writes a value without lines of its own; `before` columns are between `column` and its first character.
fn scalar(value: &Value, column: usize, before: usize) -> Written {
    match value {
        Value::Null => Written::inline("null"),
        Value::Flag(flag) => Written::inline(flag.to_string()),
        Value::Number(number) => Written::inline(number.to_string()),
        Value::List(_) => Written::inline("[]"),
        Value::Map(_) => Written::inline("{}"),
        Value::Text(text) => self::text(text, column, before),
    }
}

fn text(text: &str, column: usize, before: usize) -> Written {
    if text.contains('\n') {
        return literal(text, column).unwrap_or_else(|| Written::inline(double_quoted(text)));
    }
    let inline = quoted(text).unwrap_or_else(|| text.to_owned());
    let fits = column + before + inline.chars().count() <= WIDTH;
    let is_folded = !fits && !is_escaped(text) && text.trim() == text && text.contains(' ');
    if is_folded { folded(text, column + LEVEL) } else { Written::inline(inline) }
}

/// Writes a text of several lines; `None` if it needs escapes, or ends with blank lines, which would belong to the layout.
fn literal(text: &str, column: usize) -> Option<Written> {
    let content = text.strip_suffix('\n').unwrap_or(text);
    if content.is_empty() || content.ends_with('\n') || content.split('\n').any(is_escaped) {
        return None;
    }
    let chomping = if content == text { "-" } else { "" };
    let first = text.split('\n').find(|line| !line.is_empty()).unwrap_or_default();
    // Without it, the spaces of the first line would be indentation.
    let indentation = if first.starts_with(' ') { "2" } else { "" };
    let column = column + LEVEL;
    let indented = |line: &str| if line.is_empty() { "\n".to_owned() } else { format!("{:column$}{line}\n", "") };
    Some(Written { inline: format!("|{indentation}{chomping}"), below: content.split('\n').map(indented).collect() })
}

/// Writes a long text, broken at spaces.
fn folded(text: &str, column: usize) -> Written {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        // Lines are joined with one space, and those that start with one are not folded.
        let is_joined = |line: &String| {
            line.is_empty()
                || line.ends_with(' ')
                || word.is_empty()
                || column + line.chars().count() + 1 + word.chars().count() <= WIDTH
        };
        match lines.last_mut().filter(|line| is_joined(line)) {
            Some(line) => {
                line.push(' ');
                line.push_str(word);
            }
            None => lines.push(word.to_owned()),
        }
    }
    Written { inline: ">-".to_owned(), below: lines.iter().map(|line| format!("{:column$}{line}\n", "")).collect() }
}

/// Returns a string in quotes; `None` if it needs none.
fn quoted(text: &str) -> Option<String> {
    if is_escaped(text) || text.contains('\n') {
        return Some(double_quoted(text));
    }
    let is_indicator = |first: char| "&*!|>'\"%@`{}[],".contains(first);
    let starts_block = ["-", "?", ":"].iter().any(|mark| text == *mark || text.starts_with(&format!("{mark} ")));
    let needs_quotes = text.trim() != text
        || text.starts_with(is_indicator)
        || starts_block
        || text.starts_with("---")
        || text.starts_with("...")
        || text.contains(": ")
        || text.ends_with(':')
        || text.contains('#')
        || text == "<<"
        || text == "="
        || is_read_differently(text)
        || !is_plain_text(text);
    needs_quotes.then(|| format!("'{}'", text.replace('\'', "''")))
}

/// Returns whether readers of YAML 1.1 take a plain text for a time or a flag.
fn is_read_differently(text: &str) -> bool {
    let mut parts = text.splitn(3, '-').map(|part| part.bytes().take_while(u8::is_ascii_digit).count());
    let is_date = (parts.next(), parts.next()) == (Some(4), Some(2))
        && parts.next() == Some(2)
        && text.as_bytes().get(10).is_none_or(|next| b"Tt ".contains(next));
    is_date || ["y", "yes", "n", "no", "on", "off"].iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Returns whether a line needs escapes.
fn is_escaped(text: &str) -> bool {
    text.contains(|c: char| c.is_control() && c != '\n' || "\u{2028}\u{2029}\u{feff}".contains(c))
}

/// Writes a string as JSON does, with escapes for all that YAML cannot contain.
pub(super) fn double_quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            c if c.is_control() || "\u{2028}\u{2029}\u{feff}".contains(c) => {
                quoted.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
