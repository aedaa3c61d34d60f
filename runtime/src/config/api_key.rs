//! API keys.

use std::fmt;

use http::uri::Scheme;
use http::{HeaderValue, Uri};

use super::host::is_loopback;
use crate::Error;

/// A secret or restricted API key, such as `sk_test_…` or `rk_live_…`.
///
/// `Debug` shows the prefix only, and there is no method that returns the key. It is not logged by this crate. ureq, the
/// HTTP library of the blocking client, logs all bytes at level `trace`, including the `Authorization` header: disable that
/// level for logs that are stored.
///
/// Live keys (`sk_live_…`, `rk_live_…`) and organization keys (`sk_org_…`) are sent over TLS or to loopback only, unless
/// [`allow_live_key_over_plain_http`](crate::ConfigBuilder::allow_live_key_over_plain_http) is set. Other keys are sent to
/// any configured server.
///
/// ```
/// let key = stripe_reporting_runtime::ApiKey::new("sk_test_123");
/// assert_eq!(format!("{key:?}"), "ApiKey(sk_test_[redacted])");
/// ```
#[derive(Clone)]
pub struct ApiKey(String);

impl ApiKey {
    /// Wraps a key, which is validated by [`ConfigBuilder::build`](crate::ConfigBuilder::build) and by each request.
    #[must_use]
    pub fn new(key: impl Into<String>) -> Self {
        Self(key.into())
    }

    /// Creates the `Authorization` header of a request to this URL, marked as sensitive.
    ///
    /// No other function returns the key, so that no request bypasses the check of the URL.
    pub(crate) fn authorization(&self, url: &Uri, allow_live_key_over_plain_http: bool) -> Result<HeaderValue, Error> {
        self.validate()?;
        if !allow_live_key_over_plain_http && !self.can_be_sent_to(url) {
            return Err(Error::invalid_request(format!(
                "a live or organization key is not sent to `{}` over plain `http://`; help: use `https://` or a test key, \
                 or allow it with `ConfigBuilder::allow_live_key_over_plain_http`",
                url.host().unwrap_or_default(),
            )));
        }
        let mut value = HeaderValue::try_from(format!("Bearer {}", self.0))
            .map_err(|_| Error::invalid_request("the API key cannot be sent in a header"))?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// Returns whether the key is a test key, or is sent over TLS or to loopback.
    fn can_be_sent_to(&self, url: &Uri) -> bool {
        // `sk_live_`, `rk_live_`, `sk_org_`, `rk_org_`, and future prefixes of this form.
        let is_live = matches!(self.0.split('_').nth(1), Some("live" | "org"));
        !is_live || url.scheme() == Some(&Scheme::HTTPS) || url.host().is_some_and(is_loopback)
    }

    /// Validates the key.
    pub(crate) fn validate(&self) -> Result<(), Error> {
        // The messages must not contain any part of the key.
        if self.0.is_empty() {
            return Err(Error::invalid_request("the API key is empty"));
        }
        if !self.0.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Error::invalid_request(
                "the API key contains white space, a line break or another invalid character",
            ));
        }
        Ok(())
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefixes = ["sk_test_", "sk_live_", "rk_test_", "rk_live_", "sk_org_", "rk_org_"];
        let prefix = prefixes.into_iter().find(|prefix| self.0.starts_with(prefix)).unwrap_or_default();
        write!(f, "ApiKey({prefix}[redacted])")
    }
}

impl From<&str> for ApiKey {
    fn from(key: &str) -> Self {
        Self::new(key)
    }
}

impl From<String> for ApiKey {
    fn from(key: String) -> Self {
        Self(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn live_keys_are_sent_over_tls_or_to_loopback() {
        let sends = |key: &str, url: &str| ApiKey::new(key).authorization(&url.parse().unwrap(), false).is_ok();
        for key in ["sk_live_a", "rk_live_a", "sk_org_a", "sk_org_live_a", "rk_org_a", "sk_org_test_a", "sk_live_"] {
            for url in [
                "https://example.com",
                "HTTPS://example.com",
                "http://127.0.0.1:1/",
                "http://[::1]:1",
                "http://LOCALHOST/",
            ] {
                assert!(sends(key, url), "{key} {url}");
            }
            for url in [
                "http://example.com",
                "HTTP://example.com/",
                "http://127.0.0.1@example.com",
                "/v1",
                "ftp://a",
                "example.com",
            ] {
                assert!(!sends(key, url), "{key} {url}");
                assert!(ApiKey::new(key).authorization(&url.parse().unwrap(), true).is_ok(), "{key} {url}");
            }
        }
        for key in ["sk_test_a", "rk_test_a", "sk_test_live_a", "k", "live", "sk_123"] {
            assert!(sends(key, "http://example.com"), "{key}");
        }
    }
}
