//! Documentation comments.

use proc_macro2::TokenStream;
use quote::quote;

use crate::api::{Doc, Link};

/// Documentation comments for an item; `otherwise` where the description says nothing.
pub(super) fn doc(doc: &Doc, otherwise: &str) -> TokenStream {
    doc_with(doc, otherwise, None)
}

/// The documentation of a value of which the description says nothing.
pub(super) fn value(wire: &str) -> String {
    if wire.is_empty() { "The empty string.".to_owned() } else { format!("`{}`", wire.replace('`', "'")) }
}

/// Documentation comments with one more paragraph.
pub(super) fn doc_with(doc: &Doc, otherwise: &str, more: Option<String>) -> TokenStream {
    let mut paragraphs = vec![if doc.text.is_empty() { otherwise } else { doc.text.as_str() }.to_owned()];
    paragraphs.extend(more);
    paragraphs.extend(doc.reference.as_ref().map(reference));
    text(&paragraphs)
}

/// JSON as code within a line.
pub(super) fn json(value: &serde_json::Value) -> String {
    let json = value.to_string();
    let longest = json.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    if longest == 0 {
        return format!("`{json}`");
    }
    let fence = "`".repeat(longest + 1);
    format!("{fence} {json} {fence}")
}

/// The longest example with members that stands in a line, in bytes.
const LONGEST_EXAMPLE: usize = 80;

/// The example of a field or a type: in a line, or in a block where its members need several.
pub(super) fn example(value: &serde_json::Value) -> String {
    let has_members = value.is_object() || value.is_array();
    let inline = json(value);
    if has_members && inline.len() > LONGEST_EXAMPLE {
        return format!("Example:\n\n```json\n{value:#}\n```");
    }
    format!("Example: {inline}.")
}

/// Documentation comments of several paragraphs.
pub(super) fn text(paragraphs: &[String]) -> TokenStream {
    let text = paragraphs.iter().map(|paragraph| paragraph.trim_end()).filter(|paragraph| !paragraph.is_empty());
    // Names and values come from the description as they are.
    let text = crate::lower::printable(&text.collect::<Vec<_>>().join("\n\n"));
    let lines = text.lines().flat_map(wrap).map(|line| if line.is_empty() { line } else { format!(" {line}") });
    quote!(#(#[doc = #lines])*)
}

/// The link to the page of the API reference that an item stands for.
pub(super) fn reference(link: &Link) -> String {
    format!("See [{}](<{}>).", link.title.replace(['[', ']'], ""), link.url.replace(['<', '>', '\n'], ""))
}

/// The widest line of a comment, without its indentation.
const WIDTH: usize = 110;

/// Breaks a line of prose between words.
fn wrap(line: &str) -> Vec<String> {
    let text = line.trim_start();
    let is_prose =
        line.len() == text.len() && !text.starts_with(['`', '#', '|', '-', '*', '>', '1']) && !text.contains("](");
    if line.chars().count() <= WIDTH || !is_prose {
        return vec![line.to_owned()];
    }
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        if let Some(last) = lines.last_mut() {
            // A word that means something to Markdown at the start of a line stays where it is.
            let may_start = word.starts_with(|c: char| c.is_alphanumeric() || c == '`' || c == '[');
            let numbered = word.starts_with(|c: char| c.is_ascii_digit());
            if last.is_empty() {
                last.push_str(word);
            } else if last.chars().count() + 1 + word.chars().count() <= WIDTH || !may_start || numbered {
                last.push(' ');
                last.push_str(word);
            } else {
                lines.push(word.to_owned());
            }
        }
    }
    lines
}
