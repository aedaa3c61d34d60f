//! Options of a single call, or of all calls.

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
/// Values are checked when the request is made: a value that is empty, or that an HTTP header cannot carry, is an
/// [`Error`](crate::Error) of the kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use]
pub struct RequestOptions {
    idempotency_key: Option<String>,
    account: Option<String>,
    context: Option<String>,
    stripe_version: Option<String>,
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
        }
    }
}
