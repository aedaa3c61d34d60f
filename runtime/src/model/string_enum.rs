//! Macros that define the enums of generated code.

/// Defines an enum that is used in responses, from a table of variants and values. Unknown values are preserved. Error codes
/// have their HTTP status as well: `NotFound = ("not_found", Some(404))`.
#[doc(hidden)]
#[macro_export]
macro_rules! string_enum {
    ($(#[$attribute:meta])* pub enum $name:ident {
        $($(#[doc = $doc:literal])* $variant:ident = $wire:literal),* $(,)?
    }) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = $crate::__variant_doc!([$($doc)*] $wire)] $variant,)*
            /// A value that this version of the crate does not know, preserved verbatim.
            Unrecognized($crate::UnrecognizedValue),
        }

        impl $name {
            /// Every value that this version of the crate knows.
            pub const VALUES: &'static [Self] = &[$(Self::$variant),*];

            /// Returns the value on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)*
                    Self::Unrecognized(value) => value.as_str(),
                }
            }
        }

        impl From<&str> for $name {
            fn from(value: &str) -> Self {
                match value {
                    $($wire => Self::$variant,)*
                    other => Self::Unrecognized($crate::private::unrecognized(other)),
                }
            }
        }

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
    ($(#[$attribute:meta])* pub enum $name:ident {
        $($(#[doc = $doc:literal])* $variant:ident = ($wire:literal, $status:expr)),* $(,)?
    }) => {
        $crate::string_enum! {
            $(#[$attribute])*
            pub enum $name {
                $($(#[doc = $doc])* $variant = $wire,)*
            }
        }

        impl $name {
            /// Returns the HTTP status that Stripe sends the code with, if it is documented.
            #[must_use]
            pub fn status(&self) -> Option<u16> {
                match self {
                    $(Self::$variant => $status,)*
                    Self::Unrecognized(_) => None,
                }
            }
        }
    };
}

/// Defines an enum that is used in requests only, from a table of variants and values. Decoding an unknown value is an
/// error.
#[doc(hidden)]
#[macro_export]
macro_rules! closed_enum {
    ($(#[$attribute:meta])* pub enum $name:ident {
        $($(#[doc = $doc:literal])* $variant:ident = $wire:literal),* $(,)?
    }) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $(#[doc = $crate::__variant_doc!([$($doc)*] $wire)] $variant,)*
        }

        impl $name {
            /// Every value.
            pub const VALUES: &'static [Self] = &[$(Self::$variant),*];

            /// Returns the value on the wire.
            #[must_use]
            pub fn as_str(&self) -> &'static str {
                match self {
                    $(Self::$variant => $wire,)*
                }
            }
        }

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

/// Expands to the documentation of a variant: the one in the table, or its value.
#[doc(hidden)]
#[macro_export]
macro_rules! __variant_doc {
    ([] $wire:literal) => {
        concat!("`", $wire, "`")
    };
    ([$($doc:literal)+] $wire:literal) => {
        concat!($($doc, "\n"),+)
    };
}
