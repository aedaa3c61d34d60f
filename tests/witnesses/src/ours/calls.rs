//! Each call of the script as a typed request of the crate.

use serde_json::Value;
use stripe_reporting::v1::reporting::{ReportRun, ReportRunParameters, ReportType};
use stripe_reporting::v1::sigma::ScheduledQueryRun;
use stripe_reporting::{Request as _, v1, v2};

use super::params::Params;
use super::{Failure, Ours, Seen};

pub(super) fn run(ours: &Ours<'_>, call: &str, step: &Value) -> Result<Seen, Failure> {
    let id = step.get("id").and_then(Value::as_str).unwrap_or_default();
    let mut params = Params::new(step.get("params"));
    let seen = match call {
        "contents" => contents(ours, step),
        "v1.reporting.report_types.list" => ours.list(ReportType::list(), false),
        "v1.reporting.report_types.retrieve" => ours.seen(ReportType::retrieve(id)),
        "v1.reporting.report_runs.create" => create_report_run(ours, &mut params),
        "v1.reporting.report_runs.list" => list_report_runs(ours, &mut params),
        "v1.reporting.report_runs.retrieve" => ours.seen(ReportRun::retrieve(id)),
        "v1.sigma.scheduled_query_runs.list" => list_scheduled_query_runs(ours, &mut params),
        "v1.sigma.scheduled_query_runs.retrieve" => ours.seen(ScheduledQueryRun::retrieve(id)),
        "v1.files.retrieve" => ours.seen(v1::File::retrieve(id)),
        "v2.core.events.list" => list_events(ours, &mut params),
        "v2.core.events.retrieve" => ours.seen(v2::core::Event::retrieve(id)),
        "v2.reporting.reports.retrieve" => ours.seen(v2::reporting::Report::retrieve(id)),
        "v2.reporting.report_runs.create" => {
            let (report, map) = (params.required("report")?, params.map("report_parameters").unwrap_or_default());
            ours.seen(v2::reporting::ReportRun::create(report, map))
        }
        "v2.reporting.report_runs.retrieve" => ours.seen(v2::reporting::ReportRun::retrieve(id)),
        "v2.data.reporting.query_runs.create" => create_query_run(ours, &mut params),
        "v2.data.reporting.query_runs.retrieve" => ours.seen(v2::data::reporting::QueryRun::retrieve(id)),
        "v2.data.schemas.list" => {
            let request = v2::data::Schema::list();
            ours.list(request.when(params.number("limit"), v2::data::ListSchemas::limit), false)
        }
        "v2.data.schemas.retrieve" => ours.seen(v2::data::Schema::retrieve(id)),
        "v2.data.reports.list" => {
            let request = v2::data::Report::list();
            ours.list(request.when(params.number("limit"), v2::data::ListReports::limit), false)
        }
        "v2.data.reports.retrieve" => ours.seen(v2::data::Report::retrieve(id)),
        "v2.data.query_runs.create" => create_data_query_run(ours, &mut params),
        "v2.data.query_runs.retrieve" => {
            let request = v2::data::QueryRun::retrieve(id);
            let request = request.when(params.texts("include"), |request: v2::data::RetrieveQueryRun, names| {
                request.include(names.iter().map(String::as_str))
            });
            ours.seen(request.when(params.number("limit"), v2::data::RetrieveQueryRun::limit))
        }
        "v2.data.report_runs.create" => {
            let mut report =
                params.nested("report").ok_or_else(|| Failure::Script("parameter `report` is missing".into()))?;
            let id = v2::data::ReportId::from(report.required("id")?);
            report.end()?;
            let request = v2::data::ReportRun::create(id, params.map("parameters").unwrap_or_default());
            ours.seen(request.when(params.text("format"), |request: v2::data::CreateReportRun, value| {
                request.format(value.as_str())
            }))
        }
        "v2.data.report_runs.retrieve" => ours.seen(v2::data::ReportRun::retrieve(id)),
        _ => Err(Failure::Script(format!("`{call}` is not supported; add it to `src/ours/calls.rs`"))),
    };
    params.end()?;
    seen
}

/// Downloads the result of a run that an earlier step returned.
fn contents(ours: &Ours<'_>, step: &Value) -> Result<Seen, Failure> {
    let run = step.get("run").cloned().unwrap_or_default();
    match step.get("of").and_then(Value::as_str).unwrap_or_default() {
        "v1.reporting.report_runs" => ours.contents::<ReportRun>(run),
        "v1.sigma.scheduled_query_runs" => ours.contents::<ScheduledQueryRun>(run),
        "v2.reporting.report_runs" => ours.contents::<v2::reporting::ReportRun>(run),
        "v2.data.reporting.query_runs" => ours.contents::<v2::data::reporting::QueryRun>(run),
        "v2.data.query_runs" => ours.contents::<v2::data::QueryRun>(run),
        "v2.data.report_runs" => ours.contents::<v2::data::ReportRun>(run),
        other => Err(Failure::Script(format!("`{other}` has no file"))),
    }
}

fn create_report_run(ours: &Ours<'_>, params: &mut Params) -> Result<Seen, Failure> {
    let mut request = ReportRun::create(params.required("report_type")?);
    if let Some(mut given) = params.nested("parameters") {
        let mut parameters = ReportRunParameters::new();
        parameters.columns = given.texts("columns");
        parameters.currency = given.text("currency").map(Into::into);
        parameters.interval_start = given.time("interval_start");
        parameters.interval_end = given.time("interval_end");
        parameters.reporting_category = given.text("reporting_category").map(|value| value.as_str().into());
        parameters.timezone = given.text("timezone").map(Into::into);
        request = request.parameters(parameters);
        given.end()?;
    }
    ours.seen(request)
}

/// Lists report runs, backwards if they end before one, as the libraries do.
fn list_report_runs(ours: &Ours<'_>, params: &mut Params) -> Result<Seen, Failure> {
    use stripe_reporting::v1::reporting::ListReportRuns;
    let before = params.text("ending_before");
    let is_backwards = before.is_some();
    let mut request = ReportRun::list()
        .when(params.number("limit"), ListReportRuns::limit)
        .when(before, ListReportRuns::ending_before);
    if let Some(mut range) = params.nested("created") {
        if let (Some(start), Some(end)) = (range.time("gte"), range.time("lt")) {
            request = request.created(start..end);
        }
        range.end()?;
    }
    ours.list(request, is_backwards)
}

fn list_scheduled_query_runs(ours: &Ours<'_>, params: &mut Params) -> Result<Seen, Failure> {
    use stripe_reporting::v1::sigma::ListScheduledQueryRuns;
    let before = params.text("ending_before");
    let is_backwards = before.is_some();
    let request = ScheduledQueryRun::list()
        .when(params.number("limit"), ListScheduledQueryRuns::limit)
        .when(before, ListScheduledQueryRuns::ending_before);
    ours.list(request, is_backwards)
}

fn list_events(ours: &Ours<'_>, params: &mut Params) -> Result<Seen, Failure> {
    use v2::core::ListEvents;
    let request = v2::core::Event::list()
        .when(params.number("limit"), ListEvents::limit)
        .when(params.texts("types"), ListEvents::types);
    ours.list(request, false)
}

fn create_query_run(ours: &Ours<'_>, params: &mut Params) -> Result<Seen, Failure> {
    use v2::data::reporting::QueryRun;
    let mut request = QueryRun::create(params.required("sql")?);
    if let Some(mut options) = params.nested("result_options") {
        let result = v2::reporting::ResultOptions::new();
        request = request.result_options(match options.flag("compress_file") {
            Some(compress) => result.compress_file(compress),
            None => result,
        });
        options.end()?;
    }
    ours.seen(request)
}

fn create_data_query_run(ours: &Ours<'_>, params: &mut Params) -> Result<Seen, Failure> {
    use v2::data::{CreateQueryRun, QueryRun};
    let mut query = params.nested("query").ok_or_else(|| Failure::Script("parameter `query` is missing".into()))?;
    let request = QueryRun::create(query.required("sql")?)
        .when(params.text("dataset"), |request: CreateQueryRun, value| request.dataset(value.as_str()))
        .when(params.text("format"), |request: CreateQueryRun, value| request.format(value.as_str()));
    query.end()?;
    ours.seen(request)
}
