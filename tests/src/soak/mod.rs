//! Sends many requests and downloads many files at a high rate of faults, and checks what the clients guarantee.
//!
//! `cargo xtask bench soak` runs it in full; a short version is a test. A broken guarantee panics.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod account;
mod clients;
mod leftovers;

use std::collections::HashSet;
use std::fmt;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use stripe_reporting::{Config, RequestOptions};

use self::account::Account;
pub use self::clients::Kind;
use self::clients::{Clients, Created, Saved};
use self::leftovers::Leftovers;
use crate::server::Server;

/// The amount of work.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Runs to create.
    pub creates: usize,
    /// Files to download.
    pub downloads: usize,
    /// The number of concurrent requests.
    pub concurrency: usize,
    /// The seed of the faults.
    pub seed: u64,
}

/// The part of all attempts that fail, or stall with short limits.
const FAULTS: f64 = 0.2;

/// The results of a soak.
#[derive(Debug, Clone, Copy, Default)]
pub struct Figures {
    creates: usize,
    attempts: usize,
    runs_before_replay: usize,
    errors: usize,
    not_processed: usize,
    replayed_500s: usize,
    runs: usize,
    downloads: usize,
    exact: usize,
    failed_downloads: usize,
    seconds: f64,
}

/// Runs the plan with both clients concurrently: with default options, and a tenth of it with short limits and a server that
/// also stalls.
///
/// # Panics
///
/// If a guarantee is broken.
#[must_use]
pub fn run(plan: Plan) -> Vec<(Kind, Figures)> {
    let before = Leftovers::count();
    let short = RequestOptions::new().attempt_timeout(Duration::from_secs(1));
    let tenth = Plan { creates: plan.creates.div_ceil(10), downloads: plan.downloads.div_ceil(10), ..plan };
    let phases = [Kind::Async, Kind::Blocking]
        .into_iter()
        .flat_map(|kind| [(kind, plan, RequestOptions::new(), false), (kind, tenth, short.clone(), true)]);
    let figures = thread::scope(|scope| {
        let phases: Vec<_> = phases
            .map(|(kind, plan, options, stalls)| scope.spawn(move || (kind, phase(kind, plan, options, stalls))))
            .collect();
        phases.into_iter().map(|phase| phase.join().expect("all guarantees hold")).collect()
    });
    Leftovers::assert_none_since(before);
    figures
}

fn phase(kind: Kind, plan: Plan, options: RequestOptions, stalls: bool) -> Figures {
    let began = Instant::now();
    let folder = tempfile::tempdir().unwrap();
    let account = Account::new(plan.seed, FAULTS, stalls);
    let server = {
        let account = account.clone();
        Server::start_with(move |request| account.respond(request))
    };
    account.set_url(&server.url());
    let mut figures = Figures { creates: plan.creates, downloads: plan.downloads, ..Figures::default() };
    let config = Config::builder("sk_test_soak").base_url(server.url()).options(options);
    let clients = Clients::new(kind, config.build().unwrap(), plan.concurrency);
    create(&clients, &account, &mut figures);
    download(&clients, &account, folder.path(), &mut figures);
    clients.end();
    figures.seconds = began.elapsed().as_secs_f64();
    figures
}

fn create(clients: &Clients, account: &Account, figures: &mut Figures) {
    let created = clients.create(figures.creates);
    assert_eq!(created.len(), figures.creates);
    let keys: HashSet<_> = created.iter().map(|created| &created.key).collect();
    assert_eq!(keys.len(), created.len(), "every request has its own idempotency key");
    figures.attempts = account.creates();
    figures.runs_before_replay = account.runs();
    assert!(figures.runs_before_replay <= figures.creates, "a run was created twice");
    let mut failed = Vec::new();
    for created in created {
        match &created.result {
            Ok(id) => assert_eq!(account.run(&created.key).as_ref(), Some(id), "the run belongs to another request"),
            Err(error) => {
                figures.errors += 1;
                if !error.may_have_been_processed() {
                    figures.not_processed += 1;
                    assert_eq!(account.run(&created.key), None, "it was processed: {error:?}");
                }
                failed.push(created);
            }
        }
    }
    account.end_faults();
    for Created { number, key, result } in clients.replay(failed) {
        match result {
            Ok(id) => assert_eq!(account.run(&key), Some(id), "the run belongs to another request"),
            Err(error) => {
                // v1 stores the response to the first request, including a 500.
                assert!(account.has_stored_500(&key), "request {number} was sent again: {error:?}");
                figures.replayed_500s += 1;
            }
        }
    }
    figures.runs = account.runs();
    assert_eq!(figures.runs + figures.replayed_500s, figures.creates);
    account.begin_faults();
}

fn download(clients: &Clients, account: &Account, folder: &Path, figures: &mut Figures) {
    for Saved { number, result, content } in clients.download(account, figures.downloads, folder) {
        match result {
            Ok(size) => {
                let content = content.expect("a file that was saved");
                assert_eq!(size, content.len() as u64);
                assert!(
                    account.is_a_version_of(number, &content),
                    "file {number} is not a version that the server has"
                );
                figures.exact += 1;
            }
            Err(error) => {
                assert!(content.is_none(), "file {number} exists after {error:?}");
                figures.failed_downloads += 1;
            }
        }
    }
    let names: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), figures.exact, "files are left: {names:?}");
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} creates in {} attempts: {} runs, {} errors, {} of them not processed; after replay {} runs, {} stored \
             responses 500; {} downloads: {} exact, {} errors; {:.1} s",
            self.creates,
            self.attempts,
            self.runs_before_replay,
            self.errors,
            self.not_processed,
            self.runs,
            self.replayed_500s,
            self.downloads,
            self.exact,
            self.failed_downloads,
            self.seconds
        )
    }
}
