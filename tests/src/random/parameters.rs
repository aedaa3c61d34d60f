//! Parameters in paths and queries.

use serde_yaml::Value;

use super::Writer;
use super::components::Generation;
use super::dialect::Place;
use super::names::Field;
use super::object::Object;
use super::schemas::{Form, Made};

impl Writer {
    /// Writes the parameter of a path.
    pub(super) fn path_parameter(&mut self, name: &str, resource: Option<&str>) -> Object {
        let mut made = self.schema(Place::Path, 0);
        // What a property says by its schema, a parameter says by itself.
        let mut is_id = made.schema.remove("x-stripeProperty");
        if let Some(resource) = resource.filter(|resource| self.identified().iter().any(|id| id == resource)) {
            made = self.text_at(Place::Path);
            is_id = self.chance(40).then(|| Object::new().with("referenced_resource", resource).into());
        }
        let mut parameter = Object::new().with("name", name).with("in", "path").with("required", true);
        if let Some(reference) = is_id {
            parameter.set("x-stripeParam", reference);
        }
        self.maybe(20, &mut parameter, "style", |_| "simple");
        self.maybe(10, &mut parameter, "explode", |_| false);
        self.described(parameter, made, None)
    }

    /// Writes the parameters that walk through a list.
    pub(super) fn cursors(&mut self, generation: Generation) -> Vec<Object> {
        let mut parameters = Vec::new();
        if self.chance(80) {
            let mut schema = Object::typed("integer");
            self.maybe(70, &mut schema, "maximum", |_| 100);
            let limit = Object::new().with("name", "limit").with("in", "query");
            parameters.push(self.described(limit, Made::new(schema, 10, Form::Scalar), None));
        }
        if generation == Generation::V1 && self.chance(80) {
            for name in ["starting_after", "ending_before"] {
                let cursor = Object::new().with("name", name).with("in", "query");
                let made = self.text_at(Place::Parameter);
                parameters.push(self.described(cursor, made, None));
            }
        }
        parameters
    }

    /// Writes parameters of a query, some of them as components.
    pub(super) fn query_parameters(&mut self, count: usize, taken: &[String], may_require: bool) -> Vec<Object> {
        let taken: Vec<&str> = taken.iter().map(String::as_str).collect();
        let fields = self.field_names(count, &taken);
        fields
            .into_iter()
            .map(|field| {
                let parameter = self.query_parameter(&field, may_require);
                if !self.chance(15) {
                    return parameter;
                }
                let key = format!("{}{}", field.wire, self.parameters.len());
                self.parameters.set(&key, parameter);
                Object::reference("parameters", &key)
            })
            .collect()
    }

    fn query_parameter(&mut self, field: &Field, may_require: bool) -> Object {
        let mut made = self.schema(Place::Parameter, 1);
        let mut parameter = Object::new().with("name", field.wire.as_str()).with("in", "query");
        if let Some(reference) = made.schema.remove("x-stripeProperty") {
            parameter.set("x-stripeParam", reference);
        }
        if may_require && self.chance(25) {
            parameter.set("required", made.sample.is_some());
            made.schema.remove("default");
            self.preset(&mut made);
        }
        if made.form.is_deep() {
            parameter.set("style", "deepObject");
            self.maybe(80, &mut parameter, "explode", |_| true);
        } else if self.chance(20) {
            parameter.set("style", "form");
        }
        self.described(parameter, made, field.rust.as_deref())
    }

    /// Adds what any parameter may have, and its schema.
    fn described(&mut self, mut parameter: Object, made: Made, rust_name: Option<&str>) -> Object {
        self.maybe(60, &mut parameter, "description", Self::prose);
        self.maybe(5, &mut parameter, "deprecated", |writer| !writer.chance(20));
        if let Some(name) = rust_name {
            parameter.set("x-rustName", name);
        }
        let has_example = made.schema.has("example");
        if let Some(sample) = made.sample.filter(|_| !has_example && self.chance(25)) {
            parameter.set("example", sample);
        }
        parameter.set("schema", Value::from(made.schema));
        self.ignored(&mut parameter);
        parameter
    }
}
