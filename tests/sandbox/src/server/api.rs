//! Handles one request: authenticate, match, read, validate, claim the idempotency key, execute, validate the response, log.

use std::sync::Arc;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use serde_json::Value;

use super::Received;
use crate::description::{Generation, Operation, Verb};
use crate::failure::{Failure, FailureKind};
use crate::files::{Change, File};
use crate::log::{self, Exchange};
use crate::request::{self, Caller, Saved};
use crate::state::{Cause, Core, Filter, Record};
use crate::validation::{Problem, ProblemKind};
use crate::verbs;

/// The largest body of a request.
const BODY: usize = 8 << 20;
const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

/// A response before it is sent.
struct Reply {
    status: StatusCode,
    content_type: &'static str,
    /// The headers that only this response has.
    headers: HeaderMap,
    body: Bytes,
    is_replayed: bool,
    operation: Option<String>,
}

/// Handles a request.
pub(super) async fn handle(State(core): State<Arc<Core>>, request: Request) -> Response {
    core.settle();
    let received = Received::now(&core);
    let (parts, body) = request.into_parts();
    let generation = Generation::of_path(parts.uri.path());
    let (reply, body) = match to_bytes(body, BODY).await {
        Ok(body) => (reply(&core, &received.id, &parts, generation, &body).await, body),
        Err(error) => {
            let failure = Failure::new(FailureKind::Malformed, format!("Cannot read the body: {error}"));
            (failed(&core, generation, &failure, None), Bytes::new())
        }
    };
    let mut response = Response::new(Body::from(reply.body.clone()));
    *response.status_mut() = reply.status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(reply.content_type));
    headers.extend(reply.headers);
    if let Ok(id) = HeaderValue::from_str(&received.id) {
        headers.insert(HeaderName::from_static("request-id"), id);
    }
    for name in ["idempotency-key", "stripe-version", "stripe-account", "stripe-context"] {
        if let Some(value) = parts.headers.get(name) {
            headers.insert(HeaderName::from_static(name), value.clone());
        }
    }
    if reply.is_replayed {
        headers.insert(HeaderName::from_static("idempotent-replayed"), HeaderValue::from_static("true"));
    }
    let response_headers = log::texts(response.headers());
    let logged = if reply.content_type == JSON { reply.body } else { Bytes::new() };
    let exchange = Exchange::new(received, &parts, body, reply.status);
    core.log.add(Exchange { operation: reply.operation, response_headers, response: logged, ..exchange });
    response
}

async fn reply(core: &Core, id: &str, parts: &Parts, generation: Generation, body: &Bytes) -> Reply {
    let segments = request::segments(parts.uri.path());
    let found = core.description.find(&parts.method, &segments);
    let operation = found.as_ref().and_then(|(index, _)| core.description.operations.get(*index));
    let name = operation.map(|operation| operation.id.clone());
    let caller = match request::caller(&parts.headers, generation, &core.keys) {
        Ok(caller) => caller,
        Err(failure) => return failed(core, generation, &failure, name),
    };
    let Some((index, arguments)) = found else {
        return match contents(core, &caller, parts, &segments).await {
            Ok(Some(reply)) => reply,
            Ok(None) => {
                let message = format!("Unrecognized request URL ({}: {}).", parts.method, parts.uri.path());
                failed(core, generation, &Failure::new(FailureKind::UnknownPath, message), None)
            }
            Err(failure) => failed(core, generation, &failure, None),
        };
    };
    let Some(operation) = operation else {
        return failed(core, generation, &Failure::internal("the operation is missing"), name);
    };
    match operate(core, id, (index, operation), arguments, &caller, parts, body).await {
        Ok(reply) => Reply { operation: name, ..reply },
        Err(failure) => failed(core, generation, &failure, name),
    }
}

fn json(status: StatusCode, body: &Value) -> Reply {
    let body = serde_json::to_vec(body).unwrap_or_default();
    let headers = HeaderMap::new();
    Reply { status, content_type: JSON, headers, body: body.into(), is_replayed: false, operation: None }
}

/// Returns the response to a request that failed. One that the description does not have is an error of the server.
fn failed(core: &Core, generation: Generation, failure: &Failure, operation: Option<String>) -> Reply {
    let (status, code, body) = failure.response(generation, &core.description.errors);
    let (status, body) = match core.validators.error(generation, code.as_deref(), &body) {
        Ok(()) => (status, body),
        Err(reason) => {
            let failure = Failure::internal(format!("the response {body} is not valid: {reason}"));
            let (status, _, body) = failure.response(generation, &core.description.errors);
            (status, body)
        }
    };
    Reply { operation, ..json(status, &body) }
}

async fn operate(
    core: &Core,
    id: &str,
    (index, operation): (usize, &Operation),
    arguments: Vec<(&str, String)>,
    caller: &Caller,
    parts: &Parts,
    body: &Bytes,
) -> Result<Reply, Failure> {
    request::permit(&caller.key, operation)?;
    let (query, page) = page(operation, parts.uri.query().unwrap_or_default());
    let parameters = parameters(operation, &parts.headers, &query, body)?;
    core.validators.parameters(index, &parameters)?;
    let key = parts.headers.get("idempotency-key").filter(|_| operation.method == Method::POST);
    let invalid = |_| Failure::new(FailureKind::Malformed, "Invalid idempotency key");
    let key = key.map(|key| key.to_str()).transpose().map_err(invalid)?;
    let cause = Cause { request: id.to_owned(), idempotency_key: key.map(str::to_owned) };
    let request = verbs::Request { operation, caller, cause, arguments, parameters, query, page };
    let Some(key) = key else {
        let done = verbs::execute(core, &request).await?;
        return checked(core, index, &done.body);
    };
    let fingerprint = request::fingerprint(parts.uri.path(), &request.parameters);
    let of = (caller.owner.clone(), caller.key.livemode, key);
    let claim = match core.idempotency.claim(of, operation.generation, fingerprint, core.now())? {
        Ok(claim) => claim,
        Err(Saved::Created(id)) => return checked(core, index, &verbs::again(core, &request, &id).await?),
        Err(Saved::Response(status, body)) => {
            let headers = HeaderMap::new();
            return Ok(Reply { status, content_type: JSON, headers, body, is_replayed: true, operation: None });
        }
        Err(Saved::Failed) => return Err(Failure::internal("a failed request was not claimed")),
    };
    let result = verbs::execute(core, &request).await;
    let (reply, created) = match result {
        Ok(done) => (checked(core, index, &done.body)?, done.created),
        // Nothing is saved for a request that was not executed.
        Err(failure) if failure.is_before_execution() => return Err(failure),
        Err(failure) => (failed(core, operation.generation, &failure, None), None),
    };
    claim.save(match (operation.generation, created) {
        (Generation::V1, _) => Saved::Response(reply.status, reply.body.clone()),
        (Generation::V2, Some(id)) => Saved::Created(id),
        (Generation::V2, None) => Saved::Failed,
    });
    Ok(reply)
}

/// Returns a successful response, if it is what the description says.
fn checked(core: &Core, index: usize, body: &Value) -> Result<Reply, Failure> {
    match core.validators.response(index, body) {
        Ok(()) => Ok(json(StatusCode::OK, body)),
        Err(reason) => Err(Failure::internal(format!("the response {body} is not valid: {reason}"))),
    }
}

/// Takes the token of a page out of the query of a v2 list: only the URLs of pages have it.
fn page(operation: &Operation, query: &str) -> (String, Option<String>) {
    let is_list = operation.verb == Verb::List && operation.generation == Generation::V2;
    if !is_list || operation.parameters.property("page").is_some() {
        return (query.to_owned(), None);
    }
    let mut page = None;
    let rest = query.split('&').filter(|pair| match pair.strip_prefix("page=") {
        Some(token) => {
            page = Some(token.to_owned());
            false
        }
        None => true,
    });
    let rest = rest.collect::<Vec<_>>().join("&");
    (rest, page)
}

fn parameters(operation: &Operation, headers: &HeaderMap, query: &str, body: &Bytes) -> Result<Value, Failure> {
    if !operation.has_body {
        let parameters = request::parameters(query, &operation.parameters)?;
        return not_empty(operation, parameters);
    }
    if let Some(name) = query.split(['&', '=']).next().filter(|name| !name.is_empty()) {
        let message = format!("Received unknown parameter: {name}: parameters are in the body.");
        return Err(Problem::new(ProblemKind::Unknown, name, message).into());
    }
    let malformed = |message: String| Failure::new(FailureKind::Malformed, message);
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let content_type = content_type.split(';').next().unwrap_or_default().trim();
    match operation.generation {
        Generation::V1 => {
            if !content_type.is_empty() && content_type != FORM {
                return Err(malformed(format!("Invalid request (check that your POST content type is {FORM}).")));
            }
            let text = std::str::from_utf8(body).map_err(|_| malformed("Invalid UTF-8 in the body.".into()))?;
            not_empty(operation, request::parameters(text, &operation.parameters)?)
        }
        Generation::V2 => {
            if content_type != JSON {
                return Err(malformed(format!("The content type must be {JSON}.")));
            }
            serde_json::from_slice(body).map_err(|error| malformed(format!("Invalid JSON in the body: {error}")))
        }
    }
}

/// An empty string unsets a value in v1, and no value here can be unset.
fn not_empty(operation: &Operation, parameters: Value) -> Result<Value, Failure> {
    fn empty(value: &Value, name: &str) -> Option<String> {
        let inner = |key: &str| if name.is_empty() { key.to_owned() } else { format!("{name}[{key}]") };
        match value {
            Value::String(text) => text.is_empty().then(|| name.to_owned()),
            Value::Object(members) => members.iter().find_map(|(key, value)| empty(value, &inner(key))),
            Value::Array(items) => {
                items.iter().enumerate().find_map(|(index, value)| empty(value, &inner(&index.to_string())))
            }
            _ => None,
        }
    }
    match empty(&parameters, "").filter(|_| operation.generation == Generation::V1) {
        Some(name) => {
            let message =
                format!("You passed an empty string for '{name}'. Remove it from your request, or set a value.");
            Err(Problem::new(ProblemKind::Empty, name, message).into())
        }
        None => Ok(parameters),
    }
}

/// Returns the contents of a file that is an object: `contents` after the path that retrieves it.
async fn contents(core: &Core, caller: &Caller, parts: &Parts, path: &[String]) -> Result<Option<Reply>, Failure> {
    let Some((_, path)) = path.split_last().filter(|(last, _)| *last == "contents") else {
        return Ok(None);
    };
    let method = if parts.method == Method::HEAD { &Method::GET } else { &parts.method };
    let Some((index, arguments)) = core.description.find(method, path) else {
        return Ok(None);
    };
    let operation = core.description.operations.get(index);
    let Some((operation, (param, id))) = operation.zip(arguments.last()) else {
        return Ok(None);
    };
    request::permit(&caller.key, operation)?;
    let filter = Filter { owner: &caller.owner, livemode: caller.key.livemode };
    let record = core.store.get(&operation.resource, id).filter(|record: &Arc<Record>| filter.accepts(record));
    let change = parts.extensions.get::<Change>().copied();
    let file = match &record {
        Some(record) => File::of(core, record, change).await?,
        None => None,
    };
    let Some(file) = file else {
        let message = format!("No such file: '{id}'");
        return Err(Failure::new(FailureKind::NotFound, message).param(*param));
    };
    Ok(Some(match file.response(&parts.headers) {
        Ok(response) => {
            let (parts, body) = response.into_parts();
            let (status, headers) = (parts.status, parts.headers);
            Reply { status, content_type: file.content_type, headers, body, is_replayed: false, operation: None }
        }
        Err(refusal) => {
            let failure = Failure::new(FailureKind::Malformed, refusal.message());
            let reply = failed(core, operation.generation, &failure, None);
            Reply { status: refusal.status(), headers: refusal.headers(), ..reply }
        }
    }))
}
