//! Webhooks: whether an event is from Stripe.

#[cfg(feature = "webhooks")]
mod verify;

use std::fmt;

#[cfg(feature = "webhooks")]
pub use self::verify::Webhook;
use crate::Error;

/// What a webhook delivers: an event of one kind or the other.
///
/// Generated `Event` types implement it; `v1` has snapshot events, `v2` thin ones.
pub trait WebhookEvent: Sized {
    /// Reads an event, whoever sent it.
    ///
    /// # Errors
    ///
    /// [`Decode`](crate::ErrorKind::Decode) when the body is no JSON, is an event of the other kind, or lacks what an
    /// event has.
    fn parse_event(body: &[u8]) -> Result<Self, Error>;
}

/// The signing secret of a webhook endpoint, `whsec_…`.
///
/// `Debug` does not show it, and there is no way to read it.
///
/// ```
/// let secret = stripe_reporting_runtime::WebhookSecret::new("whsec_123");
/// assert_eq!(format!("{secret:?}"), "WebhookSecret([redacted])");
/// ```
#[derive(Clone)]
pub struct WebhookSecret(#[cfg_attr(not(feature = "webhooks"), allow(dead_code))] String);

impl WebhookSecret {
    /// Takes a secret.
    #[must_use]
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }
}

impl From<&str> for WebhookSecret {
    fn from(secret: &str) -> Self {
        Self::new(secret)
    }
}

impl From<String> for WebhookSecret {
    fn from(secret: String) -> Self {
        Self(secret)
    }
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSecret([redacted])")
    }
}
