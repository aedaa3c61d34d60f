//! Lists: pages in both directions, filters, `expand`.

use std::time::Duration;

use serde_json::json;
use stripe_reporting_sandbox::Sandbox;

use crate::client::{REPORT_RUNS, assert_sound, get, id, ids, query_run, report_run};

#[tokio::test]
async fn v1_lists_have_cursors_in_both_directions() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut created = Vec::new();
    for _ in 0..7 {
        created.push(id(&report_run(&sandbox).await).to_owned());
    }
    created.reverse();
    let list = async |query: &str| get(&sandbox, &format!("{REPORT_RUNS}?{query}")).send().await.ok();
    let all = list("").await;
    assert_eq!((ids(&all), &all["has_more"], &all["url"]), (created.clone(), &json!(false), &json!(REPORT_RUNS)));
    let first = list("limit=3").await;
    assert_eq!((ids(&first), &first["has_more"]), (created[..3].to_vec(), &json!(true)));
    let next = list(&format!("limit=3&starting_after={}", created[2])).await;
    assert_eq!((ids(&next), &next["has_more"]), (created[3..6].to_vec(), &json!(true)));
    let last = list(&format!("limit=3&starting_after={}", created[5])).await;
    assert_eq!((ids(&last), &last["has_more"]), (created[6..].to_vec(), &json!(false)));
    let before = list(&format!("limit=3&ending_before={}", created[5])).await;
    assert_eq!((ids(&before), &before["has_more"]), (created[2..5].to_vec(), &json!(true)));
    let before = list(&format!("limit=3&ending_before={}", created[2])).await;
    assert_eq!((ids(&before), &before["has_more"]), (created[..2].to_vec(), &json!(false)));
    assert_sound(&sandbox);
}

#[tokio::test]
async fn cursors_of_v1_are_ids_and_exclude_each_other() {
    let sandbox = Sandbox::start().await.unwrap();
    let run = report_run(&sandbox).await;
    let list = async |query: &str| get(&sandbox, &format!("{REPORT_RUNS}?{query}")).send().await;
    let missing = list("starting_after=frr_x").await;
    assert_eq!((missing.status, missing.error("code").as_str()), (404, "resource_missing"));
    assert_eq!(missing.error("param"), "starting_after");
    let both = list(&format!("starting_after={0}&ending_before={0}", id(&run))).await;
    assert_eq!((both.status, both.error("code").as_str()), (400, "parameters_exclusive"));
    for limit in ["0", "101", "x"] {
        let response = list(&format!("limit={limit}")).await;
        assert_eq!((response.status, response.error("param").as_str()), (400, "limit"), "{limit}");
        assert_eq!(response.error("code"), "parameter_invalid_integer");
    }
}

#[tokio::test]
async fn created_selects_a_time_or_a_range() {
    let sandbox = Sandbox::builder().clock("2026-06-01T00:00:00Z".parse().unwrap()).start().await.unwrap();
    let mut created = Vec::new();
    for _ in 0..4 {
        created.push(report_run(&sandbox).await);
        sandbox.advance(Duration::from_secs(10));
    }
    let time = |index: usize| created[index]["created"].as_i64().unwrap();
    let list = async |query: String| ids(&get(&sandbox, &format!("{REPORT_RUNS}?{query}")).send().await.ok());
    let expected = |indices: &[usize]| indices.iter().map(|index| id(&created[*index]).to_owned()).collect::<Vec<_>>();
    assert_eq!(list(format!("created={}", time(1))).await, expected(&[1]));
    assert_eq!(list(format!("created[gte]={}&created[lt]={}", time(1), time(3))).await, expected(&[2, 1]));
    assert_eq!(list(format!("created[gt]={}", time(1))).await, expected(&[3, 2]));
    assert_eq!(list(format!("created%5Blte%5D={}", time(0))).await, expected(&[0]));
    let invalid = get(&sandbox, &format!("{REPORT_RUNS}?created[since]=1")).send().await;
    assert_eq!((invalid.status, invalid.error("param").as_str()), (400, "created[since]"));
    let invalid = get(&sandbox, &format!("{REPORT_RUNS}?created=monday")).send().await;
    assert_eq!((invalid.status, invalid.error("param").as_str()), (400, "created"));
}

#[tokio::test]
async fn v2_lists_have_urls_of_the_next_and_the_previous_page() {
    let sandbox = Sandbox::start().await.unwrap();
    for _ in 0..3 {
        query_run(&sandbox).await;
    }
    let types = "types[0]=v2.data.reporting.query_run.created&types[1]=v2.data.reporting.query_run.succeeded";
    let page = async |target: &str| get(&sandbox, target).send().await.ok();
    let all = page(&format!("/v2/core/events?limit=100&{types}")).await;
    let all = ids(&all);
    assert_eq!(all.len(), 6);
    let (mut url, mut forward, mut last) = (format!("/v2/core/events?limit=4&{types}"), Vec::new(), String::new());
    loop {
        let found = page(&url).await;
        forward.extend(ids(&found));
        last.clone_from(&url);
        match found["next_page_url"].as_str() {
            Some(next) => url = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(forward, all);
    let previous = page(&last).await["previous_page_url"].as_str().unwrap().to_owned();
    let first = page(&previous).await;
    assert_eq!(ids(&first), all[..4]);
    assert_eq!(first["previous_page_url"], json!(null));
    let invalid = get(&sandbox, "/v2/core/events?page=cheese").send().await;
    assert_eq!((invalid.status, invalid.error("code").as_str()), (400, "invalid_page_token"));
    assert_sound(&sandbox);
}

#[tokio::test]
async fn events_are_selected_by_object_and_time() {
    let sandbox = Sandbox::builder().clock("2026-06-01T00:00:00Z".parse().unwrap()).start().await.unwrap();
    let (first, _) = (query_run(&sandbox).await, sandbox.advance(Duration::from_secs(10)));
    query_run(&sandbox).await;
    let list = async |query: &str| get(&sandbox, &format!("/v2/core/events?{query}")).send().await.ok();
    let found = list(&format!("object_id={}", id(&first))).await;
    assert_eq!(found["data"].as_array().unwrap().len(), 3);
    assert!(found["data"].as_array().unwrap().iter().all(|event| event["related_object"]["id"] == first["id"]));
    let found = list("created[gte]=2026-06-01T00:00:05Z&types[0]=v2.data.reporting.query_run.created").await;
    assert_eq!(ids(&found).len(), 1);
}

#[tokio::test]
async fn report_types_are_listed_on_one_page() {
    let sandbox = Sandbox::start().await.unwrap();
    let list = get(&sandbox, "/v1/reporting/report_types").send().await.ok();
    assert_eq!(list["has_more"], false);
    assert!(ids(&list).contains(&"balance.summary.1".to_owned()), "{list}");
    let unknown = get(&sandbox, "/v1/reporting/report_types?limit=1").send().await;
    assert_eq!((unknown.status, unknown.error("code").as_str()), (400, "parameter_unknown"));
    assert_sound(&sandbox);
}

#[tokio::test]
async fn expand_names_objects_only() {
    let sandbox = Sandbox::start().await.unwrap();
    let run = report_run(&sandbox).await;
    let expanded = get(&sandbox, &format!("{REPORT_RUNS}/{}?expand[0]=result", id(&run))).send().await;
    assert_eq!(expanded.status, 200, "{expanded:?}");
    assert_eq!(get(&sandbox, &format!("{REPORT_RUNS}?expand[]=data.result")).send().await.status, 200);
    for (query, param) in [("expand[0]=cheese", "expand[0]"), ("expand[0]=result&expand[1]=id", "expand[1]")] {
        let response = get(&sandbox, &format!("{REPORT_RUNS}/{}?{query}", id(&run))).send().await;
        assert_eq!((response.status, response.error("param").as_str()), (400, param));
    }
}
