//! Changes a text so that it has another value, with as few lines as possible.

use std::collections::BTreeMap;
use std::ops::Range;

use super::align::aligned;
use super::order::{self, Role};
use super::text::Text;
use super::write::{self, Place};
use super::{EditError, Value, flow};
use crate::parse::{Content, Entry, Mapping, Node};
use crate::pointer::Pointer;

/// Returns the text with the new value.
///
/// # Errors
///
/// A place whose layout cannot be edited.
pub(super) fn reconcile(
    text: &str,
    tree: &Node,
    new: &Value,
    after: &BTreeMap<Pointer, String>,
) -> Result<String, EditError> {
    let mut reconciler = Reconciler { text: Text(text), after, patches: Vec::new() };
    let place = Place { pointer: Pointer::root(), role: Role::ROOT, column: 0 };
    let is_missing = matches!(new, Value::Map(entries) if entries.is_empty()) || !matches!(new, Value::Map(_));
    if is_missing || !matches!(tree.content, Content::Mapping(_)) {
        return Err(EditError::new(&place.pointer, "not an object", "pass a description"));
    }
    reconciler.value(tree, 0, &place, new)?;
    Ok(reconciler.patched())
}

/// Text that replaces a part of a text.
struct Patch {
    range: Range<usize>,
    text: String,
}

struct Reconciler<'t> {
    text: Text<'t>,
    /// The keys that new ones stand after.
    after: &'t BTreeMap<Pointer, String>,
    /// In the order of the text.
    patches: Vec<Patch>,
}

/// An entry or an item in the text.
struct Part<'n> {
    node: &'n Node,
    /// The byte of the key or of the dash.
    start: usize,
    /// The byte after the colon or the dash.
    after: usize,
    /// The end of its value.
    end: usize,
}

/// What becomes of the parts of an object or a list, in the order of the result.
enum Step<'v> {
    /// The part of this index gets a value.
    Keep(usize, &'v Value),
    Remove(usize),
    Add(String),
}

impl Reconciler<'_> {
    fn value(&mut self, node: &Node, after: usize, place: &Place, new: &Value) -> Result<(), EditError> {
        if Value::from(node).is(new) {
            return Ok(());
        }
        let range = self.text.value(node, after);
        let is_flow = self.text.is_flow(range.start);
        match (&node.content, new) {
            (Content::Mapping(mapping), Value::Map(entries)) if !is_flow && keeps(mapping, entries) => {
                self.text.check_layout(range.start, &place.pointer)?;
                self.mapping(mapping, place, entries)
            }
            (Content::List(items), Value::List(values)) if !is_flow && !values.is_empty() => {
                self.text.check_layout(range.start, &place.pointer)?;
                self.list(items, after, place, values)
            }
            (Content::Mapping(_) | Content::List(_), _) if is_flow && keeps_flow(node, &place.pointer) => {
                let changed = flow::changed(self.text, node, place, new)?;
                self.patch(range, changed);
                Ok(())
            }
            _ => {
                self.replace(range, after, place, new);
                Ok(())
            }
        }
    }

    /// Replaces a whole value.
    fn replace(&mut self, range: Range<usize>, after: usize, place: &Place, new: &Value) {
        let is_item = self.text.slice(0..after).ends_with('-');
        let width = after.saturating_sub(self.text.line_start(after) + place.column);
        let written = if is_item { write::after_dash(new, place) } else { write::after_key(new, place, width) };
        let inline = if written.inline.is_empty() { String::new() } else { format!(" {}", written.inline) };
        let has_own_lines = !range.is_empty() && self.text.line_start(range.start) > after;
        if has_own_lines {
            self.patch(after..after, inline);
            self.patch(self.text.line_end(after)..self.text.line_end(range.end), written.below);
        } else {
            self.patch(after..range.end.max(after), inline);
            self.add(self.text.line_end(range.end), written.below);
        }
    }

    fn mapping<'n>(&mut self, mapping: &'n Mapping, place: &Place, new: &[(String, Value)]) -> Result<(), EditError> {
        let keys: Vec<_> = mapping.entries().map(|entry| entry.key.as_str()).collect();
        let part = |entry: &'n Entry| {
            let after = self.text.after_colon(entry.key_span.start, entry.key_span.end);
            let end = self.text.value(&entry.value, after).end;
            Part { node: &entry.value, start: entry.key_span.start, after, end }
        };
        let parts: Vec<_> = mapping.entries().map(part).collect();
        let Some(column) = parts.first().map(|part| self.text.column(part.start)) else { return Ok(()) };
        let find = |key: &str| new.iter().find(|(other, _)| other == key).map(|(_, value)| value);
        // The keys of the result, with what becomes of them.
        let mut steps: Vec<(&str, Step<'_>)> = keys
            .iter()
            .enumerate()
            .map(|(index, key)| {
                let step = find(key).map_or(Step::Remove(index), |value| Step::Keep(index, value));
                (*key, step)
            })
            .collect();
        for (key, value) in new.iter().filter(|(key, _)| !keys.contains(&key.as_str())) {
            let present: Vec<_> = steps.iter().map(|(key, _)| *key).collect();
            let after = self.after.get(&place.pointer.join(key));
            let after = after.and_then(|after| present.iter().position(|other| other == after));
            let at = after.map_or_else(|| order::place(place.role, &place.pointer, &present, key), |at| at + 1);
            steps.insert(at, (key, Step::Add(write::entry(key, value, place, column))));
        }
        let separated = |key: &str| order::is_separated(&place.pointer, key);
        let inside = |index: usize| keys.get(index).map_or_else(|| place.clone(), |key| place.inside(key, column));
        self.steps(&parts, steps, &separated, &inside)
    }

    fn list(&mut self, items: &[Node], after: usize, place: &Place, new: &[Value]) -> Result<(), EditError> {
        let mut end = after;
        let mut parts = Vec::new();
        for node in items {
            let start = self.text.skip(end);
            end = self.text.value(node, start + 1).end;
            parts.push(Part { node, start, after: start + 1, end });
        }
        let Some(column) = parts.first().map(|part| self.text.column(part.start)) else { return Ok(()) };
        let old: Vec<_> = items.iter().map(Value::from).collect();
        let steps = aligned(&old, new).into_iter().map(|pair| match pair {
            (Some(old), Some((_, value))) => ("", Step::Keep(old, value)),
            (Some(old), None) => ("", Step::Remove(old)),
            (None, Some((index, value))) => ("", Step::Add(write::item(index, value, place, column))),
            (None, None) => ("", Step::Add(String::new())),
        });
        let inside = |index: usize| place.inside(&index.to_string(), column);
        self.steps(&parts, steps.collect(), &|_| false, &inside)
    }

    fn steps(
        &mut self,
        parts: &[Part<'_>],
        steps: Vec<(&str, Step<'_>)>,
        is_separated: &dyn Fn(&str) -> bool,
        inside: &dyn Fn(usize) -> Place,
    ) -> Result<(), EditError> {
        let first = parts.first().map_or(0, |part| part.start);
        let first_kept =
            steps.iter().find_map(|(_, step)| if let Step::Keep(index, _) = step { Some(*index) } else { None });
        // Where the next addition is written; `None` before the first part.
        let mut end = None;
        for (key, step) in steps {
            let index = match &step {
                Step::Keep(index, _) | Step::Remove(index) => Some(*index),
                Step::Add(_) => None,
            };
            let part = index.and_then(|index| Some((index, parts.get(index)?)));
            match (step, part) {
                (Step::Keep(_, value), Some((index, part))) => {
                    self.value(part.node, part.after, &inside(index), value)?;
                    end = Some(part.end);
                }
                // The next key stands after the dash instead.
                (Step::Remove(_), Some((index, part))) if end.is_none() && !self.text.is_first(first) => {
                    if let Some(next) = parts.get(index + 1) {
                        self.patch(part.start..next.start, String::new());
                        if first_kept == Some(index + 1) {
                            self.move_comments(next.start, first);
                        }
                    }
                }
                (Step::Remove(_), Some((index, part))) => {
                    self.remove(part, parts.get(index + 1), index == 0, is_separated(key));
                    end = Some(part.end);
                }
                (Step::Add(text), _) => match end {
                    Some(end) => {
                        let blank = if is_separated(key) { "\n" } else { "" };
                        self.add(self.text.line_end(end), format!("{blank}{text}"));
                    }
                    None if self.text.is_first(first) => {
                        let blank = if is_separated(key) { "\n" } else { "" };
                        self.add(self.comments_start(first), format!("{text}{blank}"));
                    }
                    // The first key stands after a dash.
                    None => {
                        let column = self.text.column(first);
                        let text = format!("{}{:column$}", text.trim_start_matches(' '), "");
                        self.patch(first..first, text);
                    }
                },
                _ => {}
            }
        }
        Ok(())
    }

    fn remove(&mut self, part: &Part<'_>, next: Option<&Part<'_>>, is_first: bool, is_separated: bool) {
        let end = self.text.line_end(part.end);
        let start = self.comments_start(part.start);
        if !is_separated {
            return self.patch(start..end, String::new());
        }
        let blank_before = self.text.slice(0..start).len() - trim_blank_lines(self.text.slice(0..start)).len();
        let blank_after = {
            let rest = self.text.from(end);
            let lines = rest.split_inclusive('\n').take_while(|line| line.trim().is_empty());
            lines.map(str::len).sum::<usize>()
        };
        let range = if is_first && next.is_some() { start..end + blank_after } else { start - blank_before..end };
        self.patch(range, String::new());
    }

    /// Writes the comments above a key above the dash before another one.
    fn move_comments(&mut self, from: usize, to: usize) {
        let dash = self.text.line_start(to);
        let indent = self.text.slice(dash..to).split('-').next().unwrap_or_default();
        let comments = self.text.slice(self.comments_start(from)..self.text.line_start(from));
        let comments: String = comments.lines().map(|line| format!("{indent}{}\n", line.trim_start())).collect();
        self.patch(dash..dash, comments);
    }

    /// Returns the start of the comments right above a key or a dash that is the first of its line.
    fn comments_start(&self, start: usize) -> usize {
        let column = self.text.column(start);
        let mut found = self.text.line_start(start);
        while found > 0 {
            let above = self.text.line_start(found - 1);
            let line = self.text.slice(above..found);
            let is_comment = line.trim_start().starts_with('#') && line.len() - line.trim_start().len() == column;
            if !is_comment || above == 0 {
                break;
            }
            found = above;
        }
        found
    }

    /// Adds lines at the start of a line.
    fn add(&mut self, at: usize, lines: String) {
        let is_unfinished = at == self.text.0.len() && !self.text.0.ends_with('\n');
        if is_unfinished && !lines.is_empty() {
            let lines = lines.strip_suffix('\n').unwrap_or(&lines);
            self.patch(at..at, format!("\n{lines}"));
        } else {
            self.patch(at..at, lines);
        }
    }

    fn patch(&mut self, range: Range<usize>, text: String) {
        if !range.is_empty() || !text.is_empty() {
            self.patches.push(Patch { range, text });
        }
    }

    fn patched(mut self) -> String {
        let text = self.text.0;
        let has_returns = text.split_once('\n').is_some_and(|(first, _)| first.ends_with('\r'));
        self.patches.sort_by_key(|patch| patch.range.start);
        let mut out = String::with_capacity(text.len());
        let mut end = 0;
        for patch in self.patches {
            out.push_str(self.text.slice(end..patch.range.start));
            out.push_str(&if has_returns { patch.text.replace('\n', "\r\n") } else { patch.text });
            end = patch.range.end.max(end);
        }
        out.push_str(self.text.from(end));
        out
    }
}

/// Returns whether an object in block style is edited, not replaced: something of it stays.
fn keeps(mapping: &Mapping, new: &[(String, Value)]) -> bool {
    mapping.entries().any(|entry| new.iter().any(|(other, _)| *other == entry.key))
}

/// Returns whether an object or a list in flow style stays in it: empty ones become blocks, except in JSON.
fn keeps_flow(node: &Node, pointer: &Pointer) -> bool {
    let is_empty = match &node.content {
        Content::Mapping(mapping) => mapping.entries().next().is_none(),
        Content::List(items) => items.is_empty(),
        _ => false,
    };
    !is_empty || pointer.as_str().is_empty()
}

fn trim_blank_lines(text: &str) -> &str {
    let mut kept = text;
    while let Some(line) = kept.strip_suffix('\n') {
        let start = line.rfind('\n').map_or(0, |end| end + 1);
        if !line.get(start..).unwrap_or_default().trim().is_empty() {
            break;
        }
        kept = kept.get(..start).unwrap_or_default();
    }
    kept
}
