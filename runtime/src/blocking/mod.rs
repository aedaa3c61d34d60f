//! The blocking client: the verbs of the async one, for programs without a runtime.
//!
//! ```no_run
//! # use stripe_reporting_runtime::{Error, RawRequest, blocking::Client};
//! let stripe = Client::from_env()?;
//! let account = stripe.send(RawRequest::get("/v1/account"))?;
//! # Ok::<(), Error>(())
//! ```
//!
//! # Logs
//!
//! At the level `trace`, ureq logs the bytes that it sends and receives by the crate `log`, from the target
//! `ureq_proto::util`: the `Authorization` header with the whole API key, the password of a proxy, pre-signed URLs and
//! results. Disable that level where logs are kept: set `debug` as the most that is logged for `ureq` and `ureq_proto`, or
//! enable the feature `max_level_debug` of `log`. At `debug`, and in the async client at any level, no secret is logged.
//!
//! # Proxies
//!
//! Described at [`Config`](crate::Config#proxies), as they are the same for both clients.

mod body;
mod download;
mod list;
mod prefetch;
mod transport;
mod ureq;
mod wait;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;

#[cfg(feature = "csv")]
pub use self::download::Records;
pub use self::download::{Chunks, FileDownload, Reader};
pub use self::list::{Items, Pages};
use self::prefetch::PageThreads;
pub use self::transport::{Body, ReadBody, Transport};
pub use self::wait::Waiting;
use crate::protocol::exchange::{Attempt, Exchange, Outcome};
use crate::protocol::pager::Pager;
use crate::protocol::poll::Poll;
use crate::protocol::transfer::Transfer;
use crate::telemetry::AttemptSpan;
use crate::transport::TransportError;
use crate::{ApiKey, Config, Download, Error, ListRequest, Request, RequestOptions, Response, Wait};

/// Sends requests, reads lists, waits for runs and downloads files, and returns when it is done.
///
/// Clones share their connections. All verbs retry what may pass, as the [`RequestOptions`] say.
#[derive(Clone)]
pub struct Client {
    config: Config,
    transport: Arc<dyn Transport>,
    page_threads: PageThreads,
}

impl Client {
    /// A client with this key.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) when it can't be a key; [`Tls`](crate::ErrorKind::Tls)
    /// when secure connections can't be made, since neither the feature `rustls` nor `native-tls` is on.
    pub fn new(api_key: impl Into<ApiKey>) -> Result<Self, Error> {
        Self::with_config(Config::builder(api_key).build()?)
    }

    /// A client with the key of the environment variable `STRIPE_API_KEY`, see [`Config::from_env`].
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) when the variable is not set or holds no key, or like
    /// [`new`](Self::new).
    pub fn from_env() -> Result<Self, Error> {
        Self::with_config(Config::from_env()?)
    }

    /// A client with a key, a server and default options.
    ///
    /// # Errors
    ///
    /// Like [`new`](Self::new).
    pub fn with_config(config: Config) -> Result<Self, Error> {
        crate::transport::tls::check(&config)?;
        Ok(Self::with_transport(config, self::ureq::Ureq::new()))
    }

    /// A client that moves its bytes in another way.
    pub fn with_transport(config: Config, transport: impl Transport) -> Self {
        Self { config, transport: Arc::new(transport), page_threads: PageThreads::default() }
    }

    /// The same client with other default options; what `options` leaves open stays as it is.
    #[must_use]
    pub fn with_options(&self, options: RequestOptions) -> Self {
        Self { config: self.config.with_options(options), ..self.clone() }
    }

    /// The key, the server and the default options.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Sends a request and gives what Stripe answers.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) when it can't be sent; [`Api`](crate::ErrorKind::Api) when
    /// Stripe refuses it; [`Connection`](crate::ErrorKind::Connection), [`Timeout`](crate::ErrorKind::Timeout) or
    /// [`Tls`](crate::ErrorKind::Tls) when there is no response; [`Decode`](crate::ErrorKind::Decode) and
    /// [`TooLarge`](crate::ErrorKind::TooLarge) when the response is not what it should be.
    pub fn send<R: Request>(&self, request: R) -> Result<R::Response, Error> {
        Ok(self.execute(request)?.value)
    }

    /// Sends a request and gives the response with its status, its headers, its raw body and the number of attempts.
    ///
    /// # Errors
    ///
    /// Like [`send`](Self::send).
    pub fn execute<R: Request>(&self, request: R) -> Result<Response<R::Response>, Error> {
        self.exchange(Exchange::new(&request, &self.config)?)
    }

    /// Lists items, page after page. While the items of a page are looked at, a thread fetches the next one.
    ///
    /// A client and its clones have no more than 4 such threads; while all are busy, a page is fetched when it is
    /// requested. Once a list is dropped, no attempt starts any more and no delay before a retry continues. An attempt that
    /// is in flight cannot be interrupted: it ends with its time-outs at the latest, and its thread with it.
    ///
    /// ```no_run
    /// # use stripe_reporting_runtime::{Error, ListRequest, blocking::Client};
    /// # fn example<R: ListRequest>(stripe: Client, request: R) -> Result<(), Error> {
    /// for item in stripe.list(request) {
    ///     let item = item?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn list<R: ListRequest>(&self, request: R) -> Items<R> {
        Items::new(Pages::new(self.clone(), Pager::new(&request, &self.config)))
    }

    /// Waits until a run is done, see [`Waiting::until_done`].
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # use stripe_reporting_runtime::{Error, Wait, blocking::Client};
    /// # fn example<T: Wait>(stripe: Client, run: T) -> Result<(), Error> {
    /// let run = stripe.wait(run).timeout(Duration::from_secs(600)).until_done()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn wait<T: Wait>(&self, run: T) -> Waiting<T> {
        Waiting::new(self.clone(), Poll::new(run.id().clone(), Some(run), self.config.clone()))
    }

    /// Waits for a run of which only the id is known, such as after a restart: `stripe.wait_for::<ReportRun>("frr_123")`.
    ///
    /// Its first retrieval of the run fails like [`send`](Self::send).
    pub fn wait_for<T: Wait>(&self, id: impl Into<T::Id>) -> Waiting<T> {
        Waiting::new(self.clone(), Poll::new(id.into(), None, self.config.clone()))
    }

    /// Downloads the result of a run, or a file.
    ///
    /// ```no_run
    /// # use stripe_reporting_runtime::{Download, Error, blocking::Client};
    /// # fn example<T: Download>(stripe: Client, run: T) -> Result<(), Error> {
    /// stripe.download(&run)?.save_to("balance.csv")?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`NoResult`](crate::ErrorKind::NoResult) when there is no file; [`Download`](crate::ErrorKind::Download) when
    /// its URL is none that it can be fetched from.
    pub fn download<T: Download>(&self, resource: &T) -> Result<FileDownload, Error> {
        Ok(FileDownload::new(self.clone(), Transfer::new(resource, self.config.clone())?))
    }

    /// Takes a request through its attempts.
    fn exchange<T>(&self, exchange: Exchange<T>) -> Result<Response<T>, Error> {
        self.exchange_with(exchange, |pause| {
            std::thread::sleep(pause);
            Ok(())
        })
    }

    /// The same with another way to pause, which may end it.
    fn exchange_with<T>(
        &self,
        mut exchange: Exchange<T>,
        pause: impl Fn(Duration) -> Result<(), Error>,
    ) -> Result<Response<T>, Error> {
        loop {
            let attempt = exchange.attempt(Instant::now())?;
            let outcome = self.attempt(attempt);
            match exchange.on_response(Instant::now(), outcome)? {
                Outcome::Done(response) => return Ok(response),
                Outcome::Retry { after } => pause(after)?,
            }
        }
    }

    /// Sends once, and reads the whole response.
    fn attempt(&self, attempt: Attempt) -> Result<http::Response<Bytes>, TransportError> {
        let (span, limits) = (AttemptSpan::new(&attempt), attempt.limits);
        span.observe_blocking(|| body::read_whole(|| self.open(attempt), limits))
    }

    /// Sends once, up to the head of the response.
    fn open(&self, attempt: Attempt) -> Result<http::Response<Body>, TransportError> {
        self.transport.send(attempt.request, attempt.limits)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("config", &self.config).finish_non_exhaustive()
    }
}
