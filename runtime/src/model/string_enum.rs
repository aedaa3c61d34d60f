//! Enums of strings.

/// Completes an enum that answers may hold: it has `as_str` and `From<&str>`, which keeps what it does not know.
#[doc(hidden)]
#[macro_export]
macro_rules! string_enum {
    ($name:ident) => {
        $crate::__string_type!($name);

        impl From<String> for $name {
            fn from(value: String) -> Self {
                Self::from(value.as_str())
            }
        }

        impl<'de> $crate::private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::private::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::private::deserialize_enum(deserializer)
            }
        }
    };
}

/// Completes an enum that only requests hold: it has `as_str` and `VALUES`. What is no value of it can't be decoded.
#[doc(hidden)]
#[macro_export]
macro_rules! closed_enum {
    ($name:ident) => {
        $crate::__string_type!($name);

        impl<'de> $crate::private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::private::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = $crate::private::deserialize_string(deserializer)?;
                let known = Self::VALUES.iter().find(|value| value.as_str() == text);
                known.copied().ok_or_else(|| $crate::private::not_a_value(&text, stringify!($name)))
            }
        }
    };
}
