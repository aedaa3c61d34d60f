//! The places where a schema can stand, and the forms that it can have there.
//!
//! `lower` finds the place and the form of each schema.

use super::grammar;

/// Where a schema stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    /// Under `components.schemas`, and becomes a type.
    Model,
    /// Under `components.schemas`, and stands for its content.
    Alias,
    /// Under `components.schemas`, with `x-stripeEvent`.
    Event,
    /// The properties of an event's schema that say what it is and what it is about.
    EventMember,
    /// Under `components.schemas`, the body of an error response.
    Error,
    /// The same without `x-stripeError`, which all errors share, and the property `error` of both.
    ErrorBody,
    /// The properties of an error's schema that list its codes and types.
    ErrorCode,
    /// The other properties of events and errors, which become no types.
    Unread,
    /// A property of an object or a request body.
    Property,
    /// The `id` of a resource.
    Id,
    /// The `object` of a schema, with one value.
    Tag,
    /// The `type` of an event's envelope.
    EventType,
    /// A property with a list.
    ListProperty,
    /// A list as a successful response, or under `components.schemas`.
    ListResponse,
    /// The properties of a list's envelope other than the following.
    ListMember,
    /// `next_page_url` and `previous_page_url` of a list's envelope.
    PageUrl,
    /// The `data` of a list's envelope.
    ListData,
    /// The items of a list.
    ListItem,
    /// The items of an array.
    Item,
    /// The values of a map.
    Value,
    /// The members of an object that are not described.
    Additional,
    /// A bound of a range, or the exact value beside it.
    Bound,
    /// The id beside the object that it can be expanded to.
    ExpandableId,
    /// Another entry of `anyOf`.
    Alternative,
    /// Under `schema` of a parameter.
    Parameter,
    /// Under `schema` of a request body.
    Body,
    /// Under `schema` of a successful response.
    Response,
    /// Under `schema` of another response.
    ErrorResponse,
}

impl Place {
    pub(crate) const ALL: &'static [Self] = &[
        Self::Model,
        Self::Alias,
        Self::Event,
        Self::EventMember,
        Self::Error,
        Self::ErrorBody,
        Self::ErrorCode,
        Self::Unread,
        Self::Property,
        Self::Id,
        Self::Tag,
        Self::EventType,
        Self::ListProperty,
        Self::ListResponse,
        Self::ListMember,
        Self::PageUrl,
        Self::ListData,
        Self::ListItem,
        Self::Item,
        Self::Value,
        Self::Additional,
        Self::Bound,
        Self::ExpandableId,
        Self::Alternative,
        Self::Parameter,
        Self::Body,
        Self::Response,
        Self::ErrorResponse,
    ];

    /// What to call it, in messages and in the table of what is ignored.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Model => "a schema that becomes a type",
            Self::Alias => "a schema that stands for its content",
            Self::Event => "the schema of an event",
            Self::EventMember => "`type`, `object` and `related_object` of an event",
            Self::Error => "the schema of an error",
            Self::ErrorBody => "what all errors have",
            Self::ErrorCode => "the `code` and `type` of an error",
            Self::Unread => "the other properties of events and errors",
            Self::Property => "a property",
            Self::Id => "the `id` of a resource",
            Self::Tag => "`object` with one value",
            Self::EventType => "the `type` of an event envelope",
            Self::ListProperty => "a property that is a list",
            Self::ListResponse => "a list as a response, or with a name",
            Self::ListMember => "`has_more` and `url` of a list",
            Self::PageUrl => "`next_page_url` and `previous_page_url` of a list",
            Self::ListData => "the `data` of a list",
            Self::ListItem => "the items of a list",
            Self::Item => "the items of an array",
            Self::Value => "the values of a map",
            Self::Additional => "the additional properties of an object",
            Self::Bound => "a bound of a range",
            Self::ExpandableId => "an id that can be expanded",
            Self::Alternative => "an entry of `anyOf`",
            Self::Parameter => "the schema of a parameter",
            Self::Body => "the schema of a request body",
            Self::Response => "the schema of a response",
            Self::ErrorResponse => "the schema of an error response",
        }
    }

    /// Whether a schema of this form can stand there.
    pub(crate) fn admits(self, form: Form) -> bool {
        match self {
            Self::Model => matches!(form, Form::Struct | Form::Text | Form::Enum),
            Self::Alias => !matches!(form, Form::Struct | Form::Text | Form::Enum | Form::OneOf | Form::List),
            Self::Event | Self::Error | Self::ErrorBody | Self::Body => form == Form::Struct,
            Self::EventMember => matches!(form, Form::Struct | Form::Enum),
            Self::ErrorCode => matches!(form, Form::Text | Form::Enum),
            Self::Unread => true,
            Self::Id | Self::EventType | Self::ExpandableId => form == Form::Text,
            Self::Tag => form == Form::Enum,
            Self::ListMember => matches!(form, Form::Text | Form::Boolean),
            Self::PageUrl => form == Form::Text,
            Self::ListData => form == Form::Array,
            Self::ListProperty | Self::ListResponse => form == Form::List,
            Self::ListItem => matches!(form, Form::Struct | Form::AnyOf | Form::Any),
            Self::Alternative => !matches!(form, Form::AnyOf | Form::OneOf | Form::List),
            Self::Bound => matches!(form, Form::Text | Form::Formatted | Form::Integer),
            Self::Response => matches!(form, Form::Struct | Form::Enum | Form::Map | Form::Array | Form::Any),
            Self::ErrorResponse => form == Form::OneOf,
            _ => !matches!(form, Form::OneOf | Form::List),
        }
    }
}

/// What kind of schema it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// A string without `enum` and `format`.
    Text,
    /// A string with `enum`.
    Enum,
    /// A string with `format`.
    Formatted,
    Integer,
    Number,
    Boolean,
    Array,
    /// An object with free keys.
    Map,
    /// An object with properties.
    Struct,
    /// The envelope of a list.
    List,
    /// An object of bounds.
    Range,
    AnyOf,
    OneOf,
    /// Anything.
    Any,
}

impl Form {
    pub(crate) const ALL: &'static [Self] = &[
        Self::Text,
        Self::Enum,
        Self::Formatted,
        Self::Integer,
        Self::Number,
        Self::Boolean,
        Self::Array,
        Self::Map,
        Self::Struct,
        Self::List,
        Self::Range,
        Self::AnyOf,
        Self::OneOf,
        Self::Any,
    ];

    /// What to call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Text => "a string",
            Self::Enum => "a string with `enum`",
            Self::Formatted => "a string with `format`",
            Self::Integer => "an integer",
            Self::Number => "a number",
            Self::Boolean => "a boolean",
            Self::Array => "an array",
            Self::Map => "a map",
            Self::Struct => "an object with `properties`",
            Self::List => "a list",
            Self::Range => "a range",
            Self::AnyOf => "`anyOf`",
            Self::OneOf => "`oneOf`",
            Self::Any => "any JSON",
        }
    }

    /// How the grammar tells it apart.
    pub(crate) fn kind(self) -> grammar::SchemaKind<'static> {
        match self {
            Self::Text | Self::Enum | Self::Formatted => grammar::SchemaKind::Typed("string"),
            Self::Integer => grammar::SchemaKind::Typed("integer"),
            Self::Number => grammar::SchemaKind::Typed("number"),
            Self::Boolean => grammar::SchemaKind::Typed("boolean"),
            Self::Array => grammar::SchemaKind::Typed("array"),
            Self::Map | Self::Struct | Self::List | Self::Range => grammar::SchemaKind::Typed("object"),
            Self::AnyOf => grammar::SchemaKind::AnyOf,
            Self::OneOf => grammar::SchemaKind::OneOf,
            Self::Any => grammar::SchemaKind::Free,
        }
    }
}

/// A schema, as far as its place and its form decide which keywords have an effect.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Subject {
    pub(crate) place: Place,
    pub(crate) form: Form,
    /// Whether a type inside is named after it.
    pub(crate) names_types: bool,
}

impl Subject {
    /// Creates a subject with no types inside.
    pub(super) fn new(place: Place, form: Form) -> Self {
        Self { place, form, names_types: false }
    }

    /// Returns whether it becomes a field.
    pub(crate) fn is_field(self) -> bool {
        matches!(self.place, Place::Property | Place::ListProperty | Place::Id | Place::EventType | Place::Additional)
    }

    /// Returns whether it becomes a type with a name and documentation of its own.
    pub(crate) fn is_type(self) -> bool {
        match self.place {
            Place::Model => true,
            Place::Property
            | Place::Item
            | Place::ListItem
            | Place::Value
            | Place::Additional
            | Place::Alternative
            | Place::Parameter
            | Place::Response => matches!(self.form, Form::Struct | Form::Enum),
            _ => false,
        }
    }

    /// Returns whether it is a string that is text, unless an extension says what it is.
    pub(super) fn is_plain_text(self) -> bool {
        self.form == Form::Text
            && matches!(
                self.place,
                Place::Property | Place::Item | Place::Value | Place::Additional | Place::Alternative
            )
    }
}
