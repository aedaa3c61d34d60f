//! The traits of this crate: `use stripe_reporting::prelude::*;` brings their methods into scope.

pub use crate::{Download, ListRequest, ListResponse, Request, Wait};
