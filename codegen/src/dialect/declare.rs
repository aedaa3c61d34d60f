//! The macros of the declarations, which state each name, shape, documentation and type once.

/// Declares an object: a struct that decodes it, and its shape. `prose` members are optional and only become documentation.
macro_rules! record {
    (
        $(#[$attribute:meta])*
        $type:ident {
            $(required { $(#[doc = $required_doc:literal] $required_name:literal $required:ident: $required_type:ty,)* })?
            $(optional { $(#[doc = $optional_doc:literal] $optional_name:literal $optional:ident: $optional_type:ty,)* })?
            $(prose { $(#[doc = $prose_doc:literal] $prose_name:literal $prose:ident: $prose_type:ty,)* })?
            $(ignored { $(#[doc = $ignored_doc:literal] $ignored_name:literal,)* })?
        }
    ) => {
        $(#[$attribute])*
        #[derive(Deserialize)]
        pub(crate) struct $type {
            $($(#[doc = $required_doc] #[serde(rename = $required_name)] pub(crate) $required: $required_type,)*)?
            $($(#[doc = $optional_doc] #[serde(rename = $optional_name, default)] pub(crate) $optional: $optional_type,)*)?
            $($(#[doc = $prose_doc] #[serde(rename = $prose_name, default)] pub(crate) $prose: $prose_type,)*)?
        }

        impl Decoded for $type {
            const SHAPE: Shape = Shape::Record {
                members: &[
                    $($(required($required_name, <$required_type>::SHAPE, $required_doc),)*)?
                    $($(optional($optional_name, <$optional_type>::SHAPE, $optional_doc),)*)?
                    $($(optional($prose_name, <$prose_type>::SHAPE, $prose_doc).prose(),)*)?
                    $($(ignored($ignored_name, $ignored_doc),)*)?
                ],
            };
        }
    };
}

/// Declares a choice: an enum that decodes it, and the strings that it is one of.
macro_rules! choice {
    ($(#[$attribute:meta])* $type:ident { $($(#[$variant_attribute:meta])* $text:literal $variant:ident,)* }) => {
        $(#[$attribute])*
        #[derive(Deserialize, Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum $type {
            $($(#[$variant_attribute])* #[serde(rename = $text)] $variant,)*
        }

        impl Decoded for $type {
            const SHAPE: Shape = Shape::Choice(&[$($text),*]);
        }
    };
}

/// Declares the table of extensions, and a constant for the name of each that has an effect.
macro_rules! extensions {
    (
        used { $(#[doc = $doc:literal] $constant:ident = $name:literal: $type:ty, on $places:expr $(, $compared:path)?;)* }
        ignored { $(#[doc = $ignored_doc:literal] $ignored_name:literal: $ignored_type:ty;)* }
    ) => {
        $(#[doc = $doc] pub(crate) const $constant: &str = $name;)*

        /// Every extension.
        pub const EXTENSIONS: &[Extension] = &[
            $(Extension {
                name: $name,
                shape: <$type>::SHAPE,
                documentation: $doc,
                places: $places,
                used: true,
                compared: false $(|| $compared)?,
            },)*
            $(Extension {
                name: $ignored_name,
                shape: <$ignored_type>::SHAPE,
                documentation: $ignored_doc,
                places: ANYWHERE,
                used: false,
                compared: false,
            },)*
        ];
    };
}

/// Declares an enum whose variants have a name in words, for messages and the documentation.
macro_rules! named {
    ($(#[$attribute:meta])* $type:ident { $($(#[$variant_attribute:meta])* $variant:ident = $name:literal,)* }) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum $type {
            $($(#[$variant_attribute])* $variant,)*
        }

        impl $type {
            /// Every variant.
            pub(crate) const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Returns its name in words.
            pub(crate) fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

pub(super) use {choice, extensions, named, record};
