//! Requests as they are sent.

use std::collections::BTreeMap;

use crate::v1::{CreateReportRun, ReportTypeId};
use crate::v2::data::{
    CreateQueryRun as CreateDataQueryRun, CreateQueryRunFormat, CreateQueryRunQuery, QueryRun,
    RetrieveQueryRun as RetrieveDataQueryRun,
};
use crate::v2::{CreateQueryRun, QueryRunId, RetrieveQueryRun};
use runtime::http::Method;
use runtime::{Bytes, Config, ErrorKind, Request, RequestOptions, http};
use stripe_reporting_runtime as runtime;

const KEY: &str = "sk_test_geheim";

fn config() -> Config {
    Config::builder(KEY).build().unwrap()
}

fn header<'a>(request: &'a http::Request<Bytes>, name: &str) -> Option<&'a str> {
    assert!(request.headers().get_all(name).iter().count() <= 1, "{name}");
    request.headers().get(name).map(|value| value.to_str().unwrap())
}

fn message(request: &impl Request) -> String {
    let error = request.to_http(&config()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!((error.status(), error.request_id(), error.code()), (None, None, None));
    error.to_string()
}

#[test]
fn a_v1_post_is_a_form() {
    let mut create = CreateReportRun::new(ReportTypeId::BALANCE_SUMMARY_1);
    create.parameters = Some(BTreeMap::from([("columns".into(), vec!["a".into(), "b c".into()])]));
    create.expand = Some(vec!["result".into()]);
    let request = create.to_http(&config()).unwrap();
    assert_eq!(
        (request.method(), request.uri().to_string().as_str()),
        (&Method::POST, "https://api.stripe.com/v1/reporting/report_runs")
    );
    assert_eq!(
        request.body(),
        "report_type=balance.summary.1&parameters[columns][0]=a&parameters[columns][1]=b+c&expand[0]=result"
    );
    assert_eq!(header(&request, "content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(header(&request, "accept"), Some("application/json"));
    assert_eq!(header(&request, "authorization"), Some("Bearer sk_test_geheim"));
    assert_eq!(header(&request, "stripe-version"), Some("2024-01-31.preview"));
    assert_eq!(header(&request, "user-agent"), Some("stripe-reporting/0.1.0 (Rust bindings; API v1)"));
    assert_eq!(request.headers().len(), 5);
}

#[test]
fn a_v2_post_is_json() {
    let request = CreateQueryRun::new("SELECT 'é'").to_http(&config()).unwrap();
    assert_eq!(request.body(), "{\"sql\":\"SELECT 'é'\"}".as_bytes());
    assert_eq!(header(&request, "content-type"), Some("application/json"));
    assert_eq!(header(&request, "stripe-version"), Some("2024-01-31.preview"));
    assert_eq!(header(&request, "user-agent"), Some("stripe-reporting/0.1.0 (Rust bindings; API v2)"));
    assert_eq!(header(&request, "idempotency-key"), None);
}

#[test]
fn presets_are_sent_unless_they_are_set() {
    let request = QueryRun::create("SELECT 1");
    let body = |request: &CreateDataQueryRun| request.to_http(&config()).unwrap().into_body();
    assert_eq!(body(&request), r#"{"dataset":"analytical","format":"csv","query":{"sql":"SELECT 1"}}"#);
    let request = request.dataset("test").format(CreateQueryRunFormat::Json);
    assert_eq!(body(&request), r#"{"dataset":"test","format":"json","query":{"sql":"SELECT 1"}}"#);
    assert_eq!(QueryRun::create("SELECT 1".to_owned()).query, CreateQueryRunQuery::new("SELECT 1"));
}

#[test]
fn an_id_is_used_for_a_resource_with_the_same_ids() {
    let uri = |request: &RetrieveDataQueryRun| request.to_http(&config()).unwrap().uri().to_string();
    let id = QueryRunId::from("qryrun_1");
    assert_eq!(uri(&QueryRun::retrieve(&id)), "https://api.stripe.com/v2/data/query_runs/qryrun_1");
    assert_eq!(uri(&QueryRun::retrieve(id)), "https://api.stripe.com/v2/data/query_runs/qryrun_1");
    let known = uri(&QueryRun::retrieve(QueryRunId::QRYRUN_TEST));
    assert_eq!(known, "https://api.stripe.com/v2/data/query_runs/qryrun_test");
    assert_eq!(QueryRunId::from(QueryRun::retrieve("qryrun_1").id), "qryrun_1");
}

#[test]
fn a_get_has_no_body() {
    let request = RetrieveQueryRun::new("a/b").to_http(&config()).unwrap();
    assert_eq!(request.uri(), "https://api.stripe.com/v2/data/reporting/query_runs/a%2Fb");
    assert_eq!((request.method(), request.body().len()), (&Method::GET, 0));
    assert_eq!(header(&request, "content-type"), None);
}

#[test]
fn the_key_is_not_printed() {
    let config = config();
    let request = CreateQueryRun::new("x").to_http(&config).unwrap();
    assert!(!format!("{config:?} {request:?}").contains("geheim"));
}

#[test]
fn an_invalid_key_is_refused_before_anything_is_sent() {
    let error = CreateQueryRun::new("x").to_http(&Config::new("sk_test_geheim\n")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.message().starts_with("the API key contains white space, a line break"), "{error}");
    assert!(!format!("{error:?}").contains("geheim"));
    assert!(CreateQueryRun::new("x").to_http(&Config::new(runtime::ApiKey::new(KEY))).is_ok());
}

#[test]
fn options_of_the_request_take_precedence() {
    let defaults = RequestOptions::new().account("acct_default").context("acct_a/acct_b").stripe_version("2020-01-01");
    let config = Config::builder(KEY).options(defaults).base_url("http://127.0.0.1:1/proxy/").build().unwrap();
    let create = CreateQueryRun::new("x");
    let request = create.to_http(&config).unwrap();
    assert_eq!(request.uri(), "http://127.0.0.1:1/proxy/v2/data/reporting/query_runs");
    assert_eq!(header(&request, "stripe-account"), Some("acct_default"));
    assert_eq!(header(&request, "stripe-context"), Some("acct_a/acct_b"));
    assert_eq!(header(&request, "stripe-version"), Some("2020-01-01"));

    let own = create.with(RequestOptions::new().account("acct_own").idempotency_key("k1").stripe_version("2021-01-01"));
    let again = own.clone().with(RequestOptions::new().idempotency_key("k2"));
    let request = again.to_http(&config).unwrap();
    assert_eq!(header(&request, "stripe-account"), Some("acct_own"));
    assert_eq!(header(&request, "stripe-context"), Some("acct_a/acct_b"));
    assert_eq!(header(&request, "stripe-version"), Some("2021-01-01"));
    assert_eq!(header(&request, "idempotency-key"), Some("k2"));
    assert_eq!(header(&own.to_http(&config).unwrap(), "idempotency-key"), Some("k1"));
    assert_eq!(request.body(), own.to_http(&config).unwrap().body());
}

#[test]
fn an_idempotency_key_is_sent_with_posts_only() {
    let options = RequestOptions::new().idempotency_key("k");
    let request = RetrieveQueryRun::new("x").with(options).to_http(&config()).unwrap();
    assert_eq!(header(&request, "idempotency-key"), None);
    let longest = CreateQueryRun::new("x").with(RequestOptions::new().idempotency_key("k".repeat(255)));
    assert!(longest.to_http(&config()).is_ok());
    let too_long = CreateQueryRun::new("x").with(RequestOptions::new().idempotency_key("k".repeat(256)));
    assert_eq!(message(&too_long), "invalid request: idempotency key too long: 256 bytes, at most 255 allowed");
}

#[test]
fn invalid_options_are_refused() {
    for odd in ["", " a", "a\n", "a\r\nX-Evil: 1", "é", "a\u{0}", "a\tb"] {
        for (options, name) in [
            (RequestOptions::new().account(odd), "Stripe-Account"),
            (RequestOptions::new().context(odd), "Stripe-Context"),
            (RequestOptions::new().stripe_version(odd), "Stripe-Version"),
            (RequestOptions::new().idempotency_key(odd), "Idempotency-Key"),
        ] {
            let message = message(&CreateQueryRun::new("x").with(options));
            assert!(message.starts_with(&format!("invalid request: the value for `{name}` ")), "{message}");
        }
    }
}

#[test]
fn invalid_ids_are_refused() {
    for odd in ["", ".", ".."] {
        let message = message(&RetrieveQueryRun::new(odd));
        assert!(message.contains("the path parameter `id` of `/v2/data/reporting/query_runs/{id}` is"), "{message}");
    }
}
