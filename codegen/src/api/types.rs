//! Models: structs, enums, string types, and the facts told about resources.

use super::{Doc, Name, Origin, TypePath};

/// A public type of the generated crate.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeDef {
    /// Where it stands.
    pub path: TypePath,
    /// The type whose source file it shares: itself, or the component that it is described inline in.
    pub owner: TypePath,
    /// Documentation.
    pub doc: Doc,
    /// Marked as deprecated.
    pub deprecated: bool,
    /// Whether a request carries it, so that users must be able to build it.
    pub in_requests: bool,
    /// Whether answers may hold it.
    pub in_responses: bool,
    /// What it is.
    pub kind: TypeKind,
    /// Where it is described.
    pub origin: Origin,
}

impl TypeDef {
    /// The fields for the properties of a struct; other types have none.
    pub fn fields(&self) -> &[Field] {
        match &self.kind {
            TypeKind::Struct(definition) => &definition.fields,
            TypeKind::Enum(_) | TypeKind::String(_) => &[],
        }
    }

    /// What makes it an API resource.
    pub fn resource(&self) -> Option<&Resource> {
        match &self.kind {
            TypeKind::Struct(definition) => definition.resource.as_deref(),
            TypeKind::Enum(_) | TypeKind::String(_) => None,
        }
    }
}

/// The three shapes of a named type.
#[derive(Debug, Clone, PartialEq)]
pub enum TypeKind {
    /// An object with properties.
    Struct(Struct),
    /// A string of which the values are listed.
    Enum(Enum),
    /// A string with a name of its own: an id, a time zone, a string with too many known values for an enum.
    String(StringType),
}

/// An object with properties.
#[derive(Debug, Clone, PartialEq)]
pub struct Struct {
    /// The constant value of the `object` property, when it has one.
    pub tag: Option<String>,
    /// The other properties, in the order of the description.
    pub fields: Vec<Field>,
    /// The map of the members that are not described, where the object may have such.
    pub additional: Option<Box<Field>>,
    /// What makes it an API resource.
    pub resource: Option<Box<Resource>>,
    /// A real answer of this shape, from the description.
    pub example: Option<serde_json::Value>,
}

impl Struct {
    /// The fields of the type in Rust: those for properties, then the one for all other members.
    pub fn all_fields(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().chain(self.additional.as_deref())
    }
}

/// What is known of an API resource beyond its properties.
#[derive(Debug, Clone, PartialEq)]
pub struct Resource {
    /// `x-resourceId`: also the value of its `object` property.
    pub id: String,
    /// The newtype of its `id` property.
    pub id_type: Option<TypePath>,
    /// How to wait for it to finish.
    pub wait: Option<Wait>,
    /// Which field is a downloadable result.
    pub download: Option<Download>,
}

/// A property of a struct, or a parameter of a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The name on the wire.
    pub wire: String,
    /// The name in Rust.
    pub name: Name,
    /// Its type, without the `Option` that `required` and `nullable` ask for.
    pub ty: Type,
    /// Listed in `required`.
    pub required: bool,
    /// May be null.
    pub nullable: bool,
    /// `false` stands for an absent object.
    pub false_means_absent: bool,
    /// Documentation.
    pub doc: Doc,
    /// Marked as deprecated.
    pub deprecated: bool,
    /// What Stripe takes where a request says nothing.
    pub default: Option<serde_json::Value>,
    /// A value for examples, from the description.
    pub example: Option<serde_json::Value>,
    /// Where it is described.
    pub origin: Origin,
}

/// How a field that has no value is read and written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// There is always a value.
    Required,
    /// Null or absent when read; left out when written.
    Omitted,
    /// Null or absent when read; written as null.
    Null,
}

impl Field {
    /// Whether it is an `Option` in Rust, and so no argument of a constructor.
    pub fn is_option(&self) -> bool {
        !self.required || self.nullable
    }

    /// How the absence of a value is written; requests never write null, which would clear a value at Stripe.
    pub fn presence(&self, in_requests: bool) -> Presence {
        match (self.required, self.nullable) {
            (true, false) => Presence::Required,
            (_, true) if !in_requests => Presence::Null,
            _ => Presence::Omitted,
        }
    }
}

/// The type of a field, a parameter or an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// `true` or `false`.
    Boolean,
    /// A 64-bit signed integer, a number on the wire.
    Integer,
    /// A 64-bit signed integer, a string on the wire.
    IntegerString,
    /// A 64-bit float.
    Float,
    /// Text.
    String,
    /// A decimal number kept as the text that came.
    Decimal,
    /// A three-letter ISO 4217 code in lower case.
    Currency,
    /// Text that must not be shown, such as a pre-signed URL.
    Secret,
    /// A point in time.
    Timestamp(TimeFormat),
    /// Any JSON value.
    Json,
    /// A type of the generated crate.
    Named(TypePath),
    /// The same, on the heap because the type contains itself.
    Boxed(TypePath),
    /// A sequence.
    Array(Box<Type>),
    /// A JSON object with free keys.
    Map(Box<Type>),
    /// A value or null: an item of an array, or a value of a map.
    Nullable(Box<Type>),
    /// A v1 list envelope.
    List(Box<Type>),
    /// A v2 page envelope.
    Page(Box<Type>),
    /// Bounds on a value, any of them.
    RangeQuery(Box<Type>),
    /// One value or bounds on it.
    RangeOrExact(Box<Type>),
    /// An id, or the whole object when the request asked to expand it.
    Expandable {
        /// The id's type.
        id: Box<Type>,
        /// The object's type.
        object: Box<Type>,
    },
}

/// How a point in time is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeFormat {
    /// Seconds since 1970, a JSON number (v1).
    UnixSeconds,
    /// RFC 3339, a JSON string (v2).
    Rfc3339,
}

impl Type {
    /// The type itself and every type inside of it.
    pub fn walk(&self, visit: &mut impl FnMut(&Type)) {
        visit(self);
        match self {
            Self::Array(inner)
            | Self::Map(inner)
            | Self::Nullable(inner)
            | Self::List(inner)
            | Self::Page(inner)
            | Self::RangeQuery(inner)
            | Self::RangeOrExact(inner) => inner.walk(visit),
            Self::Expandable { id, object } => {
                id.walk(visit);
                object.walk(visit);
            }
            _ => {}
        }
    }

    /// How many types stand inside of each other.
    pub fn depth(&self) -> usize {
        match self {
            Self::Array(inner)
            | Self::Map(inner)
            | Self::Nullable(inner)
            | Self::List(inner)
            | Self::Page(inner)
            | Self::RangeQuery(inner)
            | Self::RangeOrExact(inner) => 1 + inner.depth(),
            Self::Expandable { id, object } => 1 + id.depth().max(object.depth()),
            _ => 0,
        }
    }

    /// The same with other names for the named types inside of it.
    #[must_use]
    pub fn renamed(&self, rename: &impl Fn(&TypePath) -> TypePath) -> Self {
        let inner = |ty: &Self| Box::new(ty.renamed(rename));
        match self {
            Self::Named(path) => Self::Named(rename(path)),
            Self::Boxed(path) => Self::Boxed(rename(path)),
            Self::Array(ty) => Self::Array(inner(ty)),
            Self::Map(ty) => Self::Map(inner(ty)),
            Self::Nullable(ty) => Self::Nullable(inner(ty)),
            Self::List(ty) => Self::List(inner(ty)),
            Self::Page(ty) => Self::Page(inner(ty)),
            Self::RangeQuery(ty) => Self::RangeQuery(inner(ty)),
            Self::RangeOrExact(ty) => Self::RangeOrExact(inner(ty)),
            Self::Expandable { id, object } => Self::Expandable { id: inner(id), object: inner(object) },
            plain => plain.clone(),
        }
    }

    /// Whether an item of an array or a value of a map inside of it may be null.
    pub fn holds_null(&self) -> bool {
        let mut found = false;
        self.walk(&mut |ty| found |= matches!(ty, Self::Nullable(_)));
        found
    }

    /// The named types inside of it.
    pub fn named(&self) -> Vec<TypePath> {
        let mut paths = Vec::new();
        self.walk(&mut |ty| {
            if let Self::Named(path) | Self::Boxed(path) = ty {
                paths.push(path.clone());
            }
        });
        paths
    }
}

/// A string of which the values are listed.
#[derive(Debug, Clone, PartialEq)]
pub struct Enum {
    /// The values, in the order of the description.
    pub variants: Vec<Variant>,
    /// Closed in the description: Stripe promises no further value.
    pub closed: bool,
    /// The variant for values that are not listed. Closed enums that only requests carry have none.
    pub unrecognized: Option<Name>,
    /// What the values tell.
    pub role: EnumRole,
}

/// What the values of an enum tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnumRole {
    /// What a property or a parameter is.
    Value,
    /// What went wrong: gathered from the error schemas.
    ErrorCode,
    /// The broad kind of an error: gathered from the error schemas.
    ErrorType,
    /// What happened: gathered from the events.
    EventType,
}

/// A value of an enum.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// The value on the wire.
    pub wire: String,
    /// The variant's name.
    pub name: Name,
    /// Documentation.
    pub doc: Doc,
    /// The HTTP status it comes with, when it is an error code with a known one.
    pub status: Option<u16>,
    /// Where it is described.
    pub origin: Origin,
}

/// A string with a name of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct StringType {
    /// The resource that it is the id of.
    pub id_of: Option<TypePath>,
    /// Values worth a constant.
    pub constants: Vec<Constant>,
}

/// A known value of a string type.
#[derive(Debug, Clone, PartialEq)]
pub struct Constant {
    /// The value on the wire.
    pub wire: String,
    /// The constant's name.
    pub name: Name,
    /// Documentation.
    pub doc: Doc,
    /// Where it is described.
    pub origin: Origin,
}

/// The life of a run: which values of its status mean what, and where a failure is told.
#[derive(Debug, Clone, PartialEq)]
pub struct Wait {
    /// The resource's `id` field, which is required.
    pub id: Name,
    /// The operation that fetches the run's present state.
    pub retrieve: String,
    /// The status field.
    pub status: FieldPath,
    /// The enum of the status.
    pub status_type: TypePath,
    /// Values that mean: still going on.
    pub running: Vec<Name>,
    /// Values that mean: done, the result is there.
    pub succeeded: Vec<Name>,
    /// Values that mean: ended without a result.
    pub failed: Vec<Name>,
    /// Where a failure's code is.
    pub failure_code: Option<FieldPath>,
    /// Where a failure's message is.
    pub failure_message: Option<FieldPath>,
    /// Where it is described.
    pub origin: Origin,
}

/// A downloadable result.
#[derive(Debug, Clone, PartialEq)]
pub struct Download {
    /// The resource's `id` field, which is required.
    pub id: Name,
    /// The operation that fetches the resource again, with a fresh URL.
    pub retrieve: String,
    /// The URL.
    pub url: FieldPath,
    /// What the URL asks for.
    pub access: Access,
    /// The size in bytes.
    pub size: Option<FieldPath>,
    /// What the file is.
    pub content_type: Option<FieldPath>,
    /// When the URL stops working.
    pub expires_at: Option<FieldPath>,
    /// Where it is described.
    pub origin: Origin,
}

/// How a result's URL is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// With the API key.
    ApiKey,
    /// By whoever has the URL; the key must not be sent.
    PreSigned,
}

/// The way from a struct to a value inside of it.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldPath {
    /// The steps, at least one.
    pub steps: Vec<FieldStep>,
    /// What is found there.
    pub ty: Type,
}

impl FieldPath {
    /// Returns the rest of the path after some steps.
    pub(crate) fn skip(mut self, steps: usize) -> Self {
        self.steps.drain(..steps.min(self.steps.len()));
        self
    }
}

/// One step of a [`FieldPath`].
#[derive(Debug, Clone, PartialEq)]
pub enum FieldStep {
    /// Into a field.
    Field {
        /// Its name.
        name: Name,
        /// Whether it may be missing.
        optional: bool,
    },
    /// To a key of a map, which may be missing.
    Key {
        /// The key.
        key: String,
        /// Whether its value may be null.
        nullable: bool,
    },
}
