//! The async client, on tokio and hyper.
//!
//! Its proxies are described at [`Config`](crate::Config#proxies).

mod body;
mod download;
mod hyper;
mod list;
mod rows;
mod transport;
mod wait;

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;

#[cfg(feature = "csv")]
pub use self::download::Records;
pub use self::download::{Chunks, FileDownload, Reader};
pub use self::list::{Items, Pages};
pub use self::rows::Rows;
pub use self::transport::{Body, BoxFuture, Transport};
pub use self::wait::Waiting;
use crate::protocol::body::WholeBody;
use crate::protocol::exchange::{Attempt, Exchange, Outcome};
use crate::protocol::listing::Listing;
use crate::protocol::poll::Poll;
use crate::protocol::rows::RowReader;
use crate::protocol::transfer::Transfer;
use crate::shared::{client_methods, opaque_debug};
use crate::telemetry::AttemptSpan;
use crate::transport::{TransportError, TransportErrorKind};
use crate::{Config, Download, Error, InlineRows, ListRequest, Request, Response, Wait};

/// An async client for Stripe's API: sends requests, reads lists, waits for runs and downloads files.
///
/// Clones share their connections. Transient failures are retried according to the
/// [`RequestOptions`](crate::RequestOptions).
///
/// ```no_run
/// # use stripe_reporting_runtime::{Client, Error, RawRequest};
/// # async fn example() -> Result<(), Error> {
/// let stripe = Client::from_env()?;
/// let account = stripe.send(RawRequest::get("/v1/account")).await?;
/// # Ok(())
/// # }
/// ```
///
/// Its futures need a tokio runtime with I/O and time enabled.
// Re-exported, the item has the badge of its own condition, not that of its module.
#[cfg(feature = "client")]
#[derive(Clone)]
pub struct Client {
    config: Config,
    transport: Arc<dyn Transport>,
}

impl Client {
    client_methods!("Client");

    /// Creates a client with a configuration.
    ///
    /// # Errors
    ///
    /// [`Tls`](crate::ErrorKind::Tls) if the server needs TLS and neither of the features `rustls` and `native-tls` is
    /// enabled, or if the platform's root certificates cannot be loaded.
    pub fn with_config(config: Config) -> Result<Self, Error> {
        let transport = self::hyper::Hyper::new(&config)?;
        Ok(Self::with_transport(config, transport))
    }

    /// Creates a client with a custom transport.
    pub fn with_transport(config: Config, transport: impl Transport) -> Self {
        Self { config, transport: Arc::new(transport) }
    }

    /// Sends a request, and returns the decoded response.
    ///
    #[doc = include_str!("../shared/send_errors.md")]
    pub fn send<R: Request>(&self, request: R) -> impl Future<Output = Result<R::Response, Error>> + Send + use<R>
    where
        R::Response: Send,
    {
        let response = self.execute(request);
        async move { Ok(response.await?.value) }
    }

    /// Sends a request, and returns the response with its status, headers, raw body and number of attempts.
    ///
    /// # Errors
    ///
    /// Like [`send`](Self::send).
    pub fn execute<R: Request>(
        &self,
        request: R,
    ) -> impl Future<Output = Result<Response<R::Response>, Error>> + Send + use<R>
    where
        R::Response: Send,
    {
        // Not in the future, which would otherwise hold the request.
        let exchange = Exchange::new(&request, &self.config);
        let client = self.clone();
        async move { client.exchange(exchange?).await }
    }

    /// Lists items from all pages. A task fetches the next page while the caller uses the current one; dropping the list
    /// cancels it.
    ///
    /// ```no_run
    /// # use stripe_reporting_runtime::{Client, Error, ListRequest};
    /// # async fn example<R: ListRequest>(stripe: Client, request: R) -> Result<(), Error> {
    /// let mut items = stripe.list(request);
    /// while let Some(item) = items.try_next().await? {
    ///     // …
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn list<R: ListRequest>(&self, request: R) -> Items<R> {
        Items::new(self.clone(), Listing::new(&request, &self.config))
    }

    /// Polls a run until it is done, and returns it if it succeeded.
    ///
    /// ```no_run
    /// # use std::time::Duration;
    /// # use stripe_reporting_runtime::{Client, Error, Wait};
    /// # async fn example<T: Wait>(stripe: Client, run: T) -> Result<(), Error> {
    /// let run = stripe.wait(run).timeout(Duration::from_secs(600)).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Errors, when awaited:
    ///
    /// - [`RunFailed`](crate::ErrorKind::RunFailed) if the run failed;
    /// - [`RunCanceled`](crate::ErrorKind::RunCanceled) if the run was canceled;
    /// - [`WaitTimeout`](crate::ErrorKind::WaitTimeout) if it is not done within the [`timeout`](Waiting::timeout);
    /// - those of [`send`](Self::send); transient ones only after polls have failed for the
    ///   [`error_timeout`](crate::Polling::error_timeout).
    pub fn wait<T: Wait>(&self, run: T) -> Waiting<T> {
        Waiting::new(self.clone(), Poll::new(run.id().clone(), Some(run), self.config.clone()))
    }

    /// Downloads the result file of a run, or a file.
    ///
    /// ```no_run
    /// # use stripe_reporting_runtime::{Client, Download, Error};
    /// # async fn example<T: Download>(stripe: Client, run: T) -> Result<(), Error> {
    /// stripe.download(&run)?.save_to("result.csv").await?;
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
    /// # use stripe_reporting_runtime::{Client, Error, InlineRows};
    /// # async fn example(stripe: Client, run: impl InlineRows) -> Result<(), Error> {
    /// let mut rows = stripe.rows::<(String, i64)>(&run)?;
    /// while let Some((id, amount)) = rows.try_next().await? {
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
    async fn exchange<T>(&self, mut exchange: Exchange<T>) -> Result<Response<T>, Error> {
        loop {
            let attempt = exchange.attempt(Instant::now())?;
            let response = self.attempt(attempt).await;
            match exchange.on_response(Instant::now(), response)? {
                Outcome::Done(response) => return Ok(response),
                Outcome::Retry { after } => sleep(after).await?,
            }
        }
    }

    /// Sends a request once, and reads the whole response.
    async fn attempt(&self, attempt: Attempt) -> Result<http::Response<Bytes>, TransportError> {
        let (span, limits, sent) = (AttemptSpan::new(&attempt), attempt.limits, Instant::now());
        let response = async {
            let (head, body) = self.open(attempt).await?.into_parts();
            let whole = WholeBody::new(head.status, limits, sent);
            Ok(http::Response::from_parts(head, body::read_whole(body, whole).await?))
        };
        span.observe(response).await
    }

    /// Sends a request once, and returns the response with its unread body.
    async fn open(&self, attempt: Attempt) -> Result<http::Response<Body>, TransportError> {
        runtime()?;
        let response = self.transport.send(attempt.request, attempt.limits);
        body::with_timeout(attempt.limits.head, response).await
    }
}

/// Returns the runtime, without which tokio would panic.
fn runtime() -> Result<tokio::runtime::Handle, TransportError> {
    tokio::runtime::Handle::try_current().map_err(|_| {
        let message = "the async client needs a tokio runtime; help: enter one, or use the blocking client";
        TransportError::new(TransportErrorKind::Request, message)
    })
}

async fn sleep(duration: Duration) -> Result<(), Error> {
    runtime()?;
    tokio::time::sleep(duration).await;
    Ok(())
}

opaque_debug!(Client, "config": Client::config);
