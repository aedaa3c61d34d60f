//! What changes are looked for: one topic per file, each with its rules.

mod absent;
pub(super) mod additional;
mod api_version;
mod constant;
mod default;
mod deprecation;
mod documentation;
mod download;
mod encoding;
mod enum_value;
mod error;
mod event;
mod fact;
mod feature;
mod format;
mod id_type;
mod kind;
mod list;
mod maximum;
mod method;
mod nullable;
mod object;
mod openness;
mod operation;
mod order;
mod parameter;
mod path;
mod property;
mod required;
mod resource_method;
mod response;
mod rust_name;
mod secret;
mod server;
mod types;
mod usage;
mod wait;
mod wire_name;

use super::comparison::{Comparison, FieldList, FieldPair};
use super::pairing::Pair;
use super::rule::Rule;
use super::subject::Changes;
use crate::api::{Operation, TypeDef};

/// A kind of thing that changes.
pub(super) struct RuleSet {
    pub(super) rules: &'static [&'static Rule],
    checks: &'static [Check],
}

/// What a topic looks at.
enum Check {
    /// Both sides as a whole.
    Crates(fn(&Comparison<'_>, &mut Changes)),
    /// Every operation that is on both sides.
    Operations(fn(&Comparison<'_>, &mut Changes, Pair<'_, Operation>)),
    /// Every type that is on both sides.
    Types(fn(&Comparison<'_>, &mut Changes, Pair<'_, TypeDef>)),
    /// The fields of every struct and the parameters of every operation that is on both sides.
    FieldLists(fn(&Comparison<'_>, &mut Changes, &FieldList<'_>)),
    /// Every such field and parameter that is itself on both sides.
    Fields(fn(&Comparison<'_>, &mut Changes, &FieldPair<'_>)),
}

/// All topics.
pub(super) static RULE_SETS: [RuleSet; 37] = [
    operation::RULES,
    path::RULES,
    method::RULES,
    encoding::RULES,
    server::RULES,
    response::RULES,
    parameter::RULES,
    maximum::RULES,
    property::RULES,
    wire_name::RULES,
    required::RULES,
    nullable::RULES,
    default::RULES,
    absent::RULES,
    additional::RULES,
    types::RULES,
    format::RULES,
    id_type::RULES,
    secret::RULES,
    kind::RULES,
    object::RULES,
    usage::RULES,
    enum_value::RULES,
    openness::RULES,
    constant::RULES,
    resource_method::RULES,
    list::RULES,
    wait::RULES,
    download::RULES,
    event::RULES,
    error::RULES,
    api_version::RULES,
    feature::RULES,
    rust_name::RULES,
    deprecation::RULES,
    order::RULES,
    documentation::RULES,
];

/// Lets every topic look.
pub(super) fn compare(comparison: &Comparison<'_>) -> Changes {
    let mut changes = Changes::default();
    let fields: Vec<_> = comparison.lists.iter().flat_map(|list| list.pairs(comparison)).collect();
    for check in RULE_SETS.iter().flat_map(|set| set.checks) {
        let (changes, Comparison { operations, types, lists, .. }) = (&mut changes, comparison);
        match check {
            Check::Crates(compare) => compare(comparison, changes),
            Check::Operations(compare) => {
                operations.kept.iter().for_each(|pair| compare(comparison, changes, *pair));
            }
            Check::Types(compare) => types.kept.iter().for_each(|pair| compare(comparison, changes, *pair)),
            Check::FieldLists(compare) => lists.iter().for_each(|list| compare(comparison, changes, list)),
            Check::Fields(compare) => fields.iter().for_each(|pair| compare(comparison, changes, pair)),
        }
    }
    changes
}

/// The short names that topics write their rules with.
mod prelude {
    pub(super) use super::super::comparison::{Comparison, Container, FieldList, FieldPair};
    pub(super) use super::super::pairing::Pair;
    pub(super) use super::super::rule::Direction::{Both, Request, Response};
    pub(super) use super::super::rule::Level::{Major, Minor, Patch};
    pub(super) use super::super::rule::Rule;
    pub(super) use super::super::rule::Wire::{Breaking, Compatible, Documentation};
    pub(super) use super::super::subject::{Changes, Subject, place};
    pub(super) use super::super::wording::a;
    pub(super) use super::{Check, RuleSet};
}
