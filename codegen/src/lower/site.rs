//! A place in a description: which document, and where in it.

use openapiv3::{ReferenceOr, Schema};

use crate::api::Origin;
use crate::diagnostic::{Code, Diagnostic, Related};
use crate::location::Location;
use crate::parse::Document;
use crate::pointer::Pointer;
use crate::source::Source;

/// A place in a description, to read from and to complain about.
#[derive(Clone)]
pub(super) struct Site<'a> {
    pub(super) document: &'a Document,
    pub(super) pointer: Pointer,
}

impl<'a> Site<'a> {
    /// The top of a document.
    pub(super) fn root(document: &'a Document) -> Self {
        Self { document, pointer: Pointer::root() }
    }

    /// What stands under a key of this place.
    pub(super) fn key(&self, key: &str) -> Self {
        Self { document: self.document, pointer: self.pointer.join(key) }
    }

    /// What stands under several keys, one below the other.
    pub(super) fn keys(&self, keys: &[&str]) -> Self {
        keys.iter().fold(self.clone(), |site, key| site.key(key))
    }

    /// An entry of the list at this place.
    pub(super) fn index(&self, index: usize) -> Self {
        Self { document: self.document, pointer: self.pointer.index(index) }
    }

    /// Whether a reference inside of the document leads to something, understood or not.
    pub(super) fn has_target(&self, reference: &str) -> bool {
        let segments = reference.strip_prefix("#/").into_iter().flat_map(|path| path.split('/'));
        let target = segments.fold(Pointer::root(), |at, segment| at.join(&super::registry::unescape(segment)));
        reference.starts_with("#/") && self.document.exists(&target)
    }

    /// Where the key stands.
    pub(super) fn key_location(&self) -> Location {
        self.document.key_location(&self.pointer)
    }

    /// Where the value stands.
    pub(super) fn value_location(&self) -> Location {
        self.document.value_location(&self.pointer)
    }

    /// A diagnostic that marks the key.
    pub(super) fn at_key(&self, code: Code, message: impl Into<String>) -> Diagnostic {
        self.diagnostic(self.key_location(), code, message.into())
    }

    /// A diagnostic that marks the value.
    pub(super) fn at_value(&self, code: Code, message: impl Into<String>) -> Diagnostic {
        self.diagnostic(self.value_location(), code, message.into())
    }

    fn diagnostic(&self, location: Location, code: Code, message: String) -> Diagnostic {
        Diagnostic { code, message, pointer: self.pointer.clone(), location, related: Vec::new(), help: None }
    }

    /// What is wrong with a reference at this place that should lead to a component of some kind, and does not.
    pub(super) fn bad_reference<'k>(
        &self,
        kind: &str,
        reference: &str,
        known: impl Iterator<Item = &'k str>,
    ) -> Diagnostic {
        let folder = format!("#/components/{kind}s/");
        let is_other = reference.starts_with("#/components/") && !reference.starts_with(&folder);
        let (code, message) = if is_other && self.has_target(reference) {
            (Code::WrongReferenceKind, format!("a {kind} is needed here, and `{reference}` is none"))
        } else {
            (Code::UnresolvedReference, format!("nothing in this description is called `{reference}`"))
        };
        let near = crate::suggest::nearest(reference, known.map(|key| format!("{folder}{key}")));
        let mut diagnostic = self.key("$ref").at_value(code, message);
        diagnostic.help = Some(match near {
            Some(near) => format!("did you mean `{near}`?"),
            None if !reference.starts_with("#/") => {
                format!("a reference starts with `{folder}`: it can't lead into another file")
            }
            None => format!("{kind}s are defined under `components.{kind}s`"),
        });
        diagnostic
    }

    /// This place as the other place that a diagnostic refers to.
    pub(super) fn related(&self, text: impl Into<String>) -> Related {
        Related { location: self.key_location(), text: text.into() }
    }

    /// This place for the intermediate representation.
    pub(super) fn origin(&self, sources: &[Source]) -> Origin {
        let location = self.key_location();
        Origin {
            file: sources.get(location.file.0).map(|source| source.name.clone()).unwrap_or_default(),
            pointer: self.pointer.to_string(),
            line: location.line,
            column: location.column,
        }
    }
}

/// A schema, or the reference that stands in its place; `openapiv3` has a type for each way of boxing it.
#[derive(Clone, Copy)]
pub(super) enum SchemaOrRef<'a> {
    Reference(&'a str),
    Schema(&'a Schema),
}

impl<'a> From<&'a ReferenceOr<Schema>> for SchemaOrRef<'a> {
    fn from(schema: &'a ReferenceOr<Schema>) -> Self {
        match schema {
            ReferenceOr::Reference { reference } => Self::Reference(reference),
            ReferenceOr::Item(schema) => Self::Schema(schema),
        }
    }
}

impl<'a> From<&'a ReferenceOr<Box<Schema>>> for SchemaOrRef<'a> {
    fn from(schema: &'a ReferenceOr<Box<Schema>>) -> Self {
        match schema {
            ReferenceOr::Reference { reference } => Self::Reference(reference),
            ReferenceOr::Item(schema) => Self::Schema(schema),
        }
    }
}
