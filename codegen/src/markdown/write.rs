//! Writes a tree as Markdown.
//!
//! Unlike `pulldown-cmark-to-cmark`, it escapes only characters that would be markup, so that most descriptions stay unchanged.

use super::tree::{Alignment, Block, Inline, inlines, map_inlines, tidied, without_spans};

/// Whether emphasis is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spans {
    Kept,
    /// Adjacent spans are sometimes ambiguous.
    Dropped,
}

impl Spans {
    /// Returns the blocks that the written text should be parsed as.
    pub(super) fn of(self, blocks: &[Block]) -> Vec<Block> {
        let mut blocks = blocks.to_vec();
        if self == Self::Dropped {
            map_inlines(&mut blocks, &|inlines| tidied(without_spans(inlines)));
        }
        blocks
    }
}

/// Writes blocks.
pub(super) fn document(blocks: &[Block], spans: Spans) -> String {
    lines(&spans.of(blocks), false).join("\n")
}

/// Writes the text alone, with all punctuation escaped.
pub(super) fn plain(blocks: &[Block]) -> String {
    let mut out = String::new();
    for inline in without_links(inlines(blocks.to_vec())) {
        let (Inline::Text(text) | Inline::Code(text)) = inline else { continue };
        for c in text.chars() {
            if c.is_ascii_punctuation() {
                out.push('\\');
            }
            out.push(c);
        }
    }
    out.trim().to_owned()
}

/// Writes inlines.
pub(super) fn line(inlines: &[Inline]) -> String {
    inline(inlines, Place::default())
}

/// Writes the text of a link.
pub(super) fn label(inlines: &[Inline]) -> String {
    inline(&without_links(inlines.to_vec()), Place { in_link: true, ..Place::default() })
}

/// Replaces links and spans by their content.
fn without_links(inlines: Vec<Inline>) -> Vec<Inline> {
    let flat = |inline| match inline {
        Inline::Link(_, inside) => inside,
        Inline::Address(text) => vec![Inline::Text(text)],
        other => vec![other],
    };
    tidied(without_spans(inlines).into_iter().flat_map(flat).collect())
}

/// Writes inline code.
pub(super) fn code(text: &str) -> String {
    let ticks = "`".repeat(longest_run(text) + 1);
    // Parsers strip one space on both sides.
    let is_blank = text.chars().all(|c| c == ' ');
    let is_padded = text.starts_with('`') || text.ends_with('`') || text.starts_with(' ') && text.ends_with(' ');
    let pad = if is_padded && !is_blank { " " } else { "" };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

/// Returns the length of the longest run of back quotes.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// Writes blocks, line by line.
fn lines(blocks: &[Block], tight: bool) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut alternate = false;
    let mut previous: Option<&Block> = None;
    for block in blocks {
        if previous.is_some() && !tight {
            out.push(String::new());
        }
        // Adjacent lists need different markers.
        alternate = match (previous, block) {
            (Some(Block::List { start: one, .. }), Block::List { start: other, .. }) => {
                one.is_some() == other.is_some() && !alternate
            }
            _ => false,
        };
        match block {
            Block::Paragraph(inlines) => out.extend(line(inlines).lines().map(str::to_owned)),
            Block::Heading(level, inlines) => {
                let text = inline(inlines, Place { in_heading: true, ..Place::default() });
                out.push(format!("{} {text}", "#".repeat(usize::from(*level))));
            }
            Block::Code(language, code) => {
                let ticks = "`".repeat(longest_run(code).max(2) + 1);
                out.push(format!("{ticks}{language}"));
                out.extend(code.lines().map(str::to_owned));
                out.push(ticks);
            }
            Block::Quote(blocks) => {
                out.extend(lines(blocks, false).into_iter().map(|line| format!("> {line}").trim_end().to_owned()));
            }
            Block::List { start, tight, items } => list(*start, *tight, items, alternate, &mut out),
            Block::Table(alignments, rows) => table(alignments, rows, &mut out),
            Block::Rule => out.push("***".to_owned()),
        }
        previous = Some(block);
    }
    out
}

fn list(start: Option<u64>, tight: bool, items: &[Vec<Block>], alternate: bool, out: &mut Vec<String>) {
    for (item, number) in items.iter().zip(start.unwrap_or_default()..) {
        let marker = match (start, alternate) {
            (None, false) => "-".to_owned(),
            (None, true) => "*".to_owned(),
            (Some(_), false) => format!("{number}."),
            (Some(_), true) => format!("{number})"),
        };
        if !tight && number != start.unwrap_or_default() {
            out.push(String::new());
        }
        let indent = " ".repeat(marker.len() + 1);
        for (index, line) in lines(item, tight).into_iter().enumerate() {
            out.push(match (index, line.is_empty()) {
                (0, _) => format!("{marker} {line}"),
                (_, true) => line,
                (_, false) => format!("{indent}{line}"),
            });
        }
    }
}

fn table(alignments: &[Alignment], rows: &[Vec<Vec<Inline>>], out: &mut Vec<String>) {
    for (index, row) in rows.iter().enumerate() {
        let cells: Vec<_> = row.iter().map(|cell| inline(cell, Place { in_cell: true, ..Place::default() })).collect();
        out.push(format!("| {} |", cells.join(" | ")));
        if index == 0 {
            let rule = |alignment: &Alignment| match alignment {
                Alignment::None => "---",
                Alignment::Left => ":--",
                Alignment::Center => ":-:",
                Alignment::Right => "--:",
            };
            out.push(format!("|{}|", alignments.iter().map(rule).collect::<Vec<_>>().join("|")));
        }
    }
}

/// The context of inlines.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    in_link: bool,
    in_heading: bool,
    in_cell: bool,
}

fn inline(inlines: &[Inline], place: Place) -> String {
    let mut writer = Writer::default();
    writer.all(inlines, place);
    writer.out
}

/// Writes inlines.
#[derive(Default)]
struct Writer {
    out: String,
    /// The start of the current line.
    line: usize,
}

impl Writer {
    fn all(&mut self, inlines: &[Inline], place: Place) {
        let mut inlines = inlines.iter().peekable();
        while let Some(inline) = inlines.next() {
            match inline {
                Inline::Text(text) => {
                    let ends_line = matches!(inlines.peek(), None | Some(Inline::Break { .. }));
                    self.text(text, place, ends_line);
                }
                Inline::Code(text) => {
                    let code = code(text);
                    self.out.push_str(&if place.in_cell { code.replace('|', "\\|") } else { code });
                }
                Inline::Break { hard } => {
                    self.out.push_str(if *hard { "\\\n" } else { "\n" });
                    self.line = self.out.len();
                }
                Inline::Span(span, inside) => {
                    self.out.push_str(span.marker());
                    self.all(inside, place);
                    self.out.push_str(span.marker());
                }
                Inline::Link(url, inside) => {
                    self.out.push('[');
                    self.all(inside, Place { in_link: true, ..place });
                    self.out.push_str(&format!("]({})", address(url)));
                }
                Inline::Address(text) => self.out.push_str(&format!("<{}>", address(text))),
            }
        }
    }

    /// Writes text, escaping characters that would be markup.
    fn text(&mut self, text: &str, place: Place, ends_line: bool) {
        // Adjacent inlines are not considered.
        let mut before = (self.out.len() == self.line).then_some(' ');
        let mut rest = text.chars();
        while let Some(c) = rest.next() {
            let next = rest.clone().next().or(ends_line.then_some(' '));
            if self.is_special(c, (before, next), rest.as_str(), place) {
                self.out.push('\\');
            }
            self.out.push(c);
            before = Some(c);
        }
    }

    /// Returns whether a character would be markup, given its neighbors in the same text.
    fn is_special(&self, c: char, (before, next): (Option<char>, Option<char>), rest: &str, place: Place) -> bool {
        let both = |is: fn(char) -> bool| before.is_some_and(is) && next.is_some_and(is);
        let ends = next.is_none_or(char::is_whitespace);
        let line = self.out.get(self.line..).unwrap_or_default();
        let starts_line = line.is_empty();
        match c {
            '`' | '[' | '<' => true,
            '\\' => ends || next.is_some_and(|c| c.is_ascii_punctuation()),
            '*' | '~' => starts_line || !both(char::is_whitespace),
            '_' => starts_line || !(both(char::is_whitespace) || both(char::is_alphanumeric)),
            ']' => place.in_link,
            '|' => place.in_cell || starts_line,
            '#' => place.in_heading || starts_line,
            '!' => next.is_none(),
            '&' => rest.trim_start_matches(|c: char| c == '#' || c.is_ascii_alphanumeric()).starts_with(';'),
            '>' | '=' => starts_line,
            '+' | '-' | ':' => starts_line && !next.is_some_and(char::is_alphanumeric),
            '.' | ')' => ends && (1..10).contains(&line.len()) && line.chars().all(|c| c.is_ascii_digit()),
            _ => false,
        }
    }
}

/// Escapes the entities in a URL.
fn address(url: &str) -> String {
    if url.contains(';') { url.replace('&', "&amp;") } else { url.to_owned() }
}
