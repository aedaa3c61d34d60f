//! Extracts the first sentence of a text.

use super::tree::{Block, Inline, on_one_line, tidied};
use super::write;

/// Returns the first sentence on one line, and whether it has an end or more follows.
pub(super) fn first(blocks: &[Block]) -> (String, bool) {
    let Some(inlines) = paragraph(blocks) else { return (String::new(), blocks.len() > 1) };
    let mut sentence = Vec::new();
    let has_end = cut(&tidied(on_one_line(inlines.to_vec())), &mut sentence);
    (write::line(&tidied(sentence)), has_end || blocks.len() > 1)
}

/// Returns the first paragraph, which may be inside a quote or a list.
fn paragraph(blocks: &[Block]) -> Option<&[Inline]> {
    match blocks.first()? {
        Block::Paragraph(inlines) | Block::Heading(_, inlines) => Some(inlines),
        Block::Quote(blocks) => paragraph(blocks),
        Block::List { items, .. } => paragraph(items.first()?),
        Block::Code(..) | Block::Table(..) | Block::Rule => None,
    }
}

/// Copies the first sentence; returns whether it has an end.
fn cut(inlines: &[Inline], sentence: &mut Vec<Inline>) -> bool {
    for inline in inlines {
        match inline {
            Inline::Text(text) => {
                if let Some(end) = text.find(". ") {
                    sentence.push(Inline::Text(text.get(..=end).unwrap_or(text).to_owned()));
                    return true;
                }
                sentence.push(inline.clone());
            }
            Inline::Span(span, inside) => {
                let mut within = Vec::new();
                let has_end = cut(inside, &mut within);
                sentence.push(Inline::Span(*span, tidied(within)));
                if has_end {
                    return true;
                }
            }
            other => sentence.push(other.clone()),
        }
    }
    false
}
