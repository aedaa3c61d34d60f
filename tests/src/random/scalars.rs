//! Schemas of texts, numbers and flags.

use serde_yaml::Value;

use super::Writer;
use super::dialect::Place;
use super::object::{Object, list};
use super::schemas::{Form, Made};

/// With more values than this, a string gets constants instead of an enum.
const MOST_VARIANTS: usize = 64;

impl Writer {
    /// Writes a schema of a plain text.
    pub(super) fn text(&mut self) -> Made {
        let mut schema = Object::typed("string");
        self.text_limits(&mut schema);
        Made::new(schema, "text", Form::Text)
    }

    /// Writes a schema of a plain text for a place.
    pub(super) fn text_at(&mut self, place: Place) -> Made {
        let text = self.text();
        self.annotated(place, text)
    }

    pub(super) fn text_limits(&mut self, schema: &mut Object) {
        self.maybe(16, schema, "pattern", |_| "^.*$");
        self.maybe(16, schema, "minLength", |_| 0);
        self.maybe(15, schema, "maxLength", |_| 5000);
    }

    /// Writes a schema of a text that Rust has a type for.
    pub(super) fn formatted(&mut self) -> Made {
        let (format, sample) = self.pick(&[
            ("date-time", "2025-08-26T21:53:30.446Z"),
            ("int64", "9007199254740993"),
            ("uint64", "18446744073709551615"),
            ("currency", "usd"),
            ("decimal", "0.10"),
        ]);
        let mut schema = Object::typed("string").with("format", format);
        self.text_limits(&mut schema);
        let form = if ["currency", "decimal"].contains(&format) { Form::Text } else { Form::Scalar };
        Made::new(schema, sample, form)
    }

    /// Writes a schema of a text that must not be shown.
    pub(super) fn secret(&mut self) -> Made {
        let mut schema = Object::typed("string").with("x-secret", true);
        self.text_limits(&mut schema);
        Made::new(schema, "whsec_123", Form::Text)
    }

    /// Writes a schema of the id of a resource, if any resource has an id type.
    pub(super) fn id(&mut self) -> Option<Made> {
        let ids = self.identified();
        let id = self.rng.choice(ids)?;
        let mut schema = Object::typed("string");
        schema.set("x-stripeProperty", Object::new().with("referenced_resource", id));
        self.text_limits(&mut schema);
        Some(Made::new(schema, "id_123", Form::Text))
    }

    /// Writes a schema of a text with listed values.
    pub(super) fn enumeration(&mut self) -> Made {
        if self.chance(2) {
            let values: Vec<String> = (0..=MOST_VARIANTS).map(|number| format!("value_{number}")).collect();
            return Made::new(Object::typed("string").with("enum", list(values)), "value_0", Form::Enum);
        }
        self.short_enumeration()
    }

    /// Writes a schema of a text with few listed values.
    pub(super) fn short_enumeration(&mut self) -> Made {
        let values = self.enum_values();
        let sample = values.first().map_or("", |(value, _)| *value);
        let mut schema = Object::typed("string").with("enum", list(values.iter().map(|(value, _)| *value)));
        self.text_limits(&mut schema);
        let needs_names = values.iter().any(|(_, name)| name.is_some());
        let open = self.rng.bool();
        if needs_names || self.chance(50) {
            let kind = if open { "open" } else { "closed" };
            let mut said = Object::new().with("kind", kind);
            let described: Vec<Object> =
                values.iter().filter_map(|(value, name)| self.enum_value(value, *name)).collect();
            if !described.is_empty() {
                said.set("values", list(described));
            }
            schema.set("x-stripeEnum", said);
        }
        if !schema.has("x-stripeEnum") && self.chance(30) {
            schema.set("x-stripeBypassValidation", open);
        }
        Made::new(schema, sample, Form::Enum)
    }

    fn enum_value(&mut self, value: &str, name: Option<&str>) -> Option<Object> {
        let mut entry = Object::new().with("value", value);
        if let Some(name) = name {
            entry.set("x-rustName", name);
        }
        self.maybe(50, &mut entry, "description", Self::prose);
        (entry.len() > 1 || self.chance(20)).then_some(entry)
    }

    /// Writes the values that are known of a text.
    pub(super) fn constants(&mut self) -> Value {
        let values = self.known_values();
        list(
            values
                .into_iter()
                .map(|(value, name)| {
                    let mut entry = Object::new().with("value", value);
                    if let Some(name) = name {
                        entry.set("name", name);
                    }
                    self.maybe(40, &mut entry, "description", Self::prose);
                    if entry.len() > 1 || self.chance(30) { Value::from(entry) } else { Value::from(value) }
                })
                .collect::<Vec<_>>(),
        )
    }

    /// Writes a schema of a whole number, or of a time.
    pub(super) fn integer(&mut self) -> Made {
        let format = self.chance(40).then_some("unix-time");
        let mut schema = Object::typed("integer");
        if let Some(format) = format {
            schema.set("format", format);
        }
        let sample: i64 = if format.is_some() { 1_680_000_000 } else { self.rng.i64(1..100) };
        self.limits(&mut schema, Value::from(0), Value::from(2_000_000_000), Value::from(1));
        Made::new(schema, sample, Form::Scalar)
    }

    /// Writes a schema of any number.
    pub(super) fn number(&mut self) -> Made {
        let mut schema = Object::typed("number");
        self.limits(&mut schema, Value::from(0.5), Value::from(100), Value::from(0.25));
        Made::new(schema, 1.5, Form::Scalar)
    }

    fn limits(&mut self, schema: &mut Object, minimum: Value, maximum: Value, multiple: Value) {
        for (keyword, exclusive, value) in
            [("minimum", "exclusiveMinimum", minimum), ("maximum", "exclusiveMaximum", maximum)]
        {
            if self.chance(26) {
                schema.set(keyword, value);
                self.maybe(50, schema, exclusive, |writer| writer.rng.bool());
            }
        }
        self.maybe(22, schema, "multipleOf", |_| multiple);
    }

    /// Writes a schema of a flag.
    pub(super) fn flag(&mut self) -> Made {
        Made::new(Object::typed("boolean"), self.rng.bool(), Form::Scalar)
    }
}
