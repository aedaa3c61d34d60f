//! The examples of the documents that the description was curated from: responses are decoded and encoded again, `curl` commands
//! are rebuilt by requests.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;
use stripe_reporting::v1::sigma::ScheduledQueryRun;
use stripe_reporting::v2::data::reporting::QueryRun;
use stripe_reporting::v2::reporting::{ReportRun, ResultOptions};
use stripe_reporting::{ApiKey, Bytes, Config, List, Request, RequestOptions, http, v1};
use stripe_reporting_tests::fixtures;
use stripe_reporting_tests::models::round_trip;

fn fixture(name: &str) -> String {
    let path = fixtures("seeds").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn every_response_is_encoded_as_it_was_decoded() {
    let mut tested = 0;
    for entry in fs::read_dir(fixtures("seeds")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "json") {
            continue;
        }
        let json: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let again = match (json["object"].as_str().unwrap(), json["url"].as_str()) {
            ("v2.data.reporting.query_run", _) => round_trip("v2::data::reporting::QueryRun", &json),
            ("v2.reporting.report_run", _) => round_trip("v2::reporting::ReportRun", &json),
            ("reporting.report_run", _) => round_trip("v1::reporting::ReportRun", &json),
            ("list", Some("/v1/reporting/report_runs")) => list::<v1::reporting::ReportRun>(&json),
            ("list", Some("/v1/sigma/scheduled_query_runs")) => list::<ScheduledQueryRun>(&json),
            other => panic!("no test for {other:?}"),
        };
        assert_eq!(again.as_ref(), Ok(&json), "{}", path.display());
        tested += 1;
    }
    assert_eq!(tested, 9);
}

fn list<T: serde::de::DeserializeOwned + serde::Serialize>(json: &Value) -> Result<Value, String> {
    let list: List<T> = serde_json::from_str(&json.to_string()).map_err(|error| error.to_string())?;
    serde_json::to_value(&list).map_err(|error| error.to_string())
}

/// What a `curl` command sends.
#[derive(Debug, PartialEq)]
struct Sent {
    method: String,
    url: String,
    headers: BTreeMap<String, String>,
    json: Option<Value>,
}

/// Parses the part of `curl`'s command line that the documents use.
fn curl(command: &str) -> Sent {
    let mut words = shell_words(command).into_iter();
    assert_eq!(words.next().as_deref(), Some("curl"));
    let mut sent = Sent { method: "GET".into(), url: String::new(), headers: BTreeMap::new(), json: None };
    let (mut data, mut get) = (Vec::new(), false);
    while let Some(word) = words.next() {
        let mut value = || words.next().unwrap();
        match word.as_str() {
            "-X" => sent.method = value(),
            "-G" => get = true,
            "-d" => data.push(value()),
            "-u" => {
                // The key is the user of basic authentication; Stripe takes it as a bearer token just as well.
                let key = value().trim_end_matches(':').to_owned();
                sent.headers.insert("authorization".into(), format!("Bearer {key}"));
            }
            "-H" => {
                let header = value();
                let (name, value) = header.split_once(": ").unwrap();
                sent.headers.insert(name.to_lowercase(), value.to_owned());
            }
            "--json" => {
                sent.json = Some(serde_json::from_str(&value()).unwrap());
                for name in ["content-type", "accept"] {
                    sent.headers.insert(name.into(), "application/json".into());
                }
            }
            url => sent.url = url.to_owned(),
        }
    }
    assert!(get || data.is_empty());
    if !data.is_empty() {
        sent.url = format!("{}?{}", sent.url, data.join("&"));
    }
    sent
}

fn shell_words(command: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None::<char>);
    for c in command.replace("\\\n", " ").chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), c) => word.get_or_insert_default().push(c),
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (None, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// Returns what a request sends with the key and the version of the `curl` command.
fn built<R: Request>(request: R, command: &Sent) -> Sent {
    let key = command.headers["authorization"].trim_start_matches("Bearer ").to_owned();
    let mut options = RequestOptions::new();
    if let Some(version) = command.headers.get("stripe-version") {
        options = options.stripe_version(version.as_str());
    }
    if let Some(context) = command.headers.get("stripe-context") {
        options = options.context(context.as_str());
    }
    let http: http::Request<Bytes> = request.with(options).to_http(&Config::new(ApiKey::new(key))).unwrap();
    let headers = http.headers().iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    Sent {
        method: http.method().to_string(),
        url: http.uri().to_string(),
        headers: headers.collect(),
        json: (!http.body().is_empty()).then(|| serde_json::from_slice(http.body()).unwrap()),
    }
}

/// Asserts that the request sends what the command sends, with no more headers than those listed here.
fn assert_rebuilt<R: Request>(name: &str, request: R) {
    let command = curl(&fixture(name));
    let mut built = built(request, &command);
    for added in ["user-agent", "accept", "stripe-version"] {
        if !command.headers.contains_key(added) {
            assert!(built.headers.remove(added).is_some(), "{name} has no {added}");
        }
    }
    assert_eq!(built, command, "{name}");
}

#[test]
fn every_curl_command_is_rebuilt() {
    assert_rebuilt("retrieve_query_run.curl", QueryRun::retrieve("qryrun_test_xxx"));
    assert_rebuilt("retrieve_query_run_123.curl", QueryRun::retrieve("qryrun_123"));
    assert_rebuilt("create_query_run.curl", QueryRun::create("SELECT * FROM balance_transactions LIMIT 10"));
    assert_rebuilt(
        "create_query_run_compressed.curl",
        QueryRun::create("SELECT * FROM balance_transactions").result_options(ResultOptions::new().compress_file(true)),
    );
    assert_rebuilt(
        "create_query_run_organization.curl",
        QueryRun::create("SELECT account, id, amount FROM balance_transactions LIMIT 10"),
    );
    assert_rebuilt("create_query_run_context.curl", QueryRun::create("SELECT * FROM balance_transactions LIMIT 10"));
    assert_rebuilt("retrieve_scheduled_query_run.curl", ScheduledQueryRun::retrieve("sqr_1NpIuH2eZvKYlo2CP72f3rLR"));
    assert_rebuilt("list_scheduled_query_runs.curl", ScheduledQueryRun::list().limit(3));
    assert_rebuilt(
        "create_report_run_v2.curl",
        ReportRun::create(
            "report_test_xxx",
            [("interval_start", "2025-08-18T00:00:00.000Z"), ("interval_end", "2025-08-25T00:00:00.000Z")],
        ),
    );
    let commands = fs::read_dir(fixtures("seeds"))
        .unwrap()
        .filter(|entry| entry.as_ref().unwrap().path().extension().is_some_and(|ending| ending == "curl"));
    assert_eq!(commands.count(), 9, "a command is not rebuilt above");
}
