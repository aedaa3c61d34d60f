//! Text to a document that is known to be well-formed: YAML or JSON, read strictly.
//!
//! `openapiv3` drops what it does not know without a word, and says little about what it refuses. So a description is read
//! into a tree with places first, checked against the dialect's grammar, and only what has passed is handed on. The YAML
//! crates are seen in this module alone.

mod check;
pub(crate) mod extensions;
mod grammar;
mod node;
mod schema;
mod shape;
mod yaml;

use openapiv3::OpenAPI;

use self::node::{Content, Node, Span};
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Related};
use crate::location::{FileId, Location};
use crate::pointer::Pointer;
use crate::source::Source;

/// A description that has been read.
pub(crate) struct Document {
    /// Which one it is.
    pub(crate) file: FileId,
    /// What it says.
    pub(crate) openapi: OpenAPI,
    tree: Node,
}

impl Document {
    /// Whether something stands at the place, understood or not.
    pub(crate) fn exists(&self, pointer: &Pointer) -> bool {
        let mut node = &self.tree;
        for segment in pointer.segments() {
            match node.mapping().and_then(|mapping| mapping.get(&segment)) {
                Some(entry) => node = &entry.value,
                None => return false,
            }
        }
        true
    }

    /// Where a key stands; where there is none, what it would stand in.
    pub(crate) fn key_location(&self, pointer: &Pointer) -> Location {
        self.find(pointer).0.location(self.file)
    }

    /// Where a value stands; where there is none, what it would stand in.
    pub(crate) fn value_location(&self, pointer: &Pointer) -> Location {
        self.find(pointer).1.location(self.file)
    }

    /// The places of the key and the value nearest to what a pointer leads to.
    fn find(&self, pointer: &Pointer) -> (Span, Span) {
        let (mut node, mut key) = (&self.tree, self.tree.span);
        for segment in pointer.segments() {
            let next = match &node.content {
                Content::Mapping(mapping) => mapping.get(&segment).map(|entry| (&entry.value, entry.key_span)),
                Content::List(items) => {
                    segment.parse().ok().and_then(|index: usize| items.get(index)).map(|item| (item, item.span))
                }
                _ => None,
            };
            let Some((value, key_span)) = next else { break };
            (node, key) = (value, key_span);
        }
        (key, node.span)
    }
}

impl Span {
    fn location(self, file: FileId) -> Location {
        Location { file, line: self.line, column: self.column, span: self.start..self.end }
    }
}

/// Reads a description. Mistakes become diagnostics, and what could be understood all the same is still given: whether
/// something can be made of it is for the caller to see by the diagnostics.
pub(crate) fn parse(file: FileId, source: &Source, diagnostics: &mut Diagnostics) -> Option<Document> {
    let before = diagnostics.len();
    let mut report = Report { file, diagnostics };
    let tree = yaml::read(source.text.strip_prefix('\u{feff}').unwrap_or(&source.text), &mut report);
    let Some(tree) = tree else {
        if report.diagnostics.len() == before {
            let nothing = Span { start: 0, end: 0, line: 1, column: 1 };
            let help = Some("a description starts with `openapi: 3.0.3`".to_owned());
            report.push(Code::SyntaxError, nothing, &Pointer::root(), "there is nothing in this file".to_owned(), help);
        }
        return None;
    };
    let value = check::document(&tree, &mut report)?;
    match serde_yaml::from_value(value) {
        Ok(openapi) => Some(Document { file, openapi, tree }),
        Err(error) => {
            // The grammar lets nothing pass that gets here; should it ever, this is better than an abort.
            if report.diagnostics.len() == before {
                let message = format!("this is not OpenAPI 3.0: {error}");
                report.push(Code::WrongType, tree.span, &Pointer::root(), message, None);
            }
            None
        }
    }
}

/// Where mistakes in one description go.
struct Report<'d> {
    file: FileId,
    diagnostics: &'d mut Diagnostics,
}

impl Report<'_> {
    fn location(&self, span: Span) -> Location {
        span.location(self.file)
    }

    fn push(&mut self, code: Code, span: Span, pointer: &Pointer, message: String, help: Option<String>) {
        let location = self.location(span);
        self.diagnostics.push(Diagnostic {
            code,
            message,
            pointer: pointer.clone(),
            location,
            related: Vec::new(),
            help,
        });
    }

    fn push_related(&mut self, code: Code, span: Span, pointer: &Pointer, message: String, related: Vec<Related>) {
        let location = self.location(span);
        self.diagnostics.push(Diagnostic { code, message, pointer: pointer.clone(), location, related, help: None });
    }
}
