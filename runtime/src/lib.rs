#![forbid(unsafe_code)]
//! What the generated `stripe-reporting` crate stands on.
//!
//! Generated code states facts: an operation's method, path and encoding, a resource's states, where its file is.
//! This crate acts on them. It holds the parts that need no network: requests become [`http::Request`]s, answers
//! become values or an [`Error`].
//!
//! Depend on `stripe-reporting`, which re-exports what is public here; this crate's API follows the generator's needs.

mod api_key;
mod config;
mod decode;
mod download;
mod encoding;
mod error;
#[doc(hidden)]
pub mod event;
mod expandable;
mod list;
mod operation;
mod options;
#[doc(hidden)]
pub mod private;
mod range;
mod related;
mod request;
mod strings;
mod wait;
#[doc(hidden)]
pub mod wire;

pub use api_key::ApiKey;
pub use bytes::Bytes;
pub use config::{Config, ConfigBuilder};
pub use download::{Download, DownloadAccess, ResultFile};
pub use error::{ApiError, Error, ErrorKind};
pub use expandable::Expandable;
pub use http;
pub use jiff::Timestamp;
pub use list::{List, ListRequest, ListResponse, Page, Pagination};
pub use operation::{Generation, Operation, ParameterEncoding};
pub use options::RequestOptions;
pub use range::{RangeOrExact, RangeQuery};
pub use related::RelatedRequest;
pub use request::{Call, Request};
pub use serde_json::Value;
pub use strings::{Currency, Secret, UnrecognizedValue};
pub use wait::{RunState, Wait};
