//! The sandbox with its faults.

use std::collections::HashSet;
use std::time::Duration;

use stripe_reporting::v1::File;
use stripe_reporting::v1::reporting::{ReportRun, ReportRunParameters, ReportTypeId};
use stripe_reporting::v2::data::reporting::QueryRun;
use stripe_reporting::{Config, Download, blocking};
use stripe_reporting_sandbox::{Fault, Limits, Sandbox};
use tokio::runtime::{Builder, Runtime};

use super::clients::INTERVAL;
use super::host::Host;

/// The number of files.
const FILES: usize = 8;
/// More than any of the files.
const SIZE: usize = 10 << 20;
/// The rows of the first query: each of the others has more.
const ROWS: usize = 20;
const FILE_ROUTES: [&str; 2] = ["/v1/files/*/contents", "/files/**"];

pub(super) struct SandboxHost {
    sandbox: Sandbox,
    faults: Vec<Fault>,
    files: Vec<Source>,
    /// The runs that exist before the soak.
    others: HashSet<String>,
    /// Dropped after the sandbox, whose tasks it ends.
    _runtime: Runtime,
}

struct Source {
    json: String,
    versions: [Vec<u8>; 2],
}

impl SandboxHost {
    pub(super) fn start(seed: u64, faults: f64, stalls: bool) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        // Later than the machine's clock, so that no URL expires by itself.
        let builder = Sandbox::builder().clock("2040-06-15T12:00:00Z".parse().unwrap()).limits(Limits::off());
        let sandbox = runtime.block_on(builder.start()).unwrap();
        let files = files(&sandbox);
        let others = sandbox.runs().into_iter().map(|run| run.id).collect();
        Self { faults: all_faults(seed, faults, stalls), files, others, sandbox, _runtime: runtime }
    }

    fn source(&self, number: usize) -> &Source {
        &self.files[number % FILES]
    }
}

impl Host for SandboxHost {
    fn url(&self) -> String {
        self.sandbox.base_url().to_owned()
    }

    fn key(&self) -> &'static str {
        self.sandbox.key()
    }

    fn set_faults(&self, are_on: bool) {
        self.sandbox.clear_faults();
        for fault in self.faults.iter().filter(|_| are_on) {
            self.sandbox.fault(fault.clone());
        }
    }

    fn requests(&self) -> usize {
        self.sandbox.request_count()
    }

    fn runs(&self) -> Vec<(String, String)> {
        let runs = self.sandbox.runs().into_iter().filter(|run| !self.others.contains(&run.id));
        runs.map(|run| (run.idempotency_key.unwrap_or_default(), run.id)).collect()
    }

    /// Faults do not change what is stored.
    fn has_stored_500(&self, _: &str) -> bool {
        false
    }

    fn file(&self, number: usize) -> String {
        self.source(number).json.clone()
    }

    fn is_a_version_of(&self, number: usize, content: &[u8]) -> bool {
        self.source(number).versions.iter().any(|version| version == content)
    }

    fn has_lists(&self) -> bool {
        true
    }
}

/// Returns all faults of the sandbox. A part of all requests meets those of any route.
fn all_faults(seed: u64, part: f64, stalls: bool) -> Vec<Fault> {
    let mut faults = vec![
        // The request is not executed.
        Fault::reset(),
        Fault::close(),
        Fault::html(503),
        Fault::status(500),
        Fault::status(409).code("lock_timeout"),
        Fault::status(429).code("lock_timeout"),
        Fault::status(429).code("rate_limit").retry_after(0),
        // The response is lost or broken.
        Fault::lost_response(),
        Fault::close().after_work(),
        Fault::html(502).after_work(),
        Fault::status(500).after_work(),
        Fault::reset_body(100),
        Fault::reset_body(10_000),
        Fault::close_body(100),
        Fault::close_body(10_000),
        Fault::content_length(-7),
        Fault::content_length(7),
        Fault::truncated_json(),
        Fault::throttle(1 << 20),
        Fault::latency(Duration::from_millis(50)),
    ];
    if stalls {
        faults.extend([Fault::throttle(0), Fault::latency(Duration::from_secs(3))]);
    }
    let probability = part / faults.len() as f64;
    faults.extend([Fault::duplicated_page(), Fault::expired_url()]);
    for route in FILE_ROUTES {
        faults.extend([Fault::changed_file(), Fault::changed_file_of_same_size()].map(|fault| fault.on(route)));
    }
    let seeds = seed * 1_000..;
    faults.into_iter().zip(seeds).map(|(fault, seed)| fault.probability(probability, seed)).collect()
}

/// Creates results of many sizes, and reads both of their versions that have the size of the description.
fn files(sandbox: &Sandbox) -> Vec<Source> {
    let config = Config::builder(sandbox.key()).base_url(sandbox.base_url()).build().unwrap();
    let client = blocking::Client::with_config(config).unwrap();
    let [start, end] = INTERVAL;
    let file = |number: usize| {
        if number.is_multiple_of(2) {
            let sql =
                format!("SELECT id, created, amount, currency FROM balance_transactions LIMIT {}", ROWS << number);
            let run = client.send(QueryRun::create(sql)).unwrap();
            source(sandbox, &client, &client.wait(run).until_done().unwrap())
        } else {
            let interval = end.duration_since(start) / i32::try_from(number).unwrap();
            let parameters = ReportRunParameters::new().interval_start(start).interval_end(start + interval);
            let report = ReportTypeId::BALANCE_CHANGE_FROM_ACTIVITY_ITEMIZED_3;
            let run = client.send(ReportRun::create(report).parameters(parameters)).unwrap();
            let run = client.wait(run).until_done().unwrap();
            source::<File>(sandbox, &client, run.result.as_ref().unwrap())
        }
    };
    (0..FILES).map(file).collect()
}

fn source<T: Download + serde::Serialize>(sandbox: &Sandbox, client: &blocking::Client, file: &T) -> Source {
    let versions = [false, true].map(|is_changed| {
        for route in FILE_ROUTES.iter().filter(|_| is_changed) {
            sandbox.fault(Fault::changed_file_of_same_size().on(route));
        }
        client.download(file).unwrap().bytes(SIZE).unwrap().to_vec()
    });
    sandbox.clear_faults();
    Source { json: serde_json::to_string(file).unwrap(), versions }
}
