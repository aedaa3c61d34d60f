//! Runs of the Data API's shape: inline rows, reports by id or name, presets, cancellation.

use serde_json::{Value, json};
use stripe_reporting_sandbox::{Outcome, Sandbox};

use crate::client::{assert_sound, get, id, post};
use crate::description::with_file;

const RUNS: &str = "/v2/dairy/runs";

async fn sandbox() -> Sandbox {
    let directory = with_file("cheese.yaml", include_str!("fixtures/cheese.yaml"));
    Sandbox::builder().spec(directory.path()).start().await.unwrap()
}

async fn run(sandbox: &Sandbox, body: Value) -> Value {
    let run = post(sandbox, RUNS, body).send().await.ok();
    get(sandbox, &format!("{RUNS}/{}", id(&run))).send().await.ok()
}

fn query(sql: &str) -> Value {
    json!({"dataset": "analytical", "query": {"sql": sql}})
}

#[tokio::test]
async fn rows_are_included_page_by_page() {
    let sandbox = sandbox().await;
    let run = run(&sandbox, query("SELECT id, amount FROM charges LIMIT 12")).await;
    assert_eq!(run["result"].get("inline"), None);
    assert_eq!((&run["result"]["row_count"], &run["result"]["col_count"]), (&json!("12"), &json!("2")));
    assert_eq!(run["result"]["file"]["columns"][1]["type"], "bigint");
    let (mut page, mut rows) = (String::new(), 0);
    loop {
        let target = format!("{RUNS}/{}?include[0]=result.inline&limit=5{page}", id(&run));
        let inline = get(&sandbox, &target).send().await.ok()["result"]["inline"].clone();
        rows += inline["rows"].as_array().unwrap().len();
        assert!(inline["rows"][0]["data"]["amount"].is_i64(), "{inline}");
        assert_eq!(inline["previous_page_url"].is_null(), page.is_empty());
        match inline["next_page_url"].as_str() {
            Some(token) => page = format!("&page={token}"),
            None => break,
        }
    }
    assert_eq!(rows, 12);
    let invalid = get(&sandbox, &format!("{RUNS}/{}?include[0]=result.inline&page=x", id(&run))).send().await;
    assert_eq!((invalid.status, invalid.error("code").as_str()), (400, "invalid_page_token"));
    let unknown = get(&sandbox, &format!("{RUNS}/{}?include[0]=cheese", id(&run))).send().await;
    assert_eq!(unknown.status, 400);
    assert_sound(&sandbox);
}

#[tokio::test]
async fn a_report_is_named_by_its_id_or_name() {
    let sandbox = sandbox().await;
    let now = sandbox.now().as_second();
    let time = |days: i64| jiff::Timestamp::from_second(now - days * 86_400).unwrap().to_string();
    let parameters = json!({"interval_start": time(40), "interval_end": time(10), "columns": ["currency"]});
    let body = |report: Value| json!({"dataset": "analytical", "report": report, "parameters": parameters});
    for report in [json!({"id": "report_61Sud3n5oAGVCWiSr5"}), json!({"name": "balance.summary"})] {
        let run = run(&sandbox, body(report)).await;
        assert_eq!((&run["report"], &run["name"]), (&json!("report_61Sud3n5oAGVCWiSr5"), &json!("balance.summary")));
        assert_eq!((&run["parameters"], run.get("sql")), (&parameters, None));
        assert_eq!(run["result"]["file"]["columns"][0]["name"], "currency");
        let included = get(&sandbox, &format!("{RUNS}/{}?include[0]=sql", id(&run))).send().await.ok();
        assert!(included["sql"].is_string(), "{included}");
    }
    let both = json!({"id": "report_61Sud3n5oAGVCWiSr5", "name": "balance.summary"});
    for report in [both, json!({}), json!({"cheese": "x"}), json!("report_61Sud3n5oAGVCWiSr5")] {
        let response = post(&sandbox, RUNS, body(report.clone())).send().await;
        assert_eq!((response.status, response.error("code").as_str()), (400, "invalid_fields"), "{report}");
        assert!(response.error("message").contains("report"), "{report}: {response:?}");
    }
    assert_eq!(post(&sandbox, RUNS, body(json!({"name": "cheese"}))).send().await.status, 404);
    assert_eq!(post(&sandbox, RUNS, json!({"query": {"sql": "SELECT 1"}})).send().await.status, 400);
    assert_sound(&sandbox);
}

#[tokio::test]
async fn wrong_sql_fails_the_run_if_the_operation_has_no_code_for_it() {
    let sandbox = sandbox().await;
    let run = run(&sandbox, query("SELEC")).await;
    assert_eq!((&run["status"], &run["result"]), (&json!("failed"), &Value::Null));
    assert_eq!(run["status_details"]["code"], "query_run_invalid_sql");
    assert_sound(&sandbox);
}

#[tokio::test]
async fn a_canceled_run_says_when() {
    let sandbox = sandbox().await;
    sandbox.schedule(Outcome::Canceled);
    let run = run(&sandbox, query("SELECT 1")).await;
    assert_eq!((&run["status"], run["status_details"]["canceled_at"].is_string()), (&json!("canceled"), true), "{run}");
    assert_sound(&sandbox);
}

#[tokio::test]
async fn a_run_without_a_query_and_a_report_has_an_empty_result() {
    let sandbox = sandbox().await;
    let run = run(&sandbox, json!({"dataset": "analytical"})).await;
    assert_eq!((&run["status"], &run["result"]["row_count"]), (&json!("succeeded"), &json!("0")), "{run}");
    assert_sound(&sandbox);
}
