//! Signing secrets.

use std::fmt;

use crate::Error;

/// The signing secret of a webhook endpoint, `whsec_…`.
///
/// `Debug` redacts it, and no method returns it.
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
    /// Validates a secret.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if the secret
    ///
    /// - is empty or blank: anyone could sign with it;
    /// - contains white space or another invalid character, such as the line break of a file: no signature would match.
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
                "the webhook secret contains white space, a line break or another invalid character; help: remove it from \
                 where the secret is stored",
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
    fn refuses_empty_and_blank_secrets() {
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
    fn refuses_secrets_that_never_match_without_printing_them() {
        for secret in ["whsec_geheim\n", " whsec_geheim", "whsec_ge heim", "whsec_geheim\u{feff}", "whsec_gehe\u{0}im"]
        {
            let error = WebhookSecret::new(secret).unwrap_err();
            assert!(error.to_string().contains("contains white space, a line break"), "{error}");
            assert!(!format!("{error} {error:?}").contains("geh"), "{error:?}");
        }
        assert!(WebhookSecret::new("whsec_aB0+/=._-").is_ok());
    }
}
