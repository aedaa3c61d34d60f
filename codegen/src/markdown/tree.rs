//! The tree of a Markdown text.

use std::mem;

/// A block.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Block {
    Paragraph(Vec<Inline>),
    Heading(u8, Vec<Inline>),
    /// Code in one of the kept languages.
    Code(&'static str, String),
    Quote(Vec<Block>),
    List {
        /// The first number of an ordered list.
        start: Option<u64>,
        /// Whether no blank lines separate its items.
        tight: bool,
        items: Vec<Vec<Block>>,
    },
    /// A table; the first row is its head.
    Table(Vec<Alignment>, Vec<Vec<Vec<Inline>>>),
    Rule,
}

pub(super) use pulldown_cmark::Alignment;

/// An inline.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Inline {
    Text(String),
    Code(String),
    /// A line break, which is visible only if it is hard.
    Break {
        hard: bool,
    },
    Span(Span, Vec<Inline>),
    Link(String, Vec<Inline>),
    /// A link whose text is its URL.
    Address(String),
}

/// A kind of emphasis.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Span {
    Emphasis,
    Strong,
    Strikethrough,
}

impl Span {
    pub(super) fn marker(self) -> &'static str {
        match self {
            Self::Emphasis => "*",
            Self::Strong => "**",
            Self::Strikethrough => "~~",
        }
    }
}

/// Lowers headings by one level.
pub(super) fn lower_headings(blocks: &mut [Block]) {
    for block in blocks {
        match block {
            Block::Heading(level, _) => *level = (*level + 1).min(6),
            Block::Quote(blocks) => lower_headings(blocks),
            Block::List { items, .. } => items.iter_mut().for_each(|item| lower_headings(item)),
            _ => {}
        }
    }
}

/// Maps the content of every paragraph, heading and cell.
pub(super) fn map_inlines(blocks: &mut [Block], change: &impl Fn(Vec<Inline>) -> Vec<Inline>) {
    for block in blocks {
        match block {
            Block::Paragraph(inlines) | Block::Heading(_, inlines) => *inlines = change(mem::take(inlines)),
            Block::Quote(blocks) => map_inlines(blocks, change),
            Block::List { items, .. } => items.iter_mut().for_each(|item| map_inlines(item, change)),
            Block::Table(_, rows) => {
                rows.iter_mut().flatten().for_each(|cell| *cell = change(mem::take(cell)));
            }
            Block::Code(..) | Block::Rule => {}
        }
    }
}

/// Joins the content of blocks on one line.
pub(super) fn inlines(blocks: Vec<Block>) -> Vec<Inline> {
    let mut all: Vec<Inline> = Vec::new();
    for block in blocks {
        let found = match block {
            Block::Paragraph(inlines) | Block::Heading(_, inlines) => inlines,
            Block::Code(_, code) => vec![Inline::Code(code.split_whitespace().collect::<Vec<_>>().join(" "))],
            Block::Quote(blocks) => inlines(blocks),
            Block::List { items, .. } => inlines(items.into_iter().flatten().collect()),
            Block::Table(_, rows) => rows.into_iter().flatten().flat_map(spaced).collect(),
            Block::Rule => Vec::new(),
        };
        if !all.is_empty() && !found.is_empty() {
            all.push(Inline::Break { hard: false });
        }
        all.extend(found);
    }
    tidied(on_one_line(all))
}

fn spaced(cell: Vec<Inline>) -> Vec<Inline> {
    let mut cell = cell;
    cell.push(Inline::Break { hard: false });
    cell
}

/// Replaces line breaks by spaces.
pub(super) fn on_one_line(inlines: Vec<Inline>) -> Vec<Inline> {
    let one_line = |inline| match inline {
        Inline::Break { .. } => Inline::Text(" ".to_owned()),
        Inline::Span(span, inside) => Inline::Span(span, on_one_line(inside)),
        Inline::Link(url, inside) => Inline::Link(url, on_one_line(inside)),
        other => other,
    };
    inlines.into_iter().map(one_line).collect()
}

/// Replaces spans by their content.
pub(super) fn without_spans(inlines: Vec<Inline>) -> Vec<Inline> {
    let without = |inline| match inline {
        Inline::Span(_, inside) => without_spans(inside),
        Inline::Link(url, inside) => vec![Inline::Link(url, tidied(without_spans(inside)))],
        other => vec![other],
    };
    inlines.into_iter().flat_map(without).collect()
}

/// Joins adjacent texts, trims lines, and removes empty inlines.
pub(super) fn tidied(inlines: Vec<Inline>) -> Vec<Inline> {
    let mut out: Vec<Inline> = Vec::new();
    for inline in inlines {
        match (inline, out.last_mut()) {
            (Inline::Text(text), Some(Inline::Text(before))) => before.push_str(&text),
            (Inline::Text(text), None | Some(Inline::Break { .. })) => {
                let text = text.trim_start();
                if !text.is_empty() {
                    out.push(Inline::Text(text.to_owned()));
                }
            }
            (Inline::Text(text), Some(_)) => out.push(Inline::Text(text)),
            (end @ Inline::Break { .. }, _) => {
                trim_end(&mut out);
                if !matches!(out.last(), None | Some(Inline::Break { .. })) {
                    out.push(end);
                }
            }
            (Inline::Span(_, inside) | Inline::Link(_, inside), _) if inside.is_empty() => {}
            (inline, _) => out.push(inline),
        }
    }
    trim_end(&mut out);
    while matches!(out.last(), Some(Inline::Break { .. })) {
        out.pop();
    }
    out
}

fn trim_end(inlines: &mut Vec<Inline>) {
    if let Some(Inline::Text(text)) = inlines.last_mut() {
        text.truncate(text.trim_end().len());
        if text.is_empty() {
            inlines.pop();
        }
    }
}
