//! The shapes that values can have.

use std::collections::BTreeMap;

use serde_json::Value;

use super::grammar::Kind;

/// The shape of a keyword's value.
#[derive(Debug)]
pub(crate) enum Shape {
    /// Anything, and it has an effect: examples, defaults.
    Any,
    /// Anything, and it is not read.
    Ignored,
    /// A string.
    Text,
    /// `true` or `false`.
    Flag,
    /// An integer.
    Integer,
    /// A non-negative integer.
    Count,
    /// A number.
    Number,
    /// One of these strings.
    Choice(&'static [&'static str]),
    /// A list.
    List(&'static Shape),
    /// An object with free keys.
    Map(&'static Shape),
    /// An object with these members.
    Record { members: &'static [Member] },
    /// One of two shapes that accept different kinds of values.
    Either(&'static Shape, &'static Shape),
    /// An OpenAPI object.
    Object(Kind),
    /// An OpenAPI object, or a `$ref` to one.
    OrReference(Kind),
}

/// A keyword of an OpenAPI object, or a member of an extension.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
    /// What it is, in one line.
    pub(crate) documentation: &'static str,
    pub(crate) required: bool,
    /// Whether it is accepted without any effect.
    pub(crate) ignored: bool,
    /// Whether it only becomes documentation.
    pub(crate) prose: bool,
    /// Whether Stripe publishes it, and it carries a fact: `cargo xtask drift` compares it.
    pub(crate) compared: bool,
}

impl Member {
    /// Marks a member that only becomes documentation.
    pub(super) const fn prose(self) -> Self {
        Self { prose: true, ..self }
    }

    /// Marks a member that Stripe publishes, and that carries a fact.
    pub(super) const fn compared(self) -> Self {
        Self { compared: true, ..self }
    }

    /// Marks a member that has no effect.
    pub(super) const fn ignored(self) -> Self {
        Self { ignored: true, ..self }
    }
}

/// Declares a member that must be present.
pub(super) const fn required(name: &'static str, shape: Shape, documentation: &'static str) -> Member {
    Member { name, shape, documentation, required: true, ignored: false, prose: false, compared: false }
}

/// Declares a member that may be missing.
pub(super) const fn optional(name: &'static str, shape: Shape, documentation: &'static str) -> Member {
    Member { name, shape, documentation, required: false, ignored: false, prose: false, compared: false }
}

/// Declares a member that is accepted in any shape, and has no effect.
pub(super) const fn ignored(name: &'static str, documentation: &'static str) -> Member {
    optional(name, Shape::Ignored, documentation).ignored()
}

/// A type that values of a shape are decoded into.
pub(crate) trait Decoded {
    /// The shape of the values.
    const SHAPE: Shape;
}

impl Decoded for String {
    const SHAPE: Shape = Shape::Text;
}

impl Decoded for bool {
    const SHAPE: Shape = Shape::Flag;
}

impl Decoded for u16 {
    const SHAPE: Shape = Shape::Count;
}

impl Decoded for Value {
    const SHAPE: Shape = Shape::Any;
}

impl<T: Decoded> Decoded for Option<T> {
    const SHAPE: Shape = T::SHAPE;
}

impl<T: Decoded> Decoded for Vec<T> {
    const SHAPE: Shape = Shape::List(&T::SHAPE);
}

impl<T: Decoded> Decoded for BTreeMap<String, T> {
    const SHAPE: Shape = Shape::Map(&T::SHAPE);
}

impl Shape {
    /// Returns the shape in words.
    pub(crate) fn describe(&self) -> String {
        let mut words = Vec::new();
        self.alternatives(&mut words);
        let last = words.pop().unwrap_or_default();
        if words.is_empty() { last } else { format!("{} or {last}", words.join(", ")) }
    }

    fn alternatives(&self, words: &mut Vec<String>) {
        let word = match self {
            Self::Any | Self::Ignored => "anything",
            Self::Text => "a string",
            Self::Integer => "an integer",
            Self::Count => "a non-negative integer",
            Self::Number => "a number",
            Self::List(_) => "a list",
            Self::Map(_) | Self::Record { .. } | Self::Object(_) | Self::OrReference(_) => "an object",
            Self::Flag => return words.extend(["`true`".to_owned(), "`false`".to_owned()]),
            Self::Choice(choices) => return words.extend(choices.iter().map(|choice| format!("`{choice}`"))),
            Self::Either(one, other) => {
                one.alternatives(words);
                return other.alternatives(words);
            }
        };
        words.push(word.to_owned());
    }
}
