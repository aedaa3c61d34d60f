//! Performs the requests and downloads of a soak with either client.

use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use stripe_reporting::v1::File;
use stripe_reporting::v1::reporting::{ReportRun, ReportRunParameters, ReportTypeId};
use stripe_reporting::v2::data::reporting::QueryRun;
use stripe_reporting::{Client, Config, Download, Error, Request, RequestOptions, Response, Timestamp, blocking};

use super::host::Host;

/// The interval of reports, for which servers have data.
pub(super) const INTERVAL: [Timestamp; 2] =
    [Timestamp::constant(2_216_000_000, 0), Timestamp::constant(2_218_000_000, 0)];

/// The kind of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// [`Client`].
    Async,
    /// [`blocking::Client`].
    Blocking,
}

/// A client with its number of concurrent requests.
pub(super) struct Clients {
    client: AnyClient,
    concurrency: usize,
}

enum AnyClient {
    Async(tokio::runtime::Runtime, Client),
    Blocking(blocking::Client),
}

/// The result of a request to create a run.
pub(super) struct Created {
    pub(super) number: usize,
    pub(super) key: String,
    /// The id of the run.
    pub(super) result: Result<String, Error>,
}

/// The result of a download.
pub(super) struct Saved {
    pub(super) number: usize,
    pub(super) result: Result<u64, Error>,
    pub(super) content: Option<Vec<u8>>,
}

/// The ids of a list, until an error.
pub(super) struct Listed {
    pub(super) ids: Vec<String>,
    pub(super) result: Result<(), Error>,
}

impl Clients {
    pub(super) fn new(kind: Kind, config: Config, concurrency: usize) -> Self {
        let client = match kind {
            Kind::Async => AnyClient::Async(
                tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap(),
                Client::with_config(config).unwrap(),
            ),
            Kind::Blocking => AnyClient::Blocking(blocking::Client::with_config(config).unwrap()),
        };
        Self { client, concurrency }
    }

    pub(super) fn create(&self, number: usize) -> Vec<Created> {
        self.each((0..number).collect(), |&number| self.create_one(number, RequestOptions::new()))
    }

    /// Sends failed requests again, with the same idempotency keys, and with time for a server that is slow without faults.
    pub(super) fn replay(&self, failed: Vec<Created>) -> Vec<Created> {
        self.each(failed, |failed| {
            let options = RequestOptions::new().attempt_timeout(Duration::from_secs(60));
            self.create_one(failed.number, options.idempotency_key(failed.key.as_str()))
        })
    }

    /// Creates a v1 run for even numbers, otherwise a v2 run.
    fn create_one(&self, number: usize, options: RequestOptions) -> Created {
        if number.is_multiple_of(2) {
            let [start, end] = INTERVAL;
            let parameters = ReportRunParameters::new().interval_start(start).interval_end(end);
            let request = ReportRun::create(ReportTypeId::BALANCE_SUMMARY_1).parameters(parameters).with(options);
            created(number, self.execute(request), |run| run.id.as_str())
        } else {
            created(number, self.execute(QueryRun::create("SELECT 1").with(options)), |run| run.id.as_str())
        }
    }

    pub(super) fn download(&self, host: &impl Host, number: usize, folder: &Path) -> Vec<Saved> {
        self.each((0..number).collect(), |&number| {
            let (json, path) = (host.file(number), folder.join(format!("{number}.csv")));
            let result = if number.is_multiple_of(2) {
                self.save::<QueryRun>(&json, &path)
            } else {
                self.save::<File>(&json, &path)
            };
            Saved { number, result, content: fs::read(path).ok() }
        })
    }

    /// Lists all report runs, several times, with a number of items on a page.
    pub(super) fn list(&self, number: usize, page: u64) -> Vec<Listed> {
        self.each((0..number).collect(), |_| {
            let (request, mut ids) = (ReportRun::list().limit(page), Vec::new());
            let mut add = |run: ReportRun| ids.push(run.id.as_str().to_owned());
            let result = match &self.client {
                AnyClient::Async(runtime, client) => runtime.block_on(async {
                    let mut runs = client.list(request);
                    while let Some(run) = runs.try_next().await? {
                        add(run);
                    }
                    Ok(())
                }),
                AnyClient::Blocking(client) => client.list(request).try_for_each(|run| run.map(&mut add)),
            };
            Listed { ids, result }
        })
    }

    fn execute<R: Request>(&self, request: R) -> Result<Response<R::Response>, Error>
    where
        R::Response: Send,
    {
        match &self.client {
            AnyClient::Async(runtime, client) => runtime.block_on(client.execute(request)),
            AnyClient::Blocking(client) => client.execute(request),
        }
    }

    fn save<T: Download>(&self, json: &str, path: &Path) -> Result<u64, Error> {
        let resource: T = serde_json::from_str(json).unwrap();
        match &self.client {
            AnyClient::Async(runtime, client) => runtime.block_on(client.download(&resource)?.save_to(path)),
            AnyClient::Blocking(client) => client.download(&resource)?.save_to(path),
        }
    }

    /// Does the work for each input, concurrently.
    fn each<I: Sync + Send, O: Send>(&self, inputs: Vec<I>, work: impl Fn(&I) -> O + Sync) -> Vec<O> {
        let (next, outputs) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
        std::thread::scope(|scope| {
            for _ in 0..self.concurrency.min(inputs.len()) {
                scope.spawn(|| {
                    while let Some(input) = inputs.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let output = work(input);
                        outputs.lock().unwrap().push(output);
                    }
                });
            }
        });
        outputs.into_inner().unwrap()
    }

    /// Drops the client, and checks that the async one leaves no task.
    pub(super) fn end(self) {
        let AnyClient::Async(runtime, client) = self.client else { return };
        drop(client);
        let (began, metrics) = (Instant::now(), runtime.metrics());
        while metrics.num_alive_tasks() > 0 {
            assert!(began.elapsed() < Duration::from_secs(10), "{} tasks are left", metrics.num_alive_tasks());
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

fn created<T>(number: usize, response: Result<Response<T>, Error>, id: fn(&T) -> &str) -> Created {
    let key = match &response {
        Ok(response) => response.idempotency_key(),
        Err(error) => error.idempotency_key(),
    };
    Created {
        number,
        key: key.expect("an idempotency key").to_owned(),
        result: response.map(|response| id(&response.value).to_owned()),
    }
}
