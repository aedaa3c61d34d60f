//! The configuration of a client.

mod api_key;
pub(crate) mod host;
mod options;
#[cfg(feature = "__io")]
pub(crate) mod retry_policy;

#[cfg(feature = "__io")]
use std::time::Duration;

pub use api_key::ApiKey;
use host::has_valid_port;
use http::{HeaderValue, Uri};
pub use options::RequestOptions;
#[cfg(feature = "__io")]
pub use retry_policy::FailedAttempt;
#[cfg(feature = "__io")]
use retry_policy::RetryPolicy;

use crate::Error;

/// The configuration of a client: the API key, the server and default options.
///
/// ```
/// use stripe_reporting_runtime::{Config, RequestOptions};
///
/// let config = Config::new("sk_test_123");
/// let config = Config::builder("sk_test_123").options(RequestOptions::new().account("acct_123")).build()?;
/// # Ok::<(), stripe_reporting_runtime::Error>(())
/// ```
///
/// # Proxies
///
/// Both clients connect to `https` servers through the proxy in the environment, read when the client is created:
///
/// - `HTTPS_PROXY`, `https_proxy`, `ALL_PROXY`, `all_proxy`: the first that is not empty is the proxy's address,
///   `http://user:password@host:port`, with user and password percent-encoded. Supported schemes are `http://` (the
///   default), `socks5://`, and `socks5h://`, which resolves names at the proxy.
/// - `NO_PROXY`, or else `no_proxy`: the hosts to connect to directly, separated by commas or spaces:
///   - a domain with its subdomains: `example.com`, `.example.com` or `*.example.com`;
///   - an address or a network: `10.1.2.3`, `fd00::1`, `10.0.0.0/8`, `fd00::/8`; matches addresses in URLs, since names are
///     not resolved;
///   - either of them with a port: `example.com:8443`, `[fd00::1]:8443`;
///   - `*`: all hosts.
///
/// A proxy with an unsupported scheme or an invalid address is an error of kind
/// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) for every request that would use it; it is never bypassed. A proxy
/// that refuses the connection is an error of kind [`Connection`](crate::ErrorKind::Connection).
///
/// Plain `http` servers are connected to directly, and `HTTP_PROXY` is ignored: they are mock servers or your own proxies.
/// Custom transports make their own connections.
#[derive(Debug, Clone)]
pub struct Config {
    api_key: ApiKey,
    base_url: Option<String>,
    files_url: Option<String>,
    options: RequestOptions,
    allow_live_key_over_plain_http: bool,
    #[cfg(feature = "__io")]
    retry_policy: RetryPolicy,
    #[cfg(all(feature = "examples", feature = "__io"))]
    skips_delays: bool,
}

impl Config {
    /// Creates a configuration with defaults. An invalid key is an error of the first request.
    #[must_use]
    pub fn new(api_key: impl Into<ApiKey>) -> Self {
        let ConfigBuilder(config) = Self::builder(api_key);
        config
    }

    /// Reads the key from the environment variable `STRIPE_API_KEY`, and the [base URL](ConfigBuilder::base_url) from
    /// `STRIPE_API_BASE`, if it is set.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if the key is missing, and the errors of
    /// [`ConfigBuilder::build`].
    pub fn from_env() -> Result<Self, Error> {
        let read = |name: &str| match std::env::var(name) {
            Ok(value) if value.is_empty() => Ok(None),
            Ok(value) => Ok(Some(value)),
            Err(std::env::VarError::NotPresent) => Ok(None),
            Err(std::env::VarError::NotUnicode(_)) => {
                Err(Error::invalid_request(format!("the environment variable `{name}` is not valid UTF-8")))
            }
        };
        let key = read("STRIPE_API_KEY")?.ok_or_else(|| {
            Error::invalid_request(
                "the environment variable `STRIPE_API_KEY` is not set; help: set it to a secret or restricted key",
            )
        })?;
        let builder = Self::builder(key);
        match read("STRIPE_API_BASE")? {
            Some(url) => builder.base_url(url).build(),
            None => builder.build(),
        }
    }

    /// Creates a builder.
    pub fn builder(api_key: impl Into<ApiKey>) -> ConfigBuilder {
        ConfigBuilder(Self {
            api_key: api_key.into(),
            base_url: None,
            files_url: None,
            options: RequestOptions::new(),
            allow_live_key_over_plain_http: false,
            #[cfg(feature = "__io")]
            retry_policy: RetryPolicy::default(),
            #[cfg(all(feature = "examples", feature = "__io"))]
            skips_delays: false,
        })
    }

    /// Returns the server that replaces Stripe's.
    #[must_use]
    pub fn base_url(&self) -> Option<&str> {
        self.base_url.as_deref()
    }

    /// Returns the server that replaces Stripe's for v1 files.
    #[must_use]
    pub fn files_url(&self) -> Option<&str> {
        self.files_url.as_deref().or(self.base_url())
    }

    /// Returns the default options.
    pub fn options(&self) -> &RequestOptions {
        &self.options
    }

    /// Returns a copy with these default options; those that `options` does not set are kept.
    #[must_use]
    pub fn with_options(&self, options: RequestOptions) -> Self {
        Self { options: options.or(&self.options), ..self.clone() }
    }

    /// Creates the `Authorization` header of a request to this URL.
    pub(crate) fn authorization(&self, url: &Uri) -> Result<HeaderValue, Error> {
        self.api_key.authorization(url, self.allow_live_key_over_plain_http)
    }

    #[cfg(feature = "__io")]
    pub(crate) fn retry_policy(&self) -> &RetryPolicy {
        &self.retry_policy
    }

    /// Returns whether polls follow each other without delay.
    #[cfg(feature = "__io")]
    pub(crate) fn skips_delays(&self) -> bool {
        #[cfg(feature = "examples")]
        return self.skips_delays;
        #[cfg(not(feature = "examples"))]
        false
    }
}

/// Builds a [`Config`].
#[derive(Debug, Clone)]
#[must_use]
pub struct ConfigBuilder(Config);

impl ConfigBuilder {
    /// Sets the server to send requests to, instead of Stripe's: for example a mock server at `http://127.0.0.1:12111`.
    ///
    /// The API key is sent to it. A live key is refused for `http://` other than loopback, see
    /// [`allow_live_key_over_plain_http`](Self::allow_live_key_over_plain_http).
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.0.base_url = Some(url.into());
        self
    }

    /// Sets the server to download v1 files from, instead of `https://files.stripe.com`. Defaults to the
    /// [base URL](Self::base_url), if that is set.
    ///
    /// The API key is sent to it, under the same condition.
    pub fn files_url(mut self, url: impl Into<String>) -> Self {
        self.0.files_url = Some(url.into());
        self
    }

    /// Sets the default options of requests.
    pub fn options(mut self, options: RequestOptions) -> Self {
        self.0.options = options;
        self
    }

    /// Allows sending a live or organization key over plain `http://` to hosts other than loopback (127.0.0.0/8, ::1 and
    /// `localhost`).
    ///
    /// The key is readable by anyone on the network path: allow it only on a network that you trust, such as to a proxy that
    /// adds TLS. Test keys do not need it.
    pub fn allow_live_key_over_plain_http(mut self, allow: bool) -> Self {
        self.0.allow_live_key_over_plain_http = allow;
        self
    }

    /// Sets the policy that returns the delay before the next attempt of a request or a download, or `None` to return the
    /// error. Defaults to [`FailedAttempt::default_delay`].
    ///
    /// No attempt of a request starts after [`RequestOptions::timeout`], and none of a download after its own time limit.
    /// The policy is not called for the attempts of [`RequestOptions::retry_rate_limits_for`], which extend the time of a
    /// request.
    ///
    /// ```
    /// use std::time::Duration;
    /// use stripe_reporting_runtime::Config;
    ///
    /// // At most ten attempts, within a minute.
    /// let config = Config::builder("sk_test_123")
    ///     .retry_policy(|failed| {
    ///         let retry = failed.is_transient() && failed.attempt() < 10 && failed.elapsed() < Duration::from_secs(60);
    ///         retry.then(|| failed.backoff())
    ///     })
    ///     .build()?;
    /// # Ok::<(), stripe_reporting_runtime::Error>(())
    /// ```
    #[cfg(feature = "__io")]
    pub fn retry_policy(
        mut self,
        policy: impl Fn(&FailedAttempt<'_>) -> Option<Duration> + Send + Sync + 'static,
    ) -> Self {
        self.0.retry_policy = RetryPolicy::new(policy);
        self
    }

    /// Skips the delays between polls, and those of the default retry policy.
    #[cfg(all(feature = "examples", feature = "__io"))]
    pub(crate) fn without_delays(mut self) -> Self {
        self.0.skips_delays = true;
        self.retry_policy(|failed| failed.default_delay().map(|_| Duration::ZERO))
    }

    /// Returns the configuration without validating it.
    #[cfg(all(feature = "examples", feature = "__io"))]
    pub(crate) fn into_config(self) -> Config {
        self.0
    }

    /// Validates the configuration.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if
    ///
    /// - the key is empty or invalid,
    /// - the base URL or the files URL is not an `http` or `https` URL of a server,
    /// - a live key would be sent to one of them without TLS,
    /// - the options have an idempotency key: Stripe would return the response to the first request for all of them.
    pub fn build(self) -> Result<Config, Error> {
        let Self(config) = self;
        config.api_key.validate()?;
        for (what, url) in [("base URL", &config.base_url), ("files URL", &config.files_url)] {
            if let Some(url) = url {
                config.authorization(&check_base_url(what, url)?)?;
            }
        }
        if config.options.get_idempotency_key().is_some() {
            return Err(Error::invalid_request(
                "the default options have an idempotency key; help: set it per request with `Request::with`",
            ));
        }
        Ok(config)
    }
}

fn check_base_url(what: &str, url: &str) -> Result<Uri, Error> {
    // The messages do not contain the URL, which may have a password.
    let invalid = |reason: &str| Error::invalid_request(format!("the {what} {reason}"));
    let uri: Uri =
        url.parse().map_err(|error: http::uri::InvalidUri| invalid("is not a valid URL").with_source(error))?;
    let authority = uri.authority().filter(|authority| !authority.host().is_empty());
    let authority = authority.ok_or_else(|| invalid("has no host"))?;
    match uri.scheme_str() {
        Some("http" | "https") => {}
        _ => return Err(invalid("does not start with `http://` or `https://`")),
    }
    if authority.as_str().contains('@') {
        return Err(invalid("has a user name or password"));
    }
    if !has_valid_port(authority) {
        return Err(invalid("has an invalid port"));
    }
    if uri.query().is_some() || url.contains('#') {
        return Err(invalid("has a query or a fragment"));
    }
    Ok(uri)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(builder: ConfigBuilder) -> String {
        builder.build().unwrap_err().to_string()
    }

    #[test]
    fn refuses_invalid_keys() {
        assert_eq!(message(Config::builder("")), "invalid request: the API key is empty");
        for key in ["sk_test_a\n", " sk_test_a", "sk_test_a b", "sk_test_ä", "sk_test_\u{0}"] {
            let message = message(Config::builder(key));
            assert!(
                message.contains("the API key contains white space, a line break") && !message.contains(key),
                "{message}"
            );
        }
    }

    #[test]
    fn debug_redacts_the_key() {
        for key in ["sk_test_geheim", "rk_live_geheim", "sk_org_live_geheim", "geheim"] {
            let builder = Config::builder(key);
            let debug = format!("{builder:?} {:?}", builder.clone().build().unwrap());
            assert!(!debug.contains("geheim"), "{debug}");
        }
    }

    #[test]
    fn refuses_invalid_server_urls() {
        for (url, expected) in [
            ("", "is not a valid URL"),
            ("/v1", "has no host"),
            ("api.stripe.com", "does not start with"),
            ("ftp://api.stripe.com", "does not start with"),
            ("https://user:pw@api.stripe.com", "a user name or password"),
            ("https://api.stripe.com/?a=b", "a query or a fragment"),
            ("https://api.stripe.com/#a", "a query or a fragment"),
            ("https://api.stripe.com:99999", "an invalid port"),
            ("https://[::1]:", "an invalid port"),
            ("https://9:99999", "an invalid port"),
            ("http://a b", "is not a valid URL"),
        ] {
            let message = message(Config::builder("k").base_url(url));
            assert!(message.contains(expected) && !message.contains("pw"), "{url}: {message}");
        }
        for url in ["http://127.0.0.1:12111", "https://example.com/stripe/", "http://[::1]:80"] {
            assert!(Config::builder("k").base_url(url).build().is_ok(), "{url}");
        }
    }

    #[test]
    fn refuses_a_default_idempotency_key() {
        let options = RequestOptions::new().idempotency_key("k");
        assert!(
            message(Config::builder("k").options(options)).contains("help: set it per request with `Request::with`")
        );
    }
}
