//! Shows where SQL is wrong: its line, with a caret under the position.

use super::html::Html;

/// Returns the position, in bytes, that the message of a failed request or run names.
fn offset(message: &str) -> Option<usize> {
    let (_, rest) = message.split_once(" at offset ")?;
    rest.split(|character: char| !character.is_ascii_digit()).next()?.parse().ok()
}

/// Returns the line at a position, with its number and a line with a caret below it.
fn marked(sql: &str, offset: usize) -> String {
    let offset = (0..=offset.min(sql.len())).rev().find(|offset| sql.is_char_boundary(*offset)).unwrap_or_default();
    let (before, after) = sql.split_at(offset);
    let start = before.rsplit('\n').next().unwrap_or_default();
    let end = after.split('\n').next().unwrap_or_default();
    let number = format!("{} | ", before.matches('\n').count() + 1);
    // Tabs are as wide above as below.
    let indent = start.chars().map(|character| if character == '\t' { '\t' } else { ' ' }).collect::<String>();
    format!("{number}{start}{end}\n{}{indent}^", " ".repeat(number.len()))
}

/// Adds an error of SQL: its code, its message, and the position.
pub(super) fn show(html: &mut Html, code: &str, message: &str, sql: Option<&str>) {
    html.raw("<h2 class=\"bad\">").text(if code.is_empty() { "failed" } else { code }).raw("</h2>\n");
    html.raw("<pre class=\"error\">\n").text(message).raw("</pre>\n");
    if let (Some(sql), Some(offset)) = (sql, offset(message)) {
        html.block(marked(sql, offset));
    }
}
