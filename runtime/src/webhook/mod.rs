//! Webhooks: events and their signatures.

#[doc(hidden)]
pub mod event;
mod secret;
#[cfg(feature = "webhooks")]
mod verify;

pub use event::WebhookEvent;
pub use secret::WebhookSecret;
#[cfg(feature = "webhooks")]
pub use verify::Webhook;
