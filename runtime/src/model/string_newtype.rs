//! Macros that complete the string types of generated code.

/// Completes a newtype of [`Text`](crate::private::Text): an id, or a string whose known values are associated constants.
#[doc(hidden)]
#[macro_export]
macro_rules! string_newtype {
    ($name:ident) => {
        impl $name {
            /// Creates a value from any string, without validation.
            #[must_use]
            pub fn new(value: impl Into<String>) -> Self {
                Self(::std::borrow::Cow::Owned(value.into()))
            }

            /// Creates a value in a constant.
            #[must_use]
            pub const fn from_static(value: &'static str) -> Self {
                Self(::std::borrow::Cow::Borrowed(value))
            }

            /// Returns the string.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Consumes the value and returns the string.
            #[must_use]
            pub fn into_string(self) -> String {
                self.0.into_owned()
            }
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_tuple(stringify!($name)).field(&self.as_str()).finish()
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                Self::new(value)
            }
        }

        impl From<&$name> for $name {
            fn from(value: &$name) -> Self {
                value.clone()
            }
        }

        impl ::std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                self.as_str()
            }
        }

        impl<'de> $crate::private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::private::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::private::deserialize_string(deserializer).map(Self)
            }
        }

        $crate::__string_type!($name);

        impl From<String> for $name {
            fn from(value: String) -> Self {
                Self::new(value)
            }
        }
    };
}

/// Implements the common traits of a type with `as_str`.
#[doc(hidden)]
#[macro_export]
macro_rules! __string_type {
    ($name:ident) => {
        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
            }
        }

        impl $crate::private::serde::Serialize for $name {
            fn serialize<S: $crate::private::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use crate::Currency;

    #[test]
    fn converts_and_compares_like_a_string() {
        const USD: Currency = Currency::from_static("usd");
        assert_eq!(USD, Currency::new(String::from("usd")));
        assert_eq!(USD, "usd");
        assert_eq!(USD, *"usd");
        assert_eq!(Currency::from(&USD), USD);
        assert_eq!(Currency::from("usd").into_string(), "usd");
        assert_eq!(format!("{USD} {USD:?} [{USD:>5}]"), r#"usd Currency("usd") [  usd]"#);
        assert_eq!(USD.cmp(&Currency::from("eur")), std::cmp::Ordering::Greater);
    }

    #[test]
    fn a_map_with_such_keys_is_read_and_serialized_like_one_of_strings() {
        let map = BTreeMap::from([(Currency::from("usd"), Currency::from("eur"))]);
        assert_eq!(map["usd"], "eur");
        let json = serde_json::to_string(&map).unwrap();
        assert_eq!(json, r#"{"usd":"eur"}"#);
        assert_eq!(serde_json::from_str::<BTreeMap<Currency, Currency>>(&json).unwrap(), map);
        assert!(serde_json::from_str::<Currency>("1").is_err());
    }
}
