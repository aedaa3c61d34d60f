#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg), doc(auto_cfg(hide(feature = "__io"))))]
//! The runtime of the generated `stripe-reporting` crate.
//!
//! Generated code states facts: the method, path and encoding of an operation, the states of a run, the URL of a file. This
//! crate acts on them. It encodes requests as [`http::Request`]s and decodes responses; the clients (features `client` and
//! `blocking`) send requests, list, wait and download.
//!
//! Depend on `stripe-reporting`, which re-exports this crate. Its API is not stable: it changes with the generator.

// Configuration, responses, errors and webhooks.
mod config;
mod error;
mod response;
mod webhook;

// Requests and resources: the traits that generated code implements.
mod download;
mod list;
mod request;
mod rows;
mod wait;

// Field types and wire formats of generated code.
mod model;

// For programs: traits to import, and helpers for their tests.
pub mod prelude;
#[cfg(feature = "examples")]
pub mod testing;

// Clients: `protocol` decides what to do next, `client` and `blocking` do the I/O. `shared` has the methods of both.
#[cfg(feature = "blocking")]
pub mod blocking;
#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "__io")]
mod protocol;
#[cfg(feature = "__io")]
mod shared;
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
pub use model::{private, wire};
#[cfg(feature = "__io")]
pub use protocol::poll::Polling;
pub use request::{Call, Generation, Operation, ParameterEncoding, RawRequest, Request};
#[cfg(feature = "__io")]
pub use response::Response;
pub use rows::{InlineRows, RowsLayout};
pub use serde_json::Value;
#[cfg(feature = "__io")]
pub use transport::{Limits, TransportError, TransportErrorKind};
pub use wait::{RunState, Wait};
#[cfg(feature = "webhooks")]
pub use webhook::Webhook;
pub use webhook::event;
pub use webhook::{WebhookEvent, WebhookSecret};
