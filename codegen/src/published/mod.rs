//! Follows the descriptions that Stripe publishes.

mod translate;

pub use translate::Inexpressible;
