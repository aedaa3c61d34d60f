//! The field types of generated models and parameters, and how they are serialized.
//!
//! `private` and `wire` are for generated code only; the rest is public.

mod currency;
mod expandable;
mod one_of;
#[doc(hidden)]
pub mod private;
mod range;
mod secret;
mod string_enum;
mod string_newtype;
mod unrecognized;
#[doc(hidden)]
pub mod wire;

pub use currency::Currency;
pub use expandable::Expandable;
pub use range::{RangeOrExact, RangeQuery};
pub use secret::Secret;
pub use unrecognized::UnrecognizedValue;
