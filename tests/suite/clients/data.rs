//! The Data API from a request to its rows, with the generated models.

use serde_json::{Value, json};
use stripe_reporting::v2::data::{
    ColumnType, CreateReportRun, QueryRun, QueryRunInclude, ReportId, ReportName, ReportRun, RetrieveQueryRun,
    RunStatus,
};
use stripe_reporting::v2::reporting;
use stripe_reporting::{ErrorKind, Request as _};

use super::*;

/// The example of Stripe's reference, with a URL that is written with the same digits.
const REFERENCE: &str = r#"{"id":"qrun_x","object":"v2.data.query_run","created":"2026-10-05T21:02:00.919623613Z",
    "dataset":"analytical","format":"csv","livemode":true,"query":{"sql":"SELECT 1"},
    "refreshed_at":"2026-10-05T19:00:00.000Z","result_options":{"compression":"none"},
    "result":{"col_count":"1","row_count":"1","file":{"columns":[{"name":"a","type":"bigint"}],"content_type":"csv",
    "size":"12","download_url":{"url":"https://stripeusercontent.com/files/x","expires_at":"2026-10-05T21:12:08.000Z"}}},
    "status":"succeeded","status_details":null}"#;

#[test]
fn the_example_of_the_reference_is_decoded_and_encoded_without_a_loss() {
    let run: QueryRun = serde_json::from_str(REFERENCE).unwrap();
    assert_eq!(serde_json::to_value(&run).unwrap(), serde_json::from_str::<Value>(REFERENCE).unwrap());
    // The reference writes whole seconds without a fraction, too.
    let short = REFERENCE.replace("21:12:08.000Z", "21:12:08Z");
    assert_eq!(serde_json::from_str::<QueryRun>(&short).unwrap(), run);
}

#[test]
fn a_query_becomes_a_file() {
    const CSV: &str = "id,amount\ntxn_1,100\n";
    each(|kind| {
        let store = server([Reply::file(CSV)]);
        let file = data_file(&format!("{}/file", store.url()), &["id", "amount"], CSV.len());
        let api = server([
            data_run("running", "null", "null"),
            data_run("running", "null", "null"),
            data_run("succeeded", &file, "null"),
        ]);
        let client = kind.client(&api.url());
        let run = client.send(QueryRun::create("SELECT id, amount FROM balance_transactions")).unwrap();
        let run = client.wait(run, Duration::from_secs(20)).unwrap();
        assert_eq!(client.bytes(&run, 1_000).unwrap(), CSV);
        let requests = api.finish();
        let retrieve = "GET /v2/data/query_runs/qrun_1";
        assert_eq!(lines(&requests), ["POST /v2/data/query_runs", retrieve, retrieve]);
        let sent =
            r#"{"dataset":"analytical","format":"csv","query":{"sql":"SELECT id, amount FROM balance_transactions"}}"#;
        assert_eq!(requests[0].text(), sent);
        let version = RetrieveQueryRun::OPERATION.stripe_version;
        assert!(requests.iter().all(|request| request.header("stripe-version") == Some(version)));
        assert!(store.finish()[0].header("authorization").is_none());
    });
}

#[test]
fn a_query_becomes_rows_without_a_file() {
    let page = |rows: &str, next: &str| {
        let columns = r#"[{"name":"id","type":"bigint"},{"name":"amount","type":"decimal"},{"name":"more","type":"hyperloglog"}]"#;
        let inline = format!(r#"{{"inline":{{"columns":{columns},"rows":[{rows}],"next_page_url":{next}}}}}"#);
        data_run("succeeded", &inline, "null")
    };
    let amount = "123456789012345678901234567.890";
    let first = format!(r#"{{"data":{{"more":[1],"amount":{amount},"id":9007199254740993}}}}"#);
    each(|kind| {
        let api = server([
            data_run("running", "null", "null"),
            page(&first, r#""t1""#),
            page(&first, r#""t1""#),
            page(&format!(r#"{{"data":{{"id":"9007199254740993","amount":"{amount}"}}}}"#), r#""t2""#),
            page(r#"{"data":{"id":3,"amount":null}}"#, "null"),
        ]);
        let client = kind.client(&api.url());
        let run = client.send(QueryRun::create("SELECT id, amount, more FROM t")).unwrap();
        let with_rows = |request: RetrieveQueryRun| request.include([QueryRunInclude::ResultInline]);
        let polling = polling(Duration::from_secs(20));
        type Row = (i64, Option<String>, Option<Value>);
        let (run, rows): (QueryRun, Vec<Row>) = match &client {
            AnyClient::Async(runtime, client) => runtime.block_on(async {
                let run = client.wait(run).polling(polling).retrieve_with(with_rows).await.unwrap();
                let (mut rows, mut read) = (Vec::new(), client.rows(&run).unwrap());
                while let Some(row) = read.try_next().await.unwrap() {
                    rows.push(row);
                }
                (run, rows)
            }),
            AnyClient::Blocking(client) => {
                let run = client.wait(run).polling(polling).retrieve_with(with_rows).until_done().unwrap();
                let rows = client.rows(&run).unwrap().collect::<Result<_, _>>().unwrap();
                (run, rows)
            }
        };
        let big = 9_007_199_254_740_993;
        let exact = Some(amount.to_owned());
        assert_eq!(rows, [(big, exact.clone(), Some(json!([1]))), (big, exact, None), (3, None, None)]);
        let columns = &run.result.as_ref().unwrap().inline.as_ref().unwrap().columns;
        assert_eq!((&columns[1].type_, columns[2].type_.as_str()), (&ColumnType::Decimal, "hyperloglog"));
        let error = client.bytes(&run, 1_000).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NoResult);
        assert!(error.to_string().contains("rows"), "{error}");
        let retrieve = "GET /v2/data/query_runs/qrun_1?include[0]=result.inline";
        let page = |token: &str| format!("{retrieve}&limit=1000{token}");
        let expected = [retrieve.to_owned(), page(""), page("&page=t1"), page("&page=t2")];
        assert_eq!(lines(&api.finish())[1..], expected);
    });
}

#[test]
fn a_report_is_given_by_exactly_one_of_its_id_and_its_name() {
    let report = |request: CreateReportRun| -> Value {
        let request = request.to_http(&Config::new(KEY)).unwrap();
        let body: Value = serde_json::from_slice(request.body()).unwrap();
        assert_eq!((&body["format"], &body["parameters"]), (&json!("csv"), &json!({"timezone": "Etc/UTC"})));
        body["report"].clone()
    };
    let parameters = || [("timezone", "Etc/UTC")];
    let id = json!({"id": "report_61Sud3n5oAGVCWiSr5"});
    assert_eq!(report(ReportRun::create(ReportId::BALANCE_SUMMARY, parameters())), id);
    let of_the_older_api = ReportId::from(reporting::ReportId::BALANCE_SUMMARY);
    assert_eq!(report(ReportRun::create(of_the_older_api, parameters())), id);
    let name = json!({"name": "balance.summary"});
    assert_eq!(report(ReportRun::create(ReportName::BALANCE_SUMMARY, parameters())), name);
}

#[test]
fn a_run_that_fails_is_not_canceled() {
    each(|kind| {
        let details = r#"{"canceled_at":null,"code":"query_run_invalid_sql","message":"line 1:8"}"#;
        let api = server([data_run("running", "null", "null"), data_run("failed", "null", details)]);
        let client = kind.client(&api.url());
        let run = client.send(QueryRun::create("SELECT")).unwrap();
        let error = client.wait(run, Duration::from_secs(20)).unwrap_err();
        assert_eq!((error.kind(), error.code()), (ErrorKind::RunFailed, Some("query_run_invalid_sql")));
        assert_eq!((error.run_canceled_at(), error.message()), (None, "line 1:8"));
        assert_eq!(error.run::<QueryRun>().unwrap().status, RunStatus::Failed);
    });
}
