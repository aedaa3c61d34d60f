//! One extension: its name, shape, places and documentation, and the members of its value.

use serde_json::Value;

use super::Keyword;
use super::grammar::Kind;
use super::place::{Form, Place, Subject};
use super::shape::{Member, Shape};

/// An `x-` key.
#[derive(Debug)]
pub struct Extension {
    /// The key.
    pub name: &'static str,
    pub(crate) shape: Shape,
    pub(super) documentation: &'static str,
    pub(crate) places: Places,
    /// Whether it has an effect.
    pub used: bool,
    /// Whether Stripe publishes it, and it carries a fact: `cargo xtask drift` compares it.
    pub compared: bool,
}

/// Where an extension may stand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Places {
    /// The OpenAPI objects.
    pub(crate) kinds: &'static [Kind],
    /// Whether it has an effect on a schema.
    pub(super) has_effect: fn(Subject) -> bool,
    /// The places in words, for the help and the documentation.
    pub(crate) words: &'static str,
}

impl Places {
    pub(super) const fn schemas(words: &'static str, has_effect: fn(Subject) -> bool) -> Self {
        Self { kinds: &[Kind::Schema], has_effect, words }
    }
}

/// A member of an extension's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtensionMember {
    /// The path from the extension: `x-wait.failure.code`.
    pub path: String,
    /// What it is, in one line.
    pub documentation: &'static str,
    /// Whether it must be present.
    pub required: bool,
    /// Whether it is accepted without any effect.
    pub ignored: bool,
    /// Whether it only becomes documentation.
    pub prose: bool,
}

impl Extension {
    /// Returns what it says, in one line.
    pub fn documentation(&self) -> &'static str {
        self.documentation.trim_start()
    }

    /// Returns the places where it has an effect, in words.
    pub fn places(&self) -> &'static str {
        self.places.words
    }

    /// Returns the members that its value can have.
    pub fn members(&self) -> Vec<ExtensionMember> {
        let mut found = Vec::new();
        collect(&self.shape, None, self.name, &mut found);
        found
    }

    /// Returns the members that a value of it has.
    pub(crate) fn members_of(&self, value: &Value) -> Vec<ExtensionMember> {
        let mut found = Vec::new();
        collect(&self.shape, Some(value), self.name, &mut found);
        found
    }

    /// Returns whether it may stand on objects of a kind.
    pub(crate) fn is_on(&self, kind: Kind) -> bool {
        self.places.kinds.contains(&kind)
    }

    /// Returns whether it has an effect on a schema.
    pub(crate) fn has_effect(&self, subject: Subject) -> bool {
        (self.places.has_effect)(subject)
    }

    /// Returns whether only components can have it: schemas directly under `components.schemas`.
    pub(crate) fn is_of_component(&self) -> bool {
        let inside = Place::ALL.iter().filter(|place| !matches!(place, Place::Model | Place::Alias));
        let mut subjects = inside.flat_map(|&place| Form::ALL.iter().map(move |&form| Subject::new(place, form)));
        self.used && !subjects.any(|subject| self.has_effect(subject))
    }

    /// Returns it and its members, as the keywords of a place. Where it is ignored, so are they.
    pub(crate) fn keywords(&self, place: &'static str) -> impl Iterator<Item = Keyword> {
        let itself = Keyword { place, keyword: self.name.to_owned(), ignored: !self.used };
        let members = self.members().into_iter().filter(|_| self.used);
        let members = members.map(move |member| Keyword { place, keyword: member.path, ignored: member.ignored });
        std::iter::once(itself).chain(members)
    }
}

fn collect(shape: &Shape, value: Option<&Value>, at: &str, found: &mut Vec<ExtensionMember>) {
    match shape {
        Shape::List(item) => match value.and_then(Value::as_array) {
            Some(items) => items.iter().for_each(|value| collect(item, Some(value), at, found)),
            None => collect(item, None, at, found),
        },
        Shape::Either(one, other) => [one, other].into_iter().for_each(|shape| collect(shape, value, at, found)),
        Shape::Record { members } => {
            for &Member { name, ref shape, documentation, required, ignored, prose, .. } in *members {
                let inside = value.map(|value| value.get(name));
                if inside.is_none_or(|inside| inside.is_some()) {
                    let path = format!("{at}.{name}");
                    let documentation = documentation.trim_start();
                    found.push(ExtensionMember { path: path.clone(), documentation, required, ignored, prose });
                    collect(shape, inside.flatten(), &path, found);
                }
            }
        }
        _ => {}
    }
}
