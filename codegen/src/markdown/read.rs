//! Parses Markdown into a tree, with rustdoc's parser.

use std::mem;

use percent_encoding::percent_encode_byte;
use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag};

use super::printable;
use super::tree::{Alignment, Block, Inline, Span, map_inlines, on_one_line, tidied};

/// The syntax of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// That of descriptions: without footnotes and task lists.
    Description,
    /// That of rustdoc, except for typographic quotes.
    Rustdoc,
}

/// The site that links with an absolute path refer to.
const SITE: &str = "https://docs.stripe.com";

/// The most levels of nested quotes, lists and spans; deeper ones are merged into the innermost.
const MAX_DEPTH: usize = 16;

/// The languages of code that are kept; rustdoc compiles none of them.
const LANGUAGES: &[&str] = &["bash", "csv", "html", "http", "json", "sh", "sql", "text", "url", "xml", "yaml"];

fn parser(text: &str, dialect: Dialect) -> Parser<'_> {
    let mut options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    if dialect == Dialect::Rustdoc {
        options |= Options::ENABLE_FOOTNOTES | Options::ENABLE_TASKLISTS;
    }
    Parser::new_ext(text, options)
}

/// Parses a text into blocks.
pub(super) fn blocks(text: &str, dialect: Dialect) -> Vec<Block> {
    let text = printable(text);
    let mut reader = Reader { frames: vec![Frame::new(Kind::Root)], open: Vec::new(), depth: 0 };
    for event in parser(&text, dialect) {
        reader.event(event);
    }
    let mut blocks = reader.frames.into_iter().next().map(Frame::into_blocks).unwrap_or_default();
    map_inlines(&mut blocks, &|inlines| with_addresses(tidied(inlines)));
    blocks
}

/// Returns the HTML in a text.
pub(super) fn html(text: &str) -> impl Iterator<Item = String> {
    parser(text, Dialect::Description).filter_map(|event| match event {
        Event::Html(html) | Event::InlineHtml(html) => Some(html.into_string()),
        _ => None,
    })
}

/// Returns the absolute URL of a link, if it is that of a page.
pub(super) fn target(url: &str) -> Option<String> {
    let absolute = match url.strip_prefix('/') {
        Some(path) if !path.starts_with('/') => format!("{SITE}/{}", path.strip_prefix("docs/").unwrap_or(path)),
        _ => url.to_owned(),
    };
    let rest = ["https://", "http://", "mailto:"].iter().find_map(|scheme| absolute.strip_prefix(scheme))?;
    let escaped = |c: char| c.is_whitespace() || c.is_control() || "()<>[]\\\"`|{}^".contains(c);
    let mut bytes = [0; 4];
    let mut target = String::new();
    for c in absolute.chars() {
        if escaped(c) {
            target.extend(c.encode_utf8(&mut bytes).bytes().map(percent_encode_byte));
        } else {
            target.push(c);
        }
    }
    (!rest.is_empty()).then_some(target)
}

/// A block or a span that is being parsed.
struct Frame {
    kind: Kind,
    /// Its content so far.
    blocks: Vec<Block>,
    inlines: Vec<Inline>,
    items: Vec<Vec<Block>>,
    cells: Vec<Vec<Inline>>,
    rows: Vec<Vec<Vec<Inline>>>,
    /// Whether blank lines separate its items.
    loose: bool,
}

#[derive(Debug, Clone, PartialEq)]
enum Kind {
    Root,
    Paragraph,
    Heading(u8),
    Code(&'static str),
    Html,
    Quote,
    List(Option<u64>),
    Item,
    Table(Vec<Alignment>),
    Row,
    Cell,
    Span(Span),
    Link(Option<String>),
    /// A link whose text is its URL.
    Address,
}

impl Frame {
    fn new(kind: Kind) -> Self {
        let (blocks, inlines, items) = (Vec::new(), Vec::new(), Vec::new());
        Self { kind, blocks, inlines, items, cells: Vec::new(), rows: Vec::new(), loose: false }
    }

    /// Makes a paragraph of inlines outside of one: HTML, and the content of items without blank lines.
    fn flush(&mut self) {
        let inlines = tidied(mem::take(&mut self.inlines));
        match self.blocks.last_mut() {
            _ if inlines.is_empty() => {}
            Some(Block::Paragraph(before)) if self.kind == Kind::Item && !self.loose => {
                before.push(Inline::Break { hard: false });
                before.extend(inlines);
            }
            _ => self.blocks.push(Block::Paragraph(inlines)),
        }
    }

    fn into_blocks(mut self) -> Vec<Block> {
        self.flush();
        self.blocks
    }
}

/// Builds the tree.
struct Reader {
    /// The open frames; the first is the whole text.
    frames: Vec<Frame>,
    /// For each open tag, whether it has a frame.
    open: Vec<bool>,
    /// The number of frames that count for [`MAX_DEPTH`].
    depth: usize,
}

impl Reader {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(_) => self.end(),
            Event::Code(code) => self.inline(Inline::Code(plain(&code))),
            Event::SoftBreak => self.inline(Inline::Break { hard: false }),
            Event::HardBreak => self.inline(Inline::Break { hard: true }),
            Event::Rule => self.block(Block::Rule),
            Event::Html(html) | Event::InlineHtml(html) if html.trim_start().starts_with("<!--") => {}
            Event::Html(html) => {
                for line in html.lines() {
                    self.inline(Inline::Text(plain(line)));
                    self.inline(Inline::Break { hard: false });
                }
            }
            Event::Text(text) => match self.frames.last_mut() {
                Some(Frame { kind: Kind::Code(_), inlines, .. }) => {
                    inlines.push(Inline::Text(printable(&text).replace('\t', "    ")));
                }
                _ => self.inline(Inline::Text(plain(&text))),
            },
            Event::InlineHtml(text) => self.inline(Inline::Text(plain(&text))),
            // Only in rewritten text, which has none unless rewriting has failed.
            Event::FootnoteReference(name) => self.inline(Inline::Text(format!("[^{name}]"))),
            Event::TaskListMarker(_) => self.inline(Inline::Text("[ ]".to_owned())),
            Event::InlineMath(text) | Event::DisplayMath(text) => self.inline(Inline::Text(plain(&text))),
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        let is_list = matches!(self.frames.last(), Some(Frame { kind: Kind::List(_), .. }));
        let kind = match tag {
            Tag::Paragraph => Some(Kind::Paragraph),
            Tag::Heading { level, .. } => Some(Kind::Heading(level as u8)),
            Tag::CodeBlock(CodeBlockKind::Fenced(info)) => Some(Kind::Code(language(&info))),
            Tag::CodeBlock(CodeBlockKind::Indented) => Some(Kind::Code("text")),
            Tag::HtmlBlock => Some(Kind::Html),
            Tag::Table(alignments) => Some(Kind::Table(alignments)),
            Tag::TableHead | Tag::TableRow => Some(Kind::Row),
            Tag::TableCell => Some(Kind::Cell),
            Tag::Item => is_list.then_some(Kind::Item),
            _ if self.depth >= MAX_DEPTH => None,
            Tag::BlockQuote(_) => Some(Kind::Quote),
            Tag::List(start) => Some(Kind::List(start)),
            Tag::Emphasis => Some(Kind::Span(Span::Emphasis)),
            Tag::Strong => Some(Kind::Span(Span::Strong)),
            Tag::Strikethrough => Some(Kind::Span(Span::Strikethrough)),
            Tag::Link { link_type: LinkType::Autolink | LinkType::Email, .. } => Some(Kind::Address),
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => Some(Kind::Link(target(&dest_url))),
            _ => None,
        };
        self.open.push(kind.is_some());
        if !matches!(kind, Some(Kind::Span(_) | Kind::Link(_) | Kind::Address)) {
            self.flush();
        }
        if let Some(kind) = kind {
            self.depth += usize::from(is_nesting(&kind));
            self.frames.push(Frame::new(kind));
        }
    }

    fn end(&mut self) {
        if self.open.pop() != Some(true) {
            // It may be a block that is nested too deep.
            return self.flush();
        }
        let Some(frame) = self.frames.pop() else { return };
        self.depth -= usize::from(is_nesting(&frame.kind));
        match frame.kind.clone() {
            Kind::Root => {}
            Kind::Paragraph => {
                if let Some(parent) = self.frames.last_mut() {
                    parent.loose = true;
                }
                self.paragraph(frame.inlines, Block::Paragraph);
            }
            Kind::Html => {
                if let Some(parent) = self.frames.last_mut() {
                    parent.inlines.extend(frame.inlines);
                    parent.flush();
                }
            }
            Kind::Heading(level) => {
                self.paragraph(on_one_line(frame.inlines), |inlines| Block::Heading(level, inlines));
            }
            Kind::Code(language) => {
                let code = frame.inlines.into_iter().filter_map(|inline| match inline {
                    Inline::Text(text) => Some(text),
                    _ => None,
                });
                let code: Vec<_> = code.collect::<String>().lines().map(|line| line.trim_end().to_owned()).collect();
                self.block(Block::Code(language, code.join("\n").trim_end().to_owned()));
            }
            Kind::Quote => {
                let blocks = frame.into_blocks();
                if !blocks.is_empty() {
                    self.block(Block::Quote(blocks));
                }
            }
            Kind::Item => {
                let loose = frame.loose;
                let blocks = frame.into_blocks();
                if let Some(list) = self.frames.last_mut().filter(|_| !blocks.is_empty()) {
                    list.loose |= loose;
                    list.items.push(blocks);
                }
            }
            Kind::List(start) => {
                let lone = frame.items.len() == 1 && frame.items.iter().all(|item| item.len() == 1);
                if !frame.items.is_empty() {
                    self.block(Block::List { start, tight: lone || !frame.loose, items: frame.items });
                }
            }
            Kind::Table(alignments) => self.block(Block::Table(alignments, frame.rows)),
            Kind::Row => {
                if let Some(table) = self.frames.last_mut() {
                    table.rows.push(frame.cells);
                }
            }
            Kind::Cell => {
                if let Some(row) = self.frames.last_mut() {
                    row.cells.push(tidied(on_one_line(frame.inlines)));
                }
            }
            Kind::Span(span) => self.inline(Inline::Span(span, tidied(frame.inlines))),
            // A link can contain an image, but no link.
            Kind::Link(Some(url)) if !self.is_in_link() => self.inline(Inline::Link(url, tidied(frame.inlines))),
            Kind::Link(_) => frame.inlines.into_iter().for_each(|inline| self.inline(inline)),
            Kind::Address => {
                let is_in_link = self.is_in_link();
                for inline in frame.inlines {
                    let address = match inline {
                        Inline::Text(text) if is_address(&text) && !is_in_link => Inline::Address(text),
                        other => other,
                    };
                    self.inline(address);
                }
            }
        }
    }

    fn is_in_link(&self) -> bool {
        self.frames.iter().any(|frame| matches!(frame.kind, Kind::Link(Some(_))))
    }

    /// Ends an implicit paragraph.
    fn flush(&mut self) {
        if let Some(frame) = self.frames.last_mut()
            && matches!(frame.kind, Kind::Root | Kind::Quote | Kind::Item)
        {
            frame.flush();
        }
    }

    fn paragraph(&mut self, inlines: Vec<Inline>, block: impl Fn(Vec<Inline>) -> Block) {
        let inlines = tidied(inlines);
        if !inlines.is_empty() {
            self.block(block(inlines));
        }
    }

    fn block(&mut self, block: Block) {
        if let Some(frame) = self.frames.last_mut() {
            frame.flush();
            frame.blocks.push(block);
        }
    }

    fn inline(&mut self, inline: Inline) {
        if let Some(frame) = self.frames.last_mut() {
            frame.inlines.push(inline);
        }
    }
}

fn is_nesting(kind: &Kind) -> bool {
    matches!(kind, Kind::Quote | Kind::List(_) | Kind::Span(_) | Kind::Link(_) | Kind::Address)
}

/// Returns the language of a fence, or `text`.
fn language(info: &str) -> &'static str {
    let first = info.split([' ', ',', '\t']).next().unwrap_or_default();
    LANGUAGES.iter().find(|language| language.eq_ignore_ascii_case(first)).unwrap_or(&"text")
}

fn plain(text: &str) -> String {
    printable(text).replace(['\n', '\t'], " ")
}

/// Turns URLs in text into links, as rustdoc requires.
fn with_addresses(inlines: Vec<Inline>) -> Vec<Inline> {
    let mut out = Vec::new();
    for inline in inlines {
        match inline {
            Inline::Text(text) => split_addresses(&text, &mut out),
            Inline::Span(span, inside) => out.push(Inline::Span(span, with_addresses(inside))),
            other => out.push(other),
        }
    }
    out
}

fn split_addresses(text: &str, out: &mut Vec<Inline>) {
    let mut rest = text;
    let mut plain = String::new();
    while let Some(at) = rest.find("http") {
        let (before, from) = rest.split_at(at);
        plain.push_str(before);
        let length = address_length(from);
        let (address, after) = from.split_at(length.max(4));
        if length == 0 {
            plain.push_str(address);
        } else {
            if !plain.is_empty() {
                out.push(Inline::Text(mem::take(&mut plain)));
            }
            out.push(Inline::Address(address.to_owned()));
        }
        rest = after;
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        out.push(Inline::Text(plain));
    }
}

/// Returns the length of the URL at the start of a text, in bytes.
fn address_length(text: &str) -> usize {
    let Some(scheme) = ["https://", "http://"].iter().find(|scheme| text.starts_with(**scheme)) else { return 0 };
    let end =
        text.find(|c: char| c.is_whitespace() || c.is_control() || "<>()[]\"'`|\\{}".contains(c)).unwrap_or(text.len());
    let address = text.get(..end).unwrap_or_default().trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_', '~']);
    if address.len() > scheme.len() { address.len() } else { 0 }
}

/// Returns whether a text can be written in angle brackets.
fn is_address(text: &str) -> bool {
    text.contains([':', '@']) && !text.contains(|c: char| c.is_whitespace() || c.is_control() || "<>|\\".contains(c))
}
