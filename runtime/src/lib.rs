#![forbid(unsafe_code)]
//! What the generated `stripe-reporting` crate stands on.
//!
//! Generated code states facts: an operation's method, path and encoding, a resource's states, where its file is.
//! This crate acts on them: requests become [`http::Request`]s, answers become values or an [`Error`], and the clients of
//! the features `client` and `blocking` send, list, wait and download.
//!
//! Depend on `stripe-reporting`, which re-exports what is public here; this crate's API follows the generator's needs.

// What a program sets up, and what it gets back.
mod config;
mod error;
mod response;
mod webhook;

// Requests, and the facts about resources that generated code states.
mod download;
mod list;
mod request;
mod wait;

// Types of the fields of generated code.
mod model;

pub mod prelude;

// Clients: `protocol` decides, `client` and `blocking` act.
#[cfg(feature = "blocking")]
pub mod blocking;
#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "__io")]
mod protocol;
#[cfg(feature = "__io")]
mod telemetry;
#[cfg(feature = "__io")]
mod transport;

pub use bytes::Bytes;
#[cfg(feature = "client")]
pub use client::Client;
#[cfg(feature = "__io")]
pub use config::FailedAttempt;
pub use config::{ApiKey, Config, ConfigBuilder, RequestOptions};
#[cfg(feature = "__io")]
pub use download::Progress;
pub use download::{Download, DownloadAccess, ResultFile};
pub use error::{ApiError, Error, ErrorKind};
pub use http;
pub use jiff::Timestamp;
pub use list::{List, ListRequest, ListResponse, Page, Pagination};
pub use model::{Currency, Expandable, RangeOrExact, RangeQuery, Secret, UnrecognizedValue};
#[doc(hidden)]
pub use model::{private, wire};
#[cfg(feature = "__io")]
pub use protocol::poll::Polling;
pub use request::{Call, Generation, Operation, ParameterEncoding, RawRequest, Request};
#[cfg(feature = "__io")]
pub use response::Response;
pub use serde_json::Value;
#[cfg(feature = "__io")]
pub use transport::{Limits, TransportError, TransportErrorKind};
pub use wait::{RunState, Wait};
#[cfg(feature = "webhooks")]
pub use webhook::Webhook;
#[doc(hidden)]
pub use webhook::event;
pub use webhook::{WebhookEvent, WebhookSecret};
