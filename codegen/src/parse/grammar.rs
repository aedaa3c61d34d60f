//! The keywords of OpenAPI 3.0 that the dialect has: for each kind of object, what may stand in it.

use super::shape::{Member, Shape, ignored, optional, required, required_but_ignored};

/// The kinds of objects that a description consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Root,
    Info,
    Server,
    Paths,
    PathItem,
    Operation,
    Parameter,
    RequestBody,
    BodyContent,
    ResponseContent,
    Encoding,
    Responses,
    Response,
    Components,
    Schema,
    ExternalDocs,
}

impl Kind {
    /// What to call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Root => "a description",
            Self::Info => "`info`",
            Self::Server => "a server",
            Self::Paths => "`paths`",
            Self::PathItem => "a path",
            Self::Operation => "an operation",
            Self::Parameter => "a parameter",
            Self::RequestBody => "a request body",
            Self::BodyContent => "the content of a request body",
            Self::ResponseContent => "the content of a response",
            Self::Encoding => "an encoding",
            Self::Responses => "`responses`",
            Self::Response => "a response",
            Self::Components => "`components`",
            Self::Schema => "a schema",
            Self::ExternalDocs => "`externalDocs`",
        }
    }

    /// Every kind but schemas, about whose places more is to be said.
    pub(crate) const OBJECTS: &'static [Self] = &[
        Self::Root,
        Self::Info,
        Self::Server,
        Self::Paths,
        Self::PathItem,
        Self::Operation,
        Self::Parameter,
        Self::RequestBody,
        Self::BodyContent,
        Self::ResponseContent,
        Self::Encoding,
        Self::Responses,
        Self::Response,
        Self::Components,
        Self::ExternalDocs,
    ];

    /// The keywords; those of a schema depend on its type, see [`schema_keywords`].
    pub(crate) fn keywords(self) -> &'static [Member] {
        match self {
            Self::Root => ROOT,
            Self::Info => INFO,
            Self::Server => SERVER,
            Self::PathItem => PATH_ITEM,
            Self::Operation => OPERATION,
            Self::Parameter => PARAMETER,
            Self::RequestBody => REQUEST_BODY,
            Self::BodyContent => BODY_CONTENT,
            Self::ResponseContent => RESPONSE_CONTENT,
            Self::Encoding => ENCODING,
            Self::Response => RESPONSE,
            Self::Components => COMPONENTS,
            Self::Schema => ANY_SCHEMA,
            Self::ExternalDocs => EXTERNAL_DOCS,
            Self::Paths | Self::Responses => &[],
        }
    }

    /// Whether a `$ref` may stand where it is described.
    pub(super) fn can_be_reference(self) -> bool {
        matches!(self, Self::Schema | Self::Parameter | Self::Response)
    }

    /// What may stand under keys that are no keywords: paths and statuses.
    pub(super) fn free_keys(self) -> Option<FreeKeys> {
        match self {
            Self::Paths => Some(FreeKeys {
                shape: &Shape::Object(Kind::PathItem),
                fits: |key| key.starts_with('/'),
                help: "a path starts with `/v1/` or `/v2/`",
            }),
            Self::Responses => Some(FreeKeys {
                shape: &Shape::OrReference(Kind::Response),
                fits: |key| key == "default" || is_status(key),
                help: "a status is a number like `200`, a range like `4XX`, or `default`",
            }),
            _ => None,
        }
    }
}

/// Keys that are chosen by who writes the description.
pub(super) struct FreeKeys {
    pub(super) shape: &'static Shape,
    pub(super) fits: fn(&str) -> bool,
    pub(super) help: &'static str,
}

fn is_status(key: &str) -> bool {
    match key.as_bytes() {
        [b'1'..=b'5', b'X', b'X'] => true,
        [b'1'..=b'5', rest @ ..] => rest.len() == 2 && rest.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

const ROOT: &[Member] = &[
    required("openapi", Shape::Text),
    required("info", Shape::Object(Kind::Info)),
    optional("servers", Shape::List(&Shape::Object(Kind::Server))),
    required("paths", Shape::Object(Kind::Paths)),
    optional("components", Shape::Object(Kind::Components)),
    ignored("externalDocs", Shape::Ignored),
    ignored("tags", Shape::Ignored),
    ignored("security", Shape::Ignored),
];

const INFO: &[Member] = &[
    required("title", Shape::Text),
    required("version", Shape::Text),
    optional("description", Shape::Text),
    ignored("termsOfService", Shape::Ignored),
    ignored("contact", Shape::Ignored),
    ignored("license", Shape::Ignored),
];

const SERVER: &[Member] = &[required("url", Shape::Text), ignored("description", Shape::Ignored)];

const PATH_ITEM: &[Member] = &[
    optional("parameters", Shape::List(&Shape::OrReference(Kind::Parameter))),
    optional("get", Shape::Object(Kind::Operation)),
    optional("post", Shape::Object(Kind::Operation)),
    optional("delete", Shape::Object(Kind::Operation)),
];

const OPERATION: &[Member] = &[
    optional("operationId", Shape::Text),
    optional("summary", Shape::Text),
    optional("description", Shape::Text),
    optional("externalDocs", Shape::Object(Kind::ExternalDocs)),
    ignored("tags", Shape::Ignored),
    optional("deprecated", Shape::Flag),
    optional("parameters", Shape::List(&Shape::OrReference(Kind::Parameter))),
    optional("requestBody", Shape::Object(Kind::RequestBody)),
    required("responses", Shape::Object(Kind::Responses)),
    ignored("security", Shape::Ignored),
];

const PARAMETER: &[Member] = &[
    required("name", Shape::Text),
    required("in", Shape::Choice(&["path", "query"])),
    optional("description", Shape::Text),
    optional("required", Shape::Flag),
    optional("deprecated", Shape::Flag),
    optional("style", Shape::Choice(&["form", "simple", "deepObject"])),
    optional("explode", Shape::Flag),
    required("schema", Shape::OrReference(Kind::Schema)),
    optional("example", Shape::Any),
];

const REQUEST_BODY: &[Member] = &[
    // Whether its properties are required says the same.
    ignored("required", Shape::Flag),
    required("content", Shape::Map(&Shape::Object(Kind::BodyContent))),
];

const BODY_CONTENT: &[Member] = &[
    required("schema", Shape::OrReference(Kind::Schema)),
    optional("encoding", Shape::Map(&Shape::Object(Kind::Encoding))),
    ignored("examples", Shape::Ignored),
];

const RESPONSE_CONTENT: &[Member] =
    &[required("schema", Shape::OrReference(Kind::Schema)), ignored("examples", Shape::Ignored)];

const ENCODING: &[Member] =
    &[optional("style", Shape::Choice(&["form", "deepObject"])), optional("explode", Shape::Flag)];

const RESPONSE: &[Member] = &[
    required_but_ignored("description", Shape::Text),
    optional("content", Shape::Map(&Shape::Object(Kind::ResponseContent))),
];

const COMPONENTS: &[Member] = &[
    optional("schemas", Shape::Map(&Shape::OrReference(Kind::Schema))),
    optional("parameters", Shape::Map(&Shape::Object(Kind::Parameter))),
    optional("responses", Shape::Map(&Shape::Object(Kind::Response))),
    ignored("securitySchemes", Shape::Ignored),
];

const EXTERNAL_DOCS: &[Member] = &[required("url", Shape::Text), optional("description", Shape::Text)];

/// What any schema may have.
const ANY_SCHEMA: &[Member] = &[
    optional("type", Shape::Choice(TYPES)),
    optional("title", Shape::Text),
    optional("description", Shape::Text),
    optional("externalDocs", Shape::Object(Kind::ExternalDocs)),
    optional("nullable", Shape::Flag),
    optional("deprecated", Shape::Flag),
    optional("readOnly", Shape::Flag),
    optional("writeOnly", Shape::Flag),
    optional("default", Shape::Any),
    optional("example", Shape::Any),
];

const STRING: &[Member] = &[
    optional("format", Shape::Choice(&["date-time", "int64", "currency", "decimal"])),
    optional("enum", Shape::List(&Shape::Text)),
    optional("pattern", Shape::Text),
    optional("minLength", Shape::Count),
    optional("maxLength", Shape::Count),
];

const INTEGER: &[Member] = &[
    optional("format", Shape::Choice(&["unix-time"])),
    optional("minimum", Shape::Integer),
    optional("maximum", Shape::Integer),
    optional("exclusiveMinimum", Shape::Flag),
    optional("exclusiveMaximum", Shape::Flag),
    optional("multipleOf", Shape::Integer),
];

const NUMBER: &[Member] = &[
    optional("minimum", Shape::Number),
    optional("maximum", Shape::Number),
    optional("exclusiveMinimum", Shape::Flag),
    optional("exclusiveMaximum", Shape::Flag),
    optional("multipleOf", Shape::Number),
];

const ARRAY: &[Member] = &[
    required("items", Shape::OrReference(Kind::Schema)),
    optional("minItems", Shape::Count),
    optional("maxItems", Shape::Count),
    optional("uniqueItems", Shape::Flag),
];

const OBJECT: &[Member] = &[
    optional("properties", Shape::Map(&Shape::OrReference(Kind::Schema))),
    optional("required", Shape::List(&Shape::Text)),
    optional("additionalProperties", Shape::Either(&Shape::Flag, &Shape::OrReference(Kind::Schema))),
    optional("minProperties", Shape::Count),
    optional("maxProperties", Shape::Count),
];

const ANY_OF: &[Member] = &[required("anyOf", Shape::List(&Shape::OrReference(Kind::Schema)))];
const ONE_OF: &[Member] = &[required("oneOf", Shape::List(&Shape::OrReference(Kind::Schema)))];

/// The types of schemas.
pub(super) const TYPES: &[&str] = &["string", "integer", "number", "boolean", "array", "object"];

/// What kind of schema it is, which decides what else may stand in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SchemaKind<'a> {
    Typed(&'a str),
    AnyOf,
    OneOf,
    Free,
}

/// The keywords that a schema may have besides those of any schema.
pub(crate) fn schema_keywords(kind: SchemaKind<'_>) -> &'static [Member] {
    match kind {
        SchemaKind::Typed("string") => STRING,
        SchemaKind::Typed("integer") => INTEGER,
        SchemaKind::Typed("number") => NUMBER,
        SchemaKind::Typed("array") => ARRAY,
        SchemaKind::Typed("object") => OBJECT,
        SchemaKind::Typed(_) | SchemaKind::Free => &[],
        SchemaKind::AnyOf => ANY_OF,
        SchemaKind::OneOf => ONE_OF,
    }
}

/// The kinds of schemas that a keyword is for.
pub(super) fn schemas_with(keyword: &str) -> Vec<&'static str> {
    let has =
        |name: &&&'static str| schema_keywords(SchemaKind::Typed(name)).iter().any(|member| member.name == keyword);
    TYPES.iter().filter(has).copied().collect()
}

/// What OpenAPI or JSON Schema has and the dialect has not, with what to write instead.
pub(super) fn refused(kind: Kind, keyword: &str) -> Option<&'static str> {
    Some(match (kind, keyword) {
        // Every other type that has a format decides something by it.
        (Kind::Schema, "format") => "leave it out: only strings and integers have formats",
        (Kind::Schema, "allOf") => "write one schema with the properties of all",
        (Kind::Schema, "not") => "say what it is instead of what it is not",
        (Kind::Schema, "discriminator" | "xml") => "leave it out",
        (Kind::Schema, "const") => "OpenAPI 3.0 writes `enum` with one value",
        (Kind::Schema, "examples") => "OpenAPI 3.0 has one `example`",
        (Kind::Schema, "$defs" | "definitions") => "put it under `components.schemas`, and refer to it with `$ref`",
        (Kind::Schema, "patternProperties" | "propertyNames") => {
            "`additionalProperties` describes an object with free keys"
        }
        (Kind::Schema, "prefixItems" | "contains") => "`items` describes all entries of a list",
        (Kind::Schema, "if" | "then" | "else") => "leave it out",
        (Kind::PathItem, "put" | "patch" | "head" | "options" | "trace") => {
            "Stripe's API uses `get`, `post` and `delete`"
        }
        (Kind::PathItem, "$ref") => "write the path out",
        (Kind::PathItem, "summary" | "description") => "describe the operations",
        (Kind::RequestBody, "description") => "describe the operation, or the properties",
        (Kind::Server, "variables") => "write the address out",
        (Kind::PathItem | Kind::Operation, "servers") => "`servers` stands at the top of a description",
        (Kind::Operation, "callbacks") => "describe events by schemas with `x-stripeEvent`",
        (Kind::Root, "webhooks") => "describe events by schemas with `x-stripeEvent`",
        (Kind::Parameter, "content") => "describe it by a `schema`",
        (Kind::Parameter, "allowReserved" | "allowEmptyValue" | "examples") => "leave it out",
        (Kind::Response, "headers" | "links") => "leave it out; every answer's headers are there",
        (Kind::ResponseContent, "encoding") => "leave it out: every response is JSON",
        (Kind::Encoding, "contentType" | "headers" | "allowReserved") => "leave it out",
        (Kind::BodyContent, "example") => "put an `example` on the properties of the body",
        (Kind::ResponseContent, "example") => "put the `example` on a schema with a name, and refer to that",
        (Kind::Components, "examples" | "requestBodies" | "headers" | "links" | "callbacks" | "pathItems") => {
            "write it out where it is used"
        }
        _ => return None,
    })
}
