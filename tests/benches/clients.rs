//! What users of the crate wait for, next to what they would use without it. `cargo xtask bench` runs it.
#![allow(deprecated, reason = "Stripe may deprecate what is measured")]
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a measurement that fails is no measurement")]

use std::hint::black_box;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use std::{fs, thread};

use serde::Deserialize;
use serde_json::Value;
use stripe_reporting::v1::File;
use stripe_reporting::v1::reporting::ReportRun;
use stripe_reporting::{Client, Config, List, blocking};

const RUNS: usize = 100;
const FILE: u64 = 1 << 30;
const ROUNDS: usize = 5;

fn main() {
    decode();
    download();
}

fn line(what: &str, time: Duration, peer: Duration) {
    let (milliseconds, ratio) = (time.as_secs_f64() * 1000.0, time.as_secs_f64() / peer.as_secs_f64());
    println!("{what:<44}{milliseconds:>19.2} ms{ratio:>10.2}");
}

/// Returns the median time of each work. The works take turns, so that a disturbance affects all of them. With `warm`, each runs
/// once before it is measured.
fn in_turn<const N: usize>(rounds: usize, warm: bool, works: [&dyn Fn(); N]) -> [Duration; N] {
    let mut times = [const { Vec::new() }; N];
    for _ in 0..rounds {
        for (work, times) in works.iter().zip(&mut times) {
            if warm {
                work();
            }
            let start = Instant::now();
            work();
            times.push(start.elapsed());
        }
    }
    times.map(|mut times| {
        times.sort_unstable();
        times[times.len() / 2]
    })
}

/// What one would write by hand for a report run.
#[derive(Deserialize)]
#[allow(dead_code, reason = "fields are read by those who would use them")]
struct HandWritten {
    id: String,
    created: i64,
    error: Option<String>,
    livemode: bool,
    parameters: HandWrittenParameters,
    report_type: String,
    result: Option<HandWrittenFile>,
    status: String,
    succeeded_at: Option<i64>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "fields are read by those who would use them")]
struct HandWrittenParameters {
    columns: Option<Vec<String>>,
    connected_account: Option<String>,
    currency: Option<String>,
    interval_end: Option<i64>,
    interval_start: Option<i64>,
    payout: Option<String>,
    reporting_category: Option<String>,
    timezone: Option<String>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "fields are read by those who would use them")]
struct HandWrittenFile {
    id: String,
    created: i64,
    expires_at: Option<i64>,
    filename: Option<String>,
    purpose: String,
    size: i64,
    title: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    url: Option<String>,
    links: Option<HandWrittenList<Value>>,
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "fields are read by those who would use them")]
struct HandWrittenList<T> {
    data: Vec<T>,
    has_more: bool,
    url: String,
}

fn file(url: &str, size: u64) -> String {
    format!(
        r#"{{"id": "file_1QoN8ZLkdIwHu7ixkVdCPYqW", "object": "file", "created": 1738600000, "expires_at": 1770136000,
        "filename": "frr_1MrQwrLkdIwHu7ixUov4x2b3.csv", "links": {{"object": "list", "data": [], "has_more": false,
        "url": "/v1/file_links?file=file_1QoN8ZLkdIwHu7ixkVdCPYqW"}}, "purpose": "finance_report_run", "size": {size},
        "title": "FinanceReportRun frr_1MrQwrLkdIwHu7ixUov4x2b3", "type": "csv", "url": "{url}"}}"#
    )
}

/// A page of a list, as Stripe returns it.
fn page() -> String {
    let file = file("https://files.stripe.com/v1/files/file_1QoN8ZLkdIwHu7ixkVdCPYqW/contents", 48_213);
    let run = format!(
        r#"{{"id": "frr_1MrQwrLkdIwHu7ixUov4x2b3", "object": "reporting.report_run", "created": 1680203749,
        "error": null, "livemode": true, "parameters": {{"interval_end": 1680100000, "interval_start": 1680000000,
        "timezone": "Etc/UTC"}}, "report_type": "balance.summary.1", "result": {file}, "status": "succeeded",
        "succeeded_at": 1680203800}}"#
    );
    let runs = vec![run; RUNS].join(",");
    format!(r#"{{"object": "list", "data": [{runs}], "has_more": true, "url": "/v1/reporting/report_runs"}}"#)
}

fn decode() {
    let page = page();
    let bytes = page.as_bytes();
    println!(
        "\nA page of {RUNS} report runs, {} bytes; the ratio is to structs that are written by hand\n",
        bytes.len()
    );
    let [own, by_hand, value] = in_turn(
        1001,
        true,
        [
            &|| drop(black_box(serde_json::from_slice::<List<ReportRun>>(bytes).unwrap())),
            &|| drop(black_box(serde_json::from_slice::<HandWrittenList<HandWritten>>(bytes).unwrap())),
            &|| drop(black_box(serde_json::from_slice::<Value>(bytes).unwrap())),
        ],
    );
    line("decode, written by hand", by_hand, by_hand);
    line("decode, stripe-reporting", own, by_hand);
    line("decode, serde_json::Value", value, by_hand);
}

/// A server that gives zeros, as many as the file is large.
fn zeros() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            thread::spawn(|| serve(stream.unwrap()));
        }
    });
    url
}

fn serve(mut stream: TcpStream) {
    let chunk = vec![0; 1 << 18];
    let mut request = BufReader::new(stream.try_clone().unwrap());
    loop {
        // The head of a request ends with an empty line.
        let mut text = String::new();
        while request.read_line(&mut text).is_ok_and(|read| read > 2) {
            text.clear();
        }
        let head = format!("HTTP/1.1 200 OK\r\ncontent-type: text/csv\r\ncontent-length: {FILE}\r\n\r\n");
        let chunks = FILE / chunk.len() as u64;
        let sent =
            stream.write_all(head.as_bytes()).and_then(|()| (0..chunks).try_for_each(|_| stream.write_all(&chunk)));
        if sent.is_err() {
            return;
        }
    }
}

/// Memory rather than a disk, where there is such a folder.
fn folder() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap()
}

fn curl(url: &str, path: &Path) -> bool {
    let run = Command::new("curl").args(["--silent", "--fail", "--output"]).arg(path).arg(url).status();
    run.is_ok_and(|status| status.success())
}

fn download() {
    let (url, folder) = (zeros(), folder());
    let path: PathBuf = folder.path().join("file");
    if !curl(&url, &path) {
        println!("\nWithout `curl` there is nothing to compare downloads with.");
        return;
    }
    println!("\nA file of {FILE} bytes over loopback; the ratio is to `curl`\n");
    let file: File = serde_json::from_str(&file(&format!("{url}/v1/files/file_1/contents"), FILE)).unwrap();
    let config = || Config::builder("sk_test_measured").base_url(&url).build().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (client, blocking) = (Client::with_config(config()).unwrap(), blocking::Client::with_config(config()).unwrap());
    let fresh = || drop(fs::remove_file(&path));
    let [by_curl, by_client, by_blocking] = in_turn(
        ROUNDS,
        false,
        [
            &|| {
                fresh();
                assert!(curl(&url, &path));
            },
            &|| {
                fresh();
                let saved = runtime.block_on(async { client.download(&file).unwrap().save_to(&path).await });
                assert_eq!(saved.unwrap(), FILE);
            },
            &|| {
                fresh();
                assert_eq!(blocking.download(&file).unwrap().save_to(&path).unwrap(), FILE);
            },
        ],
    );
    line("download, curl", by_curl, by_curl);
    line("download, Client", by_client, by_curl);
    line("download, blocking::Client", by_blocking, by_curl);
}
