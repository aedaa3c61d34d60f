//! The key to an account.

use std::fmt;

use http::HeaderValue;

use crate::Error;

/// A secret or restricted API key, such as `sk_test_…` or `rk_live_…`.
///
/// `Debug` shows what sort of key it is and nothing else of it; there is no `Display` and no way to read it.
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

    /// The value of the `Authorization` header, marked so that it is not printed.
    pub(crate) fn authorization(&self) -> Result<HeaderValue, Error> {
        // The messages must not tell what is in the key, only what is wrong with it.
        if self.0.is_empty() {
            return Err(Error::invalid_request("the API key is empty"));
        }
        if !self.0.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Error::invalid_request(
                "the API key has a space, a line break or another character that keys don't have",
            ));
        }
        let mut value = HeaderValue::try_from(format!("Bearer {}", self.0))
            .map_err(|_| Error::invalid_request("the API key can't be sent in a header"))?;
        value.set_sensitive(true);
        Ok(value)
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sorts = ["sk_test_", "sk_live_", "rk_test_", "rk_live_", "sk_org_"];
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
