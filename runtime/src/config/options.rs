//! Options of a single call, or of all calls.

use std::time::Duration;

/// How a call is made, whatever it asks for.
///
/// Set on a request with [`Request::with`](crate::Request::with), or as defaults in
/// [`ConfigBuilder::options`](crate::ConfigBuilder::options). What a request sets wins over the default.
///
/// ```
/// use stripe_reporting_runtime::RequestOptions;
///
/// let options = RequestOptions::new().account("acct_123").idempotency_key("month-end-2026-10");
/// assert_eq!(options.get_account(), Some("acct_123"));
/// ```
///
/// Times and retries are for clients to keep: what only turns a request into HTTP has no use for them.
///
/// | option | unless it is set |
/// |---|---|
/// | [`connect_timeout`](Self::connect_timeout) | 30 seconds |
/// | [`attempt_timeout`](Self::attempt_timeout) | 80 seconds |
/// | [`timeout`](Self::timeout) | 5 minutes |
/// | [`max_retries`](Self::max_retries) | 2 |
/// | [`retry_rate_limits_for`](Self::retry_rate_limits_for) | not at all |
///
/// Values are checked when the request is made: a value that is empty, or that an HTTP header cannot carry, is an
/// [`Error`](crate::Error) of the kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest).
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
    /// No options: the defaults apply.
    pub fn new() -> Self {
        Self::default()
    }

    /// The `Idempotency-Key`, at most 255 characters: Stripe does the work once for all requests that carry the same.
    ///
    /// It is sent with requests that Stripe takes it for, see
    /// [`Operation::takes_idempotency_key`](crate::Operation::takes_idempotency_key), and left out of others.
    pub fn idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.idempotency_key = Some(key.into());
        self
    }

    /// The `Stripe-Account`: the connected account to act for, such as `acct_123`.
    pub fn account(mut self, account: impl Into<String>) -> Self {
        self.account = Some(account.into());
        self
    }

    /// The `Stripe-Context`: the account of an organisation to act in, such as `acct_123` or `acct_123/acct_456`.
    pub fn context(mut self, context: impl Into<String>) -> Self {
        self.context = Some(context.into());
        self
    }

    /// The `Stripe-Version` to send in place of the one that the crate is generated for.
    ///
    /// Answers of another version may not fit the types.
    pub fn stripe_version(mut self, version: impl Into<String>) -> Self {
        self.stripe_version = Some(version.into());
        self
    }

    /// How long it may take to connect, TLS included.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
        self
    }

    /// How long one attempt may take, from connecting to the last byte of the answer. Of a download it limits the time
    /// until the file begins, with the body of a refusal, and each wait for more of it.
    ///
    /// The blocking client looks at the time between reads of the body: where the framing of a chunk or a TLS record drips, only
    /// the time for the whole request or download ends it.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = Some(timeout);
        self
    }

    /// How long all attempts may take, with the pauses between them.
    ///
    /// For one request, that is: each page of a list and each look at a run has it anew. Waiting for a run and
    /// downloading a file have their own limits.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// How many times a request is sent again after the first attempt failed in a way that may pass.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = Some(retries);
        self
    }

    /// How long to go on trying while Stripe answers 429, such as when too many reports or queries are running.
    ///
    /// These attempts are no retries, and this time is not part of the [`timeout`](Self::timeout); it is part of that of a
    /// download.
    pub fn retry_rate_limits_for(mut self, timeout: Duration) -> Self {
        self.retry_rate_limits_for = Some(timeout);
        self
    }

    /// Applies a setter if there is a value for it, as [`Request::when`](crate::Request::when) does.
    pub fn when<V>(self, value: Option<V>, set: impl FnOnce(Self, V) -> Self) -> Self {
        match value {
            Some(value) => set(self, value),
            None => self,
        }
    }

    /// The idempotency key, if one is set.
    #[must_use]
    pub fn get_idempotency_key(&self) -> Option<&str> {
        self.idempotency_key.as_deref()
    }

    /// The connected account, if one is set.
    #[must_use]
    pub fn get_account(&self) -> Option<&str> {
        self.account.as_deref()
    }

    /// The context, if one is set.
    #[must_use]
    pub fn get_context(&self) -> Option<&str> {
        self.context.as_deref()
    }

    /// The API version, if one is set.
    #[must_use]
    pub fn get_stripe_version(&self) -> Option<&str> {
        self.stripe_version.as_deref()
    }

    /// The time to connect, if one is set.
    #[must_use]
    pub fn get_connect_timeout(&self) -> Option<Duration> {
        self.connect_timeout
    }

    /// The time for one attempt, if one is set.
    #[must_use]
    pub fn get_attempt_timeout(&self) -> Option<Duration> {
        self.attempt_timeout
    }

    /// The time for all attempts, if one is set.
    #[must_use]
    pub fn get_timeout(&self) -> Option<Duration> {
        self.timeout
    }

    /// The number of retries, if one is set.
    #[must_use]
    pub fn get_max_retries(&self) -> Option<u32> {
        self.max_retries
    }

    /// The time to wait rate limits out, if one is set.
    #[must_use]
    pub fn get_retry_rate_limits_for(&self) -> Option<Duration> {
        self.retry_rate_limits_for
    }

    /// These options, and those of `defaults` where nothing is set.
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
