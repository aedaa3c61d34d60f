//! Errors in the form of both generations, with the parameter.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};
use stripe_reporting_sandbox::{Limits, Sandbox};

use crate::client::{QUERY_RUNS, REPORT_RUNS, assert_sound, balance, get, post, report_run};

#[tokio::test]
async fn v1_parameters_that_are_not_valid_are_named() {
    let sandbox = Sandbox::start().await.unwrap();
    let valid = balance(&sandbox);
    let cases = [
        ("", "report_type", "parameter_missing"),
        ("report_type=", "report_type", "parameter_invalid_empty"),
        ("report_type=cheese.1", "report_type", "resource_missing"),
        (&format!("{valid}&cheese=1"), "cheese", "parameter_unknown"),
        (&format!("{valid}&parameters[cheese]=1"), "parameters[cheese]", "parameter_unknown"),
        (&format!("{valid}&parameters[payout]=po_1"), "parameters[payout]", "parameter_unknown"),
        (&format!("{valid}&parameters[columns]=a"), "parameters[columns]", ""),
        (&format!("{valid}&parameters[reporting_category]=cheese"), "parameters[reporting_category]", ""),
        ("report_type=balance.summary.1", "parameters[interval_start]", "parameter_missing"),
        (
            "report_type=balance.summary.1&parameters[interval_start]=monday&parameters[interval_end]=1",
            "parameters[interval_start]",
            "parameter_invalid_integer",
        ),
        (
            "report_type=balance.summary.1&parameters[interval_start]=1&parameters[interval_end]=2",
            "parameters[interval_start]",
            "",
        ),
    ];
    for (form, param, code) in cases {
        let response = post(&sandbox, REPORT_RUNS, form).send().await;
        assert_eq!(response.error("param"), param, "{form}: {response:?}");
        assert_eq!(response.error("code"), code, "{form}: {response:?}");
        assert_eq!(response.error("type"), "invalid_request_error");
        assert_eq!(response.status, if code == "resource_missing" { 404 } else { 400 });
    }
    assert_sound(&sandbox);
}

#[tokio::test]
async fn v2_fields_that_are_not_valid_are_in_the_message() {
    let sandbox = Sandbox::start().await.unwrap();
    let cases = [
        (json!({}), "sql"),
        (json!({"sql": 1}), "sql"),
        (json!({"sql": "SELECT 1", "cheese": 1}), "cheese"),
        (json!({"sql": "SELECT 1", "result_options": {"compress_file": "yes"}}), "result_options[compress_file]"),
        (json!({"sql": "SELECT 1", "result_options": null}), "result_options"),
        (json!([]), ""),
    ];
    for (body, field) in cases {
        let response = post(&sandbox, QUERY_RUNS, &body).send().await;
        assert_eq!((response.status, response.error("code").as_str()), (400, "invalid_fields"), "{body}");
        assert!(response.error("message").contains(field), "{body}: {response:?}");
    }
    let response = post(&sandbox, QUERY_RUNS, "{").send().await;
    assert_eq!((response.status, response.error("code").as_str()), (400, "invalid_fields"));
    assert_sound(&sandbox);
}

#[tokio::test]
async fn what_does_not_exist_is_404() {
    let sandbox = Sandbox::start().await.unwrap();
    let run = get(&sandbox, &format!("{REPORT_RUNS}/frr_x")).send().await;
    assert_eq!((run.status, run.error("code").as_str()), (404, "resource_missing"));
    assert_eq!(run.error("param"), "report_run");
    let run = get(&sandbox, &format!("{QUERY_RUNS}/qryrun_x")).send().await;
    assert_eq!((run.status, run.error("code").as_str()), (404, "not_found"));
    assert_eq!(get(&sandbox, "/v1/cheese").send().await.status, 404);
    assert_eq!(get(&sandbox, "/v2/cheese").send().await.error("code"), "not_found");
    assert_eq!(get(&sandbox, "/v1/files/file_x/contents").send().await.error("param"), "file");
    let created = report_run(&sandbox).await;
    let live = get(&sandbox, &format!("{REPORT_RUNS}/{}", crate::client::id(&created)));
    let live = live.key(sandbox.live_key()).send().await;
    assert!(live.error("message").contains("exists in test mode"), "{live:?}");
    assert_sound(&sandbox);
}

#[tokio::test]
async fn a_resource_without_access_has_the_code_of_the_operation() {
    let sandbox = Sandbox::builder().inaccessible("v2.data.reporting.query_run").start().await.unwrap();
    let response = post(&sandbox, QUERY_RUNS, json!({"sql": "SELECT 1"})).send().await;
    assert_eq!((response.status, response.error("code").as_str()), (403, "query_run_api_inaccessible"));
}

#[tokio::test]
async fn bodies_have_the_content_type_of_the_generation() {
    let sandbox = Sandbox::start().await.unwrap();
    let json = post(&sandbox, REPORT_RUNS, "{}").header("content-type", "application/json").send().await;
    assert_eq!(json.status, 400);
    let form = post(&sandbox, QUERY_RUNS, "sql=1").header("content-type", "application/x-www-form-urlencoded");
    assert_eq!(form.send().await.status, 400);
    for form in ["a[=1", "a[b", "[a]=1", "report_type=a&report_type=b", "report_type=%ff"] {
        assert_eq!(post(&sandbox, REPORT_RUNS, form).send().await.status, 400, "{form}");
    }
}

#[tokio::test]
async fn each_error_code_of_an_operation_can_be_provoked() {
    let mut limits = Limits::default();
    limits.concurrent_runs = Some((0, 0));
    let sandbox = Sandbox::start().await.unwrap();
    let busy = Sandbox::builder().limits(limits).start().await.unwrap();
    let without = Sandbox::builder().inaccessible("v2.data.reporting.query_run").inaccessible("v2.reporting.report");
    let without = without.start().await.unwrap();
    let (sql, wrong) = (json!({"sql": "SELECT 1"}), json!({"sql": "SELEC"}));
    let report = json!({"report": "report_61Sud3n5oAGVCWiSr5", "report_parameters": {}});
    let requests = [
        (&sandbox, get(&sandbox, &format!("{QUERY_RUNS}/qryrun_x"))),
        (&sandbox, get(&sandbox, "/v2/reporting/reports/report_x")),
        (&sandbox, get(&sandbox, "/v2/reporting/report_runs/reprun_x")),
        (&sandbox, get(&sandbox, "/v2/core/events/evt_x")),
        (&sandbox, post(&sandbox, QUERY_RUNS, &wrong)),
        (&sandbox, post(&sandbox, "/v2/reporting/report_runs", json!({"report": 1}))),
        (&without, get(&without, "/v2/reporting/reports/report_61Sud3n5oAGVCWiSr5")),
        (&without, get(&without, &format!("{QUERY_RUNS}/qryrun_x"))),
        (&without, post(&without, QUERY_RUNS, &sql)),
        (&busy, post(&busy, QUERY_RUNS, &sql)),
        (&busy, post(&busy, "/v2/reporting/report_runs", &report)),
    ];
    let mut provoked = BTreeSet::new();
    for (sandbox, request) in requests {
        let code = request.send().await.error("code");
        let operation = sandbox.requests().last().unwrap().operation.clone().unwrap();
        provoked.insert(format!("{operation}: {code}"));
    }
    assert_eq!(provoked, listed_codes());
}

/// Returns the codes of the errors that each operation of the description lists.
fn listed_codes() -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "yaml") {
            continue;
        }
        let document: Value = serde_yaml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let items = document["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap().values());
        for operation in items {
            let schemas = operation.pointer("/responses/default/content/application~1json/schema/oneOf");
            let references = schemas.and_then(Value::as_array).into_iter().flatten();
            let names = references.filter_map(|schema| schema["$ref"].as_str()?.rsplit('/').next());
            let id = operation["operationId"].as_str().unwrap();
            codes.extend(names.filter_map(|name| Some(format!("{id}: {}", name.strip_prefix("v2.error.")?))));
        }
    }
    codes
}
