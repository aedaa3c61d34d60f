//! The traits of this crate: `use stripe_reporting::prelude::*;` brings their methods into scope.

#[cfg(feature = "examples")]
pub use crate::testing::Example;
pub use crate::{Download, InlineRows, ListRequest, ListResponse, Request, Wait};
