//! Rules: the kinds of changes, and how serious each is.

use std::fmt;

/// Declares enums whose variants have a name in reports.
macro_rules! named {
    ($($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl $name {
            /// Returns its name in reports.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }

            /// All of them, in order.
            pub const ALL: &[Self] = &[$(Self::$variant),*];
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }
    )*};
}

named! {
    /// What a change requires of the crate's version, as `spec/POLICY.md` defines it. Ordered, the most serious last.
    Level {
        /// No program is affected.
        Patch = "patch",
        /// Something is added, and no program breaks.
        Minor = "minor",
        /// Some program stops compiling or behaves differently.
        Major = "major",
    }

    /// What a change means on the wire, for clients in any language. Ordered, the most serious last.
    Wire {
        /// Requests and responses stay the same; only their description or their Rust types change.
        Documentation = "documentation",
        /// Everything that worked still works.
        Compatible = "compatible",
        /// Something that worked may be refused or misread.
        Breaking = "breaking",
    }

    /// Where the changed item is used.
    Direction {
        /// In requests.
        Request = "request",
        /// In responses and events.
        Response = "response",
        /// In both, or independent of either.
        Both = "both",
    }
}

/// A kind of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Its name, which never changes.
    pub id: &'static str,
    /// What it requires of the crate's version.
    pub level: Level,
    /// What it means on the wire.
    pub wire: Wire,
    /// Where the changed item is used.
    pub direction: Direction,
    /// What changes, in a sentence.
    pub text: &'static str,
}

impl Rule {
    /// Returns whether users or clients need to act: whether it is major or breaking.
    #[must_use]
    pub fn is_serious(&self) -> bool {
        self.level == Level::Major || self.wire == Wire::Breaking
    }

    /// Its place in reports, the most serious last.
    pub(crate) fn seriousness(&self) -> impl Ord + use<> {
        (self.is_serious(), self.level, self.wire)
    }
}

/// A rule, and the direction in which a change matches it: the rule's own, or both.
#[derive(Debug, Clone, Copy)]
pub(super) struct DirectedRule {
    pub(super) rule: &'static Rule,
    pub(super) direction: Direction,
}

impl From<&'static Rule> for DirectedRule {
    fn from(rule: &'static Rule) -> Self {
        Self { rule, direction: rule.direction }
    }
}
