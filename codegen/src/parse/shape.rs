//! The shapes that values can have.

use serde_yaml::Value;

use super::grammar::Kind;

/// What a key's value must look like.
#[derive(Debug)]
pub(crate) enum Shape {
    /// Anything: examples, defaults.
    Any,
    /// Anything, and nobody looks at it.
    Ignored,
    /// Text.
    Text,
    /// `true` or `false`.
    Flag,
    /// A whole number.
    Integer,
    /// A whole number that is not negative.
    Count,
    /// A number.
    Number,
    /// One of these texts.
    Choice(&'static [&'static str]),
    /// A list.
    List(&'static Shape),
    /// An object with free keys.
    Map(&'static Shape),
    /// An object with these members.
    Record { members: &'static [Member] },
    /// Either of two, told apart by what the value is.
    Either(&'static Shape, &'static Shape),
    /// An OpenAPI object.
    Object(Kind),
    /// An OpenAPI object, or a `$ref` to one.
    OrReference(Kind),
}

/// A member of a record.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    pub(crate) required: bool,
    /// Accepted, and without any effect.
    pub(crate) ignored: bool,
}

/// A member that must be there.
pub(super) const fn required(name: &'static str, shape: Shape) -> Member {
    Member { name, shape, required: true, ignored: false }
}

/// A member that may be there.
pub(super) const fn optional(name: &'static str, shape: Shape) -> Member {
    Member { name, shape, required: false, ignored: false }
}

/// A member that may be there and has no effect.
pub(super) const fn ignored(name: &'static str, shape: Shape) -> Member {
    Member { name, shape, required: false, ignored: true }
}

/// A member that must be there, as OpenAPI has it, and has no effect.
pub(super) const fn required_but_ignored(name: &'static str, shape: Shape) -> Member {
    Member { name, shape, required: true, ignored: true }
}

impl Shape {
    /// What takes the place of a value that is missing or can't be understood, where something must be there for the rest
    /// to be looked at; nothing where the whole had better be left out.
    pub(super) fn stand_in(&self) -> Option<Value> {
        match self {
            Self::Text => Some(Value::String(String::new())),
            Self::Map(_) => Some(Value::Mapping(Default::default())),
            Self::Object(Kind::Paths | Kind::Responses | Kind::Schema) | Self::OrReference(Kind::Schema) => {
                Some(Value::Mapping(Default::default()))
            }
            Self::Object(Kind::Info) => {
                let empty = || Value::String(String::new());
                Some(Value::Mapping([("title".into(), empty()), ("version".into(), empty())].into_iter().collect()))
            }
            _ => None,
        }
    }

    /// The shape in words.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Any | Self::Ignored => "anything".to_owned(),
            Self::Text => "text".to_owned(),
            Self::Flag => "`true` or `false`".to_owned(),
            Self::Integer => "a whole number".to_owned(),
            Self::Count => "a whole number that is not negative".to_owned(),
            Self::Number => "a number".to_owned(),
            Self::Choice(choices) => {
                choices.iter().map(|choice| format!("`{choice}`")).collect::<Vec<_>>().join(" or ")
            }
            Self::List(_) => "a list".to_owned(),
            Self::Map(_) | Self::Record { .. } | Self::Object(_) | Self::OrReference(_) => "an object".to_owned(),
            Self::Either(one, other) => format!("{} or {}", one.describe(), other.describe()),
        }
    }
}
