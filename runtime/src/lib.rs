#![forbid(unsafe_code)]
//! What the generated `stripe-reporting` crate stands on.
//!
//! Generated code states facts: an operation's method, path and encoding, a resource's states, where its file is.
//! This crate acts on them: requests become [`http::Request`]s, answers become values or an [`Error`], and the clients of
//! the features `client` and `blocking` send, list, wait and download.
//!
//! Depend on `stripe-reporting`, which re-exports what is public here; this crate's API follows the generator's needs.

mod api_key;
#[cfg(feature = "blocking")]
pub mod blocking;
#[cfg(feature = "client")]
pub mod client;
mod config;
mod decode;
mod download;
mod encoding;
mod error;
#[doc(hidden)]
pub mod event;
mod expandable;
mod host;
mod list;
mod operation;
mod options;
#[cfg(feature = "__io")]
mod partial_file;
pub mod prelude;
#[doc(hidden)]
pub mod private;
#[cfg(feature = "__io")]
mod progress;
#[cfg(feature = "__io")]
mod protocol;
mod range;
mod raw;
mod request;
#[cfg(feature = "__io")]
mod response;
mod strings;
#[cfg(feature = "__io")]
mod telemetry;
#[cfg(feature = "__io")]
mod tls;
#[cfg(feature = "__io")]
mod transport;
mod wait;
mod webhook;
#[doc(hidden)]
pub mod wire;

pub use api_key::ApiKey;
pub use bytes::Bytes;
#[cfg(feature = "client")]
pub use client::Client;
pub use config::{Config, ConfigBuilder};
pub use download::{Download, DownloadAccess, ResultFile};
pub use error::{ApiError, Error, ErrorKind};
pub use expandable::Expandable;
pub use http;
pub use jiff::Timestamp;
pub use list::{List, ListRequest, ListResponse, Page, Pagination};
pub use operation::{Generation, Operation, ParameterEncoding};
pub use options::RequestOptions;
#[cfg(feature = "__io")]
pub use progress::Progress;
#[cfg(feature = "__io")]
pub use protocol::poll::Polling;
#[cfg(feature = "__io")]
pub use protocol::retry::FailedAttempt;
pub use range::{RangeOrExact, RangeQuery};
pub use raw::RawRequest;
pub use request::{Call, Request};
#[cfg(feature = "__io")]
pub use response::Response;
pub use serde_json::Value;
pub use strings::{Currency, Secret, UnrecognizedValue};
#[cfg(feature = "__io")]
pub use transport::{Limits, TransportError, TransportErrorKind};
pub use wait::{RunState, Wait};
#[cfg(feature = "webhooks")]
pub use webhook::Webhook;
pub use webhook::{WebhookEvent, WebhookSecret};
