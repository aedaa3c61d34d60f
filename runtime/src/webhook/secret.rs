//! The signing secret of an endpoint.

use std::fmt;

use crate::Error;

/// The signing secret of a webhook endpoint, `whsec_…`.
///
/// `Debug` does not show it, and there is no way to read it.
///
/// ```
/// # fn main() -> Result<(), stripe_reporting_runtime::Error> {
/// let secret = stripe_reporting_runtime::WebhookSecret::new("whsec_123")?;
/// assert_eq!(format!("{secret:?}"), "WebhookSecret([redacted])");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct WebhookSecret(#[cfg_attr(not(feature = "webhooks"), allow(dead_code))] String);

impl WebhookSecret {
    /// Checks a secret.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) when the secret is empty or blank: anybody can sign with an
    /// empty secret. Also when it contains white space, a line break or another character that secrets don't have, as
    /// a secret that was copied with its line break does: no signature would ever match.
    pub fn new(secret: impl Into<String>) -> Result<Self, Error> {
        let secret = secret.into();
        if secret.trim().is_empty() {
            return Err(Error::invalid_request(
                "the webhook secret is empty; help: set the environment variable that holds it, such as \
                 `STRIPE_WEBHOOK_SECRET`, to the `whsec_…` of the endpoint",
            ));
        }
        if !secret.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Error::invalid_request(
                "the webhook secret contains white space, a line break or another character that secrets don't have; \
                 help: remove it, also from the environment variable that holds the secret",
            ));
        }
        Ok(Self(secret))
    }

    #[cfg(feature = "webhooks")]
    pub(super) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl TryFrom<&str> for WebhookSecret {
    type Error = Error;

    fn try_from(secret: &str) -> Result<Self, Error> {
        Self::new(secret)
    }
}

impl TryFrom<String> for WebhookSecret {
    type Error = Error;

    fn try_from(secret: String) -> Result<Self, Error> {
        Self::new(secret)
    }
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSecret([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    #[test]
    fn empty_and_blank_secrets_are_refused_with_the_likely_cause() {
        for secret in ["", " ", "\t\r\n", "\u{a0}\u{2003}"] {
            for error in [
                WebhookSecret::new(secret).unwrap_err(),
                WebhookSecret::try_from(secret).unwrap_err(),
                WebhookSecret::try_from(secret.to_owned()).unwrap_err(),
            ] {
                assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{secret:?}");
                assert!(error.to_string().contains("`STRIPE_WEBHOOK_SECRET`"), "{secret:?}: {error}");
            }
        }
    }

    #[test]
    fn secrets_that_never_match_are_refused_without_showing_them() {
        for secret in ["whsec_geheim\n", " whsec_geheim", "whsec_ge heim", "whsec_geheim\u{feff}", "whsec_gehe\u{0}im"]
        {
            let error = WebhookSecret::new(secret).unwrap_err();
            assert!(error.to_string().contains("contains white space, a line break"), "{error}");
            assert!(!format!("{error} {error:?}").contains("geh"), "{error:?}");
        }
        assert!(WebhookSecret::new("whsec_aB0+/=._-").is_ok());
    }
}
