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

macro_rules! options {
    (
        text { $($(#[$text_doc:meta])* $text:ident, $get_text:ident;)* }
        copy { $($(#[$doc:meta])* $name:ident, $get:ident: $type:ty;)* }
    ) => {
        $(
            $(#[$text_doc])*
            pub fn $text(mut self, $text: impl Into<String>) -> Self {
                self.$text = Some($text.into());
                self
            }
        )*

        $(
            $(#[$doc])*
            pub fn $name(mut self, $name: $type) -> Self {
                self.$name = Some($name);
                self
            }
        )*

        $(
            #[doc = concat!("Returns the value of [`", stringify!($text), "`](Self::", stringify!($text), "), if it is set.")]
            #[must_use]
            pub fn $get_text(&self) -> Option<&str> {
                self.$text.as_deref()
            }
        )*

        $(
            #[doc = concat!("Returns the value of [`", stringify!($name), "`](Self::", stringify!($name), "), if it is set.")]
            #[must_use]
            pub fn $get(&self) -> Option<$type> {
                self.$name
            }
        )*

        /// Fills options that are not set from `defaults`.
        pub fn or(self, defaults: &Self) -> Self {
            Self {
                $($text: self.$text.or_else(|| defaults.$text.clone()),)*
                $($name: self.$name.or(defaults.$name),)*
            }
        }
    };
}

/// The defaults, which the documentation of [`RequestOptions`] lists.
#[cfg(feature = "__io")]
impl RequestOptions {
    pub(crate) const DEFAULT_CONNECT_TIMEOUT: Duration = Duration::from_secs(30);
    pub(crate) const DEFAULT_ATTEMPT_TIMEOUT: Duration = Duration::from_secs(80);
    pub(crate) const DEFAULT_TIMEOUT: Duration = Duration::from_secs(5 * 60);
    pub(crate) const DEFAULT_MAX_RETRIES: u32 = 2;
}

impl RequestOptions {
    /// Creates options with nothing set.
    pub fn new() -> Self {
        Self::default()
    }

    options! {
        text {
            /// Sets the `Idempotency-Key`, of at most 255 characters: Stripe processes requests with the same key once.
            ///
            /// Only sent with operations that [take](crate::Operation::takes_idempotency_key) one.
            idempotency_key, get_idempotency_key;
            /// Sets the `Stripe-Account`: the connected account to make the request for, such as `acct_123`.
            account, get_account;
            /// Sets the `Stripe-Context`: the account of an organization to make the request for, such as `acct_123` or
            /// `acct_123/acct_456`.
            context, get_context;
            /// Sets the `Stripe-Version`, instead of the one that the crate was generated for.
            ///
            /// Responses of another version may fail to decode.
            stripe_version, get_stripe_version;
        }
        copy {
            /// Sets the time limit for connecting, including TLS.
            connect_timeout, get_connect_timeout: Duration;
            /// Sets the time limit for one attempt, from connecting to the last byte of the response.
            ///
            /// For a download, it limits the time until the response head, the time for the body of an error, and each read
            /// of the file.
            ///
            /// The blocking client checks the time between reads of the body. If the framing of a chunk or a TLS record
            /// arrives byte by byte, only the limit for the whole request or download applies.
            attempt_timeout, get_attempt_timeout: Duration;
            /// Sets the time limit for all attempts of a request, including the delays between them.
            ///
            /// Each page of a list and each poll of a run is a request. Waiting for a run and downloading a file have their
            /// own limits.
            timeout, get_timeout: Duration;
            /// Sets how often a request is retried after transient failures.
            max_retries, get_max_retries: u32;
            /// Sets how long to retry until a rate limit lifts (429), such as when too many reports or queries are running.
            ///
            /// These attempts do not count towards [`max_retries`](Self::max_retries), nor this time towards the
            /// [`timeout`](Self::timeout); it counts towards the time limit of a download.
            retry_rate_limits_for, get_retry_rate_limits_for: Duration;
        }
    }

    /// Applies a setter if the value is `Some`, like [`Request::when`](crate::Request::when).
    pub fn when<V>(self, value: Option<V>, set: impl FnOnce(Self, V) -> Self) -> Self {
        match value {
            Some(value) => set(self, value),
            None => self,
        }
    }
}
