//! Where each keyword of a schema has an effect. A keyword that has none where it stands is an error, unless it is ignored on
//! purpose, because Stripe publishes it.
//!
//! A keyword that lowering starts or stops to read at some place is registered here; a test compares this with what happens.

use std::collections::BTreeSet;

use openapiv3::{Schema, SchemaKind, StringFormat, Type, VariantOrUnknownOrEmpty as Format};

use super::patterns;
use crate::dialect::{Keyword, extension_at};
use crate::parse::extensions::EXTENSIONS;
use crate::parse::grammar::{self, Kind};

/// Where a schema stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
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
    pub(super) const ALL: &'static [Self] = &[
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
    pub(super) fn name(self) -> &'static str {
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
    pub(super) fn admits(self, form: Form) -> bool {
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
pub(super) enum Form {
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
    pub(super) const ALL: &'static [Self] = &[
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

    pub(super) fn of(schema: &Schema) -> Self {
        match &schema.schema_kind {
            SchemaKind::Type(Type::String(string)) => match &string.format {
                Format::Empty if string.enumeration.is_empty() => Self::Text,
                Format::Empty => Self::Enum,
                Format::Item(StringFormat::DateTime | _) | Format::Unknown(_) => Self::Formatted,
            },
            SchemaKind::Type(Type::Integer(_)) => Self::Integer,
            SchemaKind::Type(Type::Number(_)) => Self::Number,
            SchemaKind::Type(Type::Boolean(_)) => Self::Boolean,
            SchemaKind::Type(Type::Array(_)) => Self::Array,
            SchemaKind::Type(Type::Object(object)) if patterns::envelope(object).is_some() => Self::List,
            SchemaKind::Type(Type::Object(_)) if patterns::range_bounds(schema).is_some() => Self::Range,
            SchemaKind::Type(Type::Object(object)) if patterns::is_struct(object) => Self::Struct,
            SchemaKind::Type(Type::Object(_)) => Self::Map,
            SchemaKind::AnyOf { .. } => Self::AnyOf,
            SchemaKind::OneOf { .. } => Self::OneOf,
            _ => Self::Any,
        }
    }

    /// What to call it.
    pub(super) fn name(self) -> &'static str {
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
    fn kind(self) -> grammar::SchemaKind<'static> {
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

/// What a keyword does at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// Nothing, so that it is an error.
    Refused,
    /// Nothing, and it is accepted, since Stripe publishes it.
    Ignored,
    /// It decides something.
    Used,
}

/// A schema as the rules see it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject {
    pub(super) place: Place,
    pub(super) form: Form,
    /// Whether something inside gets a type that is called after it.
    pub(super) names_types: bool,
}

/// Returns what a keyword does in a schema. Keywords that the grammar does not have for the form are never asked about.
pub(super) fn standing(subject: Subject, keyword: &str) -> Standing {
    use Standing::{Ignored, Refused, Used};
    let Subject { place, form, names_types } = subject;
    let used_if = |used: bool| if used { Used } else { Refused };
    let is_field =
        matches!(place, Place::Property | Place::ListProperty | Place::Id | Place::EventType | Place::Additional);
    let is_type = is_type(place, form);
    match keyword {
        "title" | "readOnly" | "writeOnly" => return Ignored,
        "maximum" if place == Place::Parameter => return Used,
        "pattern" | "minLength" | "maxLength" | "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum"
        | "multipleOf" | "minItems" | "maxItems" | "uniqueItems" | "minProperties" | "maxProperties" => return Ignored,
        _ => {}
    }
    match place {
        Place::Unread => return if is_of_component(keyword) { Refused } else { Ignored },
        Place::Event | Place::Error => return of_event_or_error(place, keyword),
        Place::EventMember | Place::ErrorBody | Place::ErrorCode => return of_member(place, form, keyword),
        Place::Tag | Place::ListMember | Place::PageUrl | Place::ListData => return of_envelope(place, keyword),
        _ => {}
    }
    match keyword {
        "oneOf" => used_if(place == Place::ErrorResponse),
        _ if place == Place::ErrorResponse => Refused,
        "type" | "items" | "properties" | "anyOf" => Used,
        "format" => used_if(
            matches!(form, Form::Formatted | Form::Integer)
                && !matches!(place, Place::Id | Place::EventType | Place::ExpandableId),
        ),
        "enum" => used_if(
            form == Form::Enum && !matches!(place, Place::Id | Place::EventType | Place::ExpandableId | Place::Bound),
        ),
        "required" | "description" if place == Place::ListResponse => Ignored,
        "required" if place == Place::ListProperty => Ignored,
        "required" => used_if(form == Form::Struct),
        "additionalProperties" => used_if(matches!(form, Form::Map | Form::Struct)),
        "nullable" => used_if(match place {
            Place::Model | Place::Alias => true,
            Place::Alternative => false,
            _ => may_be_null(place),
        }),
        "description" => used_if(is_field || is_type || place == Place::Alias),
        "externalDocs" | "deprecated" => used_if(is_field || is_type),
        "default" => used_if(matches!(place, Place::Property | Place::ListProperty | Place::Parameter)),
        "example" => used_if(
            matches!(place, Place::Property | Place::ListProperty | Place::Id | Place::Parameter)
                || is_type && form == Form::Struct,
        ),
        "x-rustName" => used_if(is_field || is_type || place == Place::Alias && names_types),
        "x-stripeResource" => used_if(place == Place::Model || place == Place::Alias && names_types),
        "x-resourceId" | "x-stripeOperations" | "x-wait" | "x-download" | "x-eventEnvelope" => {
            used_if(place == Place::Model && form == Form::Struct)
        }
        // The schemas of events and errors become types, too, when something refers to them.
        "x-stripeEvent" | "x-stripeError" => used_if(place == Place::Model && form == Form::Struct),
        "x-stripeEnum" | "x-stripeBypassValidation" => used_if(is_type && form == Form::Enum),
        "x-stripeProperty" => used_if(form == Form::Text && is_plain(place)),
        "x-secret" => used_if(form == Form::Text && (is_plain(place) || place == Place::Parameter)),
        "x-expansionResources" => {
            used_if(form == Form::AnyOf && !matches!(place, Place::Body | Place::Parameter | Place::ListItem))
        }
        "x-knownValues" => used_if(form == Form::Text && matches!(place, Place::Model | Place::Id)),
        "x-falseMeansAbsent" => used_if(place == Place::Property && matches!(form, Form::Struct | Form::AnyOf)),
        _ => Refused,
    }
}

/// Whether null has a meaning there, or passes through to where it has one.
pub(super) fn may_be_null(place: Place) -> bool {
    matches!(
        place,
        Place::Property
            | Place::ListProperty
            | Place::EventType
            | Place::Item
            | Place::Value
            | Place::Additional
            | Place::Alternative
    )
}

/// Whether a schema becomes a type with a name and documentation of its own.
fn is_type(place: Place, form: Form) -> bool {
    match place {
        Place::Model => true,
        Place::Property
        | Place::Item
        | Place::ListItem
        | Place::Value
        | Place::Additional
        | Place::Alternative
        | Place::Parameter
        | Place::Response => matches!(form, Form::Struct | Form::Enum),
        _ => false,
    }
}

/// Where a string is text and nothing else, unless it says what.
fn is_plain(place: Place) -> bool {
    matches!(place, Place::Property | Place::Item | Place::Value | Place::Additional | Place::Alternative)
}

/// What only a schema under `components.schemas` can be.
fn is_of_component(keyword: &str) -> bool {
    [
        "x-resourceId",
        "x-stripeResource",
        "x-stripeOperations",
        "x-wait",
        "x-download",
        "x-eventEnvelope",
        "x-stripeEvent",
        "x-stripeError",
    ]
    .contains(&keyword)
}

fn of_event_or_error(place: Place, keyword: &str) -> Standing {
    match keyword {
        "type" | "properties" | "description" | "externalDocs" | "x-rustName" => Standing::Used,
        "x-stripeEvent" if place == Place::Event => Standing::Used,
        "x-stripeError" if place == Place::Error => Standing::Used,
        "required" | "x-stripeResource" => Standing::Ignored,
        _ => Standing::Refused,
    }
}

fn of_member(place: Place, form: Form, keyword: &str) -> Standing {
    match keyword {
        "type" | "properties" | "enum" => Standing::Used,
        "x-stripeEnum" if place == Place::ErrorCode && form == Form::Enum => Standing::Used,
        "x-stripeResource" if place == Place::ErrorBody => Standing::Ignored,
        "x-stripeBypassValidation" if place != Place::EventMember => Standing::Ignored,
        "description" | "externalDocs" | "nullable" | "required" => Standing::Ignored,
        _ => Standing::Refused,
    }
}

fn of_envelope(place: Place, keyword: &str) -> Standing {
    match keyword {
        "type" | "items" => Standing::Used,
        "enum" if place == Place::Tag => Standing::Used,
        "description" => Standing::Ignored,
        "nullable" if place == Place::PageUrl => Standing::Ignored,
        _ => Standing::Refused,
    }
}

/// Returns where a keyword has an effect, for the help beside a message that it has none.
pub(super) fn instead(keyword: &str) -> &'static str {
    match keyword {
        "nullable" => "null is for properties, items of arrays and values of maps",
        "description" | "externalDocs" => "what becomes neither a field nor a type is described where it is used",
        "deprecated" => "deprecated are operations, parameters, properties and types",
        "default" => "defaults are for parameters and for properties of request bodies",
        "example" => "examples are for parameters, properties and objects under `components.schemas`",
        "format" | "enum" => "what it is follows from its place",
        "required" => "what is required follows from its place",
        "additionalProperties" => "it goes with `type: object` that describes a map or a struct",
        "x-rustName" => "only what becomes a type, a field, a variant or a request has a name",
        "x-stripeResource" => "it is for schemas under `components.schemas` that become types",
        "x-resourceId" | "x-stripeOperations" | "x-wait" | "x-download" | "x-eventEnvelope" => {
            "it is for objects with `properties` under `components.schemas`"
        }
        "x-stripeEvent" | "x-stripeError" => "it is for objects under `components.schemas`",
        "x-stripeEnum" | "x-stripeBypassValidation" => "it goes with `enum`",
        "x-stripeProperty" => "it is for strings without `enum` and `format`; parameters have `x-stripeParam`",
        "x-secret" => "it is for properties and parameters that are strings without `enum` and `format`",
        "x-expansionResources" => "it goes with `anyOf` of an id and an object",
        "x-knownValues" => {
            "it is for the `id` of a resource, and strings under `components.schemas` without `enum` and `format`"
        }
        "x-falseMeansAbsent" => "it is for optional properties that are objects",
        _ => "spec/README.md lists where it has one",
    }
}

/// Returns every keyword and extension at every place where a schema may have it.
pub(crate) fn schema_keywords() -> BTreeSet<Keyword> {
    let mut found = BTreeSet::new();
    for &place in Place::ALL {
        for form in Form::ALL.iter().copied().filter(|form| place.admits(*form)) {
            let subject = Subject { place, form, names_types: true };
            let keywords = Kind::Schema.keywords().iter().chain(grammar::schema_keywords(form.kind()));
            for name in keywords.map(|member| member.name) {
                let standing = standing(subject, name);
                if standing > Standing::Refused {
                    let ignored = standing == Standing::Ignored;
                    found.insert(Keyword { place: place.name(), keyword: name.to_owned(), ignored });
                }
            }
            for extension in EXTENSIONS.iter().filter(|extension| extension.on.contains(&Kind::Schema)) {
                match standing(subject, extension.name) {
                    _ if !extension.used => found.extend(extension_at(place.name(), extension)),
                    Standing::Used => found.extend(extension_at(place.name(), extension)),
                    Standing::Ignored => {
                        let keyword = extension.name.to_owned();
                        found.insert(Keyword { place: place.name(), keyword, ignored: true });
                    }
                    Standing::Refused => {}
                }
            }
        }
    }
    found
}
