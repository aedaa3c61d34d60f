//! Error schemas, and the codes and types of errors that they list.

use super::Writer;
use super::dialect::Place;
use super::names::{Named, folded, named};
use super::object::{Object, list};
use super::schemas::{Form, Made};
use super::structures::Properties;

/// Codes and types of errors.
const CODES: &str = "\
    not_found|rate_limit|invalid_sql|3d_failed|type|none|日本|with space|lock-timeout|UPPER|value|as_str|1|self|\
    Self=Itself|a.b|a_b=AUnderB|unrecognized=Unlisted";

/// An error schema, with those that only it refers to.
pub(super) struct ErrorSchemas {
    pub(super) key: String,
    pub(super) schemas: Vec<(String, Object)>,
    /// Whether it is an error by itself, or because a response refers to it.
    pub(super) is_used: bool,
}

impl Writer {
    /// Writes error schemas.
    pub(super) fn write_errors(&mut self) {
        let mut codes = named(CODES);
        self.rng.shuffle(&mut codes);
        let count = self.rng.usize(0..4);
        for _ in 0..count {
            let key = self.error_key();
            let before = self.extra.len();
            let schema = self.error(&mut codes);
            let mut schemas = self.extra.split_off(before);
            // What an error refers to is its body only where a response refers to the error.
            let is_used = schema.has("x-stripeError") && schemas.is_empty();
            schemas.push((key.clone(), schema));
            self.errors.push(ErrorSchemas { key, schemas, is_used });
        }
    }

    fn error_key(&mut self) -> String {
        loop {
            let name = self.word("failure|api_error|problem|v2.error.failure|v2.error.other|v2.problem|error_response");
            if self.type_names.insert(folded(name)) {
                return name.to_owned();
            }
        }
    }

    fn error(&mut self, codes: &mut Vec<Named>) -> Object {
        let mut schema = Object::typed("object");
        let code = if self.chance(60) { codes.pop() } else { None };
        let mut kind = None;
        if let Some((code, name)) = code {
            let mut error = Object::new().with("code", code).with("httpStatusCode", self.pick(&[400, 404, 429, 500]));
            if self.rng.bool() {
                kind = self.plain_code(codes);
            }
            if let Some((kind, _)) = kind {
                error.set("type", kind);
            }
            schema.set("x-stripeError", error);
            if let Some(name) = name {
                schema.set("x-rustName", name);
            }
        }
        let mut error = Properties::default();
        for (name, known) in [("code", code), ("type", kind)] {
            if self.chance(70) {
                let listed = self.listed_codes(codes, known);
                error.add(name, listed, self.rng.bool());
            }
        }
        let message = self.text_at(Place::Unread);
        error.add("message", message, true);
        self.unread(&mut error);
        let object = self.error_object(error.made(Form::Any));
        let mut properties = Properties::default();
        properties.add("error", object, true);
        properties.write(&mut schema);
        let place = if code.is_some() { Place::EventOrError } else { Place::Telling };
        self.annotate(place, Form::Any, &mut schema, None);
        schema
    }

    /// Adds a property that nobody reads sometimes.
    pub(super) fn unread(&mut self, object: &mut Properties) {
        if !self.chance(50) {
            return;
        }
        let mut made = if self.chance(15) {
            let text = self.text().schema;
            Made::new(Object::new().with("oneOf", list([text])), "any", Form::Any)
        } else {
            self.schema(Place::Unread, 1)
        };
        if !made.is_reference() && self.chance(10) {
            made.schema.set("x-falseMeansAbsent", true);
        }
        object.add("unread", made, false);
    }

    /// Takes a code that needs no name.
    fn plain_code(&mut self, codes: &mut Vec<Named>) -> Option<Named> {
        let at = codes.iter().position(|(_, name)| name.is_none())?;
        Some(codes.remove(at))
    }

    /// The object with the code, described in place or as a component.
    fn error_object(&mut self, made: Made) -> Made {
        let made = self.annotated(Place::Telling, made);
        if !self.chance(30) || made.schema.has("nullable") {
            return made;
        }
        let key = self.key();
        let reference = Object::reference("schemas", &key);
        self.extra.push((key, made.schema));
        Made { schema: reference, ..made }
    }

    /// Writes a schema that lists codes, the known one among them.
    fn listed_codes(&mut self, codes: &mut Vec<Named>, known: Option<Named>) -> Made {
        let mut others = Vec::new();
        for _ in 0..self.rng.usize(1..3) {
            others.extend(codes.pop());
        }
        let values: Vec<&str> = known.iter().chain(&others).map(|(value, _)| *value).collect();
        let Some(first) = values.first().copied() else { return self.text() };
        let mut schema = Object::typed("string").with("enum", list(values));
        let needs_names = others.iter().any(|(_, name)| name.is_some());
        if needs_names || self.rng.bool() {
            let mut described = Vec::new();
            for (value, name) in others {
                let mut entry = Object::new().with("value", value);
                if let Some(name) = name {
                    entry.set("x-rustName", name);
                }
                if self.rng.bool() {
                    entry.set("description", self.prose());
                }
                described.push(entry);
            }
            schema.set("x-stripeEnum", Object::new().with("kind", "open").with("values", list(described)));
        }
        let made = Made::new(schema, first, Form::Any);
        self.annotated(Place::Telling, made)
    }
}
