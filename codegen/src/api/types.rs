//! Models: structs, enums and string types.

use std::collections::BTreeMap;

use super::{Doc, Download, Name, Origin, Rows, TypePath, Wait};

/// What values satisfy beyond their type: the values of keywords such as `maxLength`, each by its path from the schema, such as
/// `items.maxLength`. A bound of a range is a keyword itself.
pub type Constraints = BTreeMap<String, serde_json::Value>;

/// A public type of the generated crate.
#[derive(Debug, Clone, PartialEq)]
pub struct TypeDef {
    /// Its path in the crate.
    pub path: TypePath,
    /// The type whose source file it shares: itself, or the component that it is described inside of.
    pub owner: TypePath,
    /// Documentation.
    pub doc: Doc,
    /// Marked as deprecated.
    pub deprecated: bool,
    /// Whether requests contain it, so that users must be able to build it.
    pub in_requests: bool,
    /// Whether responses contain it.
    pub in_responses: bool,
    /// What its values satisfy beyond their type, if it is described under `components`.
    pub constraints: Constraints,
    /// What it is.
    pub kind: TypeKind,
    /// Where it is described.
    pub origin: Origin,
}

impl TypeDef {
    /// Returns its definition, if it is a struct.
    pub fn structure(&self) -> Option<&Struct> {
        match &self.kind {
            TypeKind::Struct(definition) => Some(definition),
            TypeKind::OneOf(_) | TypeKind::Enum(_) | TypeKind::String(_) => None,
        }
    }

    /// Returns the fields for the properties of a struct, or the variants of a one-of; other types have none.
    pub fn fields(&self) -> &[Field] {
        match &self.kind {
            TypeKind::Struct(definition) => &definition.fields,
            TypeKind::OneOf(definition) => &definition.variants,
            TypeKind::Enum(_) | TypeKind::String(_) => &[],
        }
    }

    /// Returns the same, with the field for all other members of a struct.
    pub fn all_fields(&self) -> impl Iterator<Item = &Field> {
        self.fields().iter().chain(self.structure().and_then(|definition| definition.additional.as_deref()))
    }

    /// Returns the variants of a one-of that a value of their type can only be meant for, with the type: it has a name, and no
    /// other variant has it.
    pub fn conversions(&self) -> impl Iterator<Item = (&Field, &TypePath)> {
        let TypeDef { path, kind, .. } = self;
        let variants = match kind {
            TypeKind::OneOf(definition) => definition.variants.as_slice(),
            TypeKind::Struct(_) | TypeKind::Enum(_) | TypeKind::String(_) => &[],
        };
        let types = variants.iter().filter_map(move |variant| match &variant.ty {
            Type::Named(ty) | Type::Boxed(ty) if ty != path => Some((variant, ty)),
            _ => None,
        });
        let all = types.clone();
        types.filter(move |(_, ty)| all.clone().filter(|(_, other)| other == ty).count() == 1)
    }

    /// Returns the resource that is described to have the same ids, if it is an id type.
    pub fn same_ids(&self) -> Option<&SameIds> {
        match &self.kind {
            TypeKind::String(definition) => definition.same_ids.as_ref(),
            TypeKind::Struct(_) | TypeKind::OneOf(_) | TypeKind::Enum(_) => None,
        }
    }

    /// Returns what makes it an API resource.
    pub fn resource(&self) -> Option<&Resource> {
        self.structure()?.resource.as_deref()
    }
}

/// The shapes of a named type.
#[derive(Debug, Clone, PartialEq)]
pub enum TypeKind {
    /// An object with properties.
    Struct(Struct),
    /// An object with exactly one of several properties.
    OneOf(OneOf),
    /// A string with listed values.
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
    /// The map of the members that the description does not name.
    pub additional: Option<Box<Field>>,
    /// What makes it an API resource.
    pub resource: Option<Box<Resource>>,
    /// An example, from the description.
    pub example: Option<serde_json::Value>,
}

/// An object with exactly one of several properties: an enum with a variant for each.
#[derive(Debug, Clone, PartialEq)]
pub struct OneOf {
    /// The properties, in the order of the description, each with the name of its variant.
    pub variants: Vec<Field>,
    /// The variant for any other value. Types that only requests carry have none.
    pub unrecognized: Option<Name>,
}

/// An API resource: what is known beyond its properties.
#[derive(Debug, Clone, PartialEq)]
pub struct Resource {
    /// `x-resourceId`: also the value of its `object` property.
    pub id: String,
    /// The newtype of its `id` property.
    pub id_type: Option<TypePath>,
    /// How to wait for a run to finish.
    pub wait: Option<Wait>,
    /// How to download its result.
    pub download: Option<Download>,
    /// Where its result has rows inline.
    pub rows: Option<Rows>,
}

/// A property of a struct or a one-of, or a parameter of a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The name on the wire.
    pub wire: String,
    /// The name in Rust: of a field, or of a variant.
    pub name: Name,
    /// Its type, without the `Option` of what is not `required`, or is `nullable`.
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
    /// The value that Stripe uses when a request omits it.
    pub default: Option<serde_json::Value>,
    /// The value that the constructor sets a required field to: a string, a number or a flag.
    pub preset: Option<serde_json::Value>,
    /// A value for examples, from the description.
    pub example: Option<serde_json::Value>,
    /// What its values satisfy beyond their type.
    pub constraints: Constraints,
    /// Where it is described.
    pub origin: Origin,
}

/// How a missing value is read and written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Never missing.
    Required,
    /// Null or absent when read; left out when written.
    Omitted,
    /// Null or absent when read; written as null.
    Null,
}

impl Field {
    /// Whether it is an `Option` in Rust.
    pub fn is_option(&self) -> bool {
        !self.required || self.nullable
    }

    /// Whether it is an argument of the constructor; the others have setters.
    pub fn is_argument(&self) -> bool {
        !self.is_option() && self.preset.is_none()
    }

    /// Returns how a missing value is written. Requests never contain null, which would clear a value at Stripe.
    pub fn presence(&self, in_requests: bool) -> Presence {
        match (self.required, self.nullable) {
            (true, false) => Presence::Required,
            (_, true) if !in_requests => Presence::Null,
            _ => Presence::Omitted,
        }
    }
}

/// The type of a field, a parameter or a response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// `true` or `false`.
    Boolean,
    /// A 64-bit signed integer, a number on the wire.
    Integer,
    /// A 64-bit signed integer, a string on the wire.
    IntegerString,
    /// A 64-bit unsigned integer, a number on the wire.
    Unsigned,
    /// A 64-bit unsigned integer, a string on the wire.
    UnsignedString,
    /// A 64-bit float.
    Float,
    /// Text.
    String,
    /// A decimal number, preserved verbatim as text.
    Decimal,
    /// A three-letter ISO 4217 code in lower case.
    Currency,
    /// Text that is not logged, such as a pre-signed URL.
    Secret,
    /// A point in time.
    Timestamp(TimeFormat),
    /// Any JSON value.
    Json,
    /// A type of the generated crate.
    Named(TypePath),
    /// A type of the generated crate, boxed because it contains itself.
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
    /// Bounds on a value, all optional.
    RangeQuery(Box<Type>),
    /// One value or bounds on it.
    RangeOrExact(Box<Type>),
    /// An id, or the object when the request expands it.
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
    /// Returns whether its values are whole numbers.
    pub fn is_integer(&self) -> bool {
        self.is_unsigned() || matches!(self, Self::Integer | Self::IntegerString)
    }

    /// Returns whether its values are whole numbers that are not negative.
    pub fn is_unsigned(&self) -> bool {
        matches!(self, Self::Unsigned | Self::UnsignedString)
    }

    /// Returns the types directly inside of it.
    fn inner(&self) -> impl Iterator<Item = &Type> {
        let (one, other) = match self {
            Self::Array(inner)
            | Self::Map(inner)
            | Self::Nullable(inner)
            | Self::List(inner)
            | Self::Page(inner)
            | Self::RangeQuery(inner)
            | Self::RangeOrExact(inner) => (Some(inner), None),
            Self::Expandable { id, object } => (Some(id), Some(object)),
            _ => (None, None),
        };
        one.into_iter().chain(other).map(Box::as_ref)
    }

    /// Visits the type itself and every type inside of it.
    pub fn walk<'t>(&'t self, visit: &mut impl FnMut(&'t Type)) {
        visit(self);
        self.inner().for_each(|ty| ty.walk(visit));
    }

    /// Returns how deep types are nested inside of it.
    pub fn depth(&self) -> usize {
        self.inner().map(|ty| 1 + ty.depth()).max().unwrap_or_default()
    }

    /// Returns the type with other names for the named types inside of it.
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

    /// Whether an item of an array or a value of a map inside of it is nullable.
    pub fn holds_null(&self) -> bool {
        let mut found = false;
        self.walk(&mut |ty| found |= matches!(ty, Self::Nullable(_)));
        found
    }

    /// Returns the named types inside of it.
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

/// A string with listed values.
#[derive(Debug, Clone, PartialEq)]
pub struct Enum {
    /// The values, in the order of the description.
    pub variants: Vec<Variant>,
    /// Closed in the description: Stripe promises no further value.
    pub closed: bool,
    /// The variant for values that are not listed. Closed enums that only requests carry have none.
    pub unrecognized: Option<Name>,
    /// What the values stand for.
    pub role: EnumRole,
}

/// What the values of an enum stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EnumRole {
    /// The values of a property or a parameter.
    Value,
    /// Error codes, from the error schemas.
    ErrorCode,
    /// Error types, from the error schemas.
    ErrorType,
    /// Event types, from the events.
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
    /// The HTTP status of an error code, when known.
    pub status: Option<u16>,
    /// The error type of an error code, when known.
    pub error_type: Option<String>,
    /// Where it is described.
    pub origin: Origin,
}

/// A string with a name of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct StringType {
    /// The resource whose id it is.
    pub id_of: Option<TypePath>,
    /// The id type of another resource, whose ids are the same.
    pub same_ids: Option<SameIds>,
    /// Known values.
    pub constants: Vec<Constant>,
}

/// Another resource that has the same ids.
#[derive(Debug, Clone, PartialEq)]
pub struct SameIds {
    /// The type of its id. Both id types convert to each other.
    pub id_type: TypePath,
    /// Where it is described.
    pub origin: Origin,
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
