//! A request with its response.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use serde_json::Value;

use super::html::Html;
use super::layout::{Page, missing};
use super::{overview, secrets};
use crate::state::Core;

pub(super) async fn show(State(core): State<Arc<Core>>, Path(id): Path<String>) -> Response {
    let Some(exchange) = core.log.get(&id) else {
        return missing("The request");
    };
    let mut html = Html::default();
    html.raw("<p>Received ").text(overview::time(exchange.received));
    if let Some(operation) = &exchange.operation {
        html.raw(", operation <code>").text(operation).raw("</code>");
    }
    if let Some(fault) = exchange.fault {
        html.raw(", met the fault <code>").text(fault).raw("</code>");
    }
    html.raw("</p>\n").heading("Request");
    let query = if exchange.query.is_empty() { String::new() } else { format!("?{}", exchange.query) };
    html.block(secrets::hidden(&format!("{} {}{query}", exchange.method, exchange.path)));
    headers(&mut html, &exchange.headers);
    body(&mut html, &exchange.body);
    html.heading("Response").raw("<p class=\"badge ").raw(overview::class(exchange.status)).raw("\">");
    html.text(exchange.status).raw("</p>\n");
    headers(&mut html, &exchange.response_headers);
    body(&mut html, &exchange.response);
    Page::new(exchange.id, html).response(StatusCode::OK)
}

fn headers(html: &mut Html, headers: &[(String, String)]) {
    html.start_table(&["Header", "Value"]);
    for (name, value) in headers {
        html.raw("<tr>")
            .cell(name)
            .raw("<td class=\"long mono\">")
            .text(secrets::header(name, value))
            .raw("</td></tr>\n");
    }
    html.end_table();
}

/// Adds a body, JSON with indentation.
pub(super) fn body(html: &mut Html, body: &[u8]) {
    if body.is_empty() {
        html.raw("<p>No body.</p>\n");
        return;
    }
    let text = match serde_json::from_slice::<Value>(body) {
        Ok(value) => format!("{value:#}"),
        Err(_) => String::from_utf8_lossy(body).into_owned(),
    };
    html.raw("<p></p>").block(secrets::hidden(&text));
}
