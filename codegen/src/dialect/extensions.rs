//! The extensions of the dialect: Stripe's, and the project's own.
//!
//! Each is declared once, by its name, the type that its value is decoded into, the places where it has an effect, and its
//! documentation. The grammar, the errors and the table in `spec/README.md` follow from that; a test compares the table.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::declare::{choice, extensions, record};
use super::extension::{Extension, Places};
use super::grammar::Kind;
use super::place::{Form, Place};
use super::shape::{Decoded, Shape, ignored, optional, required};

/// Every object that Stripe publishes extensions on.
const ANYWHERE: Places = Places {
    kinds: &[
        Kind::Root,
        Kind::Info,
        Kind::PathItem,
        Kind::Operation,
        Kind::Parameter,
        Kind::Schema,
        Kind::Response,
        Kind::RequestBody,
    ],
    has_effect: |_| false,
    words: "anything",
};

const RESOURCES: Places = Places::schemas("objects with `properties` under `components.schemas`", |subject| {
    subject.place == Place::Model && subject.form == Form::Struct
});

const REPLACEABLE: Places = Places {
    kinds: &[Kind::Schema, Kind::Operation],
    has_effect: RESOURCES.has_effect,
    words: "resources and operations",
};

const TYPES: Places = Places::schemas("schemas under `components.schemas` that become types", |subject| {
    subject.place == Place::Model || subject.place == Place::Alias && subject.names_inner_types
});

// The schemas of events and errors become types as well, if something refers to them.
const EVENTS_AND_ERRORS: Places = Places::schemas("objects under `components.schemas`", RESOURCES.has_effect);

const ENUMS: Places = Places::schemas("strings with `enum`", |subject| subject.is_type() && subject.form == Form::Enum);

const NAMED: Places = Places {
    kinds: &[Kind::Schema, Kind::Parameter, Kind::Operation],
    has_effect: |subject| {
        subject.is_field() || subject.is_type() || subject.place == Place::Alias && subject.names_inner_types
    },
    words: "types, fields, variants and requests",
};

const PARAMETERS: Places = Places { kinds: &[Kind::Parameter], has_effect: |_| false, words: "parameters" };

const REFERRING: Places =
    Places::schemas("strings without `enum` and `format`, except parameters", |subject| subject.is_plain_text());

const SECRETS: Places =
    Places::schemas("properties and parameters that are strings without `enum` and `format`", |subject| {
        subject.is_plain_text() || subject.place == Place::Parameter && subject.form == Form::Text
    });

const EXPANDABLE: Places = Places::schemas("`anyOf` of an id and an object", |subject| {
    subject.form == Form::AnyOf && !matches!(subject.place, Place::Body | Place::Parameter | Place::ListItem)
});

const NAMED_STRINGS: Places = Places::schemas(
    "the `id` of a resource, and strings under `components.schemas` without `enum` and `format`",
    |subject| subject.form == Form::Text && matches!(subject.place, Place::Model | Place::Id),
);

const PRESETS: Places = Places::schemas(
    "required properties and query parameters of requests that are strings, numbers or booleans",
    |subject| {
        matches!(subject.place, Place::Property | Place::Parameter)
            && matches!(
                subject.form,
                Form::Text | Form::Enum | Form::Formatted | Form::Integer | Form::Number | Form::Boolean | Form::AnyOf
            )
    },
);

const OBJECTS: Places = Places::schemas("optional properties that are objects", |subject| {
    subject.place == Place::Property && matches!(subject.form, Form::Struct | Form::AnyOf)
});

/// The mark of extensions that Stripe publishes, and that carry facts.
const COMPARED: bool = true;

/// Deliberate deviations from the published description.
pub(crate) const DEVIATION: &str = "x-deviation";

extensions! {
    used {
        /// Declares a resource, whose `id` gets a type of its own.
        RESOURCE_ID = "x-resourceId": String, on RESOURCES, COMPARED;
        /// The module and the name of the type.
        STRIPE_RESOURCE = "x-stripeResource": StripeResource, on TYPES;
        /// The operations that become methods of the resource.
        STRIPE_OPERATIONS = "x-stripeOperations": Vec<StripeOperation>, on RESOURCES;
        /// Whether Stripe may add values, and the meaning of the values.
        STRIPE_ENUM = "x-stripeEnum": StripeEnum, on ENUMS, COMPARED;
        /// Whether Stripe may add values, in place of `x-stripeEnum`.
        BYPASS_VALIDATION = "x-stripeBypassValidation": bool, on ENUMS, COMPARED;
        /// Declares a webhook event.
        STRIPE_EVENT = "x-stripeEvent": StripeEvent, on EVENTS_AND_ERRORS, COMPARED;
        /// Declares webhook events about the resource.
        EVENTS = "x-events": DeclaredEvents, on RESOURCES, COMPARED;
        /// Declares an error code.
        STRIPE_ERROR = "x-stripeError": StripeError, on EVENTS_AND_ERRORS, COMPARED;
        /// The resource that the string is an id of.
        STRIPE_PROPERTY = "x-stripeProperty": References, on REFERRING;
        /// The resource that the parameter is an id of.
        STRIPE_PARAM = "x-stripeParam": References, on PARAMETERS;
        /// The object that an id can be expanded to.
        EXPANSION_RESOURCES = "x-expansionResources": ExpansionResources, on EXPANDABLE, COMPARED;
        /// The `operationId` or the `x-resourceId` of what replaces it, in any file.
        REPLACED_BY = "x-replacedBy": String, on REPLACEABLE;
        /// The `x-resourceId` of another resource that has the same ids, in any file.
        SAME_IDS_AS = "x-sameIdsAs": String, on RESOURCES;
        /// The name in Rust, in place of the derived one.
        RUST_NAME = "x-rustName": String, on NAMED;
        /// Which states of a resource are final, and why a run failed or was canceled.
        WAIT = "x-wait": Wait, on RESOURCES;
        /// Where the result of a resource is downloaded from.
        DOWNLOAD = "x-download": Download, on RESOURCES;
        /// Where a result has its rows inline, and how they are paged.
        ROWS = "x-rows": Rows, on RESOURCES;
        /// Values that become constants.
        KNOWN_VALUES = "x-knownValues": Vec<KnownValue>, on NAMED_STRINGS;
        /// Hides the string from `Debug`.
        SECRET = "x-secret": bool, on SECRETS;
        /// The value of a request that is sent unless users set another.
        PRESET = "x-preset": Value, on PRESETS;
        /// Decodes `false` as `None`.
        FALSE_MEANS_ABSENT = "x-falseMeansAbsent": bool, on OBJECTS;
        /// Declares the schema of a whole event, of this kind.
        EVENT_ENVELOPE = "x-eventEnvelope": Envelope, on RESOURCES;
    }
    ignored {
        /// Deliberate deviations from the published description.
        "x-deviation": Vec<Deviation>;
        /// The properties that can be expanded.
        "x-expandableFields": Vec<String>;
        /// An identifier that Stripe keeps over versions.
        "x-stableId": String;
        /// The errors of an operation.
        "x-stripeErrors": Vec<Value>;
        /// Whether it is used rarely.
        "x-stripeLessCommon": bool;
        /// The parameters that are used most.
        "x-stripeMostCommon": Vec<String>;
        /// Whether Stripe's reference leaves it out.
        "x-stripeNotPublic": bool;
        /// Examples in Stripe's reference.
        "x-stripeDocsSamples": Vec<BTreeMap<String, Value>>;
    }
}

record! {
    /// `x-stripeResource`
    StripeResource {
        required {
            /// The name of the type.
            "class_name" class_name: String,
        }
        optional {
            /// The modules around it, with dots.
            "in_package" in_package: String,
        }
        ignored {
            /// Whether Stripe's libraries have a class for lists of it.
            "has_collection_class",
        }
    }
}

record! {
    /// An entry of `x-stripeOperations`.
    StripeOperation {
        required {
            /// The name of the method.
            "method_name" method_name: String,
            /// The HTTP method of the operation, in lower case.
            "operation" operation: String,
            /// The path of the operation.
            "path" path: String,
        }
        optional {
            /// The kind of method.
            "method_type" method_type: Option<MethodType>,
        }
        ignored {
            /// Whether Stripe's libraries have the method on the service or on the resource.
            "method_on",
        }
    }
}

choice! {
    /// The kind of a resource's method.
    MethodType {
        "create" Create,
        "retrieve" Retrieve,
        "update" Update,
        "delete" Delete,
        "list" List,
        "custom" Custom,
    }
}

record! {
    /// `x-stripeEnum`
    StripeEnum {
        required {
            /// Whether Stripe may add values.
            "kind" kind: EnumKind,
        }
        optional {
            /// The meaning of values, of some or of all.
            "values" values: Vec<EnumValue>,
        }
    }
}

choice! {
    /// Whether Stripe may add values.
    EnumKind {
        "open" Open,
        "closed" Closed,
    }
}

record! {
    /// A value of an enum in `x-stripeEnum`.
    EnumValue {
        required {
            /// The value.
            "value" value: String,
        }
        optional {
            /// The name of the variant.
            "x-rustName" rust_name: Option<String>,
        }
        prose {
            /// The documentation of the variant.
            "description" description: String,
        }
    }
}

record! {
    /// `x-stripeEvent`
    StripeEvent {
        required {
            /// The type of the event.
            "type" event_type: String,
        }
        optional {
            /// The kind of event, by default `snapshot`.
            "kind" kind: Envelope,
        }
    }
}

record! {
    /// `x-events`
    DeclaredEvents {
        optional {
            /// The snapshot events, which contain the resource.
            "snapshot" snapshot: Vec<DeclaredEvent>,
            /// The thin events, which name the resource.
            "thin" thin: Vec<DeclaredEvent>,
        }
    }
}

record! {
    /// An event in `x-events`.
    DeclaredEvent {
        required {
            /// The type of the event.
            "type" event_type: String,
        }
        optional {
            /// The name of the variants.
            "x-rustName" rust_name: Option<String>,
        }
        prose {
            /// The documentation of the event type.
            "description" description: String,
        }
    }
}

choice! {
    /// The two kinds of events, and of their envelopes.
    #[derive(Default)]
    Envelope {
        #[default]
        "snapshot" Snapshot,
        "thin" Thin,
    }
}

record! {
    /// `x-stripeError`
    StripeError {
        required {
            /// The error code.
            "code" code: String,
            /// The HTTP status of responses with the code.
            "httpStatusCode" status: u16,
        }
        optional {
            /// The error type of responses with the code.
            "type" error_type: Option<String>,
        }
    }
}

record! {
    /// `x-stripeProperty` and `x-stripeParam`
    References {
        required {
            /// The `x-resourceId` of the resource, in any file.
            "referenced_resource" referenced_resource: String,
        }
    }
}

record! {
    /// `x-expansionResources`
    ExpansionResources {
        required {
            /// The object, as the one entry.
            "oneOf" one_of: Vec<ExpansionResource>,
        }
    }
}

record! {
    /// An entry of `x-expansionResources`.
    ExpansionResource {
        required {
            /// The reference that `anyOf` has.
            "$ref" reference: String,
        }
    }
}

/// An entry of `x-knownValues`.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum KnownValue {
    /// The value alone.
    Value(String),
    /// The value and its documentation.
    Described(DescribedValue),
}

impl Decoded for KnownValue {
    const SHAPE: Shape = Shape::Either(&String::SHAPE, &DescribedValue::SHAPE);
}

record! {
    /// A known value with a name or a description.
    DescribedValue {
        required {
            /// The value.
            "value" value: String,
        }
        optional {
            /// The name of the constant.
            "name" name: Option<String>,
        }
        prose {
            /// The documentation of the constant.
            "description" description: String,
        }
    }
}

record! {
    /// `x-wait`
    Wait {
        required {
            /// The path of the field with the status, an enum.
            "status" status: String,
            /// The states of a run that has succeeded.
            "succeeded" succeeded: Vec<String>,
            /// The states of a run that has failed.
            "failed" failed: Vec<String>,
        }
        optional {
            /// The states that are not final.
            "running" running: Vec<String>,
            /// The states of a run that was canceled.
            "canceled" canceled: Vec<String>,
            /// The path of the field with the time at which a run was canceled.
            "canceledAt" canceled_at: Option<String>,
            /// The fields that say why a run failed or was canceled.
            "failure" failure: Failure,
        }
    }
}

record! {
    /// `x-wait.failure`
    #[derive(Default)]
    Failure {
        optional {
            /// The path of the field with the code of the failure.
            "code" code: Option<String>,
            /// The path of the field with the message of the failure.
            "message" message: Option<String>,
        }
    }
}

record! {
    /// `x-download`
    Download {
        required {
            /// The path of the field with the URL.
            "url" url: String,
            /// Whether the API key opens the URL, or the URL alone.
            "access" access: Access,
        }
        optional {
            /// The path of the field with the size in bytes, an integer.
            "size" size: Option<String>,
            /// The path of the field with the content type.
            "contentType" content_type: Option<String>,
            /// The path of the field with the time at which the URL expires.
            "expiresAt" expires_at: Option<String>,
            /// The path of the array with the columns of a CSV file, objects with a `name`.
            "columns" columns: Option<String>,
        }
    }
}

record! {
    /// `x-rows`
    Rows {
        required {
            /// The path of the array with the columns, objects with a `name`.
            "columns" columns: String,
            /// The path of the array with the rows, objects with a map `data` from column to cell.
            "rows" rows: String,
            /// The path of the field with the token of the next page, or a URL with it.
            "nextPage" next_page: String,
            /// The parameter of `retrieve` that takes the token.
            "page" page: String,
        }
        optional {
            /// The parameter of `retrieve` that takes the number of rows per page.
            "limit" limit: Option<String>,
            /// The value of the parameter `include` of `retrieve` that requests the rows.
            "include" include: Option<String>,
        }
    }
}

record! {
    /// An entry of `x-deviation`.
    Deviation {
        required {
            /// What the published description has there: `missing`, `exists` or the value.
            "published" published: String,
            /// Why the description deviates.
            "reason" reason: String,
            /// The API version that it was compared with first.
            "since" since: String,
            /// Where the fact is from.
            "source" source: String,
        }
        optional {
            /// The path of keywords from the item to what deviates, `enum/canceled`; without it, the item itself.
            "at" at: Option<String>,
        }
    }
}

choice! {
    /// The access to the URL of a download.
    Access {
        "api-key" ApiKey,
        "pre-signed" PreSigned,
    }
}

/// Returns the extension of this name.
pub(crate) fn find(name: &str) -> Option<&'static Extension> {
    EXTENSIONS.iter().find(|extension| extension.name == name)
}

/// Returns whether this is the name of an extension that has no effect anywhere.
pub(crate) fn is_ignored(name: &str) -> bool {
    find(name).is_some_and(|extension| !extension.used)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::dialect::grammar::{SchemaKind, TYPES, schema_keywords};

    #[test]
    fn keywords_are_documented_in_one_sentence_and_declared_once() {
        let is_sentence = |text: &str| {
            let text = text.trim_start();
            text.len() < 100 && text.ends_with('.') && text.starts_with(char::is_uppercase) && !text.contains('\n')
        };
        for extension in EXTENSIONS {
            assert!(is_sentence(extension.documentation), "{}", extension.name);
            for member in extension.members() {
                assert!(is_sentence(member.documentation), "{}", member.path);
            }
        }
        let kinds = Kind::ALL.iter().map(|kind| kind.keywords());
        let types = TYPES.iter().map(|name| schema_keywords(SchemaKind::Typed(name)));
        for keywords in kinds.chain(types).chain([SchemaKind::AnyOf, SchemaKind::OneOf].map(schema_keywords)) {
            for keyword in keywords {
                assert!(is_sentence(keyword.documentation), "{}", keyword.name);
            }
            let names: BTreeSet<_> = keywords.iter().map(|keyword| keyword.name).collect();
            assert_eq!(names.len(), keywords.len(), "{names:?}");
        }
        let names: BTreeSet<_> = EXTENSIONS.iter().map(|extension| extension.name).collect();
        assert_eq!(names.len(), EXTENSIONS.len());
    }
}
