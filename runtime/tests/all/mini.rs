//! A miniature of what the generator writes, by hand: it proves that the contract between the two compiles and works.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use stripe_reporting_runtime as runtime;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "object", rename = "v2.data.reporting.query_run")]
#[non_exhaustive]
pub struct QueryRun {
    pub id: QueryRunId,
    #[serde(with = "runtime::wire::As::<runtime::wire::DateTime>")]
    pub created: runtime::Timestamp,
    #[serde(default)]
    pub result: Option<RunResult>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "runtime::wire::As::<Option<runtime::wire::DateTime>>"
    )]
    pub expires_at: Option<runtime::Timestamp>,
    #[serde(with = "runtime::wire::As::<runtime::wire::Int64>")]
    pub size: i64,
    pub url: runtime::Secret,
    pub status: QueryRunStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extra: Option<BTreeMap<String, runtime::Value>>,
    pub file: runtime::Expandable<FileId, File>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<runtime::Currency>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "runtime::wire::As::<Option<BTreeMap<runtime::wire::Same, runtime::wire::Int64>>>"
    )]
    pub counts: Option<BTreeMap<String, i64>>,
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "runtime::wire::false_means_absent")]
    pub enum_details: Option<Details>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RunResult {
    pub url: runtime::Secret,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Details {
    pub format: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "object", rename = "file")]
#[non_exhaustive]
pub struct File {
    pub id: FileId,
    pub size: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "object", rename = "reporting.report_run")]
#[non_exhaustive]
pub struct ReportRun {
    pub id: ReportRunId,
    #[serde(with = "runtime::wire::As::<runtime::wire::UnixTime>")]
    pub created: runtime::Timestamp,
}

runtime::string_enum! {
    pub enum QueryRunStatus {
        Failed = "failed",
        Running = "running",
        Succeeded = "succeeded",
    }
}

runtime::closed_enum! {
    pub enum Format {
        Csv = "csv",
    }
}

/// The id of a query run.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QueryRunId(runtime::private::Text);

runtime::string_newtype!(QueryRunId);

/// The id of a report run.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReportRunId(runtime::private::Text);

runtime::string_newtype!(ReportRunId);

/// The id of a file.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(runtime::private::Text);

runtime::string_newtype!(FileId);

/// The id of a report type.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReportTypeId(runtime::private::Text);

runtime::string_newtype!(ReportTypeId);

impl ReportTypeId {
    /// `balance.summary.1`
    pub const BALANCE_SUMMARY_1: Self = Self::from_static("balance.summary.1");
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ResultOptions {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compress: Option<bool>,
    pub format: Format,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CreateQueryRun {
    pub sql: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result_options: Option<ResultOptions>,
}

impl CreateQueryRun {
    pub fn new(sql: impl Into<String>) -> Self {
        Self { sql: sql.into(), result_options: None }
    }

    pub fn result_options(mut self, result_options: impl Into<ResultOptions>) -> Self {
        self.result_options = Some(result_options.into());
        self
    }
}

impl runtime::Request for CreateQueryRun {
    type Response = QueryRun;
    const OPERATION: runtime::Operation = runtime::Operation {
        id: "PostV2DataReportingQueryRuns",
        method: runtime::http::Method::POST,
        path: "/v2/data/reporting/query_runs",
        parameters: runtime::ParameterEncoding::Json,
        generation: runtime::Generation::V2,
        stripe_version: "2026-09-30.preview",
        base_url: "https://api.stripe.com",
    };
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct RetrieveQueryRun {
    #[serde(skip)]
    pub id: QueryRunId,
}

impl RetrieveQueryRun {
    pub fn new(id: impl Into<QueryRunId>) -> Self {
        Self { id: id.into() }
    }
}

impl runtime::Request for RetrieveQueryRun {
    type Response = QueryRun;
    const OPERATION: runtime::Operation = runtime::Operation {
        id: "GetV2DataReportingQueryRunsId",
        method: runtime::http::Method::GET,
        path: "/v2/data/reporting/query_runs/{id}",
        parameters: runtime::ParameterEncoding::Query,
        generation: runtime::Generation::V2,
        stripe_version: "2026-09-30.preview",
        base_url: "https://api.stripe.com",
    };

    fn path_parameters(&self) -> Vec<&str> {
        vec![self.id.as_str()]
    }
}

#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CreateReportRun {
    pub report_type: ReportTypeId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameters: Option<BTreeMap<String, Vec<String>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expand: Option<Vec<String>>,
}

impl runtime::Request for CreateReportRun {
    type Response = ReportRun;
    const OPERATION: runtime::Operation = runtime::Operation {
        id: "PostReportingReportRuns",
        method: runtime::http::Method::POST,
        path: "/v1/reporting/report_runs",
        parameters: runtime::ParameterEncoding::Form,
        generation: runtime::Generation::V1,
        stripe_version: "2026-09-30.dahlia",
        base_url: "https://api.stripe.com",
    };
}

impl CreateReportRun {
    pub fn new(report_type: impl Into<ReportTypeId>) -> Self {
        Self { report_type: report_type.into(), parameters: None, expand: None }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Default)]
#[non_exhaustive]
pub struct ListReportRuns {
    #[serde(
        skip_serializing_if = "Option::is_none",
        with = "runtime::wire::As::<Option<runtime::RangeOrExact<runtime::wire::UnixTime>>>"
    )]
    pub created: Option<runtime::RangeOrExact<runtime::Timestamp>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<i64>,
}

impl ListReportRuns {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn created(mut self, created: impl Into<runtime::RangeOrExact<runtime::Timestamp>>) -> Self {
        self.created = Some(created.into());
        self
    }

    pub fn limit(mut self, limit: impl Into<i64>) -> Self {
        self.limit = Some(limit.into());
        self
    }
}

impl runtime::Request for ListReportRuns {
    type Response = runtime::List<ReportRun>;
    const OPERATION: runtime::Operation = runtime::Operation {
        id: "GetReportingReportRuns",
        method: runtime::http::Method::GET,
        path: "/v1/reporting/report_runs",
        parameters: runtime::ParameterEncoding::Query,
        generation: runtime::Generation::V1,
        stripe_version: "2026-09-30.dahlia",
        base_url: "https://api.stripe.com",
    };
}

impl runtime::ListRequest for ListReportRuns {
    type Item = ReportRun;
    const PAGINATION: runtime::Pagination = runtime::Pagination::Cursor;

    fn cursor(item: &ReportRun) -> Option<&str> {
        Some(item.id.as_str())
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Default)]
#[non_exhaustive]
pub struct ListQueryRuns {}

impl runtime::Request for ListQueryRuns {
    type Response = runtime::Page<QueryRun>;
    const OPERATION: runtime::Operation = runtime::Operation {
        id: "GetV2DataReportingQueryRuns",
        method: runtime::http::Method::GET,
        path: "/v2/data/reporting/query_runs",
        parameters: runtime::ParameterEncoding::Query,
        generation: runtime::Generation::V2,
        stripe_version: "2026-09-30.preview",
        base_url: "https://api.stripe.com",
    };
}

impl runtime::ListRequest for ListQueryRuns {
    type Item = QueryRun;
    const PAGINATION: runtime::Pagination = runtime::Pagination::PageUrl;
}

impl runtime::Wait for QueryRun {
    type Retrieve = RetrieveQueryRun;
    type Id = QueryRunId;

    fn retrieve_request(id: &QueryRunId) -> RetrieveQueryRun {
        RetrieveQueryRun::new(id)
    }

    fn id(&self) -> &QueryRunId {
        &self.id
    }

    fn run_state(&self) -> runtime::RunState {
        match &self.status {
            QueryRunStatus::Running => runtime::RunState::Running,
            QueryRunStatus::Succeeded => runtime::RunState::Succeeded,
            QueryRunStatus::Failed => runtime::RunState::Failed,
            QueryRunStatus::Unrecognized(_) => runtime::RunState::Unrecognized,
        }
    }

    fn status(&self) -> &str {
        self.status.as_str()
    }
}

impl runtime::Download for QueryRun {
    type Refresh = RetrieveQueryRun;

    fn refresh_request(&self) -> RetrieveQueryRun {
        RetrieveQueryRun::new(self.id.clone())
    }

    const ACCESS: runtime::DownloadAccess = runtime::DownloadAccess::PreSigned;

    fn result_file(&self) -> Option<runtime::ResultFile<'_>> {
        Some(runtime::ResultFile {
            url: self.result.as_ref()?.url.expose(),
            size: Some(self.size),
            content_type: None,
            expires_at: self.expires_at,
        })
    }
}

impl runtime::Download for File {
    type Refresh = runtime::RawRequest<File>;

    fn refresh_request(&self) -> runtime::RawRequest<File> {
        runtime::RawRequest::get(format!("/v1/files/{}", self.id.as_str())).response_type()
    }

    const ACCESS: runtime::DownloadAccess = runtime::DownloadAccess::ApiKey;

    fn result_url(&self) -> Option<&str> {
        Some(self.id.as_str())
    }

    fn result_size(&self) -> Option<i64> {
        Some(self.size)
    }
}

/// The envelope of snapshot events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "object", rename = "event")]
pub struct SnapshotEvent {
    pub id: String,
    pub data: SnapshotData,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SnapshotData {
    pub object: BTreeMap<String, runtime::Value>,
}

impl SnapshotEvent {
    pub fn parse(body: &[u8]) -> Result<Self, runtime::Error> {
        runtime::event::parse::<Self>(body, "event")
    }
}

/// The envelope of thin events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "object", rename = "v2.core.event")]
pub struct ThinEvent {
    pub id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
    pub related_object: RelatedObject,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RelatedObject {
    pub id: String,
    #[serde(rename = "type")]
    pub type_: String,
    pub url: String,
}

impl ThinEvent {
    pub fn parse(body: &[u8]) -> Result<Self, runtime::Error> {
        runtime::event::parse(body, "v2.core.event")
    }

    pub fn related(&self) -> runtime::Call<runtime::RawRequest> {
        let request = runtime::RawRequest::get(self.related_object.url.as_str()).stripe_version("2026-09-30.preview");
        runtime::event::call(request, self.context.as_deref())
    }
}
