//! The intermediate representation: what the descriptions say, in terms of the generated crate.
//!
//! Lowering makes an [`Api`], rendering prints it and the comparison compares it; neither of the two can fail. Names are valid
//! and unique, references resolve, facts are about existing fields. No `openapiv3` type is visible here.

mod event;
mod example;
mod facts;
mod feature;
mod name;
mod operation;
mod types;

use std::collections::BTreeMap;

use crate::source::base_name;

pub use event::{EventKind, EventSet, EventType, RelatedFields};
pub use facts::{Access, Columns, Download, FieldPath, FieldStep, Include, Rows, Wait};
pub use feature::Feature;
pub use name::{ModulePath, Name, TypePath};
pub use operation::{Attachment, Encoding, ErrorCode, Listing, Method, Operation, Pagination, Parameter, Place};
pub use types::{
    Constant, Constraints, Enum, EnumRole, Field, OneOf, Presence, Resource, SameIds, StringType, Struct, TimeFormat,
    Type, TypeDef, TypeKind, Variant,
};

/// Everything that the descriptions say.
#[derive(Debug, Clone, PartialEq)]
pub struct Api {
    /// The descriptions that were read, in the order of their names.
    pub descriptions: Vec<Description>,
    /// Structs, enums and string types by their path in the crate.
    pub types: BTreeMap<TypePath, TypeDef>,
    /// Operations by `operationId`.
    pub operations: BTreeMap<String, Operation>,
    /// The webhook events, by the kind of their envelope.
    pub events: Vec<EventSet>,
    /// The source file of each type or request that is the `owner` of types and requests, as a module.
    pub files: BTreeMap<TypePath, Name>,
    /// The features that the crate has.
    pub features: Vec<Feature>,
}

impl Api {
    /// Returns what a type is.
    pub(crate) fn kind(&self, path: &TypePath) -> Option<&TypeKind> {
        self.types.get(path).map(|def| &def.kind)
    }

    /// Returns the one argument of a constructor of these fields, if it is text: a string or a string type.
    pub(crate) fn text_argument<'f>(&self, fields: impl IntoIterator<Item = &'f Field>) -> Option<&'f Field> {
        let mut arguments = fields.into_iter().filter(|field| field.is_argument());
        let (argument, None) = (arguments.next()?, arguments.next()) else { return None };
        let is_text = match &argument.ty {
            Type::Named(path) => matches!(self.kind(path), Some(TypeKind::String(_))),
            ty => matches!(ty, Type::String | Type::Decimal),
        };
        is_text.then_some(argument)
    }

    /// Returns every field: of types and of requests.
    fn fields(&self) -> impl Iterator<Item = &Field> {
        let fields = self.types.values().flat_map(TypeDef::all_fields);
        fields.chain(self.operations.values().flat_map(Operation::fields))
    }

    /// Returns whether something is deprecated.
    pub(crate) fn has_deprecated(&self) -> bool {
        self.types.values().any(|def| def.deprecated)
            || self.operations.values().any(|operation| operation.deprecated)
            || self.fields().any(|field| field.deprecated)
    }

    /// Returns whether a name has letters beyond ASCII.
    pub(crate) fn has_foreign_names(&self) -> bool {
        let types = self.types.values().flat_map(|def| {
            let members: Vec<&Name> = match &def.kind {
                TypeKind::Struct(_) | TypeKind::OneOf(_) => Vec::new(),
                TypeKind::Enum(definition) => definition.variants.iter().map(|variant| &variant.name).collect(),
                TypeKind::String(definition) => definition.constants.iter().map(|constant| &constant.name).collect(),
            };
            members.into_iter().chain([&def.path.name])
        });
        let requests = self.operations.values().flat_map(|operation| {
            let method = operation.attachment.as_ref().map(|attached| &attached.method);
            method.into_iter().chain([&operation.request.name])
        });
        let mut names = types.chain(requests).chain(self.fields().map(|field| &field.name));
        names.any(|name| !name.as_str().is_ascii())
    }

    /// Returns whether a type is nested so deep that clippy would complain.
    pub(crate) fn has_deep_types(&self) -> bool {
        let responses = self.operations.values().map(|operation| &operation.response);
        self.fields().map(|field| &field.ty).chain(responses).any(|ty| ty.depth() > 2)
    }
}

/// A document.
#[derive(Debug, Clone, PartialEq)]
pub struct Description {
    /// Its name as given by the caller, such as `spec/v1.yaml`.
    pub file: String,
    /// `info.title`.
    pub title: String,
    /// `info.version`: the value sent as `Stripe-Version`.
    pub version: String,
    /// `info.description` as rustdoc.
    pub doc: Doc,
    /// Where the version is described.
    pub origin: Origin,
}

impl Description {
    /// Returns the name of its file without the folder, which must not show in the generated crate.
    pub fn base_name(&self) -> &str {
        base_name(&self.file)
    }
}

/// The two generations of Stripe's API, which differ in encoding, lists and errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Generation {
    /// Form bodies, Unix times, cursors.
    V1,
    /// JSON bodies, RFC 3339 times, page URLs.
    V2,
}

impl Generation {
    /// Returns the name of the crate's module for this generation.
    pub fn module(self) -> &'static str {
        match self {
            Self::V1 => "v1",
            Self::V2 => "v2",
        }
    }
}

/// Documentation in rustdoc's Markdown; empty when the description has none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Doc {
    /// The text, without trailing white space.
    pub text: String,
    /// The page of the API reference.
    pub reference: Option<Link>,
    /// The resource or the request that replaces the item.
    pub replaced_by: Option<TypePath>,
}

/// A link to a page of documentation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The title of the page.
    pub title: String,
    /// Its address.
    pub url: String,
}

/// A place in the descriptions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The description's name.
    pub file: String,
    /// JSON pointer into it.
    pub pointer: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl Origin {
    /// Returns the name of its file without the folder, see [`Description::base_name`].
    pub fn base_name(&self) -> &str {
        base_name(&self.file)
    }
}
