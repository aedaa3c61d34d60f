//! Generated types: decoding and encoding, and the facts about them.

use std::collections::BTreeMap;

use crate::v1::{File, FileId, ListReportRuns};
use crate::v2::{CreateQueryRun, Format, ListQueryRuns, QueryRun, QueryRunStatus, ResultOptions, RetrieveQueryRun};
use runtime::http::{Method, Response, StatusCode};
use runtime::{
    Config, Download, DownloadAccess, ErrorKind, Expandable, Generation, InlineRows, ListRequest, ListResponse,
    Pagination, RangeOrExact, Request, RequestOptions, RunState, Timestamp, Wait,
};
use serde_json::{Value, json};
use stripe_reporting_runtime as runtime;

fn query_run() -> Value {
    json!({
        "object": "v2.data.reporting.query_run",
        "id": "qryrun_1",
        "created": "2026-09-30T12:00:00.000Z",
        "result": null,
        "expires_at": "2026-09-30T12:00:30.446396574Z",
        "size": "9007199254740993",
        "url": "https://stripeusercontent.com/f?sig=geheim",
        "status": "running",
        "extra": {"a": [1, null], "b": "x"},
        "file": "file_1",
        "currency": "usd",
        "counts": {"a": "1", "b": "-2"},
    })
}

fn decode<R: Request>(status: u16, body: impl AsRef<[u8]>) -> Result<R::Response, runtime::Error> {
    R::decode(Response::builder().status(status).header("Request-Id", "req_1").body(body).unwrap())
}

fn query_run_from(json: &Value) -> QueryRun {
    decode::<RetrieveQueryRun>(200, json.to_string()).unwrap()
}

#[test]
fn a_response_is_encoded_as_it_was_decoded() {
    let json = query_run();
    let run = query_run_from(&json);
    assert_eq!(run.id, "qryrun_1");
    assert_eq!(run.size, 9_007_199_254_740_993);
    assert_eq!(run.url.expose(), "https://stripeusercontent.com/f?sig=geheim");
    assert_eq!(run.status, QueryRunStatus::Running);
    assert_eq!(run.file.as_id(), Some(&FileId::from("file_1")));
    assert_eq!(run.currency, Some(runtime::Currency::from_static("usd")));
    assert_eq!(run.counts, Some(BTreeMap::from([("a".into(), 1), ("b".into(), -2)])));
    assert_eq!(serde_json::to_value(&run).unwrap(), json);
    assert_eq!(query_run_from(&serde_json::to_value(&run).unwrap()), run);
}

#[test]
fn unknown_fields_are_ignored_and_null_is_the_same_as_a_missing_field() {
    let mut json = query_run();
    let run = query_run_from(&json);
    json["brand_new"] = json!({"x": [1]});
    assert_eq!(query_run_from(&json), run);
    for name in ["expires_at", "extra", "currency", "counts", "enum_details"] {
        let mut absent = query_run();
        absent.as_object_mut().unwrap().remove(name);
        let mut null = query_run();
        null[name] = Value::Null;
        assert_eq!(query_run_from(&absent), query_run_from(&null), "{name}");
    }
}

#[test]
fn the_object_is_encoded_and_not_required() {
    let mut json = query_run();
    json.as_object_mut().unwrap().remove("object");
    assert_eq!(serde_json::to_value(query_run_from(&json)).unwrap(), query_run());
}

#[test]
fn unknown_enum_values_are_preserved() {
    let mut json = query_run();
    json["status"] = json!("paused");
    let run = query_run_from(&json);
    assert_eq!(run.status.as_str(), "paused");
    assert_eq!(run.status, "paused");
    assert_eq!(format!("{} {:?}", run.status, run.status), r#"paused Unrecognized("paused")"#);
    assert_eq!(serde_json::to_value(&run).unwrap(), json);
    assert_eq!(QueryRunStatus::from("running"), QueryRunStatus::Running);
    assert_eq!(QueryRunStatus::from(String::from("x")), QueryRunStatus::from("x"));
    assert_eq!(format!("[{:>9}]", QueryRunStatus::Failed), "[   failed]");
}

#[test]
fn false_is_a_missing_field_where_stripe_says_so() {
    let mut json = query_run();
    json["enum_details"] = json!(false);
    assert_eq!(query_run_from(&json).enum_details, None);
    json["enum_details"] = json!({"format": "csv"});
    assert_eq!(query_run_from(&json).enum_details.unwrap().format, "csv");
    for odd in [json!(true), json!("x"), json!(1)] {
        json["enum_details"] = odd;
        let error = decode::<RetrieveQueryRun>(200, json.to_string()).unwrap_err();
        assert_eq!(error.path(), Some("enum_details"));
    }
}

#[test]
fn an_expanded_object_is_decoded() {
    let mut json = query_run();
    json["file"] = json!({"object": "file", "id": "file_1", "size": 7, "url": "https://files.stripe.com/v1/files/file_1/contents"});
    let run = query_run_from(&json);
    assert_eq!(run.file.as_object().unwrap().size, 7);
    assert_eq!(serde_json::to_value(&run).unwrap(), json);
    assert!(matches!(run.file, Expandable::Object(_)));
    json["file"]["size"] = json!("seven");
    assert_eq!(decode::<RetrieveQueryRun>(200, json.to_string()).unwrap_err().path(), Some("file.size"));
}

#[test]
fn waiting_and_downloading_know_their_facts() {
    let mut json = query_run();
    let run = query_run_from(&json);
    assert_eq!((run.run_state(), Wait::status(&run)), (RunState::Running, "running"));
    assert_eq!(QueryRun::retrieve_request(Wait::id(&run)), RetrieveQueryRun::new("qryrun_1"));
    assert_eq!((run.failure_code(), run.failure_message()), (None, None));
    assert_eq!(QueryRun::ACCESS, DownloadAccess::PreSigned);
    assert_eq!(run.result_file(), None);
    json["status"] = json!("succeeded");
    json["result"] = json!({"url": "https://x.test/?sig=geheim"});
    assert_eq!(query_run_from(&json).result_columns(), None);
    json["result"]["columns"] = json!([{"name": "b"}, {"name": "a"}]);
    let run = query_run_from(&json);
    assert_eq!(run.result_columns().unwrap(), ["b", "a"]);
    let file = run.result_file().unwrap();
    assert_eq!((file.url, run.run_state()), ("https://x.test/?sig=geheim", RunState::Succeeded));
    assert!(!format!("{file:?}").contains("geheim"));
    let file: File = serde_json::from_value(
        json!({"id": "file_1", "size": 7, "url": "https://files.stripe.com/v1/files/file_1/contents"}),
    )
    .unwrap();
    let file = file.result_file().unwrap();
    assert_eq!(
        (file.url, file.size, file.content_type, file.expires_at),
        ("https://files.stripe.com/v1/files/file_1/contents", Some(7), None, None)
    );
    json["status"] = json!("paused");
    let run = query_run_from(&json);
    assert_eq!((run.run_state(), Wait::canceled_at(&run)), (RunState::Unrecognized, None));
    json["status"] = json!("canceled");
    json["canceled_at"] = json!("2026-09-30T12:00:30.446396574Z");
    let run = query_run_from(&json);
    let canceled_at: Timestamp = "2026-09-30T12:00:30.446396574Z".parse().unwrap();
    assert_eq!((run.run_state(), Wait::canceled_at(&run)), (RunState::Canceled, Some(canceled_at)));
}

#[test]
fn rows_know_where_they_are_and_what_requests_them() {
    let run = query_run_from(&query_run());
    assert_eq!(QueryRun::ROWS.columns, ["inline", "columns"]);
    assert_eq!(QueryRun::ROWS.rows, ["inline", "rows"]);
    assert_eq!(QueryRun::ROWS.next_page, ["inline", "next_page_url"]);
    assert_eq!((QueryRun::ROWS.page, QueryRun::ROWS.limit), ("page", Some(("limit", 1000))));
    let request = run.rows_request().to_http(&Config::builder("sk_test_1").build().unwrap()).unwrap();
    let expected = "https://api.stripe.com/v2/data/reporting/query_runs/qryrun_1?include[0]=result.inline";
    assert_eq!((request.uri().to_string().as_str(), run.rows_state()), (expected, Some(RunState::Running)));
    assert_eq!((<QueryRun as Download>::HAS_ROWS, <File as Download>::HAS_ROWS), (true, false));
}

#[test]
fn requests_are_plain_data() {
    let request = CreateQueryRun::new("SELECT 1").result_options(ResultOptions::new(Format::Csv).compress(true));
    assert_eq!(request.clone(), request);
    assert_eq!(
        serde_json::to_value(&request).unwrap(),
        json!({"sql": "SELECT 1", "result_options": {"compress": true, "format": "csv"}})
    );
    assert_eq!(serde_json::to_value(RetrieveQueryRun::new("x")).unwrap(), json!({}));
    assert!(format!("{request:?}").contains("SELECT 1"));
}

#[test]
fn lists_state_how_they_continue() {
    assert_eq!(ListReportRuns::PAGINATION, Pagination::Cursor);
    let list = json!({"object": "list", "data": [{"object": "reporting.report_run", "id": "frr_1", "created": 5}], "has_more": true, "url": "/v1/x"});
    let runs = decode::<ListReportRuns>(200, list.to_string()).unwrap();
    assert_eq!(ListReportRuns::cursor(&runs.data[0]), Some("frr_1"));
    assert_eq!(runtime::Call::<ListReportRuns>::cursor(&runs.data[0]), Some("frr_1"));
    assert!(runs.has_more());
    assert_eq!(serde_json::to_value(&runs).unwrap(), list);
    assert_eq!((&runs).into_iter().count(), runs.items().len());
    assert_eq!(runs.into_iter().next().unwrap().created.as_second(), 5);

    let page = json!({"data": [query_run()], "next_page_url": null, "previous_page_url": null});
    let mut runs = decode::<ListQueryRuns>(200, page.to_string()).unwrap();
    assert!(!runs.has_more());
    assert_eq!(serde_json::to_value(&runs).unwrap(), page);
    runs.next_page_url = Some(String::new());
    assert!(!runs.has_more());
    runs.next_page_url = Some("/v2/data/reporting/query_runs?page=x".to_owned());
    assert_eq!((runs.has_more(), runs.next_page()), (true, runs.next_page_url.as_deref()));
    assert_eq!(runs.into_items().len(), 1);
    let bare = decode::<ListQueryRuns>(200, r#"{"data": []}"#).unwrap();
    assert_eq!(bare, runtime::Page::default());
}

#[test]
fn filters_take_ranges() {
    let config = Config::builder("sk_test_1").build().unwrap();
    let time = |second| Timestamp::from_second(second).unwrap();
    let query = |created: RangeOrExact<Timestamp>| {
        let request = ListReportRuns::new().created(created).limit(3);
        request.to_http(&config).unwrap().uri().query().map(str::to_owned).unwrap()
    };
    assert_eq!(query((time(5)..).into()), "created[gte]=5&limit=3");
    assert_eq!(query((time(5)..time(6)).into()), "created[gte]=5&created[lt]=6&limit=3");
    assert_eq!(query((time(5)..=time(6)).into()), "created[gte]=5&created[lte]=6&limit=3");
    assert_eq!(query(time(7).into()), "created=7&limit=3");
    let request = ListReportRuns::new().created(..time(9));
    assert_eq!(
        request.to_http(&config).unwrap().uri(),
        "https://api.stripe.com/v1/reporting/report_runs?created[lt]=9"
    );
}

#[test]
fn an_operation_is_known_without_a_request() {
    let operation = RetrieveQueryRun::OPERATION;
    assert_eq!((operation.method.clone(), operation.generation), (Method::GET, Generation::V2));
    assert!(!operation.takes_idempotency_key());
    assert!(CreateQueryRun::OPERATION.takes_idempotency_key());
    let call = RetrieveQueryRun::new("x").with(RequestOptions::new().account("a"));
    assert_eq!(call.request(), &RetrieveQueryRun::new("x"));
    assert_eq!(call.path().unwrap(), "/v2/data/reporting/query_runs/x");
}

#[test]
fn secrets_are_not_printed() {
    let run = query_run_from(&query_run());
    assert!(!format!("{run:?}").contains("geheim"));
    let error =
        decode::<RetrieveQueryRun>(200, json!({"url": ["https://x.test/?sig=geheim"]}).to_string()).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("geheim"), "{error:?}");
    let error =
        decode::<RetrieveQueryRun>(200, json!({"id": "x", "created": "https://x.test/?sig=geheim"}).to_string())
            .unwrap_err();
    assert!(!format!("{error} {error:?}").contains("geheim"), "{error:?}");
    assert_eq!((error.kind(), error.path()), (ErrorKind::Decode, Some("created")));
    assert_eq!(error.status(), Some(StatusCode::OK));
}
