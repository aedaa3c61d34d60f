//! The places where a schema can stand, and the forms that it can have there.
//!
//! `lower` finds the place and the form of each schema.

use super::declare::named;
use super::grammar;

named! {
    /// The place of a schema.
    Place {
        /// Under `components.schemas`, becoming a type.
        Model = "a schema that becomes a type",
        /// Under `components.schemas`, inlined where something refers to it.
        Alias = "a schema that is inlined",
        /// Under `components.schemas`, with `x-stripeEvent`.
        Event = "the schema of an event",
        /// `type`, `object` and `related_object` of an event, and the `type` in the latter.
        EventMember = "`type`, `object` and `related_object` of an event",
        /// Under `components.schemas`, with `x-stripeError`.
        Error = "the schema of an error",
        /// Under `components.schemas`, the body of an error response without `x-stripeError`; and the property `error` of any.
        ErrorBody = "the body of an error",
        /// The `code` and the `type` of an error.
        ErrorCode = "the `code` and `type` of an error",
        /// The other properties of events and errors, which are not read.
        Unread = "the other properties of events and errors",
        /// A property of an object or a request body.
        Property = "a property",
        /// The `id` of a resource.
        Id = "the `id` of a resource",
        /// An `object` with one value.
        Tag = "`object` with one value",
        /// The `type` of an event's envelope.
        EventType = "the `type` of an event envelope",
        /// A property with a list.
        ListProperty = "a property that is a list",
        /// A list as a successful response, or under `components.schemas`.
        ListResponse = "a list as a response or a component",
        /// The other properties of a list's envelope: `has_more`, `url`.
        ListMember = "`has_more` and `url` of a list",
        /// `next_page_url` and `previous_page_url` of a list's envelope.
        PageUrl = "`next_page_url` and `previous_page_url` of a list",
        /// The `data` of a list's envelope.
        ListData = "the `data` of a list",
        /// The items of a list.
        ListItem = "the items of a list",
        /// The items of an array.
        Item = "the items of an array",
        /// The values of a map.
        Value = "the values of a map",
        /// The additional properties of an object.
        Additional = "the additional properties of an object",
        /// A bound of a range, or its exact value.
        Bound = "a bound of a range",
        /// The id of an expandable object.
        ExpandableId = "an expandable id",
        /// Another entry of `anyOf`.
        Alternative = "an entry of `anyOf`",
        /// An entry of `oneOf`, except in error responses.
        Entry = "an entry of `oneOf`",
        /// Under `schema` of a parameter.
        Parameter = "the schema of a parameter",
        /// Under `schema` of a request body.
        Body = "the schema of a request body",
        /// Under `schema` of a successful response.
        Response = "the schema of a response",
        /// Under `schema` of another response.
        ErrorResponse = "the schema of an error response",
    }
}

impl Place {
    /// Returns whether a schema of this form can stand there.
    pub(crate) fn admits(self, form: Form) -> bool {
        match self {
            Self::Model => matches!(form, Form::Struct | Form::OneOf | Form::Text | Form::Enum),
            Self::Alias => !matches!(form, Form::Struct | Form::Text | Form::Enum | Form::OneOf | Form::List),
            Self::Event | Self::Error | Self::ErrorBody | Self::Body | Self::Entry => form == Form::Struct,
            Self::EventMember => matches!(form, Form::Struct | Form::Enum),
            Self::ErrorCode => matches!(form, Form::Text | Form::Enum),
            Self::Unread => true,
            Self::Id | Self::EventType | Self::ExpandableId => form == Form::Text,
            Self::Tag => form == Form::Enum,
            Self::ListMember => matches!(form, Form::Text | Form::Boolean),
            Self::PageUrl => form == Form::Text,
            Self::ListData => form == Form::Array,
            Self::ListProperty | Self::ListResponse => form == Form::List,
            Self::ListItem => matches!(form, Form::Struct | Form::AnyOf | Form::OneOf | Form::Any),
            Self::Alternative => !matches!(form, Form::AnyOf | Form::List),
            Self::Bound => matches!(form, Form::Text | Form::Formatted | Form::Integer),
            Self::Response => {
                matches!(form, Form::Struct | Form::OneOf | Form::Enum | Form::Map | Form::Array | Form::Any)
            }
            Self::ErrorResponse => form == Form::OneOf,
            _ => form != Form::List,
        }
    }
}

named! {
    /// The form of a schema.
    Form {
        /// A string without `enum` and `format`.
        Text = "a string",
        /// A string with `enum`.
        Enum = "a string with `enum`",
        /// A string with `format`.
        Formatted = "a string with `format`",
        Integer = "an integer",
        Number = "a number",
        Boolean = "a boolean",
        Array = "an array",
        /// An object with free keys.
        Map = "a map",
        /// An object with properties.
        Struct = "an object with `properties`",
        /// The envelope of a list.
        List = "a list",
        /// An object of bounds.
        Range = "a range",
        AnyOf = "`anyOf`",
        OneOf = "`oneOf`",
        /// Anything.
        Any = "any JSON",
    }
}

impl Form {
    /// Returns whether it becomes a type by being described in place.
    pub(crate) fn makes_type(self) -> bool {
        matches!(self, Self::Struct | Self::OneOf | Self::Enum)
    }

    /// Returns its kind in the grammar.
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
    pub(crate) names_inner_types: bool,
}

impl Subject {
    /// Creates a subject with no types inside.
    pub(super) fn new(place: Place, form: Form) -> Self {
        Self { place, form, names_inner_types: false }
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
            | Place::Response => self.form.makes_type(),
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
