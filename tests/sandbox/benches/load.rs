//! The sandbox under load, with its client in the same process. `cargo xtask bench sandbox` runs it; it panics if a criterion is
//! not met.
//!
//! - 500 concurrent runs and 2,000 requests a second on two cores, each response validated, and none with an error.
//! - Memory does not grow over 100,000 runs, while retention removes the old ones.
//!
//! The rate is checked by the CPU time of a request, which other programs on the machine do not change.
#![forbid(unsafe_code)]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a measurement that fails is no measurement"
)]

use std::fs;
use std::sync::Arc;
use std::time::{Duration, Instant};

use stripe_reporting_sandbox::{Limits, Sandbox, Timing};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

const CONCURRENT: usize = 500;
const RATE: f64 = 2_000.0;
const CORES: f64 = 2.0;
const MEASURED: Duration = Duration::from_secs(20);
/// The polls of a run until it has succeeded.
const POLLS: u32 = 4;

const RUNS: usize = 100_000;
/// The runs of each kind are removed after 365 days (v1) and 90 days (v2): long before the memory is compared.
const PIECE: usize = 1_000;
const STEP: Duration = Duration::from_hours(24 * 20);
const WARM: usize = 50_000;
const GROWTH: f64 = 1.1;

const REPORT_RUNS: &str = "/v1/reporting/report_runs";
const QUERY_RUNS: &str = "/v2/data/reporting/query_runs";

fn main() {
    let runtime = || tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    // First, since the rate leaves memory that could be used again.
    runtime().block_on(memory());
    runtime().block_on(rate());
}

/// A connection that is kept open, and what its requests need.
struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
    host: String,
    headers: String,
    requests: usize,
    latencies: Vec<Duration>,
}

impl Connection {
    async fn new(sandbox: &Sandbox) -> Self {
        let host = sandbox.base_url().strip_prefix("http://").unwrap().to_owned();
        let stream = TcpStream::connect(&host).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let (key, version) = (sandbox.key(), sandbox.version());
        let headers = format!("host: {host}\r\nauthorization: Bearer {key}\r\nstripe-version: {version}\r\n");
        Self { stream, received: Vec::new(), host, headers, requests: 0, latencies: Vec::new() }
    }

    /// Sends a request, and returns the body of a response with status 200.
    async fn send(&mut self, method: &str, path: &str, headers: &str, body: &str) -> String {
        let (start, common, length) = (Instant::now(), &self.headers, body.len());
        let request = format!("{method} {path} HTTP/1.1\r\n{common}{headers}content-length: {length}\r\n\r\n{body}");
        self.stream.write_all(request.as_bytes()).await.unwrap();
        self.received.clear();
        let (head, end) = loop {
            assert_ne!(self.stream.read_buf(&mut self.received).await.unwrap(), 0, "{method} {path}: no response");
            let Some(end) = self.received.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
            let head = String::from_utf8_lossy(self.received.get(..end).unwrap()).to_lowercase();
            let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next()?.parse().ok());
            let end: usize = end + 4 + length.unwrap_or(0_usize);
            break (head, end);
        };
        while self.received.len() < end {
            assert_ne!(self.stream.read_buf(&mut self.received).await.unwrap(), 0, "{method} {path}: truncated");
        }
        let text = String::from_utf8_lossy(&self.received);
        assert!(head.starts_with("http/1.1 200 "), "{method} {path}: {text}");
        let body = text.split_once("\r\n\r\n").unwrap().1.to_owned();
        self.requests += 1;
        self.latencies.push(start.elapsed());
        body
    }

    /// Creates a run: of a report for even numbers, otherwise of a query that no other run has. Returns its path.
    async fn create(&mut self, number: usize, form: &str) -> String {
        let key = format!("idempotency-key: {number}\r\n");
        if number.is_multiple_of(2) {
            let headers = format!("{key}content-type: application/x-www-form-urlencoded\r\n");
            let run = self.send("POST", REPORT_RUNS, &headers, form).await;
            format!("{REPORT_RUNS}/{}", text(&run, "id"))
        } else {
            let sql = format!("SELECT id, amount FROM balance_transactions WHERE amount > {number} LIMIT 20");
            let headers = format!("{key}content-type: application/json\r\n");
            let run = self.send("POST", QUERY_RUNS, &headers, &format!(r#"{{"sql":"{sql}"}}"#)).await;
            format!("{QUERY_RUNS}/{}", text(&run, "id"))
        }
    }

    /// Downloads the result of a run, from the port of the API.
    async fn download(&mut self, run: &str) {
        let base = format!(r#""url":"http://{}"#, self.host);
        if let Some(path) = run.split_once(&base).and_then(|(_, rest)| rest.split('"').next()) {
            self.send("GET", path, "", "").await;
        }
    }
}

/// Returns the first member with a name. The client should cost little, so that it does not parse JSON.
fn text(json: &str, name: &str) -> String {
    let rest = json.split(&format!(r#""{name}":""#)).nth(1).unwrap_or_else(|| panic!("no `{name}` in {json}"));
    rest.split('"').next().unwrap().to_owned()
}

/// Returns the form that runs a report for some days of the available data.
fn form(sandbox: &Sandbox) -> Arc<str> {
    let end = sandbox.now().as_second() - 10 * 86_400;
    let start = end - 30 * 86_400;
    format!("report_type=balance.summary.1&parameters[interval_start]={start}&parameters[interval_end]={end}").into()
}

async fn rate() {
    let builder = Sandbox::builder().limits(Limits::off()).schedule(Timing::AfterPolls(POLLS));
    let sandbox = Arc::new(builder.start().await.unwrap());
    let (form, barrier) = (form(&sandbox), Arc::new(Barrier::new(CONCURRENT + 1)));
    let mut workers = JoinSet::new();
    for worker in 0..CONCURRENT {
        let (sandbox, form, barrier) = (sandbox.clone(), form.clone(), barrier.clone());
        workers.spawn(async move {
            let mut connection = Connection::new(&sandbox).await;
            let mut run = connection.create(worker, &form).await;
            barrier.wait().await;
            barrier.wait().await;
            let (start, mut number) = (Instant::now(), worker);
            connection.requests = 0;
            connection.latencies.clear();
            while start.elapsed() < MEASURED {
                let mut body = String::new();
                for _ in 0..POLLS {
                    body = connection.send("GET", &run, "", "").await;
                }
                assert_eq!(text(&body, "status"), "succeeded");
                connection.download(&body).await;
                number += CONCURRENT;
                run = connection.create(number, &form).await;
            }
            (connection.requests, connection.latencies)
        });
    }
    barrier.wait().await;
    let running = sandbox.runs().iter().filter(|run| run.is_running).count();
    assert_eq!(running, CONCURRENT, "runs in progress");
    let (start, cpu) = (Instant::now(), cpu_seconds());
    barrier.wait().await;
    let (mut requests, mut latencies) = (0, Vec::new());
    while let Some(worker) = workers.join_next().await {
        let (count, times) = worker.unwrap();
        requests += count;
        latencies.extend(times);
    }
    let (seconds, cpu) = (start.elapsed().as_secs_f64(), cpu_seconds() - cpu);
    latencies.sort_unstable();
    let at = |part: f64| latencies.get((latencies.len() as f64 * part) as usize).unwrap().as_secs_f64() * 1e3;
    let requests = requests as f64;
    println!("{CONCURRENT} concurrent runs: {requests} requests in {seconds:.1} s, {:.0} a second", requests / seconds);
    println!(
        "CPU time: {cpu:.1} s, {:.3} ms for each request, {:.0} requests a second on {CORES} cores; latency: median {:.1} ms, 99 % {:.1} ms",
        cpu / requests * 1e3,
        requests / cpu * CORES,
        at(0.5),
        at(0.99),
    );
    assert!(requests / cpu * CORES >= RATE, "fewer than {RATE} requests a second");
}

async fn memory() {
    let builder = Sandbox::builder().limits(Limits::default()).clock("2026-06-01T00:00:00Z".parse().unwrap());
    let sandbox = Arc::new(builder.start().await.unwrap());
    let form = form(&sandbox);
    let (start, mut warm) = (Instant::now(), 0.0);
    let workers = 10;
    let mut connections = Vec::new();
    for _ in 0..workers {
        connections.push(Connection::new(&sandbox).await);
    }
    for piece in 0..RUNS / PIECE {
        let mut tasks = JoinSet::new();
        for (worker, mut connection) in connections.drain(..).enumerate() {
            let form = form.clone();
            tasks.spawn(async move {
                for number in (piece * PIECE + worker..(piece + 1) * PIECE).step_by(workers) {
                    connection.create(number, &form).await;
                }
                connection.latencies.clear();
                connection
            });
        }
        connections = tasks.join_all().await;
        sandbox.advance(STEP);
        let runs = (piece + 1) * PIECE;
        if runs == WARM {
            warm = resident_mebibytes();
        }
        if runs.is_multiple_of(10_000) {
            println!("{runs} runs in {:.1} s: {:.0} MiB", start.elapsed().as_secs_f64(), resident_mebibytes());
        }
    }
    let end = resident_mebibytes();
    assert!(end <= warm * GROWTH, "memory grows from {warm:.0} MiB to {end:.0} MiB");
}

/// Returns the CPU time of this process, in hundredths of a second as Linux counts it.
fn cpu_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").expect("this benchmark requires `/proc`");
    let fields: Vec<_> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    [11, 12].into_iter().map(|field: usize| fields.get(field).unwrap().parse::<f64>().unwrap()).sum::<f64>() / 100.0
}

fn resident_mebibytes() -> f64 {
    let status = fs::read_to_string("/proc/self/status").expect("this benchmark requires `/proc`");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.split_whitespace().next().unwrap().parse::<f64>().unwrap() / 1024.0
}
