//! The extensions of the dialect: Stripe's, and the project's own. `spec/README.md` documents them.

use serde_json::Value;

use super::grammar::Kind;
use super::shape::{Shape, ignored, optional, required};

/// An `x-` key.
#[derive(Debug)]
pub struct Extension {
    /// The key.
    pub name: &'static str,
    /// Where it may stand.
    pub(crate) on: &'static [Kind],
    /// What its value must look like.
    pub(super) shape: Shape,
    /// Whether it has an effect; others are accepted so that parts of Stripe's own description can be pasted in.
    pub used: bool,
}

const SCHEMA: &[Kind] = &[Kind::Schema];
const NAMED: &[Kind] = &[Kind::Schema, Kind::Parameter, Kind::Operation];
const ANYWHERE: &[Kind] = &[
    Kind::Root,
    Kind::Info,
    Kind::PathItem,
    Kind::Operation,
    Kind::Parameter,
    Kind::Schema,
    Kind::Response,
    Kind::RequestBody,
];
const TEXT: &Shape = &Shape::Text;
const STRUCTURED: &Shape = &Shape::Map(&Shape::Any);

const STRIPE_RESOURCE: Shape = Shape::Record {
    members: &[
        required("class_name", Shape::Text),
        optional("in_package", Shape::Text),
        ignored("has_collection_class", Shape::Ignored),
    ],
};

const STRIPE_OPERATION: Shape = Shape::Record {
    members: &[
        required("method_name", Shape::Text),
        optional("method_type", Shape::Choice(&["create", "retrieve", "update", "delete", "list", "custom"])),
        ignored("method_on", Shape::Ignored),
        required("operation", Shape::Text),
        required("path", Shape::Text),
    ],
};

const STRIPE_ENUM: Shape = Shape::Record {
    members: &[
        required("kind", Shape::Choice(&["open", "closed"])),
        optional(
            "values",
            Shape::List(&Shape::Record {
                members: &[
                    required("value", Shape::Text),
                    optional("description", Shape::Text),
                    optional("x-rustName", Shape::Text),
                ],
            }),
        ),
    ],
};

const STRIPE_EVENT: Shape =
    Shape::Record { members: &[required("type", Shape::Text), optional("kind", Shape::Choice(&["snapshot", "thin"]))] };

const STRIPE_ERROR: Shape = Shape::Record {
    members: &[required("code", Shape::Text), required("httpStatusCode", Shape::Count), optional("type", Shape::Text)],
};

const REFERENCES: Shape = Shape::Record { members: &[required("referenced_resource", Shape::Text)] };

const EXPANSION_RESOURCES: Shape = Shape::Record {
    members: &[required("oneOf", Shape::List(&Shape::Record { members: &[required("$ref", Shape::Text)] }))],
};

const WAIT: Shape = Shape::Record {
    members: &[
        required("status", Shape::Text),
        optional("running", Shape::List(TEXT)),
        required("succeeded", Shape::List(TEXT)),
        required("failed", Shape::List(TEXT)),
        optional(
            "failure",
            Shape::Record { members: &[optional("code", Shape::Text), optional("message", Shape::Text)] },
        ),
    ],
};

const DOWNLOAD: Shape = Shape::Record {
    members: &[
        required("url", Shape::Text),
        required("access", Shape::Choice(&["api-key", "pre-signed"])),
        optional("size", Shape::Text),
        optional("contentType", Shape::Text),
        optional("expiresAt", Shape::Text),
    ],
};

const KNOWN_VALUES: Shape = Shape::List(&Shape::Either(
    TEXT,
    &Shape::Record {
        members: &[required("value", Shape::Text), optional("name", Shape::Text), optional("description", Shape::Text)],
    },
));

const fn used(name: &'static str, on: &'static [Kind], shape: Shape) -> Extension {
    Extension { name, on, shape, used: true }
}

const fn published(name: &'static str, shape: Shape) -> Extension {
    Extension { name, on: ANYWHERE, shape, used: false }
}

/// Every extension.
pub const EXTENSIONS: &[Extension] = &[
    used("x-resourceId", SCHEMA, Shape::Text),
    used("x-stripeResource", SCHEMA, STRIPE_RESOURCE),
    used("x-stripeOperations", SCHEMA, Shape::List(&STRIPE_OPERATION)),
    used("x-stripeEnum", SCHEMA, STRIPE_ENUM),
    used("x-stripeBypassValidation", SCHEMA, Shape::Flag),
    used("x-stripeEvent", SCHEMA, STRIPE_EVENT),
    used("x-stripeError", SCHEMA, STRIPE_ERROR),
    used("x-stripeProperty", SCHEMA, REFERENCES),
    used("x-stripeParam", &[Kind::Parameter], REFERENCES),
    used("x-expansionResources", SCHEMA, EXPANSION_RESOURCES),
    used("x-rustName", NAMED, Shape::Text),
    used("x-wait", SCHEMA, WAIT),
    used("x-download", SCHEMA, DOWNLOAD),
    used("x-knownValues", SCHEMA, KNOWN_VALUES),
    used("x-secret", SCHEMA, Shape::Flag),
    used("x-falseMeansAbsent", SCHEMA, Shape::Flag),
    used("x-eventEnvelope", SCHEMA, Shape::Choice(&["snapshot", "thin"])),
    published("x-expandableFields", Shape::List(TEXT)),
    published("x-stableId", Shape::Text),
    published("x-stripeErrors", Shape::List(&Shape::Any)),
    published("x-stripeLessCommon", Shape::Flag),
    published("x-stripeMostCommon", Shape::List(TEXT)),
    published("x-stripeNotPublic", Shape::Flag),
    published("x-stripeDocsSamples", Shape::List(STRUCTURED)),
];

/// Whether a key is an extension that has no effect anywhere.
pub(crate) fn is_ignored(name: &str) -> bool {
    find(name).is_some_and(|extension| !extension.used)
}

/// A member of an extension's value, by the way to it: `x-wait.failure.code`.
pub(crate) struct ExtensionMember {
    pub(crate) path: String,
    pub(crate) ignored: bool,
}

/// Returns the members that the value of an extension can have, or those that a value has.
pub(crate) fn members(name: &str, value: Option<&Value>) -> Vec<ExtensionMember> {
    let mut found = Vec::new();
    if let Some(extension) = find(name) {
        collect(&extension.shape, value, name, &mut found);
    }
    found
}

fn collect(shape: &Shape, value: Option<&Value>, at: &str, found: &mut Vec<ExtensionMember>) {
    match shape {
        Shape::List(item) => match value.and_then(Value::as_array) {
            Some(items) => items.iter().for_each(|value| collect(item, Some(value), at, found)),
            None => collect(item, None, at, found),
        },
        Shape::Either(one, other) => [one, other].into_iter().for_each(|shape| collect(shape, value, at, found)),
        Shape::Record { members } => {
            for member in *members {
                let inside = value.map(|value| value.get(member.name));
                if inside.is_none_or(|inside| inside.is_some()) {
                    let path = format!("{at}.{}", member.name);
                    collect(&member.shape, inside.flatten(), &path, found);
                    found.push(ExtensionMember { path, ignored: member.ignored });
                }
            }
        }
        _ => {}
    }
}

/// The extension with this key.
pub(super) fn find(name: &str) -> Option<&'static Extension> {
    EXTENSIONS.iter().find(|extension| extension.name == name)
}
