//! Strings with a meaning: identifiers, enums that may grow, currencies, secrets.

mod newtype;
mod open_enum;
mod secret;

pub use open_enum::UnrecognizedValue;
pub use secret::Secret;

/// A three-letter ISO 4217 currency code in lower case, such as `usd`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency(crate::private::Text);

crate::string_newtype!(Currency);
