//! A form that runs SQL: it creates a query run by the API, as any client does.

use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::{StatusCode, header};
use percent_encoding::percent_decode;
use serde_json::Value;

use super::html::Html;
use super::layout::Page;
use super::{Api, path, sql_error};
use crate::description::{Description, Generation, Operation, Verb};
use crate::fact::Fact;
use crate::facts;
use crate::sandbox;
use crate::state::Core;

/// The SQL that the form starts with.
const EXAMPLE: &str = "SELECT id, created, type, amount, fee, net, currency\nFROM balance_transactions\nLIMIT 20";
/// The largest response to the creation of a run.
const RESPONSE: usize = 16 << 20;

pub(super) async fn show() -> Response {
    let mut html = Html::default();
    form(&mut html, EXAMPLE);
    Page::new("Run SQL", html).response(StatusCode::OK)
}

/// Creates a run, and goes to its page; or shows why it cannot be created.
pub(super) async fn run(State(core): State<Arc<Core>>, body: Bytes, api: Api) -> Response {
    let sql = read(&body);
    let failed = |code: &str, message: &str| {
        let mut html = Html::default();
        form(&mut html, &sql);
        sql_error::show(&mut html, code, message, Some(&sql));
        Page::new("Run SQL", html).response(StatusCode::BAD_REQUEST)
    };
    let Some((operation, path)) = operation(&core.description) else {
        return failed("", "the description has no operation that runs SQL");
    };
    let Some(request) = request(&core, operation, path, &sql) else {
        return failed("", "cannot create the request");
    };
    let response = api(core.clone(), request).await;
    let status = response.status();
    let body = to_bytes(response.into_body(), RESPONSE).await.unwrap_or_default();
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    if !status.is_success() {
        return failed(text("/error/code"), text("/error/message"));
    }
    // Whether the run or its creation fails depends on the operation.
    let record = core.store.get(&operation.resource, text("/id"));
    let failure = record.and_then(|record| record.run.as_ref()?.progress().failure);
    match failure.filter(|(code, _)| code.ends_with(facts::INVALID_SQL)) {
        Some((code, message)) => failed(&code, &message),
        None => Redirect::to(&path::run(&operation.resource, text("/id"))).into_response(),
    }
}

fn form(html: &mut Html, sql: &str) {
    html.raw("<form method=\"post\" action=\"").text(path::QUERY).raw("\">\n");
    html.raw("<textarea name=\"sql\" aria-label=\"SQL\" spellcheck=\"false\" autofocus>\n").text(sql);
    html.raw("</textarea>\n<button>Run</button>\n</form>\n");
    html.raw("<p>Creates a query run of the platform account in test mode. ");
    html.link(path::TABLES, "Tables and columns").raw("</p>\n");
}

/// Reads the form. Browsers send line breaks as CR and LF.
fn read(body: &[u8]) -> String {
    let mut pairs = body.split(|byte| *byte == b'&');
    let value = pairs.find_map(|pair| pair.strip_prefix(b"sql=")).unwrap_or_default();
    let value: Vec<u8> = value.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    percent_decode(&value).decode_utf8_lossy().replace("\r\n", "\n")
}

/// Returns the operation that creates runs with SQL, and the path of that parameter.
fn operation(description: &Description) -> Option<(&Operation, &'static str)> {
    description.operations.iter().filter(|operation| operation.verb == Verb::Create).find_map(|operation| {
        let path = facts::SQL.iter().find(|path| operation.parameters.at(path).is_some())?;
        let resource = description.resources.get(&operation.resource)?;
        resource.wait.is_some().then_some((operation, *path))
    })
}

fn request(core: &Core, operation: &Operation, path: &str, sql: &str) -> Option<Request> {
    let mut values = Fact::default();
    for property in operation.parameters.properties().iter().filter(|property| property.required) {
        if let Some(default) = &property.schema.default {
            values.set(&property.name, default.clone());
        }
    }
    values.set(path, sql);
    let (content_type, body) = match operation.generation {
        Generation::V1 => return None,
        Generation::V2 => ("application/json", values.to_json().to_string()),
    };
    Request::builder()
        .method(operation.method.clone())
        .uri(&operation.path)
        .header(header::AUTHORIZATION, format!("Bearer {}", sandbox::KEY))
        .header(header::CONTENT_TYPE, content_type)
        .header("stripe-version", &core.description.version)
        .body(Body::from(body))
        .ok()
}
