//! The names inside one Rust item: variants, constants, fields, methods. Whoever adds a member claims its name here, so two
//! members with the same name are an error that shows both places.

use std::collections::HashMap;

use super::Lowering;
use super::names::{self, NameKind};
use super::site::Site;
use crate::api::Name;
use crate::diagnostic::{Code, Diagnostic, Related};

/// The names claimed inside one item.
pub(super) struct Members<'a> {
    kind: NameKind,
    taken: HashMap<Name, Claim<'a>>,
    /// Names that the generated code needs for itself, and what for.
    reserved: Vec<(Name, &'static str)>,
}

/// What claims a name.
#[derive(Clone)]
pub(super) struct Claim<'a> {
    /// In words, such as "the value `csv`".
    pub(super) what: String,
    pub(super) site: Site<'a>,
    /// How to give it another name, such as "with `x-rustName`".
    pub(super) rename: &'static str,
}

/// A name from the description, and where it is.
#[derive(Clone)]
pub(super) struct Given<'a> {
    pub(super) name: String,
    pub(super) site: Site<'a>,
}

impl<'a> Members<'a> {
    fn new(kind: NameKind, reserved: Vec<(Name, &'static str)>) -> Self {
        Self { kind, taken: HashMap::new(), reserved }
    }

    /// Returns the claims on the variants of an enum.
    pub(super) fn variants() -> Self {
        Self::new(NameKind::UpperCamel, vec![(names::unrecognized(), "the variant for unknown values")])
    }

    /// Returns the claims on the constants of a string type.
    pub(super) fn constants() -> Self {
        Self::new(NameKind::Shouty, Vec::new())
    }

    /// Returns the claims on fields or methods, some of which every such item has.
    pub(super) fn snake(reserved: Vec<(Name, &'static str)>) -> Self {
        Self::new(NameKind::Snake, reserved)
    }
}

impl<'a> Claim<'a> {
    /// Returns the claim of a property on the name of its field.
    pub(super) fn property(wire: &str, site: Site<'a>) -> Self {
        Self { what: format!("the property `{wire}`"), site, rename: "with `x-rustName`" }
    }

    /// In words, on one line.
    fn shown(&self) -> String {
        self.what.escape_debug().to_string()
    }

    /// Marks the value of a variant or a constant, and the key of anything else.
    fn diagnostic(&self, kind: NameKind, message: String) -> Diagnostic {
        match kind {
            NameKind::Snake => self.site.at_key(Code::NameCollision, message),
            NameKind::UpperCamel | NameKind::Shouty => self.site.at_value(Code::EnumValueCollision, message),
        }
    }

    fn related(&self, kind: NameKind) -> Related {
        Related { location: self.diagnostic(kind, String::new()).location, text: self.shown() }
    }
}

impl<'a> Lowering<'a> {
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
        let (message, other, help) = if let Some((_, owner)) = reserved {
            let message = format!("{what} would be called `{name}`, which is the name of {owner}");
            (message, None, format!("name it {rename}"))
        } else if let Some(other) = other {
            let message = format!("{} and {what} would both be called `{name}`", other.shown());
            (message, Some(other), format!("name one of them {rename}"))
        } else {
            members.taken.insert(name.clone(), claim);
            return true;
        };
        let mut diagnostic = claim.diagnostic(members.kind, message);
        diagnostic.related.extend(other.map(|other| other.related(members.kind)));
        diagnostic.help = Some(help);
        self.report(diagnostic);
        false
    }
}
