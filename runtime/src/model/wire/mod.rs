//! Wire formats that differ from the serde format of the Rust type.
//!
//! Used by generated code as `#[serde(with = "runtime::wire::As::<Option<runtime::wire::DateTime>>")]`.

mod absent;
mod additional;
mod date_time;
mod int64;
mod unix_time;

pub use absent::false_means_absent;
pub use additional::Additional;
pub use date_time::DateTime;
pub use int64::Int64;
pub use serde_with::{As, Same};
pub use unix_time::UnixTime;
