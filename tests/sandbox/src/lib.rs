//! A server with Stripe's reporting APIs, for tests and for trying things out.
//!
//! ```no_run
//! # async fn test() -> Result<(), stripe_reporting_sandbox::StartError> {
//! use stripe_reporting_sandbox::{Sandbox, Timing};
//!
//! let sandbox = Sandbox::builder().schedule(Timing::AfterPolls(2)).start().await?;
//! println!("STRIPE_API_BASE={} STRIPE_API_KEY={}", sandbox.base_url(), sandbox.key());
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]

mod admin;
mod builder;
mod catalogue;
pub mod data;
mod description;
mod events;
mod fact;
mod facts;
mod failure;
mod faults;
mod files;
mod log;
mod page;
mod request;
mod sandbox;
mod seeds;
mod server;
mod state;
mod validation;
mod verbs;
mod work;

pub use builder::{Builder, StartError};
pub use description::{EventKind, SpecError};
pub use events::{Attempt, Delivery, DeliveryState, Event, EventTypes, SendError, WebhookError};
pub use faults::Fault;
pub use log::Exchange;
pub use sandbox::{RunState, Sandbox};
pub use state::{Limits, Outcome, Schedule, Timing};
