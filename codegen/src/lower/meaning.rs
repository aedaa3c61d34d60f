//! Where each keyword of a schema has an effect. A keyword that has none where it stands is an error, unless it is ignored on
//! purpose, because Stripe publishes it.
//!
//! A keyword that lowering starts or stops to read at some place is registered here; a test compares this with what happens.

use std::collections::BTreeSet;

use super::place::{Form, Place, Subject};
use crate::dialect::grammar::{self, Kind};
use crate::dialect::{EXTENSIONS, Extension, Keyword, extensions};

/// What a keyword does at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Effect {
    /// Nothing, so that it is an error.
    Refused,
    /// Nothing, and it is accepted, since Stripe publishes it.
    Ignored,
    /// It decides something.
    Used,
}

/// Returns what a keyword does in a schema. Callers pass only keywords that the grammar has for the form.
pub(super) fn effect(subject: Subject, keyword: &str) -> Effect {
    use Effect::{Ignored, Refused, Used};
    let Subject { place, form, .. } = subject;
    let used_if = |used: bool| if used { Used } else { Refused };
    let (is_field, is_type) = (subject.is_field(), subject.is_type());
    let extension = extensions::find(keyword);
    match keyword {
        "title" | "readOnly" | "writeOnly" => return Ignored,
        "pattern" | "minLength" | "maxLength" | "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum"
        | "multipleOf" | "minItems" | "maxItems" | "uniqueItems" | "minProperties" | "maxProperties" => {
            return if is_constrained(place) { Used } else { Ignored };
        }
        _ => {}
    }
    match place {
        Place::Unread => return if extension.is_some_and(Extension::is_of_component) { Refused } else { Ignored },
        Place::Event | Place::Error => return of_event_or_error(place, keyword),
        Place::EventMember | Place::ErrorBody | Place::ErrorCode => return of_member(place, form, keyword),
        Place::Tag | Place::ListMember | Place::PageUrl | Place::ListData => return of_envelope(place, keyword),
        _ => {}
    }
    match keyword {
        "oneOf" => used_if(place.admits(form)),
        _ if place == Place::ErrorResponse => Refused,
        "type" | "items" | "properties" | "anyOf" => Used,
        "format" => used_if(
            matches!(form, Form::Formatted | Form::Integer)
                && !matches!(place, Place::Id | Place::EventType | Place::ExpandableId),
        ),
        "enum" => used_if(
            form == Form::Enum && !matches!(place, Place::Id | Place::EventType | Place::ExpandableId | Place::Bound),
        ),
        "required" | "description" if place == Place::ListResponse => Ignored,
        "required" if place == Place::ListProperty => Ignored,
        "required" => used_if(form == Form::Struct),
        "additionalProperties" if place == Place::Entry => Refused,
        "additionalProperties" => used_if(matches!(form, Form::Map | Form::Struct)),
        "nullable" => used_if(match place {
            Place::Model | Place::Alias => true,
            Place::Alternative => false,
            _ => may_be_null(place),
        }),
        "description" => used_if(is_field || is_type || place == Place::Alias),
        "externalDocs" | "deprecated" => used_if(is_field || is_type),
        "default" => used_if(matches!(place, Place::Property | Place::ListProperty | Place::Parameter)),
        "example" => used_if(
            matches!(place, Place::Property | Place::ListProperty | Place::Id | Place::Parameter)
                || is_type && form == Form::Struct,
        ),
        _ => used_if(extension.is_some_and(|extension| extension.has_effect(subject))),
    }
}

/// Whether null has a meaning there, or passes through to where it has one.
pub(super) fn may_be_null(place: Place) -> bool {
    matches!(
        place,
        Place::Property
            | Place::ListProperty
            | Place::EventType
            | Place::Item
            | Place::Value
            | Place::Additional
            | Place::Alternative
    )
}

fn of_event_or_error(place: Place, keyword: &str) -> Effect {
    match keyword {
        "type" | "properties" | "description" | "externalDocs" | "x-rustName" => Effect::Used,
        "x-stripeEvent" if place == Place::Event => Effect::Used,
        "x-stripeError" if place == Place::Error => Effect::Used,
        "required" | "x-stripeResource" => Effect::Ignored,
        _ => Effect::Refused,
    }
}

/// Whether the constraints of a schema are compared there.
fn is_constrained(place: Place) -> bool {
    matches!(
        place,
        Place::Model
            | Place::Alias
            | Place::EventType
            | Place::ListProperty
            | Place::Property
            | Place::Item
            | Place::Value
            | Place::Additional
            | Place::Alternative
            | Place::Bound
            | Place::Parameter
    )
}

fn of_member(place: Place, form: Form, keyword: &str) -> Effect {
    match keyword {
        "type" | "properties" | "enum" => Effect::Used,
        "x-stripeEnum" if place == Place::ErrorCode && form == Form::Enum => Effect::Used,
        "x-stripeResource" if place == Place::ErrorBody => Effect::Ignored,
        "x-stripeBypassValidation" if place != Place::EventMember => Effect::Ignored,
        "description" | "externalDocs" | "nullable" | "required" => Effect::Ignored,
        _ => Effect::Refused,
    }
}

fn of_envelope(place: Place, keyword: &str) -> Effect {
    match keyword {
        "type" | "items" => Effect::Used,
        "enum" if place == Place::Tag => Effect::Used,
        "description" => Effect::Ignored,
        "nullable" if place == Place::PageUrl => Effect::Ignored,
        _ => Effect::Refused,
    }
}

/// Returns where a keyword has an effect, for the help of the error that it has none.
pub(super) fn instead(keyword: &str) -> String {
    if let Some(extension) = extensions::find(keyword) {
        return format!("it applies to {}", extension.places());
    }
    let instead = match keyword {
        "nullable" => "only properties, items of arrays and values of maps can be null",
        "description" | "externalDocs" => "only fields and types are documented; describe it where it is used",
        "deprecated" => "only operations, parameters, properties and types can be deprecated",
        "default" => "only parameters and properties of request bodies have defaults",
        "example" => "only parameters, properties and objects under `components.schemas` have examples",
        "format" | "enum" | "required" => "the generated type does not depend on it",
        "additionalProperties" => "only maps and objects with `properties` have it",
        _ => "`spec/README.md` lists where it has an effect",
    };
    instead.to_owned()
}

/// Returns every keyword and extension at every place where a schema may have it.
pub(crate) fn schema_keywords() -> BTreeSet<Keyword> {
    let mut found = BTreeSet::new();
    for &place in Place::ALL {
        for form in Form::ALL.iter().copied().filter(|form| place.admits(*form)) {
            let subject = Subject { place, form, names_inner_types: true };
            let keywords = Kind::Schema.keywords().iter().chain(grammar::schema_keywords(form.kind()));
            for name in keywords.map(|member| member.name) {
                let effect = effect(subject, name);
                if effect > Effect::Refused {
                    let ignored = effect == Effect::Ignored;
                    found.insert(Keyword { place: place.name(), keyword: name.to_owned(), ignored });
                }
            }
            for extension in EXTENSIONS.iter().filter(|extension| extension.is_on(Kind::Schema)) {
                match effect(subject, extension.name) {
                    _ if !extension.used => found.extend(extension.keywords(place.name())),
                    Effect::Used => found.extend(extension.keywords(place.name())),
                    Effect::Ignored => {
                        let keyword = extension.name.to_owned();
                        found.insert(Keyword { place: place.name(), keyword, ignored: true });
                    }
                    Effect::Refused => {}
                }
            }
        }
    }
    found
}
