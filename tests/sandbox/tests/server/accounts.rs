//! Keys, accounts, permissions and versions.

use serde_json::json;
use stripe_reporting_sandbox::Sandbox;

use crate::client::{QUERY_RUNS, REPORT_RUNS, assert_sound, balance, follow, get, id, post, report_run};

#[tokio::test]
async fn a_key_that_is_missing_or_wrong_is_401() {
    let sandbox = Sandbox::start().await.unwrap();
    for key in ["sk_test_cheese_cheese_cheese", "pk_test_x", ""] {
        for path in [REPORT_RUNS, "/v2/core/events"] {
            let response = get(&sandbox, path).key(key).send().await;
            assert_eq!(response.status, 401, "{response:?}");
            assert!(!response.text.contains("cheese_cheese_cheese"), "{response:?}");
        }
    }
    assert_eq!(get(&sandbox, REPORT_RUNS).header("authorization", "").send().await.status, 401);
    assert_eq!(get(&sandbox, REPORT_RUNS).key("pk_test_x").send().await.error("code"), "secret_key_required");
    assert_sound(&sandbox);
}

/// `curl -u sk_test_sandbox:` sends the key as a user without a password.
#[tokio::test]
async fn a_key_is_accepted_as_the_user_of_basic_authentication() {
    let sandbox = Sandbox::start().await.unwrap();
    let status = async |path: &str, authorization: &str| {
        get(&sandbox, path).header("authorization", authorization).send().await.status
    };
    for path in [REPORT_RUNS, "/v2/core/events"] {
        assert_eq!(status(path, "Basic c2tfdGVzdF9zYW5kYm94Og==").await, 200);
        // `sk_test_other:`, the key without a colon, a value that is not base64, another scheme
        for wrong in ["Basic c2tfdGVzdF9vdGhlcjo=", "Basic c2tfdGVzdF9zYW5kYm94", "Basic sk_test_sandbox:", "Digest x"]
        {
            assert_eq!(status(path, wrong).await, 401, "{wrong}");
        }
    }
}

#[tokio::test]
async fn v2_and_organization_keys_require_a_version() {
    let sandbox = Sandbox::start().await.unwrap();
    assert_eq!(get(&sandbox, REPORT_RUNS).send().await.status, 200);
    assert_eq!(get(&sandbox, "/v2/core/events").header("stripe-version", "").send().await.status, 400);
    assert_eq!(get(&sandbox, REPORT_RUNS).key(sandbox.organization_key()).send().await.status, 400);
    assert_eq!(get(&sandbox, REPORT_RUNS).header("stripe-version", "2026-13-01").send().await.status, 400);
    let version = sandbox.version().to_owned();
    let response = get(&sandbox, REPORT_RUNS).key(sandbox.organization_key()).header("stripe-version", &version);
    assert_eq!(response.send().await.status, 200);
}

#[tokio::test]
async fn restricted_keys_need_permissions() {
    let builder = Sandbox::builder().restricted_key("rk_test_reader", ["reporting_read"]);
    let sandbox =
        builder.restricted_key("rk_test_writer", ["reporting_write", "sigma_api_write"]).start().await.unwrap();
    let sql = json!({"sql": "SELECT 1"});
    let refused = post(&sandbox, QUERY_RUNS, &sql).key("rk_test_reader").send().await;
    assert_eq!((refused.status, refused.error("code").as_str()), (403, "not_authorized"));
    assert!(refused.error("message").contains("reporting_write"), "{refused:?}");
    let run = post(&sandbox, QUERY_RUNS, &sql).key("rk_test_writer").send().await.ok();
    let path = format!("{QUERY_RUNS}/{}", id(&run));
    assert_eq!(get(&sandbox, &path).key("rk_test_writer").send().await.status, 403);
    assert_eq!(get(&sandbox, &path).key("rk_test_reader").send().await.status, 200);
}

#[tokio::test]
async fn an_account_is_named_by_either_header() {
    let sandbox = Sandbox::start().await.unwrap();
    let accounts = sandbox.accounts();
    let connected = accounts.last().unwrap();
    let created = post(&sandbox, REPORT_RUNS, balance(&sandbox)).header("stripe-account", connected).send().await.ok();
    let path = format!("{REPORT_RUNS}/{}", id(&created));
    assert_eq!(get(&sandbox, &path).send().await.status, 404);
    let context = format!("{}/{connected}", accounts[0]);
    let run = get(&sandbox, &path).header("stripe-context", &context).send().await.ok();
    let url = run["result"]["url"].as_str().unwrap().to_owned();
    assert_eq!(follow(&url).key(sandbox.key()).send().await.status, 404);
    assert_eq!(follow(&url).key(sandbox.key()).header("stripe-account", connected).send().await.status, 200);
    let unknown = get(&sandbox, &path).header("stripe-account", "acct_x").send().await;
    assert_eq!((unknown.status, unknown.error("code").as_str()), (403, "account_invalid"));
    let unknown = get(&sandbox, "/v2/core/events").header("stripe-context", "acct_x").send().await;
    assert_eq!((unknown.status, unknown.error("code").as_str()), (403, "not_authorized"));
    assert_sound(&sandbox);
}

#[tokio::test]
async fn an_organization_reads_all_accounts() {
    let sandbox = Sandbox::start().await.unwrap();
    let run = post(&sandbox, QUERY_RUNS, json!({"sql": "SELECT id FROM charges"})).key(sandbox.organization_key());
    let run = run.send().await.ok();
    let path = format!("{QUERY_RUNS}/{}?include[0]=result.file.schema", id(&run));
    assert_eq!(get(&sandbox, &path).send().await.status, 404);
    let run = get(&sandbox, &path).key(sandbox.organization_key()).send().await.ok();
    assert_eq!(run["result"]["file"]["schema"][0]["name"], "account", "{run}");
    let account = &sandbox.accounts()[0];
    let created = report_run(&sandbox).await;
    let path = format!("{REPORT_RUNS}/{}", id(&created));
    for context in ["", account] {
        let request = get(&sandbox, &path).key(sandbox.organization_key()).header("stripe-context", context);
        assert_eq!(request.header("stripe-version", sandbox.version()).send().await.status, 200);
    }
    assert_sound(&sandbox);
}

#[tokio::test]
async fn livemode_is_that_of_the_key() {
    let sandbox = Sandbox::start().await.unwrap();
    let sql = json!({"sql": "SELECT 1"});
    let live = post(&sandbox, QUERY_RUNS, &sql).key(sandbox.live_key()).send().await.ok();
    assert_eq!((&live["livemode"], id(&live).starts_with("qryrun_test_")), (&json!(true), false));
    let test = post(&sandbox, QUERY_RUNS, &sql).send().await.ok();
    assert_eq!((&test["livemode"], id(&test).starts_with("qryrun_test_")), (&json!(false), true));
    let report = get(&sandbox, "/v2/reporting/reports/report_61Sud3n5oAGVCWiSr5").send().await.ok();
    assert_eq!((&report["livemode"], &report["id"]), (&json!(false), &json!("report_61Sud3n5oAGVCWiSr5")));
}

#[tokio::test]
async fn requests_are_logged_without_the_key() {
    let sandbox = Sandbox::start().await.unwrap();
    report_run(&sandbox).await;
    let requests = sandbox.requests();
    let [request] = requests.as_slice() else { panic!("{requests:?}") };
    assert_eq!((request.method.as_str(), request.path.as_str()), ("POST", REPORT_RUNS));
    assert_eq!(request.operation.as_deref(), Some("PostReportingReportRuns"));
    assert!(String::from_utf8_lossy(&request.body).starts_with("report_type="));
    assert!(String::from_utf8_lossy(&request.response).contains("frr_"));
    assert!(!format!("{request:?}").contains(sandbox.key()));
}
