//! YAML, and with it JSON, to a tree. Anchors, tags and the like are refused: a description that is read by people and by
//! programs has one way to say a thing.

use std::borrow::Cow;

use saphyr_parser::{Event, Parser, ScalarStyle};

use super::Report;
use super::json;
use super::node::{Content, Entry, Mapping, Node, Span};
use super::syntax::{self, Hint};
use crate::diagnostic::{Code, Related};
use crate::location::Lines;
use crate::pointer::Pointer;

/// How deep objects and lists may be nested. Stripe's whole description needs less than half of it.
pub(super) const MAX_DEPTH: usize = 100;

/// How long a key may be, in bytes, as YAML has it for most of them. Each mistake inside is told with the keys around it.
const MAX_KEY: usize = 1024;

/// The key that merges another object into this one.
const MERGE: &str = "<<";

/// Reads a text; nothing where it can't be understood.
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
                    None => (at, format!("this is not YAML: {}", error.info()), None),
                };
                report.push(Code::SyntaxError, places.at(at), &builder.pointer(), message, help);
                return None;
            }
        }
    }
    builder.root
}

/// A list or an object that is being read.
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
    /// Takes in one event; `false` where going on makes no sense.
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
                self.unsupported("an alias", "repeat what it stands for, or use `$ref`", span, report);
                self.value(Node { span, content: Content::Refused }, report)
            }
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    self.unsupported("a second document", "put it into a file of its own", span, report);
                }
                self.documents == 1
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => true,
        }
    }

    fn refuse(&mut self, anchor: bool, tag: bool, span: Span, report: &mut Report<'_>) {
        if anchor {
            self.unsupported("an anchor", "repeat what it stands for, or use `$ref`", span, report);
        }
        if tag {
            self.unsupported("a tag", "leave it out; quotes make a text of anything", span, report);
        }
    }

    fn unsupported(&mut self, what: &str, help: &str, span: Span, report: &mut Report<'_>) {
        let message = format!("{what} can't be used in a description");
        report.push(Code::UnsupportedYaml, span, &self.pointer(), message, Some(help.to_owned()));
    }

    fn open(&mut self, open: Open, span: Span, report: &mut Report<'_>) -> bool {
        if self.stack.len() >= MAX_DEPTH {
            let message = format!("objects and lists are nested more than {MAX_DEPTH} deep");
            let help = "give some of it a name under `components.schemas`, and refer to it with `$ref`".to_owned();
            report.push(Code::TooDeep, span, &self.pointer(), message, Some(help));
            return false;
        }
        if let Some(Open::Mapping(_, _, None)) = self.stack.last() {
            self.unsupported("a key that is no text", "write the key as text", span, report);
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
            self.unsupported("a key of this length", "give it a shorter one", span, report);
            return false;
        }
        if let Some(Open::Mapping(_, _, key @ None)) = self.stack.last_mut() {
            *key = Some((text.to_owned(), span));
            if text == MERGE {
                self.unsupported("a merge key", "repeat what it stands for, or use `$ref`", span, report);
            }
            return true;
        }
        let content = if style == ScalarStyle::Plain { resolve(text) } else { Content::Text(text.to_owned()) };
        let content = match content {
            // JSON has no infinity: `openapiv3` would take it for null in one place, and panic in another.
            Content::Number(number) if number.is_infinite() => {
                let help = "write one with fewer digits, or put it into quotes to make it a text".to_owned();
                let message = "this number is too large".to_owned();
                report.push(Code::WrongType, span, &self.pointer(), message, Some(help));
                Content::Refused
            }
            content => content,
        };
        let content = self.reference(content, report);
        self.value(Node { span, content }, report)
    }

    /// Refuses a `$ref` without a value, behind which an unquoted reference stands as a comment.
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

    /// Puts a value where it belongs.
    fn value(&mut self, node: Node, report: &mut Report<'_>) -> bool {
        match self.stack.last_mut() {
            None => self.root = Some(node),
            Some(Open::List(_, items)) => items.push(node),
            Some(Open::Mapping(_, mapping, key)) => {
                let Some((key, key_span)) = key.take() else {
                    self.unsupported("a key that is no text", "write the key as text", node.span, report);
                    return false;
                };
                if key == MERGE {
                    return true;
                }
                let entry = Entry { key: key.clone(), key_span, value: node };
                if let Err(other) = mapping.insert(entry) {
                    let related =
                        Related { location: report.location(other), text: "it stands here already".to_owned() };
                    let message = format!("the key `{}` stands twice in this object", key.escape_debug());
                    let pointer = self.pointer().join(&key);
                    report.push_related(Code::DuplicateKey, key_span, &pointer, message, vec![related]);
                }
            }
        }
        true
    }

    /// Where reading has got to.
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

/// What a plain scalar is, by YAML 1.2's core schema.
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
    // Rust also reads words such as `inf` and `nan` as numbers, which are text here.
    let numeric = unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && unsigned.bytes().all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte));
    match text.parse::<f64>() {
        Ok(number) if numeric => Content::Number(number.into()),
        _ => Content::Text(text.to_owned()),
    }
}

/// Places in the text for positions in characters, which is what the parser counts.
struct Places {
    /// The byte of each character that the parser reads, where it reads another text.
    read: Option<Vec<usize>>,
    /// The byte of each character, where not every one is a byte.
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

    /// How many characters stand before a byte.
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

    /// The place of a byte.
    fn at(&self, start: usize) -> Span {
        let (line, line_start) = self.lines.at(start);
        let column = self.character(start).saturating_sub(self.character(line_start)) + 1;
        Span { start, end: start, line, column }
    }
}
