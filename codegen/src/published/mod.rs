//! Follows the descriptions that Stripe publishes.

mod fact;
mod read;
mod translate;
mod version;

pub use fact::Fact;
pub use read::{Published, ReadError, read};
pub use translate::Inexpressible;
pub use version::Version;
