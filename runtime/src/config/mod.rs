//! What all requests of a client have in common.

mod api_key;
pub(crate) mod host;
mod options;

#[cfg(feature = "__io")]
use std::time::Duration;

pub use api_key::ApiKey;
use host::has_valid_port;
use http::{HeaderValue, Uri};
pub use options::RequestOptions;

use crate::Error;
#[cfg(feature = "__io")]
use crate::protocol::retry::{FailedAttempt, RetryPolicy};

/// What all requests of a client have in common: the key, the server, the default options.
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
/// Both clients connect to `https` servers through the proxy that the environment names when the client is created:
///
/// - `HTTPS_PROXY`, `https_proxy`, `ALL_PROXY`, `all_proxy`: the first that is not empty is the proxy's address,
///   `http://user:password@host:port`. Supported are `http://`, which is also the default, `socks5://`, and `socks5h://`,
///   which resolves names at the proxy. User and password are percent-encoded.
/// - `NO_PROXY`, or else `no_proxy`: the hosts to connect to directly, separated by commas or spaces. `example.com`,
///   `.example.com` and `*.example.com` are all the domain and its subdomains; `10.1.2.3`, `fd00::1`, `10.0.0.0/8` and
///   `fd00::/8` are addresses and networks, compared with addresses in URLs, names not being resolved for it; `*` is every
///   host. A name or an address may have a port: `example.com:8443`, `[fd00::1]:8443`.
///
/// A proxy that cannot be used, such as `https://` or `socks4://` or an invalid address, is an error of the kind
/// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) for every request that would use it; it is never bypassed. A proxy
/// that is down or refuses is a failed [`Connection`](crate::ErrorKind::Connection).
///
/// Plain `http` servers are connected to directly, and `HTTP_PROXY` is not read: they are mock servers, or proxies of your
/// own. A transport of your own decides for itself.
#[derive(Debug, Clone)]
pub struct Config {
    api_key: ApiKey,
    base_url: Option<String>,
    files_url: Option<String>,
    options: RequestOptions,
    allow_live_key_over_plain_http: bool,
    #[cfg(feature = "__io")]
    retry_policy: RetryPolicy,
}

impl Config {
    /// A key, and otherwise what the description says. A key that can't be one fails with the first request.
    #[must_use]
    pub fn new(api_key: impl Into<ApiKey>) -> Self {
        let ConfigBuilder(config) = Self::builder(api_key);
        config
    }

    /// The key of the environment variable `STRIPE_API_KEY`. Where `STRIPE_API_BASE` is set, it is the
    /// [base URL](ConfigBuilder::base_url), such as that of a mock server.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) when there is no key, or what
    /// [`ConfigBuilder::build`] refuses.
    pub fn from_env() -> Result<Self, Error> {
        let read = |name: &str| match std::env::var(name) {
            Ok(value) if value.is_empty() => Ok(None),
            Ok(value) => Ok(Some(value)),
            Err(std::env::VarError::NotPresent) => Ok(None),
            Err(std::env::VarError::NotUnicode(_)) => {
                Err(Error::invalid_request(format!("the environment variable `{name}` is not text")))
            }
        };
        let key = read("STRIPE_API_KEY")?.ok_or_else(|| {
            Error::invalid_request(
                "the environment variable `STRIPE_API_KEY` is not set; it is to hold a secret or restricted key",
            )
        })?;
        let builder = Self::builder(key);
        match read("STRIPE_API_BASE")? {
            Some(url) => builder.base_url(url).build(),
            None => builder.build(),
        }
    }

    /// A key, and more.
    pub fn builder(api_key: impl Into<ApiKey>) -> ConfigBuilder {
        ConfigBuilder(Self {
            api_key: api_key.into(),
            base_url: None,
            files_url: None,
            options: RequestOptions::new(),
            allow_live_key_over_plain_http: false,
            #[cfg(feature = "__io")]
            retry_policy: RetryPolicy::default(),
        })
    }

    /// The server that requests go to, if it is not the one of their description.
    #[must_use]
    pub fn base_url(&self) -> Option<&str> {
        self.base_url.as_deref()
    }

    /// The server that v1 files are fetched from, if it is not Stripe's.
    #[must_use]
    pub fn files_url(&self) -> Option<&str> {
        self.files_url.as_deref().or(self.base_url())
    }

    /// The default options.
    pub fn options(&self) -> &RequestOptions {
        &self.options
    }

    /// The same with other default options; what `options` leaves open stays as it is.
    #[must_use]
    pub fn with_options(&self, options: RequestOptions) -> Self {
        Self { options: options.or(&self.options), ..self.clone() }
    }

    /// Creates the value of the `Authorization` header of a request to this URL.
    pub(crate) fn authorization(&self, url: &Uri) -> Result<HeaderValue, Error> {
        self.api_key.authorization(url, self.allow_live_key_over_plain_http)
    }

    #[cfg(feature = "__io")]
    pub(crate) fn retry_policy(&self) -> &RetryPolicy {
        &self.retry_policy
    }
}

/// Builds a [`Config`].
#[derive(Debug, Clone)]
#[must_use]
pub struct ConfigBuilder(Config);

impl ConfigBuilder {
    /// A server to send everything to in place of Stripe's, such as a mock server at `http://127.0.0.1:12111`.
    ///
    /// The API key is sent to it, so a live key is refused for `http://` other than loopback, see
    /// [`allow_live_key_over_plain_http`](Self::allow_live_key_over_plain_http).
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.0.base_url = Some(url.into());
        self
    }

    /// A server to fetch v1 files from in place of `https://files.stripe.com`; without it, that is the
    /// [base URL](Self::base_url), if one is set.
    ///
    /// The API key is sent to it, on the same condition.
    pub fn files_url(mut self, url: impl Into<String>) -> Self {
        self.0.files_url = Some(url.into());
        self
    }

    /// Options for requests that don't set them for themselves.
    pub fn options(mut self, options: RequestOptions) -> Self {
        self.0.options = options;
        self
    }

    /// Allows a live or organization key to be sent over plain `http://` to hosts other than loopback (127.0.0.0/8, ::1 and
    /// `localhost`).
    ///
    /// Anyone on the way can read the key then: allow it only on a network that you trust, such as to a proxy of your own
    /// that adds TLS. Test keys are sent to any server without it.
    pub fn allow_live_key_over_plain_http(mut self, allow: bool) -> Self {
        self.0.allow_live_key_over_plain_http = allow;
        self
    }

    /// Replaces the policy that decides, after each failed attempt of a request or a download, on the delay before the next
    /// one. `None` returns the error.
    ///
    /// [`FailedAttempt::default_delay`] is the default policy. Whatever a policy returns, no attempt of a request begins after
    /// [`RequestOptions::timeout`], and none of a download after its own time-out. The attempts of
    /// [`RequestOptions::retry_rate_limits_for`] do not ask the policy, and extend the time of a request.
    ///
    /// ```
    /// use std::time::Duration;
    /// use stripe_reporting_runtime::Config;
    ///
    /// // Up to ten attempts, none after a minute.
    /// let config = Config::builder("sk_test_123")
    ///     .retry_policy(|failed| {
    ///         let again = failed.is_transient() && failed.attempt() < 10 && failed.elapsed() < Duration::from_secs(60);
    ///         again.then(|| failed.backoff())
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

    /// The configuration, checked.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) when the key is empty or not valid, when the base URL or that of
    /// files is not the `http` or `https` URL of a server, when a live key would be sent to one of them unencrypted, or when
    /// the options have an idempotency key: Stripe would return the result of the first request to all of them.
    pub fn build(self) -> Result<Config, Error> {
        let Self(config) = self;
        config.api_key.check()?;
        for (what, url) in [("base URL", &config.base_url), ("URL of files", &config.files_url)] {
            if let Some(url) = url {
                config.authorization(&check_base_url(what, url)?)?;
            }
        }
        if config.options.get_idempotency_key().is_some() {
            return Err(Error::invalid_request("an idempotency key is for one request, not for all of them"));
        }
        Ok(config)
    }
}

fn check_base_url(what: &str, url: &str) -> Result<Uri, Error> {
    // The URL is not repeated in the messages: it may hold a password.
    let refuse = |reason: &str| Error::invalid_request(format!("the {what} {reason}"));
    let uri: Uri = url.parse().map_err(|error: http::uri::InvalidUri| refuse("is no URL").with_source(error))?;
    let authority = uri.authority().filter(|authority| !authority.host().is_empty());
    let authority = authority.ok_or_else(|| refuse("names no host"))?;
    match uri.scheme_str() {
        Some("http" | "https") => {}
        _ => return Err(refuse("is neither `http://…` nor `https://…`")),
    }
    if authority.as_str().contains('@') {
        return Err(refuse("has a user or a password"));
    }
    if !has_valid_port(authority) {
        return Err(refuse("has an invalid port"));
    }
    if uri.query().is_some() || url.contains('#') {
        return Err(refuse("has a query or a fragment"));
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
    fn refuses_what_is_no_key() {
        assert_eq!(message(Config::builder("")), "invalid request: the API key is empty");
        for key in ["sk_test_a\n", " sk_test_a", "sk_test_a b", "sk_test_ä", "sk_test_\u{0}"] {
            let message = message(Config::builder(key));
            assert!(message.contains("the API key has a space, a line break") && !message.contains(key), "{message}");
        }
    }

    #[test]
    fn shows_no_key() {
        for key in ["sk_test_geheim", "rk_live_geheim", "sk_org_live_geheim", "geheim"] {
            let builder = Config::builder(key);
            let debug = format!("{builder:?} {:?}", builder.clone().build().unwrap());
            assert!(!debug.contains("geheim"), "{debug}");
        }
    }

    #[test]
    fn refuses_what_is_no_server() {
        for (url, expected) in [
            ("", "is no URL"),
            ("/v1", "names no host"),
            ("api.stripe.com", "neither"),
            ("ftp://api.stripe.com", "neither"),
            ("https://user:pw@api.stripe.com", "a user or a password"),
            ("https://api.stripe.com/?a=b", "a query or a fragment"),
            ("https://api.stripe.com/#a", "a query or a fragment"),
            ("https://api.stripe.com:99999", "an invalid port"),
            ("https://[::1]:", "an invalid port"),
            ("https://9:99999", "an invalid port"),
            ("http://a b", "is no URL"),
        ] {
            let message = message(Config::builder("k").base_url(url));
            assert!(message.contains(expected) && !message.contains("pw"), "{url}: {message}");
        }
        for url in ["http://127.0.0.1:12111", "https://example.com/stripe/", "http://[::1]:80"] {
            assert!(Config::builder("k").base_url(url).build().is_ok(), "{url}");
        }
    }

    #[test]
    fn refuses_to_send_a_live_key_unencrypted() {
        let refused = "a live or organization key is not sent to `example.com` over plain `http://`; use `https://`";
        for key in ["sk_live_a", "rk_live_a", "sk_org_a"] {
            let builder = || Config::builder(key);
            for builder in [builder().base_url("http://example.com"), builder().files_url("http://example.com:8080/")] {
                assert!(message(builder.clone()).contains(refused));
                assert!(builder.allow_live_key_over_plain_http(true).build().is_ok());
            }
            for url in ["http://127.0.0.1:1", "http://localhost:1", "http://[::1]", "https://example.com"] {
                assert!(builder().base_url(url).files_url(url).build().is_ok(), "{url}");
            }
        }
        assert!(Config::builder("sk_test_a").base_url("http://example.com").build().is_ok());
    }

    #[test]
    fn refuses_an_idempotency_key_for_all() {
        let options = RequestOptions::new().idempotency_key("k");
        assert!(message(Config::builder("k").options(options)).contains("for one request"));
    }
}
