//! Sends many requests and downloads many files at a high rate of faults, of a scripted server and of the sandbox, and checks
//! what the clients guarantee.
//!
//! `cargo xtask bench soak` runs it in full; a short version is a test. A broken guarantee panics.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod account;
mod clients;
mod host;
mod leftovers;
mod sandbox;

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use stripe_reporting::{Config, RequestOptions};

use self::account::Account;
use self::clients::Kind;
use self::clients::{Clients, Created, Listed, Saved};
use self::host::Host;
use self::leftovers::Leftovers;
use self::sandbox::SandboxHost;

/// The amount of work.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    /// Runs to create.
    pub(crate) creates: usize,
    /// Files to download.
    pub(crate) downloads: usize,
    /// Reads of the list of all report runs, from a server that has lists.
    pub(crate) lists: usize,
    /// The number of concurrent requests.
    pub(crate) concurrency: usize,
    /// The seed of the faults.
    pub(crate) seed: u64,
}

/// The part of all attempts that fail, or stall with short limits.
const FAULTS: f64 = 0.2;

/// The results of a soak.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Figures {
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
    lists: usize,
    whole_lists: usize,
    seconds: f64,
}

/// The server of a phase.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Server {
    /// The scripted server, with responses that no HTTP library sends.
    Scripted,
    /// The sandbox, in this process: what it leaves open is found too.
    Sandbox,
}

/// Runs the plan with both clients against both servers concurrently: with default options, and a tenth of it with short limits
/// and a server that also stalls.
///
/// # Panics
///
/// If a guarantee is broken.
#[must_use]
pub(crate) fn run(plan: Plan) -> Vec<(Kind, Server, Figures)> {
    let before = Leftovers::count();
    let tenth = |amount: usize| amount.div_ceil(10);
    let (creates, downloads, lists) = (tenth(plan.creates), tenth(plan.downloads), tenth(plan.lists));
    let plans = [(plan, false), (Plan { creates, downloads, lists, ..plan }, true)];
    let kinds = [(Kind::Async, Server::Scripted), (Kind::Blocking, Server::Scripted)]
        .into_iter()
        .chain([(Kind::Async, Server::Sandbox), (Kind::Blocking, Server::Sandbox)]);
    let phases = kinds.flat_map(|(kind, server)| plans.map(|(plan, stalls)| (kind, server, plan, stalls)));
    let figures = thread::scope(|scope| {
        let phases: Vec<_> = phases
            .map(|(kind, server, plan, stalls)| {
                let figures = move || match server {
                    Server::Scripted => phase(kind, plan, &Account::start(plan.seed, FAULTS, stalls), stalls),
                    Server::Sandbox => phase(kind, plan, &SandboxHost::start(plan.seed, FAULTS, stalls), stalls),
                };
                scope.spawn(move || (kind, server, figures()))
            })
            .collect();
        phases.into_iter().map(|phase| phase.join().expect("all guarantees hold")).collect()
    });
    Leftovers::assert_none_since(before);
    figures
}

fn phase(kind: Kind, plan: Plan, host: &impl Host, stalls: bool) -> Figures {
    let began = Instant::now();
    let folder = tempfile::tempdir().unwrap();
    let mut figures = Figures { creates: plan.creates, downloads: plan.downloads, ..Figures::default() };
    let mut options = RequestOptions::new();
    if stalls {
        options = options.attempt_timeout(Duration::from_secs(1));
    }
    let config = Config::builder(host.key()).base_url(host.url()).options(options);
    let clients = Clients::new(kind, config.build().unwrap(), plan.concurrency);
    create(&clients, host, &mut figures);
    host.set_faults(true);
    if host.has_lists() {
        figures.lists = plan.lists;
        list(&clients, host, &mut figures);
    }
    download(&clients, host, folder.path(), &mut figures);
    clients.end();
    figures.seconds = began.elapsed().as_secs_f64();
    figures
}

/// Returns the runs by their idempotency keys.
fn runs(host: &impl Host) -> HashMap<String, String> {
    let runs = host.runs();
    let (count, runs): (_, HashMap<_, _>) = (runs.len(), runs.into_iter().collect());
    assert_eq!(runs.len(), count, "a run was created twice");
    runs
}

fn create(clients: &Clients, host: &impl Host, figures: &mut Figures) {
    host.set_faults(true);
    let before = host.requests();
    let created = clients.create(figures.creates);
    host.set_faults(false);
    assert_eq!(created.len(), figures.creates);
    let keys: HashSet<_> = created.iter().map(|created| &created.key).collect();
    assert_eq!(keys.len(), created.len(), "every request has its own idempotency key");
    figures.attempts = host.requests() - before;
    let runs_before_replay = runs(host);
    figures.runs_before_replay = runs_before_replay.len();
    let mut failed = Vec::new();
    for created in created {
        let run = runs_before_replay.get(&created.key);
        match &created.result {
            Ok(id) => assert_eq!(run, Some(id), "the run belongs to another request"),
            Err(error) => {
                figures.errors += 1;
                if !error.may_have_been_processed() {
                    figures.not_processed += 1;
                    assert_eq!(run, None, "it was processed: {error:?}");
                }
                failed.push(created);
            }
        }
    }
    let replayed = clients.replay(failed);
    let runs = runs(host);
    for Created { number, key, result } in replayed {
        match result {
            Ok(id) => assert_eq!(runs.get(&key), Some(&id), "the run belongs to another request"),
            Err(error) => {
                // v1 stores the response to the first request, including a 500.
                assert!(host.has_stored_500(&key), "request {number} was sent again: {error:?}");
                figures.replayed_500s += 1;
            }
        }
    }
    figures.runs = runs.len();
    assert_eq!(figures.runs + figures.replayed_500s, figures.creates);
}

/// Each run is in a list once, and all of them unless the list ends with an error.
fn list(clients: &Clients, host: &impl Host, figures: &mut Figures) {
    let created = host.runs().into_iter().map(|(_, id)| id).filter(|id| id.starts_with("frr_"));
    let created: HashSet<_> = created.collect();
    // So many pages that faults are met, and so few that some lists are whole.
    let page = (created.len() / 10).clamp(1, 100).try_into().unwrap();
    for Listed { ids, result } in clients.list(figures.lists, page) {
        let listed: HashSet<_> = ids.iter().cloned().collect();
        assert_eq!(listed.len(), ids.len(), "a run is listed twice: {result:?}");
        if result.is_ok() {
            figures.whole_lists += 1;
            assert!(listed.is_superset(&created), "{} of {} runs are listed", listed.len(), created.len());
        }
    }
}

fn download(clients: &Clients, host: &impl Host, folder: &Path, figures: &mut Figures) {
    for Saved { number, result, content } in clients.download(host, figures.downloads, folder) {
        match result {
            Ok(size) => {
                let content = content.expect("a file that was saved");
                assert_eq!(size, content.len() as u64);
                assert!(host.is_a_version_of(number, &content), "file {number} is not a version that the server has");
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
             responses 500; {} downloads: {} exact, {} errors; {} lists: {} whole; {:.1} s",
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
            self.lists,
            self.whole_lists,
            self.seconds
        )
    }
}
