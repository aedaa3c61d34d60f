//! Changes objects and lists in flow style, such as those of JSON, which stay in it.

use std::ops::Range;

use super::align::aligned;
use super::order;
use super::text::Text;
use super::write::{self, LEVEL, Place};
use super::{EditError, Value};
use crate::parse::{Content, Node};

/// Returns the text of an object or a list with a new value.
///
/// # Errors
///
/// A layout that cannot be edited, such as comments between entries.
pub(super) fn changed(text: Text<'_>, node: &Node, place: &Place, new: &Value) -> Result<String, EditError> {
    let is_json = text.is_flow(text.skip(0));
    Editor { text, is_json }.changed(node, place, new, Layout::Line)
}

struct Editor<'t> {
    text: Text<'t>,
    is_json: bool,
}

/// An entry or an item of the result.
enum Piece {
    /// The one of this index in the text, with its text.
    Old(usize, String),
    New(String),
}

/// The layout of an object or a list.
#[derive(Clone, Copy)]
enum Layout {
    Line,
    /// Each entry on a line of its own, at this column.
    Lines(usize),
}

impl Editor<'_> {
    fn changed(&self, node: &Node, place: &Place, new: &Value, around: Layout) -> Result<String, EditError> {
        let range = self.range(node);
        let old = Value::from(node);
        if old.is(new) {
            return Ok(self.text.slice(range).to_owned());
        }
        match (&node.content, &old, new) {
            (Content::Mapping(mapping), Value::Map(old), Value::Map(new)) if !old.is_empty() && !new.is_empty() => {
                let entries = mapping.entries();
                let parts: Vec<_> = entries.map(|entry| entry.key_span.start..self.range(&entry.value).end).collect();
                let layout = self.layout(&range, &parts, place)?;
                let mut pieces: Vec<(&str, Piece)> = Vec::new();
                for (index, entry) in mapping.entries().enumerate() {
                    if let Some((_, value)) = new.iter().find(|(key, _)| *key == entry.key) {
                        let inner = self.changed(&entry.value, &place.inside(&entry.key, 0), value, layout)?;
                        let key = self.text.slice(entry.key_span.start..self.range(&entry.value).start);
                        pieces.push((&entry.key, Piece::Old(index, format!("{key}{inner}"))));
                    }
                }
                for (key, value) in new.iter().filter(|(key, _)| mapping.get(key).is_none()) {
                    let keys: Vec<_> = pieces.iter().map(|(key, _)| *key).collect();
                    let at = order::place(place.role, &place.pointer, &keys, key);
                    let entry = format!("{}: {}", self.string(key), self.value(value, &place.inside(key, 0), layout));
                    pieces.insert(at, (key, Piece::New(entry)));
                }
                Ok(self.joined(&range, &parts, pieces.into_iter().map(|(_, piece)| piece), layout))
            }
            (Content::List(items), Value::List(old), Value::List(new)) if !old.is_empty() && !new.is_empty() => {
                let parts: Vec<_> = items.iter().map(|item| self.range(item)).collect();
                let layout = self.layout(&range, &parts, place)?;
                let mut pieces = Vec::new();
                for pair in aligned(old, new) {
                    match pair {
                        (Some(old), Some((index, value))) => {
                            let Some(item) = items.get(old) else { continue };
                            let inner = self.changed(item, &place.inside(&index.to_string(), 0), value, layout)?;
                            pieces.push(Piece::Old(old, inner));
                        }
                        (None, Some((index, value))) => {
                            let inner = place.inside(&index.to_string(), 0);
                            pieces.push(Piece::New(self.value(value, &inner, layout)));
                        }
                        _ => {}
                    }
                }
                Ok(self.joined(&range, &parts, pieces.into_iter(), layout))
            }
            _ => {
                // A key without a value ends with its colon.
                let space = if range.is_empty() { " " } else { "" };
                Ok(format!("{space}{}", self.value(new, place, around)))
            }
        }
    }

    /// Returns the range of a value.
    fn range(&self, node: &Node) -> Range<usize> {
        node.span.start..self.text.flow_end(node, node.span.start)
    }

    fn layout(&self, range: &Range<usize>, parts: &[Range<usize>], place: &Place) -> Result<Layout, EditError> {
        let error = |message: &str| EditError::new(&place.pointer, message, "write it in block style first");
        if !self.text.is_flow(range.start) {
            return Err(error("an object without braces cannot be edited"));
        }
        let starts = parts.iter().map(|part| part.start).chain([range.end]);
        let ends = [range.start].into_iter().chain(parts.iter().map(|part| part.end));
        if ends.zip(starts).any(|(end, start)| self.text.slice(end..start).contains('#')) {
            return Err(error("comments between braces cannot be edited"));
        }
        let first = parts.first().map_or(range.start, |part| part.start);
        Ok(if self.text.is_first(first) && first > range.start {
            Layout::Lines(self.text.column(first))
        } else {
            Layout::Line
        })
    }

    /// Joins entries or items, with the text between those that stay together.
    fn joined(
        &self,
        range: &Range<usize>,
        parts: &[Range<usize>],
        pieces: impl Iterator<Item = Piece>,
        layout: Layout,
    ) -> String {
        let between = |index: usize| {
            let start = index.checked_sub(1).map_or(Some(range.start), |index| Some(parts.get(index)?.end));
            let end = parts.get(index).map_or(Some(range.end), |part| Some(part.start));
            start.zip(end).map_or("", |(start, end)| self.text.slice(start..end))
        };
        let separator = match layout {
            Layout::Line => ", ".to_owned(),
            Layout::Lines(column) => format!(",\n{:column$}", ""),
        };
        let mut text = between(0).to_owned();
        let mut last = None;
        for (at, piece) in pieces.enumerate() {
            let (index, piece) = match piece {
                Piece::Old(index, piece) => (Some(index), piece),
                Piece::New(piece) => (None, piece),
            };
            let follows = last.flatten().zip(index).is_some_and(|(last, index): (usize, usize)| last + 1 == index);
            if at > 0 {
                text.push_str(if follows { index.map_or("", between) } else { &separator });
            }
            text.push_str(&piece);
            last = Some(index);
        }
        let end = between(parts.len());
        text.push_str(end);
        text
    }

    fn string(&self, text: &str) -> String {
        let written = write::key_text(text);
        let is_plain = written == text && !text.contains(['[', ']', '{', '}', ',']);
        if self.is_json || !is_plain { write::double_quoted(text) } else { written }
    }

    fn value(&self, value: &Value, place: &Place, layout: Layout) -> String {
        let (open, close, pieces): (_, _, Vec<String>) = match value {
            Value::Text(text) => return self.string(text),
            Value::Null => return "null".to_owned(),
            Value::Flag(flag) => return flag.to_string(),
            Value::Number(number) => return number.to_string(),
            Value::List(items) => {
                let inner = |(index, item): (usize, &Value)| {
                    self.value(item, &place.inside(&index.to_string(), 0), deeper(layout))
                };
                ('[', ']', items.iter().enumerate().map(inner).collect())
            }
            Value::Map(entries) => {
                let mut entries: Vec<_> = entries.iter().collect();
                entries.sort_by_key(|(key, _)| place.role.rank(key));
                let entry = |(key, value): &(String, Value)| {
                    format!("{}: {}", self.string(key), self.value(value, &place.inside(key, 0), deeper(layout)))
                };
                ('{', '}', entries.into_iter().map(entry).collect())
            }
        };
        match layout {
            Layout::Lines(column) if !pieces.is_empty() => {
                let inner = column + LEVEL;
                let pieces = pieces.join(&format!(",\n{:inner$}", ""));
                format!("{open}\n{:inner$}{pieces}\n{:column$}{close}", "", "")
            }
            _ => format!("{open}{}{close}", pieces.join(", ")),
        }
    }
}

fn deeper(layout: Layout) -> Layout {
    match layout {
        Layout::Line => Layout::Line,
        Layout::Lines(column) => Layout::Lines(column + LEVEL),
    }
}
