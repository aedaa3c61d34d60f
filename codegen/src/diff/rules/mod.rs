//! The rules, by file, each with the checks that report changes by them.
//!
//! To add a rule: declare it in the table of the file that it belongs to, report it from a check of that file, and add an example
//! to the fixture of the same name in `tests/fixtures/diff`. A rule of one direction also needs a counterpart in the other, or a
//! reason in `_rules.yaml` there. Tests fail for what is missing. A new file is added to both lists below.

/// Declares a static for each rule of a file, and `RULES` with all of them.
macro_rules! rules {
    ($($visibility:vis $name:ident = $id:literal, $level:ident, $wire:ident, $direction:ident, $text:literal;)*) => {
        $($visibility static $name: Rule = Rule {
            id: $id,
            level: Level::$level,
            wire: Wire::$wire,
            direction: Direction::$direction,
            text: $text,
        };)*

        pub(super) static RULES: &[&Rule] = &[$(&$name),*];
    };
}

mod additional;
mod constraints;
mod documentation;
mod enums;
mod errors;
mod events;
mod field_types;
mod names;
mod one_of;
mod operations;
mod parameters;
mod presence;
mod presets;
mod properties;
mod resources;
mod types;
mod versions;

use serde_json::Value;

use super::Rule;
use super::change::Changes;
use super::comparison::{Comparison, FieldList, FieldPair};
use super::pairing::Pair;
use crate::api::{Operation, TypeDef};

/// Finds changes and reports them.
enum Check {
    /// Of both descriptions as a whole.
    Api(fn(&Comparison<'_>, &mut Changes)),
    /// Of an operation that is on both sides.
    Operation(for<'a> fn(&Comparison<'a>, &mut Changes, Pair<'a, Operation>)),
    /// Of a type that is on both sides.
    Type(fn(&Comparison<'_>, &mut Changes, Pair<'_, TypeDef>)),
    /// Of the fields of a struct, or the parameters of an operation, that is on both sides.
    FieldList(fn(&Comparison<'_>, &mut Changes, &FieldList<'_>)),
    /// Of a field or parameter that is itself on both sides.
    Field(for<'a> fn(&Comparison<'a>, &mut Changes, &FieldPair<'a>)),
}

macro_rules! files {
    ($($file:ident),* $(,)?) => {
        /// The rules and checks of all files.
        static FILES: &[(&[&Rule], &[Check])] = &[$(($file::RULES, $file::CHECKS)),*];
    };
}

files![
    operations,
    parameters,
    properties,
    presence,
    presets,
    additional,
    constraints,
    one_of,
    field_types,
    types,
    enums,
    resources,
    events,
    errors,
    versions,
    names,
    documentation,
];

/// All rules, by file.
pub(super) fn all() -> impl Iterator<Item = &'static Rule> {
    FILES.iter().flat_map(|(rules, _)| rules.iter().copied())
}

/// Runs every check.
pub(super) fn check(comparison: &Comparison<'_>) -> Changes {
    let mut changes = Changes::default();
    let Comparison { operations, types, lists, .. } = comparison;
    let fields: Vec<_> = lists.iter().flat_map(|list| list.pairs(comparison)).collect();
    for check in FILES.iter().flat_map(|(_, checks)| checks.iter()) {
        let changes = &mut changes;
        match check {
            Check::Api(check) => check(comparison, changes),
            Check::Operation(check) => operations.kept.iter().for_each(|pair| check(comparison, changes, *pair)),
            Check::Type(check) => types.kept.iter().for_each(|pair| check(comparison, changes, *pair)),
            Check::FieldList(check) => lists.iter().for_each(|list| check(comparison, changes, list)),
            Check::Field(check) => fields.iter().for_each(|pair| check(comparison, changes, pair)),
        }
    }
    changes
}

/// A value of a description in messages: strings without quotes.
fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// What every file uses.
mod prelude {
    pub(super) use super::super::change::Changes;
    pub(super) use super::super::comparison::{Comparison, Container, FieldList, FieldPair, Usage};
    pub(super) use super::super::pairing::{self, Member, Pair, Paired};
    pub(super) use super::super::rule::{DirectedRule, Direction, Level, Rule, Wire};
    pub(super) use super::super::subject::{Subject, place};
    pub(super) use super::Check;
}
