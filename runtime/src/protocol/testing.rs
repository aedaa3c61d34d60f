//! Resources, requests and responses for the tests of this module.

use bytes::Bytes;
use http::HeaderMap;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::exchange::{Exchange, Outcome};
use crate::{
    Config, Download, DownloadAccess, Error, Generation, List, ListRequest, Operation, Page, Pagination,
    ParameterEncoding, RawRequest, Request, Response, RunState, Timestamp, Wait,
};

/// A run with a file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Run {
    pub(crate) id: String,
    #[serde(default)]
    pub(crate) status: String,
    #[serde(default)]
    pub(crate) url: Option<String>,
    #[serde(default)]
    pub(crate) size: Option<u64>,
}

impl Run {
    pub(crate) fn new(status: &str) -> Self {
        Self { id: "run_1".into(), status: status.into(), url: None, size: None }
    }

    pub(crate) fn with_file(url: &str, size: Option<u64>) -> Self {
        Self { url: Some(url.into()), size, ..Self::new("succeeded") }
    }
}

fn retrieve(id: &str) -> RawRequest<Run> {
    RawRequest::get(format!("/v1/runs/{id}")).response_type()
}

impl Wait for Run {
    type Retrieve = RawRequest<Self>;
    type Id = String;

    fn retrieve_request(id: &String) -> RawRequest<Self> {
        retrieve(id)
    }

    fn id(&self) -> &String {
        &self.id
    }

    fn run_state(&self) -> RunState {
        match self.status.as_str() {
            "running" => RunState::Running,
            "succeeded" => RunState::Succeeded,
            "failed" => RunState::Failed,
            "canceled" => RunState::Canceled,
            _ => RunState::Unrecognized,
        }
    }

    fn status(&self) -> &str {
        &self.status
    }

    fn failure_code(&self) -> Option<&str> {
        (self.status == "failed").then_some("internal_error")
    }

    fn failure_message(&self) -> Option<&str> {
        (self.status == "failed").then_some("something broke")
    }

    fn canceled_at(&self) -> Option<Timestamp> {
        (self.status == "canceled").then_some(Timestamp::UNIX_EPOCH)
    }
}

impl Download for Run {
    type Refresh = RawRequest<Self>;
    const ACCESS: DownloadAccess = DownloadAccess::PreSigned;

    fn refresh_request(&self) -> RawRequest<Self> {
        retrieve(&self.id)
    }

    fn result_state(&self) -> Option<RunState> {
        Some(self.run_state())
    }

    fn result_url(&self) -> Option<&str> {
        self.url.as_deref()
    }

    fn result_size(&self) -> Option<u64> {
        self.size
    }
}

/// A file that needs the key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct KeyFile(pub(crate) Run);

impl Download for KeyFile {
    type Refresh = RawRequest<Self>;
    const ACCESS: DownloadAccess = DownloadAccess::ApiKey;

    fn refresh_request(&self) -> RawRequest<Self> {
        RawRequest::get("/v1/files/file_1").response_type()
    }

    fn result_url(&self) -> Option<&str> {
        self.0.url.as_deref()
    }

    fn result_size(&self) -> Option<u64> {
        self.0.size
    }
}

/// A list of runs in v1, with a filter.
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct ListRuns {
    pub(crate) status: Option<&'static str>,
    pub(crate) limit: Option<u32>,
    pub(crate) ending_before: Option<&'static str>,
}

const LIST: Operation = Operation {
    id: "ListRuns",
    method: http::Method::GET,
    path: "/v1/runs",
    parameters: ParameterEncoding::Query,
    generation: Generation::V1,
    stripe_version: "1",
    base_url: "https://api.stripe.com",
};

impl Request for ListRuns {
    type Response = List<Run>;
    const OPERATION: Operation = LIST;
}

impl ListRequest for ListRuns {
    type Item = Run;
    const PAGINATION: Pagination = Pagination::Cursor;
    const MAX_PAGE_SIZE: Option<u32> = Some(100);

    fn cursor(item: &Run) -> Option<&str> {
        Some(&item.id)
    }
}

/// A list of runs in v2.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ListPages {
    pub(crate) status: &'static str,
}

impl Request for ListPages {
    type Response = Page<Run>;
    const OPERATION: Operation = Operation { path: "/v2/runs", generation: Generation::V2, ..LIST };
}

impl ListRequest for ListPages {
    type Item = Run;
    const PAGINATION: Pagination = Pagination::PageUrl;
}

/// Returns headers, of which several may have one name.
pub(crate) fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    pairs.iter().map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap())).collect()
}

/// Returns the result of an exchange with this response.
pub(crate) fn response<T: DeserializeOwned>(status: u16, body: impl Into<Bytes>) -> Result<Response<T>, Error> {
    let request = RawRequest::get("/v1/runs/run_1").response_type::<T>();
    respond(Exchange::new(&request, &Config::new("k"))?, status, body)
}

/// Returns the result of this exchange with this response.
pub(crate) fn respond<T>(mut exchange: Exchange<T>, status: u16, body: impl Into<Bytes>) -> Result<Response<T>, Error> {
    let now = std::time::Instant::now();
    exchange.attempt(now)?;
    let response = http::Response::builder().status(status).header("request-id", "req_1").body(body.into()).unwrap();
    match exchange.on_response(now, Ok(response))? {
        Outcome::Done(response) => Ok(response),
        Outcome::Retry { .. } => panic!("responses in tests are final"),
    }
}
