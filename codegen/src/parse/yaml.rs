//! Parses YAML, which includes JSON, into a tree.
//!
//! Anchors, aliases, tags and merge keys are errors.

use std::borrow::Cow;

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::Report;
use super::json;
use super::node::{Content, Entry, Mapping, Node, Span};
use super::syntax::{self, Hint};
use crate::diagnostic::{Code, Related};
use crate::location::Lines;
use crate::pointer::Pointer;

/// How many levels of objects and lists may be nested. Stripe's whole description takes less than half as many.
pub(super) const MAX_DEPTH: usize = 100;

/// The greatest length of a key in bytes; YAML has the same limit for most keys. The pointer of every error inside repeats the key.
const MAX_KEY: usize = 1024;

/// The key that merges another object into this one.
const MERGE: &str = "<<";

/// Parses a text; returns `None` after a syntax error.
pub(super) fn read(text: &str, report: &mut Report<'_>) -> Option<Node> {
    let rewritten = json::with_yaml_escapes(text);
    let (readable, offsets) = match rewritten {
        Some((readable, offsets)) => (Cow::Owned(readable), Some(offsets)),
        None => (Cow::Borrowed(text), None),
    };
    let places = Places::new(text, offsets);
    if let Some(Hint { at, message, help }) = syntax::conflict(text) {
        report.push(Code::SyntaxError, places.at(at), &Pointer::root(), message, Some(help));
        return None;
    }
    let mut builder = Builder { text, places: &places, stack: Vec::new(), root: None, documents: 0 };
    for event in Parser::new_from_str(&readable) {
        match event {
            Ok((event, span)) => {
                let span = places.span(&span);
                if !builder.event(event, span, report) {
                    return None;
                }
            }
            Err(error) => {
                let at = places.byte(error.marker().index());
                let (at, message, help) = match syntax::explain(text, at, error.info()) {
                    Some(Hint { at, message, help }) => (at, message, Some(help)),
                    None => (at, format!("invalid YAML: {}", error.info()), None),
                };
                report.push(Code::SyntaxError, places.at(at), &builder.pointer(), message, help);
                return None;
            }
        }
    }
    builder.root
}

/// A list or an object that is being parsed.
enum Open {
    List(Span, Vec<Node>),
    Mapping(Span, Mapping, Option<(String, Span)>),
}

struct Builder<'t> {
    text: &'t str,
    places: &'t Places,
    stack: Vec<Open>,
    root: Option<Node>,
    documents: usize,
}

impl Builder<'_> {
    /// Handles one event; returns whether to continue.
    fn event(&mut self, event: Event<'_>, span: Span, report: &mut Report<'_>) -> bool {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse(anchor != 0, tag.is_some(), span, report);
                self.scalar(&text, style, span, report)
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse(anchor != 0, tag.is_some(), span, report);
                self.open(Open::List(span, Vec::new()), span, report)
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse(anchor != 0, tag.is_some(), span, report);
                self.open(Open::Mapping(span, Mapping::default(), None), span, report)
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span, report),
            Event::Alias(_) => {
                self.unsupported("an alias", "write the value out, or use `$ref`", span, report);
                self.value(Node { span, content: Content::Refused }, report)
            }
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    self.unsupported("a second document", "move it to a file of its own", span, report);
                }
                self.documents == 1
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => true,
        }
    }

    fn refuse(&mut self, anchor: bool, tag: bool, span: Span, report: &mut Report<'_>) {
        if anchor {
            self.unsupported("an anchor", "write the value out, or use `$ref`", span, report);
        }
        if tag {
            self.unsupported("a tag", "remove it; quotes make any value a string", span, report);
        }
    }

    fn unsupported(&mut self, what: &str, help: &str, span: Span, report: &mut Report<'_>) {
        let message = format!("{what} is not supported");
        report.push(Code::UnsupportedYaml, span, &self.pointer(), message, Some(help.to_owned()));
    }

    fn open(&mut self, open: Open, span: Span, report: &mut Report<'_>) -> bool {
        if self.stack.len() >= MAX_DEPTH {
            let message = format!("objects and lists are nested more than {MAX_DEPTH} levels deep");
            let help = "move some of it to `components.schemas`, and refer to it with `$ref`".to_owned();
            report.push(Code::TooDeep, span, &self.pointer(), message, Some(help));
            return false;
        }
        if let Some(Open::Mapping(_, _, None)) = self.stack.last() {
            self.unsupported("a key that is not a string", "write the key as a string", span, report);
            return false;
        }
        self.stack.push(open);
        true
    }

    fn close(&mut self, end: Span, report: &mut Report<'_>) -> bool {
        let node = match self.stack.pop() {
            Some(Open::List(start, items)) => {
                Node { span: Span { end: end.end, ..start }, content: Content::List(items) }
            }
            Some(Open::Mapping(start, mapping, _)) => {
                Node { span: Span { end: end.end, ..start }, content: Content::Mapping(mapping) }
            }
            None => return true,
        };
        self.value(node, report)
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, span: Span, report: &mut Report<'_>) -> bool {
        if matches!(self.stack.last(), Some(Open::Mapping(_, _, None))) && text.len() > MAX_KEY {
            let what = format!("a key of more than {MAX_KEY} bytes");
            self.unsupported(&what, "shorten the key", span, report);
            return false;
        }
        if let Some(Open::Mapping(_, _, key @ None)) = self.stack.last_mut() {
            *key = Some((text.to_owned(), span));
            if text == MERGE {
                self.unsupported("a merge key", "write the value out, or use `$ref`", span, report);
            }
            return true;
        }
        let content = if style == ScalarStyle::Plain { resolve(text) } else { Content::Text(text.to_owned()) };
        let content = match content {
            // JSON has no infinity: `openapiv3` would read null in one place, and panic in another.
            Content::Number(number) if number.is_infinite() => {
                let help = "write fewer digits, or put it in quotes to make it a string".to_owned();
                let message = "the number is too large".to_owned();
                report.push(Code::WrongType, span, &self.pointer(), message, Some(help));
                Content::Refused
            }
            content => content,
        };
        let content = self.reference(content, report);
        self.value(Node { span, content }, report)
    }

    /// Reports a `$ref` whose unquoted reference is a comment.
    fn reference(&self, content: Content, report: &mut Report<'_>) -> Content {
        if let Some(Open::Mapping(_, _, Some((key, span)))) = self.stack.last()
            && key == "$ref"
            && matches!(content, Content::Null)
            && let Some(Hint { at, message, help }) = syntax::reference(self.text, span.end)
        {
            report.push(Code::WrongType, self.places.at(at), &self.pointer(), message, Some(help));
            return Content::Refused;
        }
        content
    }

    /// Adds a value to the innermost list or object.
    fn value(&mut self, node: Node, report: &mut Report<'_>) -> bool {
        match self.stack.last_mut() {
            None => self.root = Some(node),
            Some(Open::List(_, items)) => items.push(node),
            Some(Open::Mapping(_, mapping, key)) => {
                let Some((key, key_span)) = key.take() else {
                    self.unsupported("a key that is not a string", "write the key as a string", node.span, report);
                    return false;
                };
                if key == MERGE {
                    return true;
                }
                let entry = Entry { key: key.clone(), key_span, value: node };
                if let Err(other) = mapping.insert(entry) {
                    let related = Related { location: report.location(other), text: "first used here".to_owned() };
                    let message = format!("duplicate key `{}`", key.escape_debug());
                    let help = Some("rename or remove one of the two".to_owned());
                    let pointer = self.pointer().join(&key);
                    report.push_related(Code::DuplicateKey, key_span, &pointer, message, help, vec![related]);
                }
            }
        }
        true
    }

    /// Returns the place of the value that is parsed next.
    fn pointer(&self) -> Pointer {
        let mut pointer = Pointer::root();
        for open in &self.stack {
            match open {
                Open::List(_, items) => pointer = pointer.index(items.len()),
                Open::Mapping(_, _, Some((key, _))) => pointer = pointer.join(key),
                Open::Mapping(_, _, None) => {}
            }
        }
        pointer
    }
}

/// Resolves a plain scalar by YAML 1.2's core schema.
pub(super) fn resolve(text: &str) -> Content {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Content::Null,
        "true" | "True" | "TRUE" => return Content::Flag(true),
        "false" | "False" | "FALSE" => return Content::Flag(false),
        _ => {}
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if unsigned.bytes().all(|byte| byte.is_ascii_digit())
        && let Ok(number) = text.strip_prefix('+').unwrap_or(text).parse::<i64>()
    {
        return Content::Number(number.into());
    }
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        if let Some(number) = text.strip_prefix(prefix).and_then(|digits| u64::from_str_radix(digits, radix).ok()) {
            return Content::Number(number.into());
        }
    }
    // Rust also parses words such as `inf` and `nan` as numbers.
    let numeric = unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && unsigned.bytes().all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte));
    match text.parse::<f64>() {
        Ok(number) if numeric => Content::Number(number.into()),
        _ => Content::Text(text.to_owned()),
    }
}

/// Converts positions in characters, as the parser has them, to places in the text.
struct Places {
    /// The byte of each character of the rewritten text that the parser reads, if any.
    read: Option<Vec<usize>>,
    /// The byte of each character, unless the text is ASCII.
    characters: Option<Vec<usize>>,
    lines: Lines,
    end: usize,
}

impl Places {
    fn new(text: &str, read: Option<Vec<usize>>) -> Self {
        let characters = (!text.is_ascii()).then(|| text.char_indices().map(|(offset, _)| offset).collect());
        Self { read, characters, lines: Lines::new(text), end: text.len() }
    }

    fn byte(&self, position: usize) -> usize {
        match self.read.as_ref().or(self.characters.as_ref()) {
            Some(table) => table.get(position).copied().unwrap_or(self.end),
            None => position.min(self.end),
        }
    }

    /// Returns the number of characters before a byte.
    fn character(&self, byte: usize) -> usize {
        match &self.characters {
            Some(table) => table.partition_point(|start| *start < byte),
            None => byte,
        }
    }

    fn span(&self, span: &saphyr_parser::Span) -> Span {
        let start = self.byte(span.start.index());
        Span { end: self.byte(span.end.index().max(span.start.index())), ..self.at(start) }
    }

    /// Returns the place of a byte.
    fn at(&self, start: usize) -> Span {
        let (line, line_start) = self.lines.at(start);
        let column = self.character(start).saturating_sub(self.character(line_start)) + 1;
        Span { start, end: start, line, column }
    }
}
