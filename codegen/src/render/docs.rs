//! Documentation comments.

use std::fmt::Display;

use proc_macro2::TokenStream;
use quote::quote;

use crate::api::{Doc, Link};
use crate::markdown;

/// Documentation comments for an item; `otherwise` where the description says nothing.
pub(super) fn doc(doc: &Doc, otherwise: &str) -> TokenStream {
    doc_with(doc, otherwise, None)
}

/// The documentation of a value of which the description says nothing.
pub(super) fn value(wire: &str) -> String {
    if wire.is_empty() { "The empty string.".to_owned() } else { markdown::code(wire) }
}

/// Documentation comments with one more paragraph.
pub(super) fn doc_with(doc: &Doc, otherwise: &str, more: Option<String>) -> TokenStream {
    let mut paragraphs = vec![if doc.text.is_empty() { otherwise } else { doc.text.as_str() }.to_owned()];
    paragraphs.extend(doc.replaced_by.as_ref().map(replaced_by));
    paragraphs.extend(more);
    paragraphs.extend(doc.reference.as_ref().map(reference));
    text(&paragraphs)
}

/// JSON as code within a line.
pub(super) fn json(value: &serde_json::Value) -> String {
    markdown::code(&value.to_string())
}

/// The longest example with members that stands in a line, in bytes.
const LONGEST_EXAMPLE: usize = 80;

/// The example of a field or a type: in a line, or in a block where its members need several.
pub(super) fn example(value: &serde_json::Value) -> String {
    let has_members = value.is_object() || value.is_array();
    let inline = json(value);
    if has_members && inline.len() > LONGEST_EXAMPLE {
        return format!("Example JSON:\n\n```json\n{value:#}\n```");
    }
    format!("Example: {inline}.")
}

/// Opens an example that is compiled if the feature `client` is enabled.
pub(super) const CLIENT_FENCE: &str = "```client";

/// Words as a list: `a`, `a and b`, `a, b and c`.
pub(super) fn list(words: &[String]) -> String {
    match words {
        [first @ .., before, last] => {
            let commas: String = first.iter().map(|word| format!("{word}, ")).collect();
            format!("{commas}{before} and {last}")
        }
        words => words.concat(),
    }
}

/// Documentation comments of several paragraphs.
pub(super) fn text(paragraphs: &[String]) -> TokenStream {
    let text = paragraphs.iter().map(|paragraph| paragraph.trim_end()).filter(|paragraph| !paragraph.is_empty());
    let text = markdown::printable(&text.collect::<Vec<_>>().join("\n\n"));
    let lines = markdown::wrap(&text);
    let lines = lines.into_iter().map(|line| match line.as_str() {
        "" => quote!(#[doc = ""]),
        CLIENT_FENCE => quote! {
            #[cfg_attr(feature = "client", doc = "```no_run")]
            #[cfg_attr(not(feature = "client"), doc = "```ignore")]
        },
        line => {
            let line = format!(" {line}");
            quote!(#[doc = #line])
        }
    });
    lines.collect()
}

/// The link to what replaces an item.
pub(super) fn replaced_by(path: &impl Display) -> String {
    format!("Replaced by [`{path}`](crate::{path}).")
}

/// The link to the page of the API reference that an item stands for.
pub(super) fn reference(link: &Link) -> String {
    format!("See {}.", markdown::link(&link.title, &link.url))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_list_has_commas_and_one_and() {
        let list = |words: &str| super::list(&words.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        for (words, expected) in [("", ""), ("a", "a"), ("a b", "a and b"), ("a b c", "a, b and c")] {
            assert_eq!(list(words), expected);
        }
    }
}
