//! Turns a curated OpenAPI description of Stripe's reporting APIs into a Rust crate.
//!
//! Data flows one way: `description text → parse → lower → api → render → files`, and `api × api → report`, see [`diff`]. The
//! library is pure: it uses no file, clock or environment, so the same descriptions give the same bytes everywhere. An invalid
//! description gives [`Diagnostics`]: all of its errors.
//!
//! ```
//! use stripe_reporting_codegen::{Options, Source, generate};
//!
//! let description = "
//! openapi: 3.0.3
//! info: {title: Files, version: 2026-09-30.preview}
//! paths: {}
//! components:
//!   schemas:
//!     file:
//!       type: object
//!       required: [id]
//!       properties:
//!         id: {type: string, description: The id of the file.}
//! ";
//! let sources = [Source { name: "files.yaml".to_owned(), text: description.to_owned() }];
//! let generated = generate(&sources, &Options::new("files", "0.1.0", "../runtime")).unwrap();
//! assert!(generated.files.iter().any(|file| file.path == "src/v1/file.rs"));
//! ```
#![forbid(unsafe_code)]
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

pub mod api;
mod diagnostic;
pub mod dialect;
pub mod diff;
pub mod edit;
mod generate;
mod json_lines;
mod location;
mod lower;
mod markdown;
mod options;
mod parse;
mod pointer;
pub mod published;
mod render;
mod rfc3339;
mod source;
mod suggest;

pub use diagnostic::{Code, Diagnostic, Diagnostics, Related, render_file_json, render_human, render_json};
pub use generate::{Generated, generate, keywords, read, read_with_keywords};
pub use location::{FileId, Location};
pub use options::{Options, Workspace};
pub use pointer::Pointer;
pub use render::File;
pub use source::Source;
