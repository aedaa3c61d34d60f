//! A scripted server, which stores responses by idempotency key like Stripe, and injects faults that no HTTP library can.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};

use super::host::Host;
use stripe_reporting_tests::server::{Reply, Request, Server};

/// The server with the state behind it.
pub(super) struct Account {
    state: Arc<Mutex<State>>,
    server: Server,
}

struct State {
    random: fastrand::Rng,
    faults: f64,
    stalls: bool,
    is_faulty: bool,
    url: String,
    /// By idempotency key.
    stored: HashMap<String, Stored>,
    requests: usize,
    runs: usize,
    /// How often each file was requested.
    requested: HashMap<usize, usize>,
}

#[derive(Clone)]
enum Stored {
    Run(String),
    /// A 500, which v1 returns again.
    Failed,
}

impl Account {
    pub(super) fn start(seed: u64, faults: f64, stalls: bool) -> Self {
        let state = Arc::new(Mutex::new(State {
            random: fastrand::Rng::with_seed(seed),
            faults,
            stalls,
            is_faulty: false,
            url: String::new(),
            stored: HashMap::new(),
            requests: 0,
            runs: 0,
            requested: HashMap::new(),
        }));
        let server = {
            let state = state.clone();
            Server::start_with(move |request| state.lock().unwrap().respond(request))
        };
        state.lock().unwrap().url = server.url();
        Self { state, server }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

impl Host for Account {
    fn url(&self) -> String {
        self.server.url()
    }

    fn key(&self) -> &'static str {
        "sk_test_soak"
    }

    fn set_faults(&self, are_on: bool) {
        self.state().is_faulty = are_on;
    }

    fn requests(&self) -> usize {
        self.state().requests
    }

    fn runs(&self) -> Vec<(String, String)> {
        let run = |(key, stored): (&String, &Stored)| match stored {
            Stored::Run(id) => Some((key.clone(), id.clone())),
            Stored::Failed => None,
        };
        self.state().stored.iter().filter_map(run).collect()
    }

    fn has_stored_500(&self, key: &str) -> bool {
        matches!(self.state().stored.get(key), Some(Stored::Failed))
    }

    fn file(&self, number: usize) -> String {
        self.state().file(number)
    }

    fn is_a_version_of(&self, number: usize, content: &[u8]) -> bool {
        [false, true].into_iter().any(|changed| version(number, changed) == content)
    }

    fn has_lists(&self) -> bool {
        false
    }
}

impl State {
    fn respond(&mut self, request: &Request) -> Reply {
        self.requests += 1;
        let number = |prefix: &str| request.path().strip_prefix(prefix)?.split(['/', '?']).next()?.parse().ok();
        match request.path() {
            "/v1/reporting/report_runs" => self.create(request, true),
            "/v2/data/reporting/query_runs" => self.create(request, false),
            _ => {
                if let Some(number) = number("/v1/files/file_").filter(|_| request.path().ends_with("/contents")) {
                    return self.download(request, number);
                }
                if let Some(number) = number("/signed/") {
                    return self.download(request, number);
                }
                let number = number("/v1/files/file_").or_else(|| number("/v2/data/reporting/query_runs/qryrun_"));
                let reply = Reply::json(200, self.file(number.expect("a request of the soak")));
                if self.is_fault() { self.break_response(reply) } else { reply }
            }
        }
    }

    fn is_fault(&mut self) -> bool {
        self.is_faulty && self.random.f64() < self.faults
    }

    fn create(&mut self, request: &Request, is_v1: bool) -> Reply {
        let key = request.header("idempotency-key").expect("an idempotency key").to_owned();
        let is_fault = self.is_fault();
        // Half of the faults keep the request from being processed; the other half lose the response.
        if is_fault && self.random.bool() {
            return match self.random.u8(..7) {
                0 => Reply::reset(),
                1 => Reply::close(),
                2 => Reply::html(503, "<html>busy</html>"),
                3 => Reply::json(409, r#"{"error":{"code":"lock_timeout","message":"locked"}}"#),
                4 => Reply::json(429, r#"{"error":{"code":"lock_timeout","message":"locked"}}"#),
                5 => Reply::json(429, r#"{"error":{"code":"rate_limit","message":"slow down"}}"#),
                _ if is_v1 && !self.stored.contains_key(&key) => {
                    self.stored.insert(key, Stored::Failed);
                    Reply::json(500, r#"{"error":{"type":"api_error","message":"failed"}}"#)
                }
                _ => Reply::json(500, r#"{"error":{"code":"internal","message":"failed"}}"#),
            };
        }
        let stored = match self.stored.get(&key) {
            Some(stored) => stored.clone(),
            None => {
                self.runs += 1;
                let stored = Stored::Run(format!("{}_{}", if is_v1 { "frr" } else { "qryrun" }, self.runs));
                self.stored.insert(key.clone(), stored.clone());
                stored
            }
        };
        let reply = match stored {
            Stored::Run(id) if is_v1 => Reply::json(
                200,
                format!(
                    r#"{{"id":"{id}","object":"reporting.report_run","created":1600000000,"error":null,"livemode":false,
                    "parameters":{{}},"report_type":"balance.summary.1","result":null,"status":"pending","succeeded_at":null}}"#
                ),
            ),
            Stored::Run(id) => Reply::json(200, query_run(&id, "running", "null")),
            Stored::Failed => Reply::json(500, r#"{"error":{"type":"api_error","message":"failed"}}"#),
        };
        let reply = reply.header("Idempotency-Key", &key);
        if is_fault { self.break_response(reply) } else { reply }
    }

    /// Injects a fault into a response.
    fn break_response(&mut self, reply: Reply) -> Reply {
        let fault = self.random.usize(..if self.stalls { 11 } else { 10 });
        let length = reply.body().len();
        let cut = self.random.usize(..length.max(1));
        let early = |reply: Reply| {
            let body = reply.body()[..cut].to_vec();
            reply.with_body(body)
        };
        match fault {
            0 => Reply::reset(),
            1 => Reply::close(),
            2 => reply.truncated_at(cut),
            3 => reply.chunked().truncated_at(cut),
            4 => reply.reset_at(cut),
            5 => early(reply),
            6 => early(reply).until_close(),
            7 => reply.with_body(Vec::new()),
            8 => Reply::html(502, "<html>Bad Gateway</html>"),
            9 => reply.slow_head(),
            _ => reply.stalled_at(cut),
        }
    }

    fn file(&self, number: usize) -> String {
        let (url, size) = (&self.url, version(number, false).len());
        if is_signed(number) {
            let file = format!(
                r#"{{"type":"file","file":{{"content_type":"csv","size":"{size}","download_url":{{"url":"{url}/signed/{number}?sig=x",
                "expires_at":null}}}}}}"#
            );
            return query_run(&format!("qryrun_{number}"), "succeeded", &file);
        }
        format!(
            r#"{{"id":"file_{number}","object":"file","created":1600000000,"expires_at":null,"filename":"a.csv","links":null,
            "purpose":"finance_report_run","size":{size},"title":null,"type":"csv",
            "url":"{url}/v1/files/file_{number}/contents"}}"#
        )
    }

    /// Returns a file or a part of it, with all kinds of validators. Every fifth file is replaced by another version of the
    /// same size after the first request.
    fn download(&mut self, request: &Request, number: usize) -> Reply {
        let requested = self.requested.entry(number).or_default();
        *requested += 1;
        let is_changed = number.is_multiple_of(5) && *requested > 1;
        let body = version(number, is_changed);
        let etag = match number % 4 {
            0 => format!("W/\"{is_changed}\""),
            _ => format!("\"{is_changed}\""),
        };
        let is_fault = self.is_fault();
        if is_fault && self.random.bool() {
            return match self.random.u8(..8) {
                0 => Reply::reset(),
                1 => Reply::html(503, "<html>busy</html>"),
                2 => Reply::json(429, r#"{"error":{"code":"rate_limit","message":"slow down"}}"#),
                // An expired pre-signed URL.
                3 if is_signed(number) => Reply::html(403, "<Error><Code>AccessDenied</Code></Error>"),
                4 => Reply::new(416, "text/plain", "").header("Content-Range", &format!("bytes */{}", body.len() / 2)),
                5 => Reply::new(206, "text/csv", &body[..body.len() / 2])
                    .header("Content-Range", &format!("bytes 0-{}/{}", body.len() / 2 - 1, body.len())),
                6 => Reply::new(200, "text/csv", &body[..body.len() / 2]).until_close(),
                _ => Reply::close(),
            };
        }
        let range =
            request.header("range").and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok());
        let is_same = request.header("if-range").is_none_or(|validator| validator == etag);
        let reply = match range.filter(|first: &usize| is_same && *first < body.len()) {
            Some(first) => {
                let last = body.len() - 1;
                Reply::new(206, "text/csv", &body[first..])
                    .header("Content-Range", &format!("bytes {first}-{last}/{}", body.len()))
            }
            None => Reply::new(200, "text/csv", body),
        };
        let reply = if number.is_multiple_of(7) { reply } else { reply.header("ETag", &etag) };
        if is_fault { self.break_response(reply) } else { reply }
    }
}

fn is_signed(number: usize) -> bool {
    number.is_multiple_of(2)
}

/// Both versions of a file have the same size.
fn version(number: usize, changed: bool) -> Vec<u8> {
    let size = 1000 + number * 7919 % 200_000;
    let mut random = fastrand::Rng::with_seed(number as u64 * 2 + u64::from(changed));
    std::iter::repeat_with(|| random.u8(b' '..b'~')).take(size).collect()
}

fn query_run(id: &str, status: &str, result: &str) -> String {
    format!(
        r#"{{"id":"{id}","object":"v2.data.reporting.query_run","created":"2026-10-01T00:00:00.000Z","sql":"SELECT 1",
        "status":"{status}","status_details":{{}},"result":{result},"livemode":false}}"#
    )
}
