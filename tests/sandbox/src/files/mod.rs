//! Result files: contents with the key on the first port, pre-signed URLs on the second port.
//!
//! A simple version: ranges, ETags and archives are added here.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderMap, StatusCode, header};

use crate::failure::Failure;
use crate::state::{Core, Limits, Record, Status};
use crate::work::Output;

/// Compresses the contents of a file. A placeholder: it returns them as they are.
pub(crate) fn archive(csv: Vec<u8>) -> Vec<u8> {
    csv
}

/// Returns the URL of the contents of a file that is an object, which requires the key.
pub(crate) fn url(core: &Core, file: &Record) -> String {
    let base = core.urls.get().map(|urls| urls.base.as_str()).unwrap_or_default();
    let path = file.resource.path.as_deref().unwrap_or_default();
    let start = path.split_once('{').map_or(path, |(start, _)| start);
    format!("{base}{start}{}/contents", file.id)
}

/// Returns a pre-signed URL of a run's result.
pub(crate) fn pre_signed_url(core: &Core, run: &Record) -> String {
    let base = core.urls.get().map(|urls| urls.files.as_str()).unwrap_or_default();
    let expires = crate::verbs::expiry(core).as_second();
    format!(
        "{base}/files/{}/{}?expires={expires}&signature={:016x}",
        run.resource.id,
        run.id,
        signature(&run.id, expires)
    )
}

/// Returns the contents of a file.
pub(crate) async fn contents(core: &Core, output: &Output) -> Result<Bytes, Failure> {
    let computed = core.results.get(output, &Limits::off()).await;
    computed.map(|computed| computed.file.clone()).map_err(|error| Failure::internal(error.message()))
}

/// Returns the content type of a file.
pub(crate) fn content_type(output: &Output) -> &'static str {
    if output.is_compressed { "application/zip" } else { "text/csv" }
}

/// Returns the routes of the second port.
pub(crate) fn routes() -> Router<Arc<Core>> {
    Router::new().route("/files/{resource}/{run}", get(pre_signed))
}

async fn pre_signed(
    State(core): State<Arc<Core>>,
    Path((resource, run)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let refused = |status, message: &'static str| (status, message).into_response();
    if headers.contains_key(header::AUTHORIZATION) {
        return refused(StatusCode::BAD_REQUEST, "Only one auth mechanism allowed");
    }
    let query = query.unwrap_or_default();
    let parameter = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    let expires = parameter("expires").and_then(|expires| expires.parse().ok()).unwrap_or_default();
    if parameter("signature") != Some(&format!("{:016x}", signature(&run, expires))) {
        return refused(StatusCode::FORBIDDEN, "The signature does not match");
    }
    if core.clock.now().as_second() >= expires {
        return refused(StatusCode::FORBIDDEN, "Request has expired");
    }
    let record = core.store.get(&resource, &run);
    let found = record.as_ref().and_then(|record| record.run.as_ref());
    let Some(run) = found.filter(|run| run.progress().status == Status::Succeeded) else {
        return refused(StatusCode::NOT_FOUND, "The file does not exist");
    };
    match contents(&core, &run.output).await {
        Ok(bytes) => ([(header::CONTENT_TYPE, content_type(&run.output))], bytes).into_response(),
        Err(failure) => (StatusCode::INTERNAL_SERVER_ERROR, failure.message).into_response(),
    }
}

fn signature(run: &str, expires: i64) -> u64 {
    let mut hasher = DefaultHasher::new();
    (run, expires, "sandbox").hash(&mut hasher);
    hasher.finish()
}
