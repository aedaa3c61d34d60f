//! Schemas of objects, arrays and maps, and the shapes of objects that mean something.

use serde_yaml::Value;

use super::Writer;
use super::dialect::Place;
use super::names::Field;
use super::object::{Object, list};
use super::schemas::{Form, Made};

/// The properties of an object that is being written, and a value of it.
#[derive(Default)]
pub(super) struct Properties {
    pub(super) properties: Object,
    pub(super) required: Vec<String>,
    sample: Object,
}

impl Properties {
    /// Adds a property.
    pub(super) fn add(&mut self, name: &str, made: Made, required: bool) {
        let mut made = made;
        if required {
            // What is always there needs no default.
            made.schema.remove("default");
            self.required.push(name.to_owned());
        }
        match made.sample {
            Some(sample) => self.sample.set(name, sample),
            None if required => self.sample.set(name, Value::Null),
            None => {}
        }
        self.properties.set(name, made.schema);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.properties.is_empty()
    }

    pub(super) fn names(&self) -> Vec<&str> {
        let names = self.properties.keys();
        names.collect()
    }

    /// Adds the properties to a schema; gives a value of it, unless some required one is not known.
    pub(super) fn write(self, schema: &mut Object) -> Option<Value> {
        if !self.required.is_empty() {
            schema.set("required", list(self.required.iter().map(String::as_str)));
        }
        let is_known = self.required.iter().all(|name| self.sample.get(name).is_some_and(|value| !value.is_null()));
        schema.set("properties", self.properties);
        is_known.then(|| self.sample.into())
    }

    /// Returns the schema of an object that has these properties only.
    pub(super) fn made(self, form: Form) -> Made {
        let mut schema = Object::typed("object");
        let sample = self.write(&mut schema);
        Made { schema, sample, form }
    }
}

impl Writer {
    /// Adds the property that says what an object is.
    pub(super) fn tag(&mut self, object: &mut Properties, value: &str) {
        object.add("object", self.constant(Place::ListMember, value), true);
    }

    /// Writes a schema of a text with one value.
    pub(super) fn constant(&mut self, place: Place, value: &str) -> Made {
        let schema = Object::typed("string").with("enum", list([value]));
        self.annotated(place, Made::new(schema, value, Form::Any))
    }

    pub(super) fn array(&mut self, depth: u32) -> Made {
        let items = self.schema(Place::Item, depth + 1);
        let mut schema = Object::typed("array").with("items", items.schema);
        self.item_limits(&mut schema);
        let sample = items.sample.map(|sample| list([sample]));
        Made { schema, sample, form: Form::Structure }
    }

    pub(super) fn item_limits(&mut self, schema: &mut Object) {
        self.maybe(24, schema, "minItems", |_| 0);
        self.maybe(24, schema, "maxItems", |_| 100);
        self.maybe(24, schema, "uniqueItems", |_| true);
    }

    pub(super) fn map(&mut self, depth: u32) -> Made {
        let values = self.schema(Place::Value, depth + 1);
        let mut schema = Object::typed("object").with("additionalProperties", values.schema);
        self.count_limits(&mut schema);
        let key = self.pick(&["key", "a.b", "日本", "with space", ""]);
        let sample = values.sample.map(|sample| Object::new().with(key, sample).into());
        Made { schema, sample, form: Form::Structure }
    }

    pub(super) fn any_map(&mut self) -> Made {
        let mut schema = Object::typed("object");
        self.maybe(70, &mut schema, "additionalProperties", |_| true);
        self.count_limits(&mut schema);
        let sample = Object::new().with("text", "a").with("flag", true).with("number", 1.5).with("list", list(["a"]));
        Made::new(schema, sample, Form::Structure)
    }

    pub(super) fn count_limits(&mut self, schema: &mut Object) {
        self.maybe(24, schema, "minProperties", |_| 0);
        self.maybe(24, schema, "maxProperties", |_| 100);
    }

    /// Writes an object with properties.
    pub(super) fn structure(&mut self, depth: u32) -> Made {
        let mut schema = Object::typed("object");
        self.maybe(10, &mut schema, "additionalProperties", |_| false);
        self.count_limits(&mut schema);
        let most = if depth == 0 { 5 } else { 3 };
        let count = self.rng.usize(0..most);
        if count == 0 {
            schema.set("additionalProperties", false);
            return Made::new(schema, Object::new(), Form::Struct);
        }
        let mut properties = Properties::default();
        if self.chance(15) {
            let tag = self.pick(&["thing", "self", "v2.core.thing", "日本"]);
            self.tag(&mut properties, tag);
        }
        self.properties(&mut properties, count, depth);
        let sample = properties.write(&mut schema);
        if !schema.has("additionalProperties") && self.chance(25) {
            schema.set("additionalProperties", self.additional(depth));
        }
        Made { schema, sample, form: Form::Struct }
    }

    /// Writes what describes the members of an object that have no description of their own.
    fn additional(&mut self, depth: u32) -> Value {
        if self.chance(15) {
            return true.into();
        }
        let mut made = self.schema(Place::Additional, depth + 1);
        if !made.form.makes_type() && !made.is_reference() && self.chance(20) {
            made.schema.set("x-rustName", self.given_field());
        }
        made.schema.into()
    }

    /// Adds properties to an object.
    pub(super) fn properties(&mut self, object: &mut Properties, count: usize, depth: u32) {
        let taken: Vec<String> = object.names().into_iter().map(str::to_owned).collect();
        let taken: Vec<&str> = taken.iter().map(String::as_str).collect();
        for field in self.field_names(count, &taken) {
            let made = self.property(&field, depth);
            // What is required and not written yet could lead back to what is being written, without an end.
            let required = made.sample.is_some() && self.chance(45);
            let mut made = self.absent(made, required);
            if required {
                self.preset(&mut made);
            }
            object.add(&field.wire, made, required);
        }
    }

    /// Writes a property, or a parameter of a body.
    pub(super) fn property(&mut self, field: &Field, depth: u32) -> Made {
        let mut made = self.schema(Place::Property, depth + 1);
        if let Some(name) = &field.rust {
            // The name of a property that makes a type is the type's.
            while made.form.makes_type() || made.is_reference() {
                made = self.schema(Place::Property, DEEPEST);
            }
            made.schema.set("x-rustName", name.as_str());
        }
        made
    }

    /// Presets a required value of a request.
    pub(super) fn preset(&mut self, made: &mut Made) {
        let schema = &mut made.schema;
        let is_plain = matches!(made.form, Form::Text | Form::Enum | Form::Scalar) && schema.has("type");
        let format = schema.get("format").and_then(Value::as_str);
        let is_time = matches!(format, Some("date-time" | "unix-time"));
        let is_null = schema.get("nullable").and_then(Value::as_bool) == Some(true);
        if let Some(sample) =
            made.sample.clone().filter(|_| is_plain && !is_time && !is_null && !schema.has("x-secret"))
            && self.is_sent
            && self.chance(25)
        {
            schema.set("x-preset", sample);
        }
    }

    /// Writes objects of one property each, exactly one of which is given.
    pub(super) fn one_of(&mut self, depth: u32) -> Made {
        let count = self.rng.usize(2..4);
        let mut entries = Vec::new();
        let mut sample = None;
        for field in self.field_names(count, &[]) {
            let mut made = self.property(&Field { rust: None, ..field.clone() }, depth);
            if field.rust.is_some() {
                while made.form.makes_type() || made.is_reference() {
                    made = self.schema(Place::Property, DEEPEST);
                }
                made.schema.set("x-rustName", self.given_type());
            }
            // Requests never carry null inside.
            if self.is_sent {
                made.schema.remove("nullable");
            }
            let mut properties = Properties::default();
            properties.add(&field.wire, made, true);
            let entry = properties.made(Form::Any);
            sample = sample.or(entry.sample.clone());
            let mut entry = self.annotated(Place::Entry, Made { sample: None, ..entry }).schema;
            self.count_limits(&mut entry);
            entries.push(entry);
        }
        Made { schema: Object::new().with("oneOf", list(entries)), sample, form: Form::OneOf }
    }

    /// An object that `false` stands in for sometimes.
    fn absent(&mut self, mut made: Made, required: bool) -> Made {
        if !required
            && !self.is_sent
            && matches!(made.form, Form::Object | Form::Struct | Form::Anchored)
            && !made.is_reference()
            && self.chance(20)
        {
            made.schema.set("x-falseMeansAbsent", true);
        }
        made
    }

    fn bound(&mut self) -> Made {
        if self.rng.bool() {
            self.integer()
        } else if self.rng.bool() {
            self.formatted()
        } else {
            self.text()
        }
    }

    /// Writes the bounds of a range.
    pub(super) fn range(&mut self) -> Made {
        let bound = self.bound();
        self.range_of(&bound)
    }

    fn range_of(&mut self, bound: &Made) -> Made {
        let mut names = self.some(&["gt", "gte", "lt", "lte"]);
        if names.is_empty() {
            names.push("gte");
        }
        let mut properties = Properties::default();
        for name in names {
            let bound = self.annotated(Place::Bound, bound.clone());
            properties.add(name, bound, false);
        }
        properties.made(Form::Structure)
    }

    /// Writes a range, or one exact value.
    pub(super) fn range_or_exact(&mut self) -> Made {
        let exact = self.bound();
        let mut range = self.range_of(&exact);
        self.annotate(Place::Alternative, Form::Structure, &mut range.schema, None);
        let exact = self.annotated(Place::Bound, exact);
        let sample = exact.sample.clone();
        let mut members = [range.schema, exact.schema];
        self.rng.shuffle(&mut members);
        Made { schema: Object::new().with("anyOf", list(members)), sample, form: Form::Structure }
    }

    /// Writes the envelope of a list, of either generation.
    pub(super) fn envelope(&mut self, depth: u32) -> Made {
        let items = self.listed(depth);
        if self.rng.bool() { self.list_envelope(items) } else { self.page_envelope(items) }
    }

    /// Writes what can be listed: objects, or anything.
    fn listed(&mut self, depth: u32) -> Made {
        match self.reference_to_object() {
            Some(schema) if self.chance(50) => Made { schema, sample: None, form: Form::Object },
            Some(schema) if self.chance(40) => {
                let schema = Object::new().with("anyOf", list([schema]));
                self.annotated(Place::ListItem, Made { schema, sample: None, form: Form::Object })
            }
            _ if self.chance(80) => {
                let made = self.structure(depth + 1);
                self.annotated(Place::ListItem, made)
            }
            _ => Made::any(),
        }
    }

    /// Writes the envelope of a v1 list.
    pub(super) fn list_envelope(&mut self, items: Made) -> Made {
        let mut properties = Properties::default();
        self.tag(&mut properties, "list");
        self.data(&mut properties, items);
        let flag = self.flag();
        properties.add("has_more", self.annotated(Place::ListMember, flag), true);
        properties.add("url", self.text_at(Place::ListMember), true);
        properties.made(Form::Structure)
    }

    /// Writes the envelope of a v2 list.
    pub(super) fn page_envelope(&mut self, items: Made) -> Made {
        let mut properties = Properties::default();
        self.data(&mut properties, items);
        for name in ["next_page_url", "previous_page_url"] {
            let mut url = self.text();
            url.schema.set("nullable", true);
            properties.add(name, self.annotated(Place::ListMember, url), false);
        }
        properties.made(Form::Structure)
    }

    fn data(&mut self, properties: &mut Properties, items: Made) {
        let schema = Object::typed("array").with("items", items.schema);
        let data = self.annotated(Place::ListMember, Made::new(schema, list(items.sample), Form::Structure));
        properties.add("data", data, true);
    }
}

/// A depth at which only plain schemas are written.
const DEEPEST: u32 = u32::MAX - 1;
