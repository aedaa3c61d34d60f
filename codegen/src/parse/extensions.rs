//! The extensions of the dialect: Stripe's, and the project's own. `spec/README.md` documents them.

use super::grammar::Kind;
use super::shape::{Shape, optional, required};

/// An `x-` key.
#[derive(Debug)]
pub struct Extension {
    /// The key.
    pub name: &'static str,
    /// Where it may stand.
    pub(super) on: &'static [Kind],
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
    Kind::Tag,
];
const TEXT: &Shape = &Shape::Text;
const STRUCTURED: &Shape = &Shape::Map(&Shape::Any);

const STRIPE_RESOURCE: Shape = Shape::Record {
    members: &[
        required("class_name", Shape::Text),
        optional("in_package", Shape::Text),
        optional("has_collection_class", Shape::Flag),
    ],
    open: true,
};

const STRIPE_OPERATION: Shape = Shape::Record {
    members: &[
        required("method_name", Shape::Text),
        optional("method_type", Shape::Text),
        optional("method_on", Shape::Text),
        required("operation", Shape::Text),
        required("path", Shape::Text),
    ],
    open: true,
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
                open: false,
            }),
        ),
    ],
    open: true,
};

const STRIPE_EVENT: Shape = Shape::Record {
    members: &[required("type", Shape::Text), optional("kind", Shape::Choice(&["snapshot", "thin"]))],
    open: true,
};

const STRIPE_ERROR: Shape = Shape::Record {
    members: &[required("code", Shape::Text), required("httpStatusCode", Shape::Count), optional("type", Shape::Text)],
    open: true,
};

const REFERENCES: Shape = Shape::Record { members: &[optional("referenced_resource", Shape::Text)], open: true };

const EXPANSION_RESOURCES: Shape = Shape::Record {
    members: &[required(
        "oneOf",
        Shape::List(&Shape::Record { members: &[required("$ref", Shape::Text)], open: false }),
    )],
    open: false,
};

const WAIT: Shape = Shape::Record {
    members: &[
        required("status", Shape::Text),
        optional("running", Shape::List(TEXT)),
        required("succeeded", Shape::List(TEXT)),
        required("failed", Shape::List(TEXT)),
        optional(
            "failure",
            Shape::Record { members: &[optional("code", Shape::Text), optional("message", Shape::Text)], open: false },
        ),
    ],
    open: false,
};

const DOWNLOAD: Shape = Shape::Record {
    members: &[
        required("url", Shape::Text),
        required("access", Shape::Choice(&["api-key", "pre-signed"])),
        optional("size", Shape::Text),
        optional("contentType", Shape::Text),
        optional("expiresAt", Shape::Text),
    ],
    open: false,
};

const KNOWN_VALUES: Shape = Shape::List(&Shape::Either(
    TEXT,
    &Shape::Record {
        members: &[required("value", Shape::Text), optional("name", Shape::Text), optional("description", Shape::Text)],
        open: false,
    },
));

const fn used(name: &'static str, on: &'static [Kind], shape: Shape) -> Extension {
    Extension { name, on, shape, used: true }
}

const fn ignored(name: &'static str, shape: Shape) -> Extension {
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
    ignored("x-expandableFields", Shape::List(TEXT)),
    ignored("x-stableId", Shape::Text),
    ignored("x-stripeErrors", Shape::List(&Shape::Any)),
    ignored("x-stripeLessCommon", Shape::Flag),
    ignored("x-stripeMostCommon", Shape::List(TEXT)),
    ignored("x-stripeNotPublic", Shape::Flag),
    ignored("x-stripeDocsSamples", Shape::List(STRUCTURED)),
];

/// The extension with this key.
pub(super) fn find(name: &str) -> Option<&'static Extension> {
    EXTENSIONS.iter().find(|extension| extension.name == name)
}
