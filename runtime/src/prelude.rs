//! The traits of the crate: `use stripe_reporting::prelude::*;` makes their methods usable.

pub use crate::{Download, ListRequest, ListResponse, Request, Wait};
