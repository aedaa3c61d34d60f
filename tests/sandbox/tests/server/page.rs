//! The page: it shows what happened, as text, to this machine only.

use serde_json::json;
use stripe_reporting_sandbox::{Fault, Outcome, Sandbox, Timing};

use crate::client::{Response, admin, get, id, post, query_run, report_run};

const QUERY: &str = "/_sandbox/page/query";

/// Runs SQL by the form.
async fn run(sandbox: &Sandbox, sql: &str) -> Response {
    let encoded: String = sql.bytes().map(|byte| format!("%{byte:02X}")).collect();
    post(sandbox, QUERY, format!("sql={encoded}")).header("origin", sandbox.base_url()).send().await
}

async fn page(sandbox: &Sandbox, path: &str) -> String {
    let response = get(sandbox, path).header("authorization", "").send().await;
    assert_eq!(response.status, 200, "{}", response.text);
    response.text
}

/// Returns the first link of a page that starts with a path.
fn link<'h>(html: &'h str, start: &str) -> &'h str {
    let (_, rest) = html.split_once(&format!("href=\"{start}")).unwrap_or_else(|| panic!("no link to {start}: {html}"));
    let end = rest.find('"').unwrap();
    let from = rest.as_ptr() as usize - html.as_ptr() as usize - start.len();
    &html[from..from + start.len() + end]
}

#[tokio::test]
async fn the_page_shows_what_happened() {
    let sandbox = Sandbox::start().await.unwrap();
    let report = report_run(&sandbox).await;
    let response = get(&sandbox, "/v1/reporting/report_types?limit=1").send().await;
    let overview = page(&sandbox, "/").await;
    for text in [id(&report), &response.headers["request-id"], "reporting.report_run.succeeded", "STRIPE_API_BASE=http"]
    {
        assert!(overview.contains(text), "{text}: {overview}");
    }
    assert!(!overview.contains("http-equiv"), "{overview}");
    let request =
        page(&sandbox, &format!("/_sandbox/page/requests/{}", response.headers["request-id"].replace('_', "%5F")))
            .await;
    for text in ["GET /v1/reporting/report_types?limit=1", "content-type", "400 Bad Request", "parameter_unknown"] {
        assert!(request.contains(text), "{text}: {request}");
    }
    let shown = page(&sandbox, link(&overview, "/_sandbox/page/runs/reporting%2Ereport%5Frun/")).await;
    assert!(shown.contains("<td>activity</td>") && shown.contains("&quot;report_type&quot;"), "{shown}");
    let csv = get(&sandbox, link(&shown, "/_sandbox/page/runs/")).send().await;
    assert!(csv.text.starts_with("category,description,net_amount,currency\n"), "{}", csv.text);
    let event = page(&sandbox, link(&overview, "/_sandbox/page/events/")).await;
    assert!(event.contains("reporting.report_run.succeeded") && event.contains("no webhook"), "{event}");
    let tables = page(&sandbox, "/_sandbox/page/tables").await;
    assert!(tables.contains("<code>balance_transactions</code>") && tables.contains("timestamp"), "{tables}");
    for missing in ["requests/req_x", "events/evt_x", "runs/x/y", "runs/event/x/result.csv"] {
        assert_eq!(get(&sandbox, &format!("/_sandbox/page/{missing}")).send().await.status, 404, "{missing}");
    }
}

#[tokio::test]
async fn it_is_loaded_again_while_a_run_is_in_progress() {
    let sandbox = Sandbox::builder().schedule(Timing::Never).start().await.unwrap();
    let run = query_run(&sandbox).await;
    let refresh = "<meta http-equiv=\"refresh\" content=\"2\">";
    let overview = page(&sandbox, "/").await;
    let path = link(&overview, "/_sandbox/page/runs/");
    assert!(overview.contains(refresh) && page(&sandbox, path).await.contains(refresh));
    sandbox.finish(id(&run), Outcome::Succeeded);
    assert!(!page(&sandbox, "/").await.contains(refresh) && !page(&sandbox, path).await.contains(refresh));
}

#[tokio::test]
async fn the_form_creates_a_query_run() {
    let sandbox = Sandbox::start().await.unwrap();
    let form = page(&sandbox, QUERY).await;
    assert!(form.contains("<form method=\"post\"") && !form.contains("<script"), "{form}");
    let created = run(&sandbox, "SELECT 'a' AS x,\r\n CAST(2 AS bigint) AS y, NULL AS z").await;
    assert_eq!(created.status, 303, "{created:?}");
    assert_eq!(sandbox.runs().last().unwrap().resource, "v2.data.query_run");
    let sql = "SELECT 'a' AS x,\n CAST(2 AS bigint) AS y, NULL AS z";
    assert_eq!(
        sandbox.requests().last().unwrap().body,
        json!({"dataset": "analytical", "format": "csv", "query": {"sql": sql}}).to_string()
    );
    let shown = page(&sandbox, &created.headers["location"]).await;
    let row = "<tr><td>a</td><td class=\"number\">2</td><td class=\"null\">null</td></tr>";
    assert!(shown.contains(row), "{shown}");
    let many = run(&sandbox, "SELECT id FROM balance_transactions").await;
    let many = page(&sandbox, &many.headers["location"]).await;
    assert!(many.contains("The first 100 of ") && many.matches("<tr>").count() == 101, "{many}");
    let wrong = run(&sandbox, "SELECT id\nFROM charges\nWHERE nope = 1").await;
    assert_eq!(wrong.status, 400);
    assert!(wrong.text.contains("query_run_invalid_sql"), "{}", wrong.text);
    assert!(wrong.text.contains("3 | WHERE nope = 1\n          ^"), "{}", wrong.text);
    assert!(wrong.text.contains("FROM charges\nWHERE nope = 1</textarea>"), "{}", wrong.text);
    let wrong = run(&sandbox, "SELECT 'ä',\tnope FROM charges").await;
    assert!(wrong.text.contains(&format!("\n{}\t^", " ".repeat("1 | SELECT '_',".len()))), "{}", wrong.text);
    assert_eq!(run(&sandbox, "").await.status, 400);
}

#[tokio::test]
async fn nothing_that_is_shown_is_markup() {
    let sandbox = Sandbox::start().await.unwrap();
    let evil = "<script>alert(1)</script>";
    let created = run(&sandbox, "SELECT '<script>alert(1)</script>' AS \"<img src=x onerror=alert(2)>\"").await;
    let shown = run(&sandbox, "SELECT '&\u{202e}\u{1}' AS x").await;
    let shown = page(&sandbox, &shown.headers["location"]).await;
    assert!(shown.contains("<td>&amp;\u{fffd}\u{fffd}</td>"), "{shown}");
    let pages = [
        page(&sandbox, &created.headers["location"]).await,
        run(&sandbox, "SELECT </textarea><script>alert(1)</script>").await.text,
        run(&sandbox, "SELECT \"<img src=x>\" FROM charges").await.text,
    ];
    let path = "/v1/%3Cscript%3E'{\"}?a='";
    let request = get(&sandbox, path).header("x-evil", evil).send().await;
    assert_eq!(request.status, 404);
    let detail = page(&sandbox, &format!("/_sandbox/page/requests/{}", request.headers["request-id"])).await;
    let missing = get(&sandbox, "/_sandbox/page/runs/%3Cscript%3E/%22%3E").send().await;
    assert_eq!(missing.status, 404);
    assert!(detail.contains("&lt;script&gt;alert(1)"), "{detail}");
    for html in pages.into_iter().chain([detail, missing.text, page(&sandbox, "/").await]) {
        assert!(!html.contains("<script") && !html.contains("<img"), "{html}");
        assert_eq!(html.matches("</textarea>").count(), html.matches("<textarea ").count(), "{html}");
    }
    let headers = get(&sandbox, "/").send().await.headers;
    assert!(headers["content-security-policy"].starts_with("default-src 'none'; style-src 'unsafe-inline'"));
}

#[tokio::test]
async fn secrets_are_hidden() {
    let sandbox = Sandbox::start().await.unwrap();
    let key = "sk_live_51Secret";
    let refused = get(&sandbox, &format!("/v1/files/x?key={key}&a=rk_test_Secret&b=whsec_Secret"))
        .key(key)
        .header("cookie", "a=Crumbs")
        .send()
        .await;
    let detail = page(&sandbox, &format!("/_sandbox/page/requests/{}", refused.headers["request-id"])).await;
    assert!(!detail.contains("Secret") && !detail.contains("Crumbs"), "{detail}");
    assert!(detail.contains("?key=sk_live_…&amp;a=rk_test_…&amp;b=whsec_…"), "{detail}");
    let run = query_run(&sandbox).await;
    let retrieved = get(&sandbox, &format!("/v2/data/reporting/query_runs/{}", id(&run))).send().await;
    assert!(retrieved.text.contains("signature="));
    let detail = page(&sandbox, &format!("/_sandbox/page/requests/{}", retrieved.headers["request-id"])).await;
    assert!(detail.contains("signature=…"), "{detail}");
}

#[tokio::test]
async fn other_sites_are_refused() {
    let sandbox = Sandbox::start().await.unwrap();
    for host in [
        "evil.example",
        "127.0.0.1.evil.example:80",
        "localhost.evil.example",
        "localhost@evil.example",
        "evil@127.0.0.1",
        "0.0.0.0",
        "[::]",
    ] {
        for path in ["/", QUERY, "/_sandbox/page/tables", "/_sandbox", "/_sandbox/requests"] {
            assert_eq!(get(&sandbox, path).header("host", host).send().await.status, 403, "{host} {path}");
        }
        for path in ["/_sandbox/events", "/_sandbox/faults"] {
            let sent = post(&sandbox, path, "{}").header("host", host).send().await;
            assert_eq!(sent.status, 403, "{host} {path}");
        }
    }
    for host in ["localhost:1", "LOCALHOST", "127.1.2.3", "[::1]:80"] {
        assert_eq!(get(&sandbox, "/").header("host", host).send().await.status, 200, "{host}");
    }
    let runs = sandbox.runs().len();
    for (name, value) in [
        ("origin", "http://evil.example"),
        ("origin", "null"),
        ("origin", "http://127.0.0.1:1"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let request = post(&sandbox, QUERY, "sql=SELECT+1").header(name, value).send().await;
        assert_eq!(request.status, 403, "{name}: {value}");
        let request = admin(&sandbox, "POST", "/faults", json!({"fault": "reset"})).header(name, value).send().await;
        assert_eq!(request.status, 403, "{name}: {value}");
    }
    assert_eq!(sandbox.runs().len(), runs);
    assert_eq!(post(&sandbox, QUERY, "sql=SELECT+1").send().await.status, 303);
}

#[tokio::test]
async fn faults_are_shown_and_not_met() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fault(Fault::status(503).always());
    let refused = get(&sandbox, "/v1/reporting/report_types").send().await;
    assert_eq!(refused.status, 503);
    let detail = page(&sandbox, &format!("/_sandbox/page/requests/{}", refused.headers["request-id"])).await;
    for text in ["met the fault <code>status</code>", "503 Service Unavailable", "content-type"] {
        assert!(detail.contains(text), "{text}: {detail}");
    }
    assert_eq!(run(&sandbox, "SELECT 1").await.status, 303);
    admin(&sandbox, "GET", "/runs", "").send().await.ok();
}
