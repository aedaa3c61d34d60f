//! No secret is printed or logged, and spans have the attributes of the conventions.

use std::error::Error as _;
use std::fmt::{Debug, Write as _};
use std::io;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use stripe_reporting::v1::reporting::ReportRun;
use stripe_reporting::v2::data::reporting::QueryRun;
use stripe_reporting::{
    ApiKey, Client, Config, Error, FailedAttempt, RawRequest, RequestOptions, Timestamp, Value, Webhook,
};
use tracing::Dispatch;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::fmt::format::FmtSpan;

use super::*;

/// Parts of secrets: the API key, pre-signed URLs, tokens of the user.
const SECRETS: [&str; 3] = ["geheim", "Signature=", "X-Amz"];

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A second subscriber, which records nothing. If only one exists, the subscriber of the first thread that reaches a span
/// decides for all threads whether it is enabled, and a thread without a subscriber disables it (tokio-rs/tracing#3611).
/// At the level `OFF`, no thread reaches a span while this one is the only one.
static SECOND: LazyLock<Dispatch> =
    LazyLock::new(|| tracing_subscriber::fmt().with_max_level(LevelFilter::OFF).finish().into());

/// Returns what is logged at any level during the work.
pub(super) fn logged(work: impl FnOnce()) -> String {
    let log = Log::default();
    let writer = log.clone();
    LazyLock::force(&SECOND);
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(FmtSpan::NEW | FmtSpan::CLOSE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::with_default(subscriber, work);
    let bytes = log.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}

fn show(text: &mut String, value: &dyn Debug) {
    writeln!(text, "{value:?}\n{value:#?}").unwrap();
}

fn show_error(text: &mut String, error: &Error) {
    show(text, error);
    writeln!(text, "{error}").unwrap();
    let mut source = error.source();
    while let Some(error) = source {
        writeln!(text, "{error}\n{error:?}").unwrap();
        source = error.source();
    }
}

/// A client that runs on the thread of the test, where the log is collected.
fn client(url: &str) -> AnyClient {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    AnyClient::Async(runtime, Client::with_config(config(url)).unwrap())
}

fn config(url: &str) -> Config {
    let options = quick().attempt_timeout(Duration::from_millis(700)).max_retries(1);
    let sooner = |failed: &FailedAttempt<'_>| failed.default_delay().map(|delay| delay / 50);
    let config = Config::builder(ApiKey::new("sk_test_geheim")).base_url(url).options(options);
    config.retry_policy(sooner).build().unwrap()
}

/// Shows all values of a session without errors, and of one with every kind of error.
fn session(client: &AnyClient, url: &str, text: &mut String) {
    let pre_signed = format!("{url}/store?X-Amz-Signature=geheim");
    match client {
        AnyClient::Async(_, client) => show(text, client),
        AnyClient::Blocking(client) => show(text, client),
    }
    let run = client.execute(QueryRun::create("SELECT 1")).unwrap();
    show(text, &run);
    show(text, &QueryRun::create("SELECT 1"));
    let run = client.wait(run.value, Duration::from_secs(5)).unwrap();
    show(text, &run);
    show(text, &client.bytes(&run, 10).unwrap().len());
    show(text, &client.list(ReportRun::list()).unwrap());
    match client {
        AnyClient::Async(_, client) => {
            show(text, &client.download(&run).unwrap());
            show(text, &client.download(&run).unwrap().chunks());
            show(text, &client.wait(run.clone()));
        }
        AnyClient::Blocking(client) => {
            show(text, &client.download(&run).unwrap());
            show(text, &client.download(&run).unwrap().reader());
            show(text, &client.wait(run.clone()));
        }
    }
    for path in ["/v1/echo", "/v1/reset", "/v1/never", "/v1/redirect", "/v1/decode", "/v1/truncated", "/v1/xml"] {
        show_error(text, &client.send(RawRequest::get(path).response_type::<Vec<u8>>()).unwrap_err());
    }
    for path in ["echo", "reset", "xml", "short", "redirect", "loop"] {
        let run = super::run("succeeded", Some((&format!("{url}/{path}?X-Amz-Signature=geheim"), 3)));
        match client.bytes(&run, 10) {
            // The run was retrieved again, with another URL.
            Ok(bytes) => assert_eq!((bytes.as_ref(), ["echo", "xml"].contains(&path)), (&b"abc"[..], true)),
            Err(error) => show_error(text, &error),
        }
    }
    show_error(text, &client.bytes(&super::run("succeeded", Some((&pre_signed, 4))), 1).unwrap_err());
    show_error(
        text,
        &client.bytes(&super::run("succeeded", Some(("https://\u{e4}/?Signature=geheim", 4))), 10).unwrap_err(),
    );
    show_error(text, &client.bytes(&file("https://evil.test/?Signature=geheim", 3), 10).unwrap_err());
    show_error(text, &client.send(QueryRun::retrieve("")).unwrap_err());
    let webhook = Webhook::new("whsec_geheim").unwrap();
    let signature = webhook.sign(b"{}", Timestamp::UNIX_EPOCH);
    show(text, &webhook);
    webhook.verify_at(&signature, b"{}", Timestamp::UNIX_EPOCH).unwrap();
    for error in [webhook.verify(&signature, b"{}").unwrap_err(), webhook.verify(&signature, b"").unwrap_err()] {
        show_error(text, &error);
        assert!(!text.contains(signature.rsplit('=').next().unwrap()), "the signature is shown");
    }
    let options = RequestOptions::new().account("geheim\n");
    show_error(text, &client.send(RawRequest::<Value>::get("/v1/x").with(options)).unwrap_err());
}

fn respond(url: &str, request: &Received) -> Reply {
    let pre_signed = format!("{url}/store?X-Amz-Signature=geheim");
    let echo = "{\"error\":{\"message\":\"sk_test_geheim and https://a.b/c?X-Amz-Signature=geheim\"}}";
    let xml = "<Error><SignatureProvided>geheim</SignatureProvided><AWSAccessKeyId>geheim</AWSAccessKeyId></Error>";
    match request.path() {
        "/v2/data/reporting/query_runs" => Reply::json(200, query_run("running", None)),
        path if path.starts_with("/v2/data/reporting/query_runs/") => {
            Reply::json(200, query_run("succeeded", Some((&pre_signed, 3))))
        }
        "/v1/reporting/report_runs" => Reply::json(200, r#"{"object":"list","data":[],"has_more":false,"url":"/"}"#),
        "/store" => Reply::file("abc"),
        "/v1/echo" | "/echo" => Reply::json(400, echo).request_id("req_1"),
        "/v1/reset" | "/reset" => Reply::reset(),
        "/v1/never" => Reply::never(),
        "/v1/redirect" => Reply::redirect(302, "https://evil.test/?X-Amz-Signature=geheim"),
        "/redirect" => Reply::redirect(302, "ftp://evil.test/?X-Amz-Signature=geheim"),
        "/loop" => Reply::redirect(302, "/loop?X-Amz-Signature=geheim"),
        "/v1/decode" => Reply::json(200, echo),
        "/v1/truncated" => Reply::json(200, echo).truncated_at(50),
        "/v1/xml" | "/xml" => Reply::new(403, "application/xml", xml),
        "/short" => Reply::file("ab"),
        other => panic!("{other}"),
    }
}

#[test]
fn no_secret_is_shown_or_logged() {
    let url = Arc::new(Mutex::new(String::new()));
    let for_server = url.clone();
    let server = Server::start_with(move |request| respond(&for_server.lock().unwrap(), request));
    *url.lock().unwrap() = server.url();
    let mut text = String::new();
    let log = logged(|| {
        session(&client(&server.url()), &server.url(), &mut text);
        let blocking = blocking::Client::with_config(config(&server.url())).unwrap();
        session(&AnyClient::Blocking(blocking), &server.url(), &mut text);
    });
    assert!(text.len() > 20_000 && log.len() > 5_000, "{} and {} bytes", text.len(), log.len());
    assert!(text.contains("sk_test_[redacted]") && log.contains("HTTP request"), "{log}");
    for (what, text) in [("shown", &text), ("logged", &log)] {
        for line in text.lines() {
            for secret in SECRETS {
                // The name of a parameter may be shown, its value may not.
                let line = line.replace(&format!("{secret}[redacted]"), "").replace("X-Amz-[redacted]", "");
                assert!(!line.contains(secret), "{what}: {line}");
            }
        }
    }
}

/// The server echoes the key in every member of its responses, with line breaks.
#[test]
fn no_secret_echoed_by_a_server_is_shown_or_logged() {
    let hostile = r"sk_test_geheim\n\u001b[2Kforged: https://a.b/?X-Amz-Signature=geheim";
    let refused = || {
        let members = ["type", "code", "message", "user_message", "param", "doc_url", "request_log_url"];
        let members = members.map(|name| format!(r#""{name}":"{hostile}""#)).join(",");
        Reply::json(400, format!(r#"{{"error":{{{members}}}}}"#)).request_id("sk_test_geheim")
    };
    let failed = || {
        let run = query_run("failed", None).replace("internal_error", hostile).replace("The query broke.", hostile);
        Reply::json(200, run.replace("qryrun_1", hostile)).request_id("sk_test_geheim")
    };
    let server = server([refused(), failed(), failed(), refused(), failed(), failed()]);
    let mut text = String::new();
    let log = logged(|| {
        let blocking = blocking::Client::with_config(config(&server.url())).unwrap();
        for client in [client(&server.url()), AnyClient::Blocking(blocking)] {
            let refused = client.send(QueryRun::retrieve("qryrun_1")).unwrap_err();
            let failed = client.wait(run("running", None), Duration::from_secs(5)).unwrap_err();
            let response = client.execute(QueryRun::retrieve("qryrun_1")).unwrap();
            for error in [&refused, &failed] {
                assert!(error.code().unwrap().starts_with("sk_test_geheim\n"), "{error}");
                assert!(error.message().starts_with("sk_test_[redacted]\n"), "{error}");
                writeln!(text, "{error}\n{error:?}").unwrap();
            }
            assert_eq!(response.request_id(), Some("sk_test_geheim"));
            let shown = format!("{response:?}");
            assert!(shown.contains(r#"request_id: Some("sk_test_[redacted]")"#), "{shown}");
        }
    });
    assert_eq!(text.lines().count(), 8, "{text}");
    assert!(text.contains("the run failed: sk_test_[redacted]") && log.contains("sk_test_[redacted]"), "{text}\n{log}");
    for text in [&text, &log] {
        assert!(!text.contains("geheim") && !text.contains('\u{1b}') && !text.contains("\nforged"), "{text}");
    }
}

#[test]
fn spans_follow_the_semantic_conventions() {
    let server = server([
        Reply::json(500, "{}"),
        Reply::json(200, query_run("running", None)).request_id("req_1"),
        Reply::reset(),
    ]);
    let log = logged(|| {
        let client = client(&server.url());
        client.send(QueryRun::create("SELECT 1")).unwrap();
        let request = RawRequest::<Value>::get("/v1/x").with(RequestOptions::new().max_retries(0));
        client.send(request).unwrap_err();
    });
    let closed: Vec<_> =
        log.lines().filter(|line| line.contains("stripe_reporting") && line.contains("close")).collect();
    assert_eq!(closed.len(), 3, "{log}");
    let port = server.url().rsplit(':').next().unwrap().to_owned();
    for part in [
        "otel.name=POST /v2/data/reporting/query_runs",
        "otel.kind=\"client\"",
        "http.request.method=\"POST\"",
        "url.template=\"/v2/data/reporting/query_runs\"",
        "server.address=\"127.0.0.1\"",
        &format!("server.port={port}"),
        "http.response.status_code=500",
        "error.type=\"500\"",
    ] {
        assert!(closed[0].contains(part), "{part} in {}", closed[0]);
    }
    assert!(!closed[0].contains("resend_count"), "{}", closed[0]);
    for part in ["http.request.resend_count=1", "http.response.status_code=200", "stripe.request_id=\"req_1\""] {
        assert!(closed[1].contains(part), "{part} in {}", closed[1]);
    }
    assert!(!closed[1].contains("error.type"), "{}", closed[1]);
    assert!(closed[2].contains("error.type=\"connection\"") && !closed[2].contains("status_code"), "{}", closed[2]);
}
