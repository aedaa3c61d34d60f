//! Turns a curated OpenAPI description of Stripe's reporting APIs into a Rust crate.
//!
//! Data flows one way: `description text → parse → lower → api → render → files`, and `api × api → report`, see [`diff`]. The
//! library is pure: it reads no file, no clock and no environment, so the same descriptions give the same bytes everywhere. A
//! description that has mistakes gives [`Diagnostics`] instead, all of them at once.
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
//!         id: {type: string, description: What it is called.}
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
mod json_lines;
mod location;
mod lower;
mod markdown;
mod options;
mod parse;
mod pointer;
mod render;
mod rfc3339;
mod source;
mod suggest;

pub use diagnostic::{Code, Diagnostic, Diagnostics, Related, render_file_json, render_human, render_json};
pub use location::{FileId, Location};
pub use options::{Options, Workspace};
pub use parse::extensions::{EXTENSIONS, Extension};
pub use pointer::Pointer;
pub use render::File;
pub use source::Source;

use api::Api;

/// What a description becomes.
#[derive(Debug, Clone)]
pub struct Generated {
    /// The files of the crate, sorted by path.
    pub files: Vec<File>,
    /// What the descriptions say.
    pub api: Api,
}

/// Reads descriptions without generating anything.
///
/// # Errors
///
/// All mistakes that are found, when there is one.
pub fn read(sources: &[Source]) -> Result<Api, Diagnostics> {
    dialect::read_with_keywords(sources).map(|(api, _)| api)
}

/// Generates a crate from descriptions.
///
/// # Errors
///
/// All mistakes that are found in the descriptions, when there is one; nothing is generated then.
pub fn generate(sources: &[Source], options: &Options) -> Result<Generated, Diagnostics> {
    let api = read(sources)?;
    Ok(Generated { files: render::render(&api, options), api })
}
