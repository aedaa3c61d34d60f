//! Places in descriptions, and the references that lead to them.

use std::borrow::Borrow;
use std::fmt;

use openapiv3::{ReferenceOr, Response, Schema};

use crate::api::Origin;
use crate::diagnostic::{Code, Diagnostic, Related};
use crate::location::Location;
use crate::parse::Document;
use crate::pointer::Pointer;
use crate::source::Source;
use crate::suggest;

/// A place in a document.
#[derive(Clone)]
pub(super) struct Site<'a> {
    pub(super) document: &'a Document,
    pub(super) pointer: Pointer,
}

impl<'a> Site<'a> {
    /// Returns the top of a document.
    pub(super) fn root(document: &'a Document) -> Self {
        Self { document, pointer: Pointer::root() }
    }

    /// Returns the place around it.
    pub(super) fn parent(&self) -> Self {
        Self { document: self.document, pointer: self.pointer.parent() }
    }

    /// Returns the place under a key.
    pub(super) fn key(&self, key: &str) -> Self {
        Self { document: self.document, pointer: self.pointer.join(key) }
    }

    /// Returns the place under several keys, one below the other.
    pub(super) fn keys(&self, keys: &[&str]) -> Self {
        keys.iter().fold(self.clone(), |site, key| site.key(key))
    }

    /// Returns the place of an entry of a list.
    pub(super) fn index(&self, index: usize) -> Self {
        Self { document: self.document, pointer: self.pointer.index(index) }
    }

    /// Returns the location of the key.
    pub(super) fn key_location(&self) -> Location {
        self.document.key_location(&self.pointer)
    }

    /// Returns the location of the value.
    pub(super) fn value_location(&self) -> Location {
        self.document.value_location(&self.pointer)
    }

    /// Creates a diagnostic that marks the key.
    pub(super) fn at_key(&self, code: Code, message: impl Into<String>, help: impl Into<String>) -> Diagnostic {
        self.diagnostic(self.key_location(), code, message.into(), help.into())
    }

    /// Creates a diagnostic that marks the value.
    pub(super) fn at_value(&self, code: Code, message: impl Into<String>, help: impl Into<String>) -> Diagnostic {
        self.diagnostic(self.value_location(), code, message.into(), help.into())
    }

    fn diagnostic(&self, location: Location, code: Code, message: String, help: String) -> Diagnostic {
        Diagnostic { code, message, pointer: self.pointer.clone(), location, related: Vec::new(), help: Some(help) }
    }

    /// Creates a diagnostic for a reference at this place that does not lead to a component of a kind.
    pub(super) fn bad_reference<'k>(
        &self,
        kind: &str,
        target: &Target<'_, '_>,
        known: impl Iterator<Item = &'k str>,
    ) -> Diagnostic {
        let &Target { file, path, .. } = target;
        let folder = format!("#/components/{kind}s/");
        let mut known = known.peekable();
        let has_any = known.peek().is_some();
        let is_other = path.starts_with("#/components/") && !path.starts_with(&folder);
        let (code, message) = if is_other && target.exists() {
            (Code::WrongReferenceKind, format!("expected a reference to a {kind}, found `{target}`"))
        } else if !has_any && path.starts_with(&folder) {
            (Code::UnresolvedReference, format!("the description has no `components.{kind}s`"))
        } else {
            let within = if file.is_empty() { "this description".to_owned() } else { format!("`{file}`") };
            (Code::UnresolvedReference, format!("`{path}` does not exist in {within}"))
        };
        let near = match path.strip_prefix(&folder) {
            Some(key) => suggest::nearest(key, known).map(|near| folder.clone() + &near),
            None => suggest::nearest(path, known.map(|key| format!("{folder}{key}"))),
        };
        let help = match near {
            Some(near) => format!("did you mean `{file}{near}`?"),
            None if !path.starts_with('#') && path.contains("#/") => {
                let inside = path.split_once('#').map_or("", |(_, inside)| inside);
                format!("define it in this description, and write `#{inside}`")
            }
            None if !path.starts_with("#/") => {
                format!("start the reference with `{folder}`: only error responses refer to another file")
            }
            None => format!("define the {kind} under `components.{kind}s`"),
        };
        self.key("$ref").at_value(code, message, help)
    }

    /// Returns this place as another place of a diagnostic.
    pub(super) fn related(&self, text: impl Into<String>) -> Related {
        Related { location: self.key_location(), text: text.into() }
    }

    /// Returns this place for the intermediate representation.
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

/// The target of a reference: a document, and the place in it.
#[derive(Clone, Copy)]
pub(super) struct Target<'a, 'r> {
    pub(super) document: &'a Document,
    /// The file as the reference writes it; empty for a reference inside its own document.
    pub(super) file: &'r str,
    /// The rest of the reference, from `#`.
    pub(super) path: &'r str,
}

impl<'a, 'r> Target<'a, 'r> {
    /// Creates the target of a reference inside its own document.
    pub(super) fn local(document: &'a Document, reference: &'r str) -> Self {
        Self { document, file: "", path: reference }
    }

    /// Whether it exists, with an error or without.
    pub(super) fn exists(&self) -> bool {
        Pointer::from_reference(self.path).is_some_and(|place| self.document.exists(&place))
    }

    /// Returns the shared response that it leads to, with its place.
    pub(super) fn response(&self) -> Option<(Site<'a>, &'a Response)> {
        let key = Pointer::from_reference(self.path)?.component("responses")?;
        let response = self.document.openapi.components.as_ref()?.responses.get(&key)?.as_item()?;
        Some((Site::root(self.document).keys(&["components", "responses", &key]), response))
    }
}

impl fmt::Display for Target<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.file, self.path)
    }
}

/// A schema or a reference to one; `openapiv3` has a type for each way of boxing it.
#[derive(Clone, Copy)]
pub(super) enum SchemaOrRef<'a> {
    Reference(&'a str),
    Schema(&'a Schema),
}

impl<'a> SchemaOrRef<'a> {
    /// Returns the schema in place.
    pub(super) fn schema(self) -> Option<&'a Schema> {
        match self {
            Self::Schema(schema) => Some(schema),
            Self::Reference(_) => None,
        }
    }
}

impl<'a, S: Borrow<Schema>> From<&'a ReferenceOr<S>> for SchemaOrRef<'a> {
    fn from(schema: &'a ReferenceOr<S>) -> Self {
        match schema {
            ReferenceOr::Reference { reference } => Self::Reference(reference),
            ReferenceOr::Item(schema) => Self::Schema(schema.borrow()),
        }
    }
}
