//! Parses a description, YAML or JSON, into a checked document.
//!
//! `openapiv3` silently drops unknown keywords, and says little about the errors that it finds. So the text becomes a tree with
//! positions first, which is checked against the grammar of [`dialect`](crate::dialect); only what is valid is passed on. No
//! other module uses the YAML crates.

mod check;
mod contradictions;
mod deviations;
mod foreign;
mod hints;
mod json;
mod node;
mod schema;
mod syntax;
mod values;
mod yaml;

use std::collections::BTreeSet;

use openapiv3::OpenAPI;

pub(crate) use self::check::UNWRITTEN;
pub(crate) use self::foreign::foreign;
use self::node::Span;
pub(crate) use self::node::{Content, Entry, Mapping, Node};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Related};
use crate::dialect::Pair;
use crate::dialect::grammar::Kind;
use crate::dialect::shape::Shape;
use crate::location::{FileId, Location};
use crate::pointer::Pointer;
use crate::source::Source;

/// A parsed description.
pub(crate) struct Document {
    /// The description.
    pub(crate) file: FileId,
    /// The content, without whatever has an error.
    pub(crate) openapi: OpenAPI,
    tree: Node,
    /// The places of the examples and defaults.
    values: Vec<Pointer>,
}

impl Document {
    /// Returns whether the place exists, with an error or not.
    pub(crate) fn exists(&self, pointer: &Pointer) -> bool {
        self.node(pointer).is_some()
    }

    /// Returns the string at a place.
    pub(crate) fn text(&self, pointer: &Pointer) -> Option<&str> {
        self.node(pointer)?.text()
    }

    /// Returns the flag at a place.
    pub(crate) fn flag(&self, pointer: &Pointer) -> Option<bool> {
        match self.node(pointer)?.content {
            Content::Flag(flag) => Some(flag),
            _ => None,
        }
    }

    fn node(&self, pointer: &Pointer) -> Option<&Node> {
        pointer.segments().try_fold(&self.tree, |node, segment| Some(node.child(&segment)?.1))
    }

    /// Returns the keywords of everything but schemas, each with its place.
    pub(crate) fn keywords(&self) -> BTreeSet<Pair> {
        let mut found = BTreeSet::new();
        keywords_in(Kind::Root, &self.tree, &mut found);
        found
    }

    /// Returns the keys of the object at a place.
    pub(crate) fn keys(&self, pointer: &Pointer) -> impl Iterator<Item = &str> {
        let mapping = self.node(pointer).and_then(Node::mapping);
        mapping.into_iter().flat_map(|mapping| mapping.entries()).map(|entry| entry.key.as_str())
    }

    /// Returns the location of a key; if it is missing, of the object around it.
    pub(crate) fn key_location(&self, pointer: &Pointer) -> Location {
        find(&self.tree, pointer).0.location(self.file)
    }

    /// Returns the location of a value; if it is missing, of the object around it.
    pub(crate) fn value_location(&self, pointer: &Pointer) -> Location {
        find(&self.tree, pointer).1.location(self.file)
    }
}

fn keywords_in(kind: Kind, node: &Node, found: &mut BTreeSet<Pair>) {
    for entry in node.mapping().into_iter().flat_map(|mapping| mapping.entries()) {
        let member = kind.keywords().iter().find(|member| member.name == entry.key);
        let shape = member.map(|member| &member.shape).or(kind.free_keys().map(|free| free.shape));
        if member.is_some() || entry.key.starts_with("x-") {
            found.insert((kind.name(), entry.key.clone()));
        }
        if let Some(shape) = shape {
            objects_in(shape, &entry.value, found);
        }
    }
}

fn objects_in(shape: &Shape, node: &Node, found: &mut BTreeSet<Pair>) {
    match (shape, &node.content) {
        (Shape::Object(Kind::Schema) | Shape::OrReference(Kind::Schema), _) => {}
        (Shape::Object(kind) | Shape::OrReference(kind), _) => keywords_in(*kind, node, found),
        (Shape::List(item), Content::List(items)) => items.iter().for_each(|node| objects_in(item, node, found)),
        (Shape::Map(value), Content::Mapping(mapping)) => {
            mapping.entries().for_each(|entry| objects_in(value, &entry.value, found));
        }
        _ => {}
    }
}

impl Span {
    fn location(self, file: FileId) -> Location {
        Location { file, line: self.line, column: self.column, span: self.start..self.end }
    }
}

/// Parses a description. Errors become diagnostics; the document has the rest, so that lowering can report further errors.
pub(crate) fn parse(file: FileId, source: &Source, diagnostics: &mut Diagnostics) -> Option<Document> {
    let before = diagnostics.len();
    let mut report = Report { file, diagnostics };
    let tree = yaml::read(&source.text, &mut report);
    let Some(tree) = tree else {
        if report.diagnostics.len() == before {
            let nothing = Span { start: 0, end: 0, line: 1, column: 1 };
            let help = Some("start the description with `openapi: 3.0.3`".to_owned());
            report.push(Code::SyntaxError, nothing, &Pointer::root(), "the file is empty".to_owned(), help);
        }
        return None;
    };
    let (value, values) = check::document(&tree, &mut report);
    let value = value?;
    match serde_yaml::from_value(value) {
        Ok(openapi) => Some(Document { file, openapi, tree, values }),
        Err(error) => {
            // The grammar is stricter than `openapiv3`, so this is not expected.
            if report.diagnostics.len() == before {
                let message = format!("invalid OpenAPI 3.0: {error}");
                report.push(Code::WrongType, tree.span, &Pointer::root(), message, None);
            }
            None
        }
    }
}

/// A text, YAML or JSON, that is not checked against the grammar.
pub(crate) struct Tree(Node);

/// A syntax error.
pub(crate) struct SyntaxError {
    /// The line, from 1.
    pub(crate) line: usize,
    /// The column, from 1.
    pub(crate) column: usize,
    /// What is wrong.
    pub(crate) message: String,
}

/// Reads a text without checking it against the grammar.
pub(crate) fn tree(text: &str) -> Result<Tree, SyntaxError> {
    let mut diagnostics = Diagnostics::default();
    let tree = yaml::read(text, &mut Report { file: FileId(0), diagnostics: &mut diagnostics });
    match (diagnostics.iter().next(), tree) {
        (None, Some(tree)) => Ok(Tree(tree)),
        (Some(found), _) => {
            let Diagnostic { location, message, .. } = found;
            Err(SyntaxError { line: location.line, column: location.column, message: message.clone() })
        }
        (None, None) => Err(SyntaxError { line: 1, column: 1, message: "the file is empty".to_owned() }),
    }
}

impl Tree {
    /// Returns the tree.
    pub(crate) fn root(&self) -> &Node {
        &self.0
    }

    /// Returns the value.
    pub(crate) fn value(&self) -> serde_json::Value {
        json::value(&self.0)
    }

    /// Returns the keys of the object at a place, in the order of the text.
    pub(crate) fn keys(&self, pointer: &Pointer) -> impl Iterator<Item = &str> {
        let node = pointer.segments().try_fold(&self.0, |node, segment| Some(node.child(&segment)?.1));
        let mapping = node.and_then(Node::mapping);
        mapping.into_iter().flat_map(|mapping| mapping.entries()).map(|entry| entry.key.as_str())
    }

    /// Returns the place of what stands at a byte.
    pub(crate) fn place(&self, byte: usize) -> Pointer {
        let (mut node, mut pointer) = (&self.0, Pointer::root());
        loop {
            // The last one that starts before.
            let next = match &node.content {
                Content::Mapping(mapping) => {
                    let before = mapping.entries().filter(|entry| entry.key_span.start <= byte).last();
                    before.map(|entry| (&entry.value, pointer.join(&entry.key)))
                }
                Content::List(items) => {
                    let before = items.iter().enumerate().rfind(|(_, item)| item.span.start <= byte);
                    before.map(|(index, item)| (item, pointer.index(index)))
                }
                _ => None,
            };
            match next {
                Some(next) => (node, pointer) = next,
                None => return pointer,
            }
        }
    }

    /// Returns the line of a key; if it is missing, of the object around it.
    pub(crate) fn line(&self, pointer: &Pointer) -> usize {
        find(&self.0, pointer).0.line
    }
}

/// Returns whether a string is read back from the text without quotes, by its characters alone.
pub(crate) fn is_plain_text(text: &str) -> bool {
    matches!(yaml::resolve(text), Content::Text(_))
}

/// Returns the key and the value at a place, or at the nearest one around it that exists.
fn find(tree: &Node, pointer: &Pointer) -> (Span, Span) {
    let (mut node, mut key) = (tree, tree.span);
    for segment in pointer.segments() {
        let Some(next) = node.child(&segment) else { break };
        (key, node) = next;
    }
    (key, node.span)
}

/// Collects the errors of one description.
struct Report<'d> {
    file: FileId,
    diagnostics: &'d mut Diagnostics,
}

impl Report<'_> {
    fn location(&self, span: Span) -> Location {
        span.location(self.file)
    }

    fn push(&mut self, code: Code, span: Span, pointer: &Pointer, message: String, help: Option<String>) {
        self.push_related(code, span, pointer, message, help, Vec::new());
    }

    fn push_related(
        &mut self,
        code: Code,
        span: Span,
        pointer: &Pointer,
        message: String,
        help: Option<String>,
        related: Vec<Related>,
    ) {
        let (pointer, location) = (pointer.clone(), self.location(span));
        self.diagnostics.push(Diagnostic { code, message, pointer, location, related, help });
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_yaml::Value;

    use super::*;

    /// Collects everything in `given` that is not in `kept`.
    fn lost(given: &Value, kept: &Value, at: &str, found: &mut Vec<String>) {
        match (given, kept) {
            (Value::Mapping(given), Value::Mapping(kept)) => {
                for (key, value) in given {
                    let at = format!("{at}/{}", key.as_str().unwrap_or_default());
                    match kept.get(key) {
                        Some(kept) => lost(value, kept, &at, found),
                        // `openapiv3` does not write defaults.
                        None if *value == Value::Bool(false) => {}
                        None if value.as_sequence().is_some_and(Vec::is_empty) => {}
                        None if value.as_mapping().is_some_and(serde_yaml::Mapping::is_empty) => {}
                        None => found.push(at),
                    }
                }
            }
            (Value::Sequence(given), Value::Sequence(kept)) if given.len() == kept.len() => {
                for (index, (given, kept)) in given.iter().zip(kept).enumerate() {
                    lost(given, kept, &format!("{at}/{index}"), found);
                }
            }
            (given, kept) if given == kept => {}
            (given, kept) if given.as_f64().is_some() && given.as_f64() == kept.as_f64() => {}
            _ => found.push(at.to_owned()),
        }
    }

    #[test]
    fn openapiv3_keeps_all_that_the_grammar_accepts() {
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut tested = 0;
        for folder in ["spec", "tests/fixtures/dialect"] {
            for entry in std::fs::read_dir(project.join(folder)).unwrap() {
                let path = entry.unwrap().path();
                if path.extension().is_none_or(|ending| ending != "yaml") {
                    continue;
                }
                let text = std::fs::read_to_string(&path).unwrap();
                let mut diagnostics = Diagnostics::default();
                let mut report = Report { file: FileId(0), diagnostics: &mut diagnostics };
                let tree = yaml::read(&text, &mut report).unwrap();
                let value = check::document(&tree, &mut report).0.unwrap();
                assert!(diagnostics.is_empty(), "{}: {diagnostics:?}", path.display());
                let openapi: OpenAPI = serde_yaml::from_value(value.clone()).unwrap();
                let mut found = Vec::new();
                lost(&value, &serde_yaml::to_value(&openapi).unwrap(), "", &mut found);
                assert!(found.is_empty(), "{}: {found:?}", path.display());
                tested += 1;
            }
        }
        assert!(tested > 20);
    }
}
