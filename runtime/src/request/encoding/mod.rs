//! Encodes requests as HTTP: operation, parameters, options and configuration go in, an `http::Request` comes out.

mod brackets;
mod path;
mod percent;

use bytes::Bytes;
use http::Uri;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT};
use serde::Serialize;

pub(crate) use path::expand as expand_path;
#[cfg(feature = "__io")]
pub(crate) use percent::percent_encode;

use super::operation::{Generation, Operation, ParameterEncoding};
use crate::{Config, Error, RequestOptions};

pub(crate) const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const STRIPE_ACCOUNT: HeaderName = HeaderName::from_static("stripe-account");
const STRIPE_CONTEXT: HeaderName = HeaderName::from_static("stripe-context");
const STRIPE_VERSION: HeaderName = HeaderName::from_static("stripe-version");

/// The maximum length of an idempotency key.
const MAX_IDEMPOTENCY_KEY: usize = 255;

/// Encodes the parameters outside the path. The only part of encoding that is compiled for each request type.
pub(crate) fn encode_parameters<T: Serialize + ?Sized>(
    encoding: ParameterEncoding,
    parameters: &T,
) -> Result<String, Error> {
    match encoding {
        ParameterEncoding::Query => brackets::to_query(parameters),
        ParameterEncoding::Form => brackets::to_form(parameters),
        ParameterEncoding::Json => serde_json::to_string(parameters)
            .map_err(|error| Error::invalid_request(format!("cannot encode the parameters as JSON: {error}"))),
    }
}

/// Creates the HTTP request from encoded parameters.
pub(crate) fn http_request(
    operation: &Operation,
    path: &str,
    parameters: String,
    options: Option<&RequestOptions>,
    config: &Config,
) -> Result<http::Request<Bytes>, Error> {
    let options = options.cloned().unwrap_or_default().or(config.options());
    let server = config.base_url().unwrap_or(operation.base_url).trim_end_matches('/');
    let mut url = format!("{server}{path}");
    if operation.parameters == ParameterEncoding::Query && !parameters.is_empty() {
        url.push('?');
        url.push_str(&parameters);
    }
    let uri = Uri::try_from(url).map_err(|error| {
        Error::invalid_request(format!("the URL of `{}` is invalid", operation.id)).with_source(error)
    })?;
    let mut headers = headers(operation, &options, config, &uri)?;
    let content_type = match operation.parameters {
        ParameterEncoding::Query => None,
        ParameterEncoding::Form => Some("application/x-www-form-urlencoded"),
        ParameterEncoding::Json => Some("application/json"),
    };
    if let Some(content_type) = content_type {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    }
    let body = if content_type.is_some() { parameters.into() } else { Bytes::new() };
    let mut request = http::Request::new(body);
    *request.method_mut() = operation.method.clone();
    *request.uri_mut() = uri;
    *request.headers_mut() = headers;
    Ok(request)
}

/// Creates the headers of a request to this URL, including the API key.
pub(crate) fn headers(
    operation: &Operation,
    options: &RequestOptions,
    config: &Config,
    url: &Uri,
) -> Result<HeaderMap, Error> {
    let mut headers = HeaderMap::with_capacity(8);
    headers.insert(AUTHORIZATION, config.authorization(url)?);
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(USER_AGENT, user_agent(operation.generation));
    let described = Some(operation.stripe_version).filter(|version| !version.is_empty());
    let version = options.get_stripe_version().or(described);
    if version.is_none() && operation.generation == Generation::V2 {
        return Err(Error::invalid_request(
            "missing `Stripe-Version` for a v2 request; help: set `RequestOptions::stripe_version`",
        ));
    }
    let key = options.get_idempotency_key().filter(|_| operation.takes_idempotency_key());
    if let Some(length) = key.map(str::len).filter(|length| *length > MAX_IDEMPOTENCY_KEY) {
        let message = format!("idempotency key too long: {length} bytes, at most {MAX_IDEMPOTENCY_KEY} allowed");
        return Err(Error::invalid_request(message));
    }
    for (name, displayed, value) in [
        (STRIPE_VERSION, "Stripe-Version", version),
        (STRIPE_ACCOUNT, "Stripe-Account", options.get_account()),
        (STRIPE_CONTEXT, "Stripe-Context", options.get_context()),
        (IDEMPOTENCY_KEY, "Idempotency-Key", key),
    ] {
        if let Some(value) = value {
            headers.insert(name, header_value(displayed, value)?);
        }
    }
    Ok(headers)
}

/// Creates the headers of a request to a server that must not receive the API key.
#[cfg(feature = "__io")]
pub(crate) fn anonymous_headers(operation: &Operation) -> HeaderMap {
    HeaderMap::from_iter([(USER_AGENT, user_agent(operation.generation))])
}

fn user_agent(generation: Generation) -> HeaderValue {
    HeaderValue::from_static(match generation {
        Generation::V1 => concat!("stripe-reporting/", env!("CARGO_PKG_VERSION"), " (Rust bindings; API v1)"),
        Generation::V2 => concat!("stripe-reporting/", env!("CARGO_PKG_VERSION"), " (Rust bindings; API v2)"),
    })
}

/// Validates a header value. An empty value is an error: omitting the header could change the account of the request.
fn header_value(name: &str, text: &str) -> Result<HeaderValue, Error> {
    let invalid = |reason: &str| Error::invalid_request(format!("the value for `{name}` {reason}"));
    if text.is_empty() {
        return Err(invalid("is empty"));
    }
    if text.trim_matches(' ') != text || !text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
        return Err(invalid("has an invalid character"));
    }
    HeaderValue::from_str(text).map_err(|_| invalid("cannot be sent in a header"))
}
