//! The keywords of OpenAPI 3.0 that the dialect has, for each kind of object.
//!
//! `parse` checks descriptions against it. A keyword of a schema is also listed in `lower::meaning`, with the places where it
//! has an effect.

use super::declare::named;
use super::shape::{Member, Shape, ignored, optional, required};

named! {
    /// The kinds of OpenAPI objects in a description.
    Kind {
        Root = "a description",
        Info = "`info`",
        Server = "a server",
        Paths = "`paths`",
        PathItem = "a path item",
        Operation = "an operation",
        Parameter = "a parameter",
        RequestBody = "a request body",
        BodyContent = "the content of a request body",
        ResponseContent = "the content of a response",
        Encoding = "an encoding",
        Responses = "`responses`",
        Response = "a response",
        Components = "`components`",
        Schema = "a schema",
        ExternalDocs = "`externalDocs`",
    }
}

impl Kind {
    /// Returns its keywords; those of a schema also depend on its type, see [`schema_keywords`].
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

    /// Returns whether a `$ref` may take its place.
    pub(crate) fn can_be_reference(self) -> bool {
        matches!(self, Self::Schema | Self::Parameter | Self::Response)
    }

    /// Returns the keys that it has besides keywords: paths, statuses.
    pub(crate) fn free_keys(self) -> Option<FreeKeys> {
        match self {
            Self::Paths => Some(FreeKeys {
                shape: &Shape::Object(Kind::PathItem),
                fits: |key| key.starts_with('/'),
                pattern: "^/",
                help: "a path starts with `/v1/` or `/v2/`",
            }),
            Self::Responses => Some(FreeKeys {
                shape: &Shape::OrReference(Kind::Response),
                fits: |key| key == "default" || is_status(key),
                pattern: "^(default|[1-5](XX|[0-9][0-9]))$",
                help: "a status is a number like `200`, a range like `4XX`, or `default`",
            }),
            _ => None,
        }
    }
}

/// Keys that are not keywords.
pub(crate) struct FreeKeys {
    pub(crate) shape: &'static Shape,
    pub(crate) fits: fn(&str) -> bool,
    /// The same as a regular expression.
    pub(crate) pattern: &'static str,
    pub(crate) help: &'static str,
}

fn is_status(key: &str) -> bool {
    match key.as_bytes() {
        [b'1'..=b'5', b'X', b'X'] => true,
        [b'1'..=b'5', rest @ ..] => rest.len() == 2 && rest.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

const ROOT: &[Member] = &[
    required("openapi", Shape::Text, "The version of OpenAPI: 3.0.x."),
    required("info", Shape::Object(Kind::Info), "The title and the version of the API."),
    optional(
        "servers",
        Shape::List(&Shape::Object(Kind::Server)),
        "The server that requests go to, as the first entry.",
    ),
    required("paths", Shape::Object(Kind::Paths), "The operations, by path and method.").compared(),
    optional("components", Shape::Object(Kind::Components), "Schemas, parameters and responses that have a name."),
    ignored("externalDocs", "Further documentation of the API."),
    ignored("tags", "The groups of operations."),
    ignored("security", "How requests are authenticated."),
];

const INFO: &[Member] = &[
    required("title", Shape::Text, "The title of the generation's module.").prose(),
    required("version", Shape::Text, "The `Stripe-Version` that is sent."),
    optional("description", Shape::Text, "The documentation of the generation's module.").prose(),
    ignored("termsOfService", "The URL of the terms of service."),
    ignored("contact", "Who to contact about the API."),
    ignored("license", "The license of the API."),
];

const SERVER: &[Member] = &[
    required("url", Shape::Text, "The absolute URL that paths are appended to.").compared(),
    ignored("description", "What the server is for."),
];

const PATH_ITEM: &[Member] = &[
    optional("parameters", PARAMETERS, "Parameters of every operation of the path.").compared(),
    optional("get", Shape::Object(Kind::Operation), "The operation that reads.").compared(),
    optional("post", Shape::Object(Kind::Operation), "The operation that creates or updates.").compared(),
    optional("delete", Shape::Object(Kind::Operation), "The operation that deletes.").compared(),
];

const OPERATION: &[Member] = &[
    optional("operationId", Shape::Text, "The id of the operation, unique over all files."),
    optional("summary", Shape::Text, "The first line of the request's documentation.").prose(),
    optional("description", Shape::Text, "The request's documentation.").prose(),
    optional("externalDocs", Shape::Object(Kind::ExternalDocs), "A link to the API reference.").prose(),
    ignored("tags", "The groups that it belongs to."),
    optional("deprecated", Shape::Flag, "Whether the request is `#[deprecated]`.").compared(),
    optional("parameters", PARAMETERS, "The parameters in the path and in the query.").compared(),
    optional("requestBody", Shape::Object(Kind::RequestBody), "The body that is sent.").compared(),
    required("responses", Shape::Object(Kind::Responses), "The responses, by status.").compared(),
    ignored("security", "How the request is authenticated."),
];

const PARAMETERS: Shape = Shape::List(&Shape::OrReference(Kind::Parameter));

const PARAMETER: &[Member] = &[
    required("name", Shape::Text, "The name on the wire.").compared(),
    required("in", Shape::Choice(&["path", "query"]), "Where the parameter is sent.").compared(),
    optional("description", Shape::Text, "The documentation of the argument or the setter.").prose(),
    optional("required", Shape::Flag, "Whether it is an argument of the constructor.").compared(),
    optional("deprecated", Shape::Flag, "Whether its setter is `#[deprecated]`.").compared(),
    optional("style", Shape::Choice(&["form", "simple", "deepObject"]), "How the value is serialized.").compared(),
    optional("explode", Shape::Flag, "Whether members and items are serialized one by one."),
    required("schema", SCHEMA, "The type of the value.").compared(),
    optional("example", Shape::Any, "A value for the documentation."),
];

const REQUEST_BODY: &[Member] = &[
    // Whether its properties are required says the same.
    optional("required", Shape::Flag, "Whether the body may be left out.").ignored(),
    required("content", Shape::Map(&Shape::Object(Kind::BodyContent)), "The body, under its one content type.")
        .compared(),
];

const BODY_CONTENT: &[Member] = &[
    required("schema", SCHEMA, "The object that is sent.").compared(),
    optional(
        "encoding",
        Shape::Map(&Shape::Object(Kind::Encoding)),
        "How arrays and objects in a form are serialized.",
    ),
    ignored("examples", "Bodies by name."),
];

const RESPONSE_CONTENT: &[Member] =
    &[required("schema", SCHEMA, "The type of the response.").compared(), ignored("examples", "Responses by name.")];

const ENCODING: &[Member] = &[
    optional("style", Shape::Choice(&["form", "deepObject"]), "How the property is serialized."),
    optional("explode", Shape::Flag, "Whether members and items are serialized one by one."),
];

const RESPONSE: &[Member] = &[
    required("description", Shape::Text, "What the response means.").ignored(),
    optional("content", Shape::Map(&Shape::Object(Kind::ResponseContent)), "The body, under `application/json`.")
        .compared(),
];

const COMPONENTS: &[Member] = &[
    optional("schemas", Shape::Map(&SCHEMA), "Types, errors and events.").compared(),
    optional("parameters", Shape::Map(&Shape::Object(Kind::Parameter)), "Parameters that several operations share.")
        .compared(),
    optional("responses", Shape::Map(&Shape::Object(Kind::Response)), "Responses that several operations share.")
        .compared(),
    ignored("securitySchemes", "How requests are authenticated."),
];

const EXTERNAL_DOCS: &[Member] = &[
    required("url", Shape::Text, "The URL of the page.").prose(),
    optional("description", Shape::Text, "The text of the link.").prose(),
];

const SCHEMA: Shape = Shape::OrReference(Kind::Schema);

/// The keywords of any schema.
const ANY_SCHEMA: &[Member] = &[
    optional("type", Shape::Choice(TYPES), "The type.").compared(),
    optional("title", Shape::Text, "A short description."),
    optional("description", Shape::Text, "The documentation of the type or the field.").prose(),
    optional("externalDocs", Shape::Object(Kind::ExternalDocs), "A link to further documentation.").prose(),
    optional("nullable", Shape::Flag, "Whether the value may be null.").compared(),
    optional("deprecated", Shape::Flag, "Whether the type or the field is `#[deprecated]`.").compared(),
    optional("readOnly", Shape::Flag, "Whether only responses have it."),
    optional("writeOnly", Shape::Flag, "Whether only requests have it."),
    optional("default", Shape::Any, "The value that Stripe takes where it is missing.").prose(),
    optional("example", Shape::Any, "A value for the documentation and the tests.").prose(),
];

const STRING: &[Member] = &[
    optional(
        "format",
        Shape::Choice(&["date-time", "int64", "uint64", "currency", "decimal"]),
        "What the string contains.",
    )
    .compared(),
    optional("enum", Shape::List(&Shape::Text), "The values.").compared(),
    optional("pattern", Shape::Text, "A regular expression that the string matches.").compared(),
    optional("minLength", Shape::Count, "The least number of characters.").compared(),
    optional("maxLength", Shape::Count, "The greatest number of characters.").compared(),
];

const INTEGER: &[Member] = &[
    optional("format", Shape::Choice(&["unix-time"]), "What the integer counts.").compared(),
    optional("minimum", Shape::Integer, MINIMUM).compared(),
    optional("maximum", Shape::Integer, MAXIMUM).compared(),
    optional("exclusiveMinimum", Shape::Flag, EXCLUSIVE_MINIMUM).compared(),
    optional("exclusiveMaximum", Shape::Flag, EXCLUSIVE_MAXIMUM).compared(),
    optional("multipleOf", Shape::Integer, MULTIPLE_OF).compared(),
];

const NUMBER: &[Member] = &[
    optional("minimum", Shape::Number, MINIMUM).compared(),
    optional("maximum", Shape::Number, MAXIMUM).compared(),
    optional("exclusiveMinimum", Shape::Flag, EXCLUSIVE_MINIMUM).compared(),
    optional("exclusiveMaximum", Shape::Flag, EXCLUSIVE_MAXIMUM).compared(),
    optional("multipleOf", Shape::Number, MULTIPLE_OF).compared(),
];

const MINIMUM: &str = "The least value.";
const MAXIMUM: &str = "The greatest value; of `limit`, the size of the pages that clients request.";
const EXCLUSIVE_MINIMUM: &str = "Whether `minimum` itself is excluded.";
const EXCLUSIVE_MAXIMUM: &str = "Whether `maximum` itself is excluded.";
const MULTIPLE_OF: &str = "The number that the value is a multiple of.";

const ARRAY: &[Member] = &[
    required("items", SCHEMA, "The type of the items.").compared(),
    optional("minItems", Shape::Count, "The least number of items.").compared(),
    optional("maxItems", Shape::Count, "The greatest number of items.").compared(),
    optional("uniqueItems", Shape::Flag, "Whether all items differ.").compared(),
];

const OBJECT: &[Member] = &[
    optional("properties", Shape::Map(&SCHEMA), "The fields.").compared(),
    optional("required", Shape::List(&Shape::Text), "The properties that every known object has.").compared(),
    optional(
        "additionalProperties",
        Shape::Either(&Shape::Flag, &SCHEMA),
        "The type of members that are not described.",
    )
    .compared(),
    optional("minProperties", Shape::Count, "The least number of members.").compared(),
    optional("maxProperties", Shape::Count, "The greatest number of members.").compared(),
];

const ANY_OF: &[Member] = &[required(
    "anyOf",
    Shape::List(&SCHEMA),
    "A nullable reference, a range or its exact value, or an expandable id.",
)
.compared()];
const ONE_OF: &[Member] = &[required(
    "oneOf",
    Shape::List(&SCHEMA),
    "Objects of one property each, exactly one of which is given, or the schemas of an error response.",
)
.compared()];

/// The types of schemas.
pub(crate) const TYPES: &[&str] = &["string", "integer", "number", "boolean", "array", "object"];

/// The kind of a schema, which decides its keywords.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SchemaKind<'a> {
    Typed(&'a str),
    AnyOf,
    OneOf,
    Free,
}

/// Returns the keywords of a kind of schema besides those of any schema.
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

/// Returns the types whose schemas have a keyword.
pub(crate) fn schemas_with(keyword: &str) -> Vec<&'static str> {
    let has =
        |name: &&&'static str| schema_keywords(SchemaKind::Typed(name)).iter().any(|member| member.name == keyword);
    TYPES.iter().filter(has).copied().collect()
}

/// Returns the help for a keyword of OpenAPI or JSON Schema that the dialect does not have.
pub(crate) fn refused(kind: Kind, keyword: &str) -> Option<&'static str> {
    Some(match (kind, keyword) {
        // Every other type that has a format decides something by it.
        (Kind::Schema, "format") => "remove it: only strings and integers have formats",
        (Kind::Schema, "allOf") => "write one schema with the properties of all entries",
        (Kind::Schema, "not") => "describe what the value is",
        (Kind::Schema, "discriminator" | "xml") => "remove it",
        (Kind::Schema, "const") => "write `enum` with one value, as OpenAPI 3.0 does",
        (Kind::Schema, "examples") => "write one `example`, as OpenAPI 3.0 does",
        (Kind::Schema, "$defs" | "definitions") => "put it under `components.schemas`, and refer to it with `$ref`",
        (Kind::Schema, "patternProperties" | "propertyNames") => {
            "write `additionalProperties` for an object with free keys"
        }
        (Kind::Schema, "prefixItems" | "contains") => "write `items`, one schema for all items",
        (Kind::Schema, "if" | "then" | "else") => "remove it",
        (Kind::PathItem, "put" | "patch" | "head" | "options" | "trace") => {
            "use `get`, `post` or `delete`, as Stripe's API does"
        }
        (Kind::PathItem, "$ref") => "write the path out",
        (Kind::PathItem, "summary" | "description") => "describe the operations",
        (Kind::RequestBody, "description") => "describe the operation, or the properties",
        (Kind::Server, "variables") => "write the address out",
        (Kind::PathItem | Kind::Operation, "servers") => "move `servers` to the top of the description",
        (Kind::Operation, "callbacks") => "describe events with schemas that have `x-stripeEvent`",
        (Kind::Root, "webhooks") => "describe events with schemas that have `x-stripeEvent`",
        (Kind::Parameter, "content") => "describe it with `schema`",
        (Kind::Parameter, "allowReserved" | "allowEmptyValue" | "examples") => "remove it",
        (Kind::Response, "headers" | "links") => "remove it: the headers of every response are available",
        (Kind::ResponseContent, "encoding") => "remove it: every response is JSON",
        (Kind::Encoding, "contentType" | "headers" | "allowReserved") => "remove it",
        (Kind::BodyContent, "example") => "put an `example` on the properties of the body",
        (Kind::ResponseContent, "example") => "put the `example` on a schema with a name, and refer to that",
        (Kind::Components, "examples" | "requestBodies" | "headers" | "links" | "callbacks" | "pathItems") => {
            "write it out where it is used"
        }
        _ => return None,
    })
}
