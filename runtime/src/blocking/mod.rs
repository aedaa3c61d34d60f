//! The blocking client, on ureq: the methods of the async client without a runtime. A wait ends with
//! [`until_done`](Waiting::until_done).
//!
//! ```no_run
//! # use stripe_reporting_runtime::{Error, RawRequest, blocking::Client};
//! let stripe = Client::from_env()?;
//! let account = stripe.send(RawRequest::get("/v1/account"))?;
//! # Ok::<(), Error>(())
//! ```
//!
//! Its proxies are described at [`Config`](crate::Config#proxies).
//!
//! # Logs
//!
//! At the level `trace`, ureq logs all bytes that it sends and receives with the crate `log`, under the target
//! `ureq_proto::util`: the `Authorization` header with the API key, the password of a proxy, pre-signed URLs and results.
//! Disable that level where logs are stored: limit `ureq` and `ureq_proto` to `debug`, or enable the feature
//! `max_level_debug` of `log`. At `debug`, no secret is logged.

mod body;
mod download;
mod list;
mod prefetch;
mod rows;
mod transport;
mod ureq;
mod wait;

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;

#[cfg(feature = "csv")]
pub use self::download::Records;
pub use self::download::{Chunks, FileDownload, Reader};
pub use self::list::{Items, Pages};
use self::prefetch::PageThreads;
pub use self::rows::Rows;
pub use self::transport::{Body, ReadBody, Transport};
pub use self::wait::Waiting;
use crate::protocol::body::WholeBody;
use crate::protocol::exchange::{Attempt, Exchange, Outcome};
use crate::protocol::listing::Listing;
use crate::protocol::poll::Poll;
use crate::protocol::rows::RowReader;
use crate::protocol::transfer::Transfer;
use crate::shared::{client_methods, opaque_debug};
use crate::telemetry::AttemptSpan;
use crate::transport::TransportError;
use crate::{Config, Download, Error, InlineRows, ListRequest, Request, Response, Wait};

/// A blocking client for Stripe's API: sends requests, reads lists, waits for runs and downloads files.
///
/// Clones share their connections. Transient failures are retried according to the
/// [`RequestOptions`](crate::RequestOptions).
#[derive(Clone)]
pub struct Client {
    config: Config,
    transport: Arc<dyn Transport>,
    page_threads: PageThreads,
}

impl Client {
    client_methods!("blocking::Client");

    /// Creates a client with a configuration.
    ///
    /// # Errors
    ///
    /// [`Tls`](crate::ErrorKind::Tls) if the server needs TLS and neither of the features `rustls` and `native-tls` is
    /// enabled.
    pub fn with_config(config: Config) -> Result<Self, Error> {
        crate::transport::tls::check(&config)?;
        Ok(Self::with_transport(config, self::ureq::Ureq::new()))
    }

    /// Creates a client with a custom transport.
    pub fn with_transport(config: Config, transport: impl Transport) -> Self {
        Self { config, transport: Arc::new(transport), page_threads: PageThreads::default() }
    }

    /// Sends a request, and returns the decoded response.
    ///
    #[doc = include_str!("../shared/send_errors.md")]
    pub fn send<R: Request>(&self, request: R) -> Result<R::Response, Error> {
        Ok(self.execute(request)?.value)
    }

    /// Sends a request, and returns the response with its status, headers, raw body and number of attempts.
    ///
    /// # Errors
    ///
    /// Like [`send`](Self::send).
    pub fn execute<R: Request>(&self, request: R) -> Result<Response<R::Response>, Error> {
        self.exchange(Exchange::new(&request, &self.config)?)
    }

    /// Lists items from all pages. A thread fetches the next page while the caller uses the current one.
    ///
    /// A client and its clones have at most 4 such threads; while all are busy, a page is fetched when it is needed.
    /// Dropping the list cancels retries and their delays. An attempt in flight cannot be interrupted: it ends by its
    /// timeouts.
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
        Items::new(self.clone(), Listing::new(&request, &self.config))
    }

    /// Waits for a run, see [`Waiting::until_done`].
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

    /// Downloads the result file of a run, or a file.
    ///
    /// ```no_run
    /// # use stripe_reporting_runtime::{Download, Error, blocking::Client};
    /// # fn example<T: Download>(stripe: Client, run: T) -> Result<(), Error> {
    /// stripe.download(&run)?.save_to("result.csv")?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`NoResult`](crate::ErrorKind::NoResult) if there is no file; [`Download`](crate::ErrorKind::Download) if its URL
    /// cannot be fetched.
    pub fn download<T: Download>(&self, resource: &T) -> Result<FileDownload, Error> {
        Ok(FileDownload::new(self.clone(), Transfer::new(resource, self.config.clone())?))
    }

    #[doc = include_str!("../shared/rows.md")]
    ///
    /// ```no_run
    /// # use stripe_reporting_runtime::{Error, InlineRows, blocking::Client};
    /// # fn example(stripe: Client, run: impl InlineRows) -> Result<(), Error> {
    /// for row in stripe.rows::<(String, i64)>(&run)? {
    ///     let (id, amount) = row?;
    ///     println!("{id}: {amount}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`NoResult`](crate::ErrorKind::NoResult) if the run is not done, or failed.
    pub fn rows<T: serde::de::DeserializeOwned>(&self, run: &impl InlineRows) -> Result<Rows<T>, Error> {
        Ok(Rows::new(self.clone(), RowReader::new(run, self.config.clone())?))
    }

    /// Performs all attempts of a request.
    fn exchange<T>(&self, exchange: Exchange<T>) -> Result<Response<T>, Error> {
        self.exchange_with(exchange, |delay| {
            std::thread::sleep(delay);
            Ok(())
        })
    }

    /// Performs all attempts of a request; `sleep` may end it with an error.
    fn exchange_with<T>(
        &self,
        mut exchange: Exchange<T>,
        sleep: impl Fn(Duration) -> Result<(), Error>,
    ) -> Result<Response<T>, Error> {
        loop {
            let attempt = exchange.attempt(Instant::now())?;
            let response = self.attempt(attempt);
            match exchange.on_response(Instant::now(), response)? {
                Outcome::Done(response) => return Ok(response),
                Outcome::Retry { after } => sleep(after)?,
            }
        }
    }

    /// Sends a request once, and reads the whole response.
    fn attempt(&self, attempt: Attempt) -> Result<http::Response<Bytes>, TransportError> {
        let (span, limits, sent) = (AttemptSpan::new(&attempt), attempt.limits, Instant::now());
        span.observe_blocking(|| {
            let (head, body) = self.open(attempt)?.into_parts();
            let whole = WholeBody::new(head.status, limits, sent);
            Ok(http::Response::from_parts(head, body::read_whole(body, whole)?))
        })
    }

    /// Sends a request once, and returns the response with its unread body.
    fn open(&self, attempt: Attempt) -> Result<http::Response<Body>, TransportError> {
        self.transport.send(attempt.request, attempt.limits)
    }
}

opaque_debug!(Client, "config": Client::config);
