//! The frame of each page: title, navigation, style, and headers that keep scripts and other sites out.

use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};

use super::html::Html;
use super::path;

/// Forms send their origin only if referrers are not suppressed.
const HEADERS: [(header::HeaderName, &str); 6] = [
    (header::CONTENT_TYPE, "text/html; charset=utf-8"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    ),
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::CACHE_CONTROL, "no-store"),
];

/// A page.
pub(super) struct Page {
    pub(super) title: String,
    pub(super) body: Html,
    /// Whether it is loaded again, since it shows a run in progress.
    pub(super) is_changing: bool,
}

impl Page {
    pub(super) fn new(title: impl Into<String>, body: Html) -> Self {
        Self { title: title.into(), body, is_changing: false }
    }

    pub(super) fn response(self, status: StatusCode) -> Response {
        let mut html = Html::default();
        html.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        html.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        html.raw("<meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" href=\"data:,\">\n");
        if self.is_changing {
            html.raw("<meta http-equiv=\"refresh\" content=\"2\">\n");
        }
        html.raw("<title>").text(&self.title).raw(" – Sandbox</title>\n<style>\n");
        html.raw(include_str!("style.css")).raw("</style>\n</head>\n<body>\n<header><strong>Sandbox</strong><nav>");
        html.link(path::OVERVIEW, "Overview").link(path::QUERY, "Run SQL").link(path::TABLES, "Tables");
        html.raw("</nav></header>\n<main>\n<h1>").text(&self.title).raw("</h1>\n");
        html.append(self.body).raw("</main>\n</body>\n</html>\n");
        (status, HEADERS, html.into_string()).into_response()
    }
}

/// Returns the page for what does not exist, or no longer.
pub(super) fn missing(what: &'static str) -> Response {
    let mut body = Html::default();
    body.raw("<p>").raw(what).raw(" does not exist, or is no longer kept.</p>\n");
    Page::new("Not found", body).response(StatusCode::NOT_FOUND)
}
