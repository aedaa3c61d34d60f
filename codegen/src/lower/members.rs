//! The names inside a Rust item: variants, constants, fields, methods. Every member claims its name here, so that two members
//! with the same name are reported with both places.

use std::collections::HashMap;

use super::context::Context;
use super::names::{self, NameKind};
use super::site::Site;
use crate::api::Name;
use crate::diagnostic::{Code, Diagnostic, Related};

/// The names claimed inside one item.
pub(super) struct Members<'a> {
    kind: NameKind,
    /// Whether they are properties, whose key is marked, and not values.
    are_properties: bool,
    taken: HashMap<Name, Claim<'a>>,
    /// Names that the generated code uses itself, and what for.
    reserved: Vec<(Name, &'static str)>,
}

/// A member that claims a name.
#[derive(Clone)]
pub(super) struct Claim<'a> {
    /// The member in messages: "the value `csv`".
    pub(super) what: String,
    pub(super) site: Site<'a>,
    /// How to rename it: "with `x-rustName`".
    pub(super) rename: &'static str,
}

/// A name that the description gives, with its place.
#[derive(Clone)]
pub(super) struct Given<'a> {
    pub(super) name: String,
    pub(super) site: Site<'a>,
}

impl<'a> Members<'a> {
    fn new(kind: NameKind, reserved: Vec<(Name, &'static str)>) -> Self {
        Self { kind, are_properties: kind == NameKind::Snake, taken: HashMap::new(), reserved }
    }

    /// Returns the claims on the variants of an enum.
    pub(super) fn variants() -> Self {
        Self::new(NameKind::UpperCamel, vec![(names::unrecognized(), "the variant for unknown values")])
    }

    /// Returns the claims of properties on the variants of an enum.
    pub(super) fn variants_of_properties() -> Self {
        Self { are_properties: true, ..Self::variants() }
    }

    /// Returns the claims on the constants of a string type.
    pub(super) fn constants() -> Self {
        Self::new(NameKind::Shouty, Vec::new())
    }

    /// Returns the claims on fields or methods.
    pub(super) fn snake(reserved: Vec<(Name, &'static str)>) -> Self {
        Self::new(NameKind::Snake, reserved)
    }
}

impl<'a> Claim<'a> {
    /// Returns the claim of a property on the name of its field.
    pub(super) fn property(wire: &str, site: Site<'a>) -> Self {
        Self { what: format!("the property `{wire}`"), site, rename: "with `x-rustName`" }
    }

    /// Returns the member in messages, on one line.
    fn shown(&self) -> String {
        self.what.escape_debug().to_string()
    }

    /// Creates a diagnostic that marks the value of a variant or a constant, and the key of anything else.
    fn diagnostic(&self, is_property: bool, message: String, help: String) -> Diagnostic {
        if is_property {
            self.site.at_key(Code::NameCollision, message, help)
        } else {
            self.site.at_value(Code::EnumValueCollision, message, help)
        }
    }

    fn related(&self, is_property: bool) -> Related {
        let location = if is_property { self.site.key_location() } else { self.site.value_location() };
        Related { location, text: self.shown() }
    }
}

impl<'a> Context<'a> {
    /// Names a member after its wire name unless the description gives a name, and claims that name.
    pub(super) fn member(
        &mut self,
        members: &mut Members<'a>,
        wire: &str,
        given: Option<&Given<'a>>,
        claim: Claim<'a>,
    ) -> Option<Name> {
        let name = match given {
            Some(given) => self.given_name(&given.site, members.kind, &given.name)?,
            None => {
                let words = if wire.is_empty() { "empty" } else { wire };
                let name = names::derive(members.kind, words);
                let is_free = name.is_some_and(|name| members.reserved.iter().all(|(reserved, _)| *reserved != name));
                if !is_free && self.has_lost_name(&claim.site) {
                    return None;
                }
                self.derived_name(&claim.site, members.kind, words)?
            }
        };
        self.claim(members, &name, claim).then_some(name)
    }

    /// Claims a name inside an item; reports it when it is taken.
    pub(super) fn claim(&mut self, members: &mut Members<'a>, name: &Name, claim: Claim<'a>) -> bool {
        let (what, rename) = (claim.shown(), claim.rename);
        let reserved = members.reserved.iter().find(|(reserved, _)| reserved == name);
        let other = members.taken.get(name);
        let is_free = reserved.is_none() && other.is_none();
        let has_lost_name = |claim: &Claim<'a>| self.has_lost_name(&claim.site);
        if !is_free && (has_lost_name(&claim) || other.is_some_and(has_lost_name)) {
            return false;
        }
        let diagnostic = if let Some((_, owner)) = reserved {
            let message = format!("{what} has the name of {owner}, `{name}`");
            claim.diagnostic(members.are_properties, message, format!("name it {rename}"))
        } else if let Some(other) = other {
            let message = match other.shown() {
                other if other == what => format!("{what} is defined twice"),
                other => format!("{other} and {what} have the same Rust name, `{name}`"),
            };
            let help = format!("name one of the two {rename}");
            claim.diagnostic(members.are_properties, message, help).related(other.related(members.are_properties))
        } else {
            members.taken.insert(name.clone(), claim);
            return true;
        };
        self.report(diagnostic);
        false
    }
}
