//! Both clients against a scripted server. Most tests run with each client.

mod data;
mod download;
mod errors;
mod keys;
mod list;
mod logs;
mod prefetch;
mod proxies;
mod retry;
mod rows;
mod secrets;
mod send;
mod soak;
mod transport;
mod wait;
mod webhooks;

use std::path::Path;
use std::time::Duration;

use stripe_reporting::blocking;
use stripe_reporting::{
    Bytes, Client, Config, Download, Error, FailedAttempt, ListRequest, Request, RequestOptions, Response, Wait,
};
use stripe_reporting_tests::server::{Reply, Request as Received, Server};

/// A client of one kind or the other.
enum AnyClient {
    Async(tokio::runtime::Runtime, Client),
    Blocking(blocking::Client),
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Async,
    Blocking,
}

const KEY: &str = "sk_test_geheim";

/// Runs a test in its own process, with these environment variables and without those of proxies; returns its output.
fn in_child(test: &str, variables: &[(&str, &str)]) -> String {
    let mut command = std::process::Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", test, "--nocapture"]);
    for name in ["HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "HTTP_PROXY"] {
        command.env_remove(name).env_remove(name.to_lowercase());
    }
    let output = command.envs(variables.iter().copied()).output().unwrap();
    let (text, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && text.contains("1 passed"), "{text}\n{errors}");
    text.into_owned()
}

/// Runs a test with each kind of client.
fn each(test: impl Fn(Kind)) {
    for kind in [Kind::Async, Kind::Blocking] {
        test(kind);
    }
}

/// Options with short timeouts.
fn quick() -> RequestOptions {
    RequestOptions::new().connect_timeout(Duration::from_secs(5)).attempt_timeout(Duration::from_secs(5))
}

impl Kind {
    fn client(self, url: &str) -> AnyClient {
        self.with(url, quick())
    }

    /// Creates a client with the default retry policy and shorter delays.
    fn with(self, url: &str, options: RequestOptions) -> AnyClient {
        let sooner = |failed: &FailedAttempt<'_>| failed.default_delay().map(|delay| delay / 50);
        self.configured(Config::builder(KEY).base_url(url).options(options).retry_policy(sooner).build().unwrap())
    }

    fn configured(self, config: Config) -> AnyClient {
        match self {
            Self::Async => AnyClient::Async(
                tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap(),
                Client::with_config(config).unwrap(),
            ),
            Self::Blocking => AnyClient::Blocking(blocking::Client::with_config(config).unwrap()),
        }
    }
}

impl AnyClient {
    fn send<R: Request>(&self, request: R) -> Result<R::Response, Error>
    where
        R::Response: Send,
    {
        match self {
            Self::Async(runtime, client) => runtime.block_on(client.send(request)),
            Self::Blocking(client) => client.send(request),
        }
    }

    fn execute<R: Request>(&self, request: R) -> Result<Response<R::Response>, Error>
    where
        R::Response: Send,
    {
        match self {
            Self::Async(runtime, client) => runtime.block_on(client.execute(request)),
            Self::Blocking(client) => client.execute(request),
        }
    }

    fn list<R: ListRequest>(&self, request: R) -> Result<Vec<R::Item>, Error> {
        match self {
            Self::Async(runtime, client) => runtime.block_on(client.list(request).try_collect()),
            Self::Blocking(client) => client.list(request).collect(),
        }
    }

    fn wait<T: Wait>(&self, run: T, timeout: Duration) -> Result<T, Error> {
        let polling = polling(timeout);
        match self {
            Self::Async(runtime, client) => {
                let waiting = client.wait(run).polling(polling);
                runtime.block_on(async { waiting.await })
            }
            Self::Blocking(client) => client.wait(run).polling(polling).until_done(),
        }
    }

    fn wait_for<T: Wait>(&self, id: T::Id, options: RequestOptions) -> Result<T, Error> {
        let polling = polling(Duration::from_secs(10));
        match self {
            Self::Async(runtime, client) => {
                let waiting = client.wait_for::<T>(id).polling(polling).options(options);
                runtime.block_on(async { waiting.await })
            }
            Self::Blocking(client) => client.wait_for::<T>(id).polling(polling).options(options).until_done(),
        }
    }

    fn save<T: Download>(&self, run: &T, path: &Path) -> Result<u64, Error> {
        match self {
            Self::Async(runtime, client) => runtime.block_on(client.download(run)?.save_to(path)),
            Self::Blocking(client) => client.download(run)?.save_to(path),
        }
    }

    fn bytes<T: Download>(&self, run: &T, limit: usize) -> Result<Bytes, Error> {
        match self {
            Self::Async(runtime, client) => runtime.block_on(client.download(run)?.bytes(limit)),
            Self::Blocking(client) => client.download(run)?.bytes(limit),
        }
    }
}

fn polling(timeout: Duration) -> stripe_reporting::Polling {
    stripe_reporting::Polling::new().first_interval(Duration::from_millis(20)).growth(1.0).timeout(timeout)
}

/// Returns the method and target of each request.
fn lines(requests: &[Received]) -> Vec<String> {
    requests.iter().map(Received::line).collect()
}

/// Returns the JSON of a query run with a status and the URL and size of its result.
fn query_run(status: &str, file: Option<(&str, usize)>) -> String {
    let result = match file {
        Some((url, size)) => format!(
            r#"{{"type":"file","file":{{"content_type":"csv","size":"{size}","download_url":{{"url":"{url}","expires_at":"2026-10-01T00:05:00.000Z"}}}}}}"#
        ),
        None => "null".to_owned(),
    };
    let details = match status {
        "failed" => r#"{"failed":{"error_code":"internal_error","error_message":"The query broke."}}"#,
        _ => "{}",
    };
    format!(
        r#"{{"id":"qryrun_1","object":"v2.data.reporting.query_run","created":"2026-10-01T00:00:00.000Z",
        "sql":"SELECT 1","status":"{status}","status_details":{details},"result":{result},"livemode":false}}"#
    )
}

fn run(status: &str, file: Option<(&str, usize)>) -> stripe_reporting::v2::data::reporting::QueryRun {
    serde_json::from_str(&query_run(status, file)).unwrap()
}

/// A query run of the Data API, with a status and the JSON of its result and of its details.
fn data_run(status: &str, result: &str, details: &str) -> Reply {
    Reply::json(200, data_query_run(status, result, details))
}

fn data_query_run(status: &str, result: &str, details: &str) -> String {
    format!(
        r#"{{"id":"qrun_1","object":"v2.data.query_run","created":"2026-10-28T00:00:00.919623613Z","dataset":"analytical",
        "format":"csv","livemode":false,"query":{{"sql":"SELECT 1"}},"status":"{status}","status_details":{details},
        "result":{result}}}"#
    )
}

/// Returns the JSON of a result with a file of these columns.
fn data_file(url: &str, columns: &[&str], size: usize) -> String {
    let columns: Vec<_> = columns.iter().map(|name| format!(r#"{{"name":"{name}","type":"varchar"}}"#)).collect();
    format!(
        r#"{{"file":{{"columns":[{}],"content_type":"csv","size":"{size}","download_url":{{"url":"{url}"}}}}}}"#,
        columns.join(",")
    )
}

/// A v1 file with this URL and size.
fn file(url: &str, size: usize) -> stripe_reporting::v1::File {
    let json = format!(
        r#"{{"id":"file_1","object":"file","created":1600000000,"expires_at":null,"filename":"a.csv","links":null,
        "purpose":"finance_report_run","size":{size},"title":null,"type":"csv","url":"{url}"}}"#
    );
    serde_json::from_str(&json).unwrap()
}

/// Starts a server with these replies.
fn server(replies: impl IntoIterator<Item = Reply>) -> Server {
    Server::start(replies)
}

/// The README shows the example verbatim.
#[test]
fn the_readme_begins_with_the_quick_start() {
    let read = |path: &str| std::fs::read_to_string(stripe_reporting_tests::project().join(path)).unwrap();
    let example = read("examples/quick_start.rs");
    let (_, code) = example.split_once("\n\n").unwrap();
    assert!(read("README.md").contains(&format!("```rust,no_run\n{code}```")), "examples/quick_start.rs has changed");
}
