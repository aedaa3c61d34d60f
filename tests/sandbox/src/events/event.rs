//! Events, and what has become of their deliveries.

use axum::body::Bytes;
use http::StatusCode;
use jiff::Timestamp;

use crate::description::EventKind;

/// An event.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Event {
    /// The event's id.
    pub id: String,
    /// The type.
    pub event_type: String,
    /// The kind.
    pub kind: EventKind,
    /// The id of the object that it is about.
    pub object: String,
    /// When it happened, on the server's clock.
    pub created: Timestamp,
    /// The body that webhooks receive.
    pub body: Bytes,
    /// Why the event does not conform to the description: it is then not sent.
    pub problem: Option<String>,
    /// The deliveries, one for each webhook.
    pub deliveries: Vec<Delivery>,
}

/// The delivery of an event to a webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivery {
    /// The webhook.
    pub url: String,
    /// What has become of it.
    pub state: DeliveryState,
    /// The attempts until now.
    pub attempts: Vec<Attempt>,
}

/// What has become of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryState {
    /// There will be another attempt.
    Pending,
    /// The webhook has responded with a 2xx status.
    Succeeded,
    /// All attempts have failed.
    Failed,
}

/// One attempt at a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// When it ended, on the server's clock.
    pub at: Timestamp,
    /// The status of the response.
    pub status: Option<StatusCode>,
    /// Why a request has no response.
    pub error: Option<String>,
}

impl Event {
    pub(crate) fn is_pending(&self) -> bool {
        self.deliveries.iter().any(|delivery| delivery.state == DeliveryState::Pending)
    }

    /// Whether each delivery has been attempted.
    pub(super) fn is_attempted(&self) -> bool {
        self.deliveries.iter().all(|delivery| !delivery.attempts.is_empty())
    }
}

impl DeliveryState {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
        }
    }
}

impl Attempt {
    pub(super) fn has_succeeded(&self) -> bool {
        self.status.is_some_and(|status| status.is_success())
    }
}
