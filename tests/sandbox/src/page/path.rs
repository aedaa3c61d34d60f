//! The paths of the pages.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

pub(super) const OVERVIEW: &str = "/";
pub(super) const QUERY: &str = "/_sandbox/page/query";
pub(super) const TABLES: &str = "/_sandbox/page/tables";

pub(super) fn request(id: &str) -> String {
    format!("/_sandbox/page/requests/{}", segment(id))
}

pub(super) fn event(id: &str) -> String {
    format!("/_sandbox/page/events/{}", segment(id))
}

pub(super) fn run(resource: &str, id: &str) -> String {
    format!("/_sandbox/page/runs/{}/{}", segment(resource), segment(id))
}

pub(super) fn csv(resource: &str, id: &str) -> String {
    format!("{}/result.csv", run(resource, id))
}

fn segment(text: &str) -> impl std::fmt::Display {
    utf8_percent_encode(text, NON_ALPHANUMERIC)
}
