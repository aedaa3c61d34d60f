//! Pre-signed URLs, and the second port, which serves them: it refuses keys, and URLs that have expired.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use http::request::Parts;
use http::{Method, StatusCode, header};

use super::{Change, File, Refusal};
use crate::log::{self, Exchange};
use crate::server::Received;
use crate::state::{Core, Record};

/// Returns a pre-signed URL of a run's result.
pub(crate) fn url(core: &Core, run: &Record) -> String {
    let base = core.urls.get().map(|urls| urls.files.as_str()).unwrap_or_default();
    let expires = crate::verbs::expiry(core).as_second();
    let (resource, run) = (&run.resource.id, &run.id);
    format!("{base}/files/{resource}/{run}?expires={expires}&signature={}", signature(resource, run, expires))
}

/// Handles a request to the second port.
pub(crate) async fn handle(State(core): State<Arc<Core>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let received = Received::now(&core);
    let response = match download(&core, &parts).await {
        Ok(response) => response,
        Err(refusal) => refusal.xml(&received.id),
    };
    let response_headers = log::texts(response.headers());
    core.log.add(Exchange { response_headers, ..Exchange::new(received, &parts, Bytes::new(), response.status()) });
    response.map(Body::from)
}

async fn download(core: &Core, parts: &Parts) -> Result<http::Response<Bytes>, Refusal> {
    if parts.headers.contains_key(header::AUTHORIZATION) {
        return Err(Refusal::Authorization);
    }
    if parts.method != Method::GET && parts.method != Method::HEAD {
        return Err(Refusal::Method);
    }
    let path = parts.uri.path().strip_prefix("/files/").and_then(|path| path.split_once('/'));
    let (resource, run) = path.ok_or(Refusal::NotFound)?;
    let query = parts.uri.query().unwrap_or_default();
    let parameter = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    let expires = parameter("expires").and_then(|expires| expires.parse().ok()).ok_or(Refusal::Signature)?;
    if parameter("signature") != Some(&signature(resource, run, expires)) {
        return Err(Refusal::Signature);
    }
    if core.clock.now().as_second() >= expires {
        return Err(Refusal::Expired);
    }
    let record = core.store.get(resource, run).ok_or(Refusal::NotFound)?;
    let change = parts.extensions.get::<Change>().copied();
    let file = File::of(core, &record, change).await;
    let file = file.map_err(|failure| Refusal::Other(StatusCode::INTERNAL_SERVER_ERROR, failure.message))?;
    file.ok_or(Refusal::NotFound)?.response(&parts.headers)
}

fn signature(resource: &str, run: &str, expires: i64) -> String {
    let mut hasher = DefaultHasher::new();
    (resource, run, expires, "sandbox").hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
