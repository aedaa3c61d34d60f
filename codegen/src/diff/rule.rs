//! Rules: the kinds of changes there are, and how serious each is.

use std::fmt;

/// What a change asks of the version of the crate, as `spec/POLICY.md` defines it. Ordered, the most serious last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Nothing that a program can tell.
    Patch,
    /// Something is new, and nothing is lost.
    Minor,
    /// Some program stops compiling, or means something else.
    Major,
}

impl Level {
    /// Its name in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

/// What a change is on the wire, whatever the client is written in. Ordered, the most serious last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wire {
    /// What is sent and read stays the same; only what is said about it changes.
    Documentation,
    /// What worked still works.
    Compatible,
    /// Something that worked may be refused, or read wrongly.
    Breaking,
}

impl Wire {
    /// Its name in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Documentation => "documentation",
            Self::Compatible => "compatible",
            Self::Breaking => "breaking",
        }
    }
}

/// Which way what has changed travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// To Stripe.
    Request,
    /// From Stripe, in answers and events.
    Response,
    /// Both ways, or neither.
    Both,
}

impl Direction {
    /// Its name in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Request => "request",
            Self::Response => "response",
            Self::Both => "both",
        }
    }
}

/// A kind of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Its name, which stays.
    pub id: &'static str,
    /// What it asks of the crate's version.
    pub level: Level,
    /// What it is on the wire.
    pub wire: Wire,
    /// Which way what has changed travels.
    pub direction: Direction,
    /// What has changed, in a sentence.
    pub text: &'static str,
    /// The rule that the change is by when the sides are swapped.
    pub reverse: &'static str,
    /// The rule for the same in the other direction.
    pub counterpart: Counterpart,
    /// Whether its level is a judgement that no program can prove; `spec/POLICY.md` gives the reason.
    pub is_judgement: bool,
}

/// The rule for the same change in the other direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counterpart {
    /// The rule with this id.
    Rule(&'static str),
    /// There is none, and this is why.
    None(&'static str),
}

impl Rule {
    /// A rule that is its own mirror.
    pub(super) const fn new(
        id: &'static str,
        (level, wire, direction): (Level, Wire, Direction),
        text: &'static str,
    ) -> Self {
        let counterpart = Counterpart::None(match direction {
            Direction::Both => "it is about both directions",
            Direction::Request | Direction::Response => "",
        });
        Self { id, level, wire, direction, text, reverse: id, counterpart, is_judgement: false }
    }

    /// The rule when the sides are swapped.
    pub(super) const fn reverse(self, id: &'static str) -> Self {
        Self { reverse: id, ..self }
    }

    /// The rule in the other direction.
    pub(super) const fn counterpart(self, id: &'static str) -> Self {
        Self { counterpart: Counterpart::Rule(id), ..self }
    }

    /// Why there is no rule in the other direction.
    pub(super) const fn without_counterpart(self, reason: &'static str) -> Self {
        Self { counterpart: Counterpart::None(reason), ..self }
    }

    /// Its level is a judgement.
    pub(super) const fn is_judgement(self) -> Self {
        Self { is_judgement: true, ..self }
    }
}

macro_rules! display {
    ($($name:ident),*) => {
        $(impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        })*
    };
}

display!(Level, Wire, Direction);
