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
pub(super) struct Topic {
    pub(super) rules: &'static [&'static Rule],
    compare: &'static [Compare],
}

/// What a topic looks at.
enum Compare {
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
pub(super) static TOPICS: [Topic; 37] = [
    operation::TOPIC,
    path::TOPIC,
    method::TOPIC,
    encoding::TOPIC,
    server::TOPIC,
    response::TOPIC,
    parameter::TOPIC,
    maximum::TOPIC,
    property::TOPIC,
    wire_name::TOPIC,
    required::TOPIC,
    nullable::TOPIC,
    default::TOPIC,
    absent::TOPIC,
    additional::TOPIC,
    types::TOPIC,
    format::TOPIC,
    id_type::TOPIC,
    secret::TOPIC,
    kind::TOPIC,
    object::TOPIC,
    usage::TOPIC,
    enum_value::TOPIC,
    openness::TOPIC,
    constant::TOPIC,
    resource_method::TOPIC,
    list::TOPIC,
    wait::TOPIC,
    download::TOPIC,
    event::TOPIC,
    error::TOPIC,
    api_version::TOPIC,
    feature::TOPIC,
    rust_name::TOPIC,
    deprecation::TOPIC,
    order::TOPIC,
    documentation::TOPIC,
];

/// Lets every topic look.
pub(super) fn compare(comparison: &Comparison<'_>) -> Changes {
    let mut changes = Changes::default();
    let fields: Vec<_> = comparison.lists.iter().flat_map(|list| list.pairs(comparison)).collect();
    for look in TOPICS.iter().flat_map(|topic| topic.compare) {
        let (changes, Comparison { operations, types, lists, .. }) = (&mut changes, comparison);
        match look {
            Compare::Crates(compare) => compare(comparison, changes),
            Compare::Operations(compare) => {
                operations.kept.iter().for_each(|pair| compare(comparison, changes, *pair));
            }
            Compare::Types(compare) => types.kept.iter().for_each(|pair| compare(comparison, changes, *pair)),
            Compare::FieldLists(compare) => lists.iter().for_each(|list| compare(comparison, changes, list)),
            Compare::Fields(compare) => fields.iter().for_each(|pair| compare(comparison, changes, pair)),
        }
    }
    changes
}

/// The short names that topics write their rules with.
mod prelude {
    pub(super) use super::super::comparison::{Comparison, FieldList, FieldPair, Holder};
    pub(super) use super::super::pairing::Pair;
    pub(super) use super::super::rule::Direction::{Both, Request, Response};
    pub(super) use super::super::rule::Level::{Major, Minor, Patch};
    pub(super) use super::super::rule::Rule;
    pub(super) use super::super::rule::Wire::{Breaking, Compatible, Documentation};
    pub(super) use super::super::subject::{Changes, Subject, place};
    pub(super) use super::super::wording::a;
    pub(super) use super::{Compare, Topic};
}
