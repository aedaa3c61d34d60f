//! Request options.

use std::time::Duration;

/// Options that apply to any request.
///
/// Set them for one request with [`Request::with`](crate::Request::with), or as defaults with
/// [`ConfigBuilder::options`](crate::ConfigBuilder::options). Those of the request take precedence.
///
/// ```
/// use stripe_reporting_runtime::RequestOptions;
///
/// let options = RequestOptions::new().account("acct_123").idempotency_key("month-end-2026-10");
/// assert_eq!(options.get_account(), Some("acct_123"));
/// ```
///
/// Timeouts and retries apply to the clients; [`Request::to_http`](crate::Request::to_http) ignores them.
///
/// | option | default |
/// |---|---|
/// | [`connect_timeout`](Self::connect_timeout) | 30 seconds |
/// | [`attempt_timeout`](Self::attempt_timeout) | 80 seconds |
/// | [`timeout`](Self::timeout) | 5 minutes |
/// | [`max_retries`](Self::max_retries) | 2 |
/// | [`retry_rate_limits_for`](Self::retry_rate_limits_for) | zero |
///
/// Values are validated when the request is made: a value that is empty, or not a valid header value, is an
/// [`Error`](crate::Error) of kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use]
pub struct RequestOptions {
    idempotency_key: Option<String>,
    account: Option<String>,
    context: Option<String>,
    stripe_version: Option<String>,
    connect_timeout: Option<Duration>,
    attempt_timeout: Option<Duration>,
    timeout: Option<Duration>,
    max_retries: Option<u32>,
    retry_rate_limits_for: Option<Duration>,
}

impl RequestOptions {
    /// Creates options with nothing set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the `Idempotency-Key`, of at most 255 characters: Stripe processes requests with the same key once.
    ///
    /// Only sent with operations that [take](crate::Operation::takes_idempotency_key) one.
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.idempotency_key = Some(key.into());
        self
    }

    /// Sets the `Stripe-Account`: the connected account to make the request for, such as `acct_123`.
    pub fn account(mut self, account: impl Into<String>) -> Self {
        self.account = Some(account.into());
        self
    }

    /// Sets the `Stripe-Context`: the account of an organization to make the request for, such as `acct_123` or
    /// `acct_123/acct_456`.
    pub fn context(mut self, context: impl Into<String>) -> Self {
        self.context = Some(context.into());
        self
    }

    /// Sets the `Stripe-Version`, instead of the one that the crate was generated for.
    ///
    /// Responses of another version may fail to decode.
    pub fn stripe_version(mut self, version: impl Into<String>) -> Self {
        self.stripe_version = Some(version.into());
        self
    }

    /// Sets the time limit for connecting, including TLS.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
        self
    }

    /// Sets the time limit for one attempt, from connecting to the last byte of the response.
    ///
    /// For a download, it limits the time until the response head, the time for the body of an error, and each read of the
    /// file.
    ///
    /// The blocking client checks the time between reads of the body. If the framing of a chunk or a TLS record arrives byte
    /// by byte, only the limit for the whole request or download applies.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = Some(timeout);
        self
    }

    /// Sets the time limit for all attempts of a request, including the delays between them.
    ///
    /// Each page of a list and each poll of a run is a request. Waiting for a run and downloading a file have their own
    /// limits.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sets how often a request is retried after transient failures.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = Some(retries);
        self
    }

    /// Sets how long to retry until a rate limit lifts (429), such as when too many reports or queries are running.
    ///
    /// These attempts do not count towards [`max_retries`](Self::max_retries), nor this time towards the
    /// [`timeout`](Self::timeout); it counts towards the time limit of a download.
    pub fn retry_rate_limits_for(mut self, timeout: Duration) -> Self {
        self.retry_rate_limits_for = Some(timeout);
        self
    }

    /// Applies a setter if the value is `Some`, like [`Request::when`](crate::Request::when).
    pub fn when<V>(self, value: Option<V>, set: impl FnOnce(Self, V) -> Self) -> Self {
        match value {
            Some(value) => set(self, value),
            None => self,
        }
    }

    /// Returns the idempotency key.
    #[must_use]
    pub fn get_idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    /// Returns the connected account.
    #[must_use]
    pub fn get_account(&self) -> Option<&str> {
        self.account.as_deref()
    }

    /// Returns the context.
    #[must_use]
    pub fn get_context(&self) -> Option<&str> {
        self.context.as_deref()
    }

    /// Returns the API version.
    #[must_use]
    pub fn get_stripe_version(&self) -> Option<&str> {
        self.stripe_version.as_deref()
    }

    /// Returns the time limit for connecting.
    #[must_use]
    pub fn get_connect_timeout(&self) -> Option<Duration> {
        self.connect_timeout
    }

    /// Returns the time limit for one attempt.
    #[must_use]
    pub fn get_attempt_timeout(&self) -> Option<Duration> {
        self.attempt_timeout
    }

    /// Returns the time limit for all attempts.
    #[must_use]
    pub fn get_timeout(&self) -> Option<Duration> {
        self.timeout
    }

    /// Returns the maximum number of retries.
    #[must_use]
    pub fn get_max_retries(&self) -> Option<u32> {
        self.max_retries
    }

    /// Returns how long to retry until a rate limit lifts.
    #[must_use]
    pub fn get_retry_rate_limits_for(&self) -> Option<Duration> {
        self.retry_rate_limits_for
    }

    /// Fills options that are not set from `defaults`.
    pub fn or(self, defaults: &Self) -> Self {
        fn pick(own: Option<String>, default: &Option<String>) -> Option<String> {
            own.or_else(|| default.clone())
        }
        Self {
            idempotency_key: pick(self.idempotency_key, &defaults.idempotency_key),
            account: pick(self.account, &defaults.account),
            context: pick(self.context, &defaults.context),
            stripe_version: pick(self.stripe_version, &defaults.stripe_version),
            connect_timeout: self.connect_timeout.or(defaults.connect_timeout),
            attempt_timeout: self.attempt_timeout.or(defaults.attempt_timeout),
            timeout: self.timeout.or(defaults.timeout),
            max_retries: self.max_retries.or(defaults.max_retries),
            retry_rate_limits_for: self.retry_rate_limits_for.or(defaults.retry_rate_limits_for),
        }
    }
}
