//! The key to an account.

use std::fmt;

use http::uri::Scheme;
use http::{HeaderValue, Uri};

use super::host::is_loopback;
use crate::Error;

/// A secret or restricted API key, such as `sk_test_…` or `rk_live_…`.
///
/// `Debug` shows what sort of key it is and nothing else of it; there is no `Display` and no way to read it.
/// It is not logged either, but by ureq, which moves the bytes of the blocking client and logs all of them
/// at the level `trace`, the `Authorization` header included: disable that level where logs are kept.
///
/// A live key (`sk_live_…`, `rk_live_…`) or an organization key (`sk_org_…`) is sent encrypted: over plain `http://` it goes
/// to loopback only, unless [`ConfigBuilder::allow_live_key_over_plain_http`](crate::ConfigBuilder::allow_live_key_over_plain_http)
/// says otherwise. Any other key goes to whatever server the configuration names.
///
/// ```
/// let key = stripe_reporting_runtime::ApiKey::new("sk_test_123");
/// assert_eq!(format!("{key:?}"), "ApiKey(sk_test_[redacted])");
/// ```
#[derive(Clone)]
pub struct ApiKey(String);

impl ApiKey {
    /// Takes a key. It is checked by [`ConfigBuilder::build`](crate::ConfigBuilder::build), and whenever it is sent.
    #[must_use]
    pub fn new(key: impl Into<String>) -> Self {
        Self(key.into())
    }

    /// Creates the value of the `Authorization` header of a request to this URL, marked so that it is not printed.
    ///
    /// No other function returns the key, so no request can be made without this check.
    pub(crate) fn authorization(&self, url: &Uri, allow_live_key_over_plain_http: bool) -> Result<HeaderValue, Error> {
        self.check()?;
        if !allow_live_key_over_plain_http && !self.may_be_sent_to(url) {
            return Err(Error::invalid_request(format!(
                "a live or organization key is not sent to `{}` over plain `http://`; use `https://` or a test key, or allow \
                 it with `ConfigBuilder::allow_live_key_over_plain_http`",
                url.host().unwrap_or_default(),
            )));
        }
        let mut value = HeaderValue::try_from(format!("Bearer {}", self.0))
            .map_err(|_| Error::invalid_request("the API key can't be sent in a header"))?;
        value.set_sensitive(true);
        Ok(value)
    }

    /// Whether the key is a test key, or is encrypted on its way or does not leave the machine.
    fn may_be_sent_to(&self, url: &Uri) -> bool {
        // `sk_live_`, `rk_live_`, `sk_org_`, `rk_org_`, and what else Stripe may name so.
        let is_live = matches!(self.0.split('_').nth(1), Some("live" | "org"));
        !is_live || url.scheme() == Some(&Scheme::HTTPS) || url.host().is_some_and(is_loopback)
    }

    /// Checks that it can be a key.
    pub(crate) fn check(&self) -> Result<(), Error> {
        // The messages must not tell what is in the key, only what is wrong with it.
        if self.0.is_empty() {
            return Err(Error::invalid_request("the API key is empty"));
        }
        if !self.0.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Error::invalid_request(
                "the API key has a space, a line break or another character that keys don't have",
            ));
        }
        Ok(())
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sorts = ["sk_test_", "sk_live_", "rk_test_", "rk_live_", "sk_org_", "rk_org_"];
        let sort = sorts.into_iter().find(|sort| self.0.starts_with(sort)).unwrap_or_default();
        write!(f, "ApiKey({sort}[redacted])")
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
    fn live_keys_are_sent_encrypted_or_stay_on_the_machine() {
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
