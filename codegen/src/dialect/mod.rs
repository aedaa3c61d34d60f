//! The dialect as data: which keywords and extensions descriptions may have, where, and in which shape.
//!
//! `grammar` declares the keywords of OpenAPI, `extensions` every `x-` key with the type that its value is decoded into,
//! `place` the places where schemas stand. Nothing here reads a description: `parse` and `lower` do, by these tables.

pub(crate) mod declare;
mod extension;
pub(crate) mod extensions;
pub(crate) mod grammar;
mod json_schema;
pub(crate) mod place;
pub(crate) mod shape;

pub use extension::{Extension, ExtensionMember};
pub use extensions::EXTENSIONS;
pub use json_schema::json_schema;

/// A keyword or an extension at a place where a description may have it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Keyword {
    /// The place: `an operation`, `the items of an array`.
    pub place: &'static str,
    /// The keyword, or the path of a member of an extension: `x-wait.failure.code`.
    pub keyword: String,
    /// Whether it is accepted without any effect.
    pub ignored: bool,
}

/// A place and a keyword there.
pub type Pair = (&'static str, String);
