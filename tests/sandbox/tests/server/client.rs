//! A client without dependencies: one connection for each request.

use std::collections::HashMap;
use std::io::ErrorKind;

use serde_json::Value;
use stripe_reporting_sandbox::Sandbox;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A response.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: HashMap<String, String>,
    pub(crate) text: String,
    pub(crate) body: Vec<u8>,
}

/// What a connection returned before it ended.
#[derive(Debug)]
pub(crate) struct Raw {
    pub(crate) bytes: Vec<u8>,
    /// `None` for the end of the stream.
    pub(crate) error: Option<ErrorKind>,
}

/// A request to a sandbox, by default with the secret key and, for v2, a version.
#[derive(Debug)]
pub(crate) struct Request {
    base: String,
    method: &'static str,
    target: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Response {
    /// Returns the body of a response that has succeeded.
    #[track_caller]
    pub(crate) fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text);
        self.json()
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    /// Returns a member of the error.
    #[track_caller]
    pub(crate) fn error(&self, member: &str) -> String {
        assert_ne!(self.status, 200, "{}", self.text);
        self.json()["error"][member].as_str().unwrap_or_default().to_owned()
    }
}

impl Raw {
    /// Reads as much of a response as there is.
    #[track_caller]
    pub(crate) fn response(&self) -> Response {
        let end = self.bytes.windows(4).position(|window| window == b"\r\n\r\n").expect("a head");
        let head = String::from_utf8(self.bytes[..end].to_vec()).unwrap();
        let body = self.bytes[end + 4..].to_vec();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers = lines.filter_map(|line| line.split_once(": "));
        let headers = headers.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
        Response { status, headers, text: String::from_utf8_lossy(&body).into_owned(), body }
    }
}

impl Request {
    fn new(sandbox: &Sandbox, method: &'static str, target: &str) -> Self {
        Self {
            base: sandbox.base_url().into(),
            method,
            target: target.into(),
            headers: Vec::new(),
            body: String::new(),
        }
        .key(sandbox.key())
        .header_if(target.starts_with("/v2/"), "stripe-version", sandbox.version())
    }

    fn header_if(self, condition: bool, name: &str, value: &str) -> Self {
        if condition { self.header(name, value) } else { self }
    }

    /// Sets a header, or removes it if the value is empty.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(other, _)| other != name);
        if !value.is_empty() {
            self.headers.push((name.into(), value.into()));
        }
        self
    }

    pub(crate) fn key(self, key: &str) -> Self {
        self.header("authorization", &format!("Bearer {key}"))
    }

    pub(crate) fn head(self) -> Self {
        Self { method: "HEAD", ..self }
    }

    /// Returns all that the connection returned.
    pub(crate) async fn raw(self) -> Raw {
        let address = self.base.strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(address).await.unwrap();
        let mut text = format!("{} {} HTTP/1.1\r\nconnection: close\r\n", self.method, self.target);
        if !self.headers.iter().any(|(name, _)| name == "host") {
            text.push_str(&format!("host: {address}\r\n"));
        }
        for (name, value) in &self.headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str(&format!("content-length: {}\r\n\r\n{}", self.body.len(), self.body));
        stream.write_all(text.as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        let error = stream.read_to_end(&mut bytes).await.err().map(|error| error.kind());
        Raw { bytes, error }
    }

    pub(crate) async fn send(self) -> Response {
        let raw = self.raw().await;
        assert_eq!(raw.error, None);
        raw.response()
    }
}

/// A request that reads.
pub(crate) fn get(sandbox: &Sandbox, target: &str) -> Request {
    Request::new(sandbox, "GET", target)
}

/// A request with a form (v1) or JSON (v2).
pub(crate) fn post(sandbox: &Sandbox, target: &str, body: impl ToString) -> Request {
    let content_type =
        if target.starts_with("/v2/") { "application/json" } else { "application/x-www-form-urlencoded" };
    let request = Request::new(sandbox, "POST", target).header("content-type", content_type);
    Request { body: body.to_string(), ..request }
}

/// A request to the admin API.
pub(crate) fn admin(sandbox: &Sandbox, method: &'static str, path: &str, body: impl ToString) -> Request {
    Request { body: body.to_string(), ..Request::new(sandbox, method, &format!("/_sandbox{path}")).key("") }
}

/// A request of a URL that a response has.
pub(crate) fn follow(url: &str) -> Request {
    let (start, path) = url.split_at("http://".len() + url["http://".len()..].find('/').unwrap());
    Request { base: start.into(), method: "GET", target: path.into(), headers: Vec::new(), body: String::new() }
}

pub(crate) const REPORT_RUNS: &str = "/v1/reporting/report_runs";
pub(crate) const QUERY_RUNS: &str = "/v2/data/reporting/query_runs";

/// Returns the form that runs the balance summary for some days of the available data.
pub(crate) fn balance(sandbox: &Sandbox) -> String {
    let end = sandbox.now().as_second() - 10 * 86_400;
    format!(
        "report_type=balance.summary.1&parameters[interval_start]={}&parameters[interval_end]={end}",
        end - 30 * 86_400
    )
}

/// Creates a report run of v1, and returns it.
pub(crate) async fn report_run(sandbox: &Sandbox) -> Value {
    post(sandbox, REPORT_RUNS, balance(sandbox)).send().await.ok()
}

/// Creates a query run of v2, and returns it.
pub(crate) async fn query_run(sandbox: &Sandbox) -> Value {
    post(sandbox, QUERY_RUNS, serde_json::json!({"sql": "SELECT id, amount FROM balance_transactions"}))
        .send()
        .await
        .ok()
}

/// Returns the id of an object.
pub(crate) fn id(object: &Value) -> &str {
    object["id"].as_str().unwrap()
}

/// Returns the ids of the objects of a list.
pub(crate) fn ids(list: &Value) -> Vec<String> {
    list["data"].as_array().unwrap().iter().map(|object| id(object).to_owned()).collect()
}

/// Whether all responses of a sandbox were as the description says.
#[track_caller]
pub(crate) fn assert_sound(sandbox: &Sandbox) {
    let failed: Vec<_> =
        sandbox.requests().into_iter().filter(|exchange| exchange.status == 500 && exchange.fault.is_none()).collect();
    assert!(failed.is_empty(), "{failed:?}");
}
