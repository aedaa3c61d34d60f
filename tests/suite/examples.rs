//! The examples do what their comments say, against any server, and report missing settings in one line.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, LazyLock, Mutex};

use stripe_reporting_tests::project;
use stripe_reporting_tests::server::{Reply, Server};

use crate::cargo::{cargo, target};

const CSV: &str = "category,description,net_amount,currency,id,amount\nactivity,Payments,12.34,usd,txn_1,1234\n";

/// The columns of the file, and its row.
const COLUMNS: &str = r#"{"name":"category","type":"varchar"},{"name":"description","type":"varchar"},
    {"name":"net_amount","type":"decimal"},{"name":"currency","type":"varchar"},{"name":"id","type":"varchar"},
    {"name":"amount","type":"bigint"}"#;
const ROW: &str = r#"{"category":"activity","description":"Payments","net_amount":12.34,"currency":"usd","id":"txn_1","amount":1234}"#;

const SCHEMAS: &str = r#"{"id":"schema_1","object":"v2.data.schema","dataset":"analytical","description":"Charges.",
    "livemode":false,"name":"charges","refreshed_at":"2026-10-01T00:00:00.000Z","relevant_reports":[],
    "columns":[{"name":"id","type":"varchar","is_primary_key":true},
    {"name":"customer_id","type":"varchar","foreign_keys_to":[{"schema":"schema_2","column":"id"}]}]},
    {"id":"schema_2","object":"v2.data.schema","dataset":"analytical","description":"Customers.",
    "livemode":false,"name":"customers","refreshed_at":"2026-10-01T00:00:00.000Z","relevant_reports":[],
    "columns":[{"name":"id","type":"varchar","is_primary_key":true}]}"#;

/// The folder of the built examples. With the tests, their features are those that `cargo test` has built them with, so nothing
/// is built again.
static EXAMPLES: LazyLock<PathBuf> = LazyLock::new(|| {
    let status = cargo(&project()).args(["build", "--quiet", "--workspace", "--examples", "--tests"]).status().unwrap();
    assert!(status.success());
    target().join("debug/examples")
});

/// Prepares a run of an example in a folder, without the variables that it reads.
pub(crate) fn example(name: &str, arguments: &[&str], folder: &Path) -> Command {
    let mut command = Command::new(EXAMPLES.join(name));
    command.current_dir(folder);
    command.args(arguments);
    for variable in ["STRIPE_API_KEY", "STRIPE_API_BASE", "STRIPE_WEBHOOK_SECRET"] {
        command.env_remove(variable);
    }
    command
}

/// Runs an example in a folder, without an API key if there is no server.
fn run(name: &str, arguments: &[&str], server: Option<&str>, folder: &Path) -> Output {
    let mut command = example(name, arguments, folder);
    if let Some(server) = server {
        command.env("STRIPE_API_KEY", "sk_test_123").env("STRIPE_API_BASE", server);
    }
    command.output().unwrap()
}

/// Starts a server on which every run succeeds at the second poll.
fn api() -> Server {
    let url = Arc::new(Mutex::new(String::new()));
    let for_server = url.clone();
    let server = Server::start_with(move |request| {
        let url = for_server.lock().unwrap().clone();
        let file = format!(
            r#"{{"id":"file_1","object":"file","created":1600000000,"expires_at":null,"filename":"a.csv","links":null,
            "purpose":"finance_report_run","size":{},"title":null,"type":"csv",
            "url":"https://files.stripe.com/v1/files/file_1/contents"}}"#,
            CSV.len()
        );
        let data_run = |id: &str, object: &str, own: &str, result: &str| {
            format!(
                r#"{{"id":"{id}","object":"v2.data.{object}","created":"2026-10-01T00:00:00.000Z","livemode":false,{own},
                "result":{result},"status":"{}","status_details":null}}"#,
                if result == "null" { "running" } else { "succeeded" }
            )
        };
        let query_run = |result: &str| {
            let own = r#""dataset":"analytical","format":"csv","query":{"sql":"SELECT 1"}"#;
            data_run("qrun_1", "query_run", own, result)
        };
        let balance_run = |result: &str| {
            let own = r#""name":"balance.summary","parameters":{},"report":"report_1""#;
            data_run("rrun_1", "report_run", own, result)
        };
        let stored = format!(
            r#"{{"file":{{"columns":[{COLUMNS}],"content_type":"csv","size":"{}","download_url":{{"url":"{url}/stored"}}}}}}"#,
            CSV.len()
        );
        let inline =
            format!(r#"{{"inline":{{"columns":[{COLUMNS}],"rows":[{{"data":{ROW}}}],"next_page_url":null}}}}"#);
        let report_run = |id: &str, status: &str, result: &str| {
            format!(
                r#"{{"id":"{id}","object":"reporting.report_run","created":1600000000,"error":null,"livemode":true,
                "parameters":{{}},"report_type":"balance.summary.1","result":{result},"status":"{status}","succeeded_at":null}}"#
            )
        };
        let list = |items: &str, has_more: bool| {
            Reply::json(200, format!(r#"{{"object":"list","url":"/v1/x","has_more":{has_more},"data":[{items}]}}"#))
        };
        match (request.method.as_str(), request.path()) {
            ("POST", "/v2/data/query_runs") => Reply::json(200, query_run("null")),
            ("GET", "/v2/data/query_runs/qrun_1") => Reply::json(200, query_run(&stored)),
            ("POST", "/v2/data/report_runs") => {
                assert!(request.text().contains(r#""report":{"name":"balance.summary"}"#), "{}", request.text());
                Reply::json(200, balance_run("null"))
            }
            ("GET", "/v2/data/report_runs/rrun_1") => Reply::json(200, balance_run(&inline)),
            ("GET", "/v2/data/schemas") => {
                Reply::json(200, format!(r#"{{"data":[{SCHEMAS}],"next_page_url":null,"previous_page_url":null}}"#))
            }
            ("GET", "/v1/reporting/report_runs") => match request.target.contains("starting_after") {
                false => list(&report_run("frr_2", "pending", "null"), true),
                true => list(&report_run("frr_1", "succeeded", "null"), false),
            },
            ("GET", "/v1/sigma/scheduled_query_runs") => list(
                &format!(
                    r#"{{"id":"sqr_1","object":"scheduled_query_run","created":1600000000,"data_load_time":1600000000,"file":{file},
                    "livemode":false,"result_available_until":1600000000,"sql":"SELECT 1","status":"completed","title":"Fees"}}"#
                ),
                false,
            ),
            ("GET", "/stored" | "/v1/files/file_1/contents") => Reply::file(CSV),
            _ => panic!("{}", request.line()),
        }
    });
    *url.lock().unwrap() = server.url();
    server
}

#[test]
fn examples_do_what_they_say() {
    let api = api();
    let folder = tempfile::tempdir().unwrap();
    for (name, arguments, printed, written) in [
        ("quick_start", &[][..], "", Some("result.csv")),
        ("sql_query", &["SELECT 1", "sql.csv"], "sql.csv: 90 bytes", Some("sql.csv")),
        (
            "report_rows",
            &[],
            "activity                 Payments                                            12.34 usd",
            None,
        ),
        ("schemas", &["charges"], "└ customer_id                      varchar → customers.id\n", None),
        ("scheduled_query_runs", &[], "completed            90  Fees", None),
        ("blocking", &["SELECT 1"], r#""id": "txn_1""#, None),
    ] {
        let output = run(name, arguments, Some(&api.url()), folder.path());
        let (text, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success() && text.contains(printed), "{name}: {text}\n{errors}");
        if let Some(path) = written {
            assert_eq!(std::fs::read_to_string(folder.path().join(path)).unwrap(), CSV, "{name}");
        }
    }
    let output = run("all_pages", &["runs.csv"], Some(&api.url()), folder.path());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let written = std::fs::read_to_string(folder.path().join("runs.csv")).unwrap();
    assert_eq!(
        written,
        "id,created,report_type,status\nfrr_2,2020-09-13T12:26:40Z,balance.summary.1,pending\n\
         frr_1,2020-09-13T12:26:40Z,balance.summary.1,succeeded\n"
    );
}

#[test]
fn missing_settings_are_reported_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    for (name, arguments, missing) in [
        ("quick_start", &[][..], "STRIPE_API_KEY"),
        ("sql_query", &["SELECT 1", "a.csv"], "STRIPE_API_KEY"),
        ("sql_query", &[], "usage: sql_query <SQL> <FILE>"),
        ("report_rows", &[], "STRIPE_API_KEY"),
        ("schemas", &[], "STRIPE_API_KEY"),
        ("scheduled_query_runs", &[], "STRIPE_API_KEY"),
        ("blocking", &["SELECT 1"], "STRIPE_API_KEY"),
        ("blocking", &[], "usage: blocking <SQL>"),
        ("all_pages", &["a.csv"], "STRIPE_API_KEY"),
        ("all_pages", &[], "usage: all_pages <FILE>"),
        ("webhooks", &[], "STRIPE_WEBHOOK_SECRET"),
    ] {
        let output = run(name, arguments, None, folder.path());
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{name}: {errors}");
        assert!(errors.lines().count() == 1 && errors.contains(missing), "{name}: {errors}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "a program without its settings writes nothing");
}
