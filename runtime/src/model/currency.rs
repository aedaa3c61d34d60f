//! Currency codes.

/// A three-letter ISO 4217 currency code in lower case, such as `usd`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency(super::private::Text);

crate::string_newtype!(Currency);
