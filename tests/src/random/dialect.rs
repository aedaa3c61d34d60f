//! What may stand where: the keywords that any schema can have besides those that make it what it is.

use serde_yaml::Value;

use super::Writer;
use super::object::{Object, list};
use super::schemas::Form;

/// Where a schema stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Under `components.schemas`, as a type.
    Model,
    /// Under `components.schemas`, in place of what refers to it.
    Alias,
    /// Under `components.schemas`, as an event or an error.
    EventOrError,
    /// A property that says what an event or an error is.
    Telling,
    /// Another property of an event or an error.
    Unread,
    Property,
    /// The `id` of a resource.
    Id,
    /// The `type` of an event's envelope.
    EventType,
    /// A property of a list's envelope.
    ListMember,
    ListItem,
    Item,
    Value,
    /// The members of an object that are not described.
    Additional,
    /// A bound of a range, or the exact value beside it.
    Bound,
    /// The id beside the object that it can be expanded to.
    ExpandableId,
    /// Another member of an `anyOf`.
    Alternative,
    /// An entry of `oneOf`.
    Entry,
    /// The schema of a parameter in a query.
    Parameter,
    /// The schema of a parameter in a path.
    Path,
    Body,
    Response,
}

impl Place {
    /// Whether a keyword has an effect there, or is ignored, on a schema of a form.
    fn allows(self, form: Form, keyword: &str) -> bool {
        let is_field = matches!(self, Self::Property | Self::Additional | Self::Id | Self::EventType);
        let is_type = self == Self::Model || (form.makes_type() && self.holds_types());
        match keyword {
            "description" if matches!(self, Self::Telling | Self::ListMember) => true,
            "externalDocs" | "nullable" if self == Self::Telling => true,
            _ if self == Self::Unread => true,
            "description" => is_field || is_type || matches!(self, Self::Alias | Self::EventOrError),
            "externalDocs" => is_field || is_type || self == Self::EventOrError,
            "deprecated" => is_field || is_type,
            "nullable" => self.holds_null(),
            "default" => matches!(self, Self::Property | Self::Parameter),
            "example" => {
                matches!(self, Self::Property | Self::Id | Self::Parameter | Self::Path)
                    || is_type && matches!(form, Form::Struct | Form::Object)
            }
            _ => true,
        }
    }

    /// Whether a type that is described there has a name.
    pub(super) fn holds_types(self) -> bool {
        matches!(
            self,
            Self::Property
                | Self::Item
                | Self::ListItem
                | Self::Value
                | Self::Additional
                | Self::Alternative
                | Self::Parameter
                | Self::Path
                | Self::Response
        )
    }

    /// Whether null may stand there.
    pub(super) fn holds_null(self) -> bool {
        matches!(self, Self::Property | Self::Item | Self::Value | Self::Additional)
    }
}

impl Writer {
    /// Adds the keywords that a schema may have at a place, given a value of the schema if one is known.
    pub(super) fn annotate(&mut self, place: Place, form: Form, schema: &mut Object, sample: Option<&Value>) {
        let described = if matches!(place, Place::Property | Place::Model) { 50 } else { 20 };
        if place.allows(form, "description") && self.chance(described) {
            schema.set("description", self.prose());
        }
        if place.allows(form, "externalDocs") && self.chance(9) {
            schema.set("externalDocs", self.external_docs());
        }
        for keyword in ["nullable", "deprecated"] {
            // Requests never carry null inside of arrays and maps.
            let fits = keyword == "deprecated" || place == Place::Property || !self.is_sent;
            if !schema.has(keyword)
                && fits
                && place.allows(form, keyword)
                && self.chance(if keyword == "nullable" { 15 } else { 7 })
            {
                schema.set(keyword, !self.chance(15));
            }
        }
        let is_rare = matches!(
            place,
            Place::Telling | Place::ListMember | Place::EventOrError | Place::EventType | Place::ListItem
        );
        if self.chance(if is_rare { 24 } else { 14 }) {
            match self.rng.u32(..3) {
                0 => schema.set("title", "Title"),
                1 => schema.set("readOnly", true),
                _ => schema.set("writeOnly", true),
            }
        }
        for keyword in ["default", "example"] {
            if let Some(sample) = sample
                && place.allows(form, keyword)
                && self.chance(16)
            {
                schema.set(keyword, sample.clone());
            }
        }
        if form.makes_type() && place.holds_types() && !schema.has("x-rustName") && self.chance(15) {
            schema.set("x-rustName", self.given_type());
        }
        if is_rare {
            self.rarely(place, schema);
        }
        self.ignored(schema);
    }

    /// Adds what is seldom written, where there are few places for it.
    fn rarely(&mut self, place: Place, schema: &mut Object) {
        self.ignored(schema);
        let kind = schema.get("type").and_then(Value::as_str);
        let is_named = place == Place::EventOrError || place == Place::Telling && !self.is_event;
        match kind {
            Some("string") => self.text_limits(schema),
            Some("object") => {
                self.count_limits(schema);
                if is_named && self.chance(10) {
                    schema.set("x-stripeResource", Object::new().with("class_name", "Any"));
                }
            }
            Some("array") => self.item_limits(schema),
            _ => {}
        }
        if place == Place::Telling && !self.is_event && !schema.has("x-stripeEnum") && self.chance(10) {
            schema.set("x-stripeBypassValidation", false);
        }
        if place == Place::EventType && self.chance(20) {
            schema.set("x-rustName", "kind_of_event");
        }
    }

    fn deviation(&mut self) -> Object {
        let mut deviation = Object::new();
        for (key, value) in
            [("published", "missing"), ("reason", "A reason."), ("since", "2026-09-30"), ("source", "A page.")]
        {
            deviation.set(key, value);
        }
        if self.chance(50) {
            deviation.set("at", "properties/a");
        }
        deviation
    }

    /// Adds extensions that are accepted and have no effect.
    pub(super) fn ignored(&mut self, object: &mut Object) {
        if !self.chance(36) {
            return;
        }
        match self.rng.u32(..8) {
            0 => object.set("x-expandableFields", list(["a", "b"])),
            1 => object.set("x-stableId", "stable"),
            2 => object.set("x-stripeErrors", list([Object::new().with("code", "not_found"), Object::new()])),
            3 => object.set("x-stripeLessCommon", true),
            4 => object.set("x-stripeMostCommon", list(["a"])),
            5 => object.set("x-stripeNotPublic", false),
            6 => object.set("x-deviation", list([self.deviation()])),
            _ => object.set("x-stripeDocsSamples", list([Object::new().with("a", "b")])),
        }
    }
}
