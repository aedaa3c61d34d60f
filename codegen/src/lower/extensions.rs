//! The values of `x-` extensions, typed. Their shapes have been checked when the description was parsed.

use indexmap::IndexMap;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::context::Context;
use super::site::Site;
use crate::diagnostic::Code;

pub(super) type Extensions = IndexMap<String, serde_json::Value>;

pub(super) const RESOURCE_ID: &str = "x-resourceId";
pub(super) const STRIPE_RESOURCE: &str = "x-stripeResource";
pub(super) const STRIPE_OPERATIONS: &str = "x-stripeOperations";
pub(super) const STRIPE_ENUM: &str = "x-stripeEnum";
pub(super) const STRIPE_EVENT: &str = "x-stripeEvent";
pub(super) const STRIPE_ERROR: &str = "x-stripeError";
pub(super) const STRIPE_PROPERTY: &str = "x-stripeProperty";
pub(super) const STRIPE_PARAM: &str = "x-stripeParam";
pub(super) const BYPASS_VALIDATION: &str = "x-stripeBypassValidation";
pub(super) const EXPANSION_RESOURCES: &str = "x-expansionResources";
pub(super) const RUST_NAME: &str = "x-rustName";
pub(super) const WAIT: &str = "x-wait";
pub(super) const DOWNLOAD: &str = "x-download";
pub(super) const KNOWN_VALUES: &str = "x-knownValues";
pub(super) const SECRET: &str = "x-secret";
pub(super) const FALSE_MEANS_ABSENT: &str = "x-falseMeansAbsent";
pub(super) const EVENT_ENVELOPE: &str = "x-eventEnvelope";

/// `x-stripeResource`
#[derive(Deserialize)]
pub(super) struct StripeResource {
    pub(super) class_name: String,
    #[serde(default)]
    pub(super) in_package: String,
}

/// An entry of `x-stripeOperations`.
#[derive(Deserialize)]
pub(super) struct StripeOperation {
    pub(super) method_name: String,
    #[serde(default)]
    pub(super) method_type: String,
    pub(super) operation: String,
    pub(super) path: String,
}

/// `x-stripeEnum`
#[derive(Deserialize)]
pub(super) struct StripeEnum {
    pub(super) kind: EnumKind,
    #[serde(default)]
    pub(super) values: Vec<EnumValue>,
}

/// Whether Stripe may add values.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum EnumKind {
    Open,
    Closed,
}

/// What `x-stripeEnum` says of one value.
#[derive(Deserialize)]
pub(super) struct EnumValue {
    pub(super) value: String,
    #[serde(default)]
    pub(super) description: String,
    #[serde(rename = "x-rustName")]
    pub(super) rust_name: Option<String>,
}

/// `x-stripeEvent`
#[derive(Deserialize)]
pub(super) struct StripeEvent {
    #[serde(rename = "type")]
    pub(super) event_type: String,
    #[serde(default)]
    pub(super) kind: Envelope,
}

/// The two kinds of events, and of their envelopes.
#[derive(Deserialize, Clone, Copy, Default, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(super) enum Envelope {
    #[default]
    Snapshot,
    Thin,
}

/// `x-stripeError`
#[derive(Deserialize)]
pub(super) struct StripeError {
    pub(super) code: String,
    #[serde(rename = "httpStatusCode")]
    pub(super) status: u16,
    #[serde(rename = "type")]
    pub(super) error_type: Option<String>,
}

/// `x-stripeProperty` and `x-stripeParam`
#[derive(Deserialize)]
pub(super) struct References {
    pub(super) referenced_resource: String,
}

/// `x-expansionResources`
#[derive(Deserialize)]
pub(super) struct ExpansionResources {
    #[serde(rename = "oneOf")]
    pub(super) one_of: Vec<ExpansionResource>,
}

/// An entry of `x-expansionResources`.
#[derive(Deserialize)]
pub(super) struct ExpansionResource {
    #[serde(rename = "$ref")]
    pub(super) reference: String,
}

/// An entry of `x-knownValues`.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum KnownValue {
    Value(String),
    Described {
        value: String,
        name: Option<String>,
        #[serde(default)]
        description: String,
    },
}

/// `x-wait`
#[derive(Deserialize)]
pub(super) struct Wait {
    pub(super) status: String,
    #[serde(default)]
    pub(super) running: Vec<String>,
    #[serde(default)]
    pub(super) succeeded: Vec<String>,
    #[serde(default)]
    pub(super) failed: Vec<String>,
    #[serde(default)]
    pub(super) failure: Failure,
}

/// `x-wait`'s `failure`
#[derive(Deserialize, Default)]
pub(super) struct Failure {
    pub(super) code: Option<String>,
    pub(super) message: Option<String>,
}

/// `x-download`
#[derive(Deserialize)]
pub(super) struct Download {
    pub(super) url: String,
    pub(super) access: Access,
    pub(super) size: Option<String>,
    #[serde(rename = "contentType")]
    pub(super) content_type: Option<String>,
    #[serde(rename = "expiresAt")]
    pub(super) expires_at: Option<String>,
}

/// How a download's URL is opened.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Access {
    ApiKey,
    PreSigned,
}

impl Context<'_> {
    /// Reads an extension of the object at `site`.
    pub(super) fn extension<T: DeserializeOwned>(
        &mut self,
        site: &Site<'_>,
        extensions: &Extensions,
        name: &str,
    ) -> Option<T> {
        match serde_json::from_value(extensions.get(name)?.clone()) {
            Ok(value) => Some(value),
            Err(error) => {
                let message = format!("cannot read `{name}`: {error}");
                let help = "spec/README.md has an example of each extension";
                self.report(site.key(name).at_value(Code::MalformedExtension, message, help));
                None
            }
        }
    }
}
