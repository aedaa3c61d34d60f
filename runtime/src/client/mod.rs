//! The async client. Proxies are described at [`Config`](crate::Config#proxies).

mod body;
mod download;
mod hyper;
mod list;
mod transport;
mod wait;

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;

#[cfg(feature = "csv")]
pub use self::download::Records;
pub use self::download::{Chunks, FileDownload, Reader};
pub use self::list::{Items, Pages};
pub use self::transport::{Body, BoxFuture, Transport};
pub use self::wait::Waiting;
use crate::protocol::exchange::{Attempt, Exchange, Outcome};
use crate::protocol::pager::Pager;
use crate::protocol::poll::Poll;
use crate::protocol::transfer::Transfer;
use crate::telemetry::AttemptSpan;
use crate::transport::{TransportError, TransportErrorKind};
use crate::{ApiKey, Config, Download, Error, ListRequest, Request, RequestOptions, Response, Wait};

/// Sends requests, reads lists, waits for runs and downloads files; async, on tokio.
///
/// Clones share their connections. All verbs retry what may pass, as the [`RequestOptions`] say.
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
/// Its futures are to be polled on a tokio runtime whose I/O and time are enabled.
#[derive(Clone)]
pub struct Client {
    config: Config,
    transport: Arc<dyn Transport>,
}

impl Client {
    /// A client with this key.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) when it can't be a key; [`Tls`](crate::ErrorKind::Tls)
    /// when secure connections can't be made, since neither the feature `rustls` nor `native-tls` is on or the
    /// platform has no certificates.
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
        let transport = self::hyper::Hyper::new(&config)?;
        Ok(Self::with_transport(config, transport))
    }

    /// A client that moves its bytes in another way.
    pub fn with_transport(config: Config, transport: impl Transport) -> Self {
        Self { config, transport: Arc::new(transport) }
    }

    /// The same client with other default options; what `options` leaves open stays as it is.
    ///
    /// ```no_run
    /// # use stripe_reporting_runtime::{Client, Error, RequestOptions};
    /// let stripe = Client::from_env()?;
    /// let theirs = stripe.with_options(RequestOptions::new().account("acct_123"));
    /// # Ok::<(), Error>(())
    /// ```
    #[must_use]
    pub fn with_options(&self, options: RequestOptions) -> Self {
        Self { config: self.config.with_options(options), transport: self.transport.clone() }
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
    pub fn send<R: Request>(&self, request: R) -> impl Future<Output = Result<R::Response, Error>> + Send + use<R>
    where
        R::Response: Send,
    {
        let response = self.execute(request);
        async move { Ok(response.await?.value) }
    }

    /// Sends a request and gives the response with its status, its headers, its raw body and the number of attempts.
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
        // Before anything is awaited, so that the future does not hold the request.
        let exchange = Exchange::new(&request, &self.config);
        let client = self.clone();
        async move { client.exchange(exchange?).await }
    }

    /// Lists items, page after page. While the items of a page are looked at, a task fetches the next one; it ends once the
    /// list is dropped.
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
        Items::new(Pages::new(self.clone(), Pager::new(&request, &self.config)))
    }

    /// Waits until a run is done, and gives it when it succeeded.
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
    /// It ends with [`RunFailed`](crate::ErrorKind::RunFailed) when the run failed, with
    /// [`WaitTimeout`](crate::ErrorKind::WaitTimeout) when it is not done in time, or like [`send`](Self::send); transient
    /// errors do not end it until polls have failed for the [`error_timeout`](crate::Polling::error_timeout).
    pub fn wait<T: Wait>(&self, run: T) -> Waiting<T> {
        Waiting::new(self.clone(), Poll::new(run.id().clone(), Some(run), self.config.clone()))
    }

    /// Waits for a run of which only the id is known, such as after a restart: `stripe.wait_for::<ReportRun>("frr_123")`.
    ///
    /// It ends like [`wait`](Self::wait), and its first retrieval of the run fails like [`send`](Self::send).
    pub fn wait_for<T: Wait>(&self, id: impl Into<T::Id>) -> Waiting<T> {
        Waiting::new(self.clone(), Poll::new(id.into(), None, self.config.clone()))
    }

    /// Downloads the result of a run, or a file.
    ///
    /// ```no_run
    /// # use stripe_reporting_runtime::{Client, Download, Error};
    /// # async fn example<T: Download>(stripe: Client, run: T) -> Result<(), Error> {
    /// stripe.download(&run)?.save_to("balance.csv").await?;
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
    async fn exchange<T>(&self, mut exchange: Exchange<T>) -> Result<Response<T>, Error> {
        loop {
            let attempt = exchange.attempt(Instant::now())?;
            let outcome = self.attempt(attempt).await;
            match exchange.on_response(Instant::now(), outcome)? {
                Outcome::Done(response) => return Ok(response),
                Outcome::Retry { after } => sleep(after).await?,
            }
        }
    }

    /// Sends once, and reads the whole response.
    async fn attempt(&self, attempt: Attempt) -> Result<http::Response<Bytes>, TransportError> {
        let span = AttemptSpan::new(&attempt);
        let limits = attempt.limits;
        let response = body::read_whole(self.open(attempt), limits);
        span.observe(response).await
    }

    /// Sends once, up to the head of the response.
    async fn open(&self, attempt: Attempt) -> Result<http::Response<Body>, TransportError> {
        runtime()?;
        let response = self.transport.send(attempt.request, attempt.limits);
        body::with_timeout(attempt.limits.head, response).await
    }
}

/// The runtime; tokio would panic without one.
fn runtime() -> Result<tokio::runtime::Handle, TransportError> {
    tokio::runtime::Handle::try_current().map_err(|_| {
        let message = "the async client needs a tokio runtime; there is a blocking client too";
        TransportError::new(TransportErrorKind::Request, message)
    })
}

async fn sleep(duration: Duration) -> Result<(), Error> {
    runtime()?;
    tokio::time::sleep(duration).await;
    Ok(())
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("config", &self.config).finish_non_exhaustive()
    }
}
