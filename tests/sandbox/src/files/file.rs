//! A file, and its response to a request: whole, a range, or neither if a condition does not hold.

use axum::body::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use jiff::{Timestamp, tz::TimeZone};

use super::range::{Part, part};
use super::{Change, Contents, Refusal, extension};
use crate::failure::Failure;
use crate::state::{Core, Limits, Record, Status};

/// A file.
#[derive(Debug)]
pub(crate) struct File {
    contents: Contents,
    pub(crate) content_type: &'static str,
    name: String,
    modified: Timestamp,
}

impl File {
    /// Returns the file that an object is, or that is the result of a run. Returns `None` if there is no result.
    pub(crate) async fn of(core: &Core, record: &Record, change: Option<Change>) -> Result<Option<Self>, Failure> {
        let progress = record.run.as_ref().map(|run| (&run.output, run.progress()));
        let (output, modified) = match (&record.output, progress) {
            (Some(output), _) => (output, record.created),
            (None, Some((output, progress))) if progress.status == Status::Succeeded => {
                (output, progress.ended.unwrap_or(record.created))
            }
            _ => return Ok(None),
        };
        let computed = core.results.get(output, &Limits::off()).await;
        let computed = computed.map_err(|error| Failure::internal(error.message()))?;
        let contents = match change {
            None => computed.file.clone(),
            Some(change) => Contents::new(change.apply(computed.table.to_csv()), output.is_compressed)
                .map_err(|error| Failure::internal(error.to_string()))?,
        };
        let name = record.values.get("filename").and_then(|name| name.as_str());
        let name = name.map_or_else(|| format!("{}.{}", record.id, extension(output)), str::to_owned);
        let content_type = if output.is_compressed { "application/zip" } else { "text/csv" };
        Ok(Some(Self { contents, content_type, name, modified }))
    }

    /// Returns the response to a request with these headers.
    pub(crate) fn response(&self, request: &HeaderMap) -> Result<Response<Bytes>, Refusal> {
        let Contents { bytes, etag } = &self.contents;
        let text = |name: HeaderName| request.get(name).and_then(|value| value.to_str().ok());
        let names = |tags: &str| tags.split(',').any(|tag| ["*", etag].contains(&tag.trim()));
        if text(header::IF_MATCH).is_some_and(|tags| !names(tags)) {
            return Err(Refusal::Precondition);
        }
        let modified = self.modified.to_zoned(TimeZone::UTC).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        let mut response = Response::new(Bytes::new());
        let mut set = |name: HeaderName, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                response.headers_mut().insert(name, value);
            }
        };
        set(header::ETAG, etag);
        set(header::LAST_MODIFIED, &modified);
        set(header::ACCEPT_RANGES, "bytes");
        if text(header::IF_NONE_MATCH).is_some_and(names) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return Ok(response);
        }
        set(header::CONTENT_TYPE, self.content_type);
        set(header::CONTENT_DISPOSITION, &format!("attachment; filename=\"{}\"", self.name));
        let is_same = text(header::IF_RANGE).is_none_or(|validator| validator == etag || validator == modified);
        let range = text(header::RANGE).filter(|_| is_same);
        let body = match range.map_or(Part::Whole, |range| part(range, bytes.len())) {
            Part::Whole => bytes.clone(),
            Part::Unsatisfiable => return Err(Refusal::Range(bytes.len())),
            Part::Range(range) => {
                let (first, last) = (range.start, range.end.saturating_sub(1));
                set(header::CONTENT_RANGE, &format!("bytes {first}-{last}/{}", bytes.len()));
                *response.status_mut() = StatusCode::PARTIAL_CONTENT;
                bytes.slice(range)
            }
        };
        *response.body_mut() = body;
        Ok(response)
    }
}
