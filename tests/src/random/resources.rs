//! Resources: their ids, their operations, the runs to wait for and the results to download.

use super::Writer;
use super::components::Generation;
use super::dialect::Place;
use super::object::{Object, list};
use super::operations::{Offer, Verb};
use super::schemas::{Form, Made};
use super::structures::Properties;

/// What has been decided of a resource.
#[derive(Debug, Clone)]
pub(super) struct Resource {
    /// `x-resourceId`
    pub(super) id: String,
    pub(super) generation: Generation,
    /// Whether its `id` gets a type.
    pub(super) has_id: bool,
    pub(super) offers: Vec<Offer>,
    waits: bool,
    downloads: bool,
    /// Whether its result has rows inline.
    pub(super) has_rows: bool,
}

impl Writer {
    /// Decides what a resource offers.
    pub(super) fn plan_resource(&mut self, index: usize) -> Resource {
        let key = self.components[index].key.clone();
        let generation = if key.starts_with("v2.") { Generation::V2 } else { Generation::V1 };
        let has_id = self.chance(85);
        let waits = has_id && self.chance(45);
        let downloads = has_id && self.chance(40);
        let has_rows = has_id && self.chance(30);
        let mut verbs = Vec::new();
        if waits || downloads || has_rows || (has_id && self.chance(30)) {
            verbs.push(Verb::Retrieve);
        }
        for (verb, percent) in [(Verb::List, 35), (Verb::Create, 35), (Verb::Delete, 10), (Verb::Act, 10)] {
            if self.chance(percent) {
                verbs.push(verb);
            }
        }
        let offers = self.offers(generation, &key, &verbs);
        Resource { id: key, generation, has_id, offers, waits, downloads, has_rows }
    }

    /// Writes the schema of a resource.
    pub(super) fn resource(&mut self, index: usize) -> Made {
        let Some(resource) = self.components[index].resource.clone() else { return self.flag() };
        let mut schema = Object::typed("object").with("x-resourceId", resource.id.as_str());
        if self.chance(50) {
            let class = self.type_name();
            schema.set("x-stripeResource", self.place(&class, Some(resource.generation)));
        }
        self.maybe(10, &mut schema, "x-rustName", Self::given_type);
        let others = self.components[..index].iter().filter_map(|component| component.resource.as_ref());
        let others: Vec<String> = others.map(|other| other.id.clone()).collect();
        if let Some(other) = self.rng.choice(others).filter(|_| self.chance(30)) {
            schema.set("x-replacedBy", other);
        }
        let identified = self.components[..index].iter().filter_map(|component| component.resource.as_ref());
        let identified: Vec<String> = identified.filter(|other| other.has_id).map(|other| other.id.clone()).collect();
        if let Some(other) = self.rng.choice(identified).filter(|_| resource.has_id && self.chance(40)) {
            schema.set("x-sameIdsAs", other);
        }
        if !resource.offers.is_empty() {
            let offers: Vec<Object> = resource.offers.iter().map(|offer| self.offer(offer)).collect();
            schema.set("x-stripeOperations", list(offers));
        }
        let mut properties = Properties::default();
        self.identity(&mut properties, &resource);
        let count = self.rng.usize(0..4);
        self.properties(&mut properties, count, 0);
        if resource.waits {
            let wait = self.wait(&mut properties);
            schema.set("x-wait", wait);
        }
        if resource.downloads {
            let download = self.download(&mut properties);
            schema.set("x-download", download);
        }
        if resource.has_rows {
            let rows = self.rows(&mut properties);
            schema.set("x-rows", rows);
        }
        let sample = properties.write(&mut schema);
        self.annotated(Place::Model, Made { schema, sample, form: Form::Object })
    }

    fn identity(&mut self, properties: &mut Properties, resource: &Resource) {
        if resource.has_id {
            let mut id = self.text();
            self.maybe(30, &mut id.schema, "x-knownValues", Self::constants);
            id = self.annotated(Place::Id, id);
            self.maybe(10, &mut id.schema, "x-rustName", |_| "identity");
            let required = resource.waits || resource.downloads || resource.has_rows || self.chance(80);
            properties.add("id", id, required);
        } else if self.rng.bool() {
            let id = self.integer();
            properties.add("id", id, true);
        }
        if properties.is_empty() || self.chance(80) {
            self.tag(properties, &resource.id);
        }
    }

    fn wait(&mut self, properties: &mut Properties) -> Object {
        let status = self.fresh(properties);
        let made = self.short_enumeration();
        let values = made.schema.get("enum").and_then(|values| values.as_sequence()).cloned().unwrap_or_default();
        // A status is always there.
        let mut made = made;
        made.schema.set("nullable", false);
        let made = self.annotated(Place::Property, made);
        properties.add(&status, made, true);
        let mut states = [const { Vec::new() }; 4];
        for value in values {
            let at = self.rng.usize(..states.len());
            states[at].push(value);
        }
        let [running, succeeded, failed, canceled] = states;
        let mut wait = Object::new().with("status", status);
        if !running.is_empty() || self.rng.bool() {
            wait.set("running", list(running));
        }
        wait.set("succeeded", list(succeeded));
        wait.set("failed", list(failed));
        if !canceled.is_empty() || self.chance(20) {
            wait.set("canceled", list(canceled));
        }
        if self.chance(30) {
            let time = self.time();
            wait.set("canceledAt", self.somewhere(properties, time));
        }
        let mut failure = Object::new();
        for part in ["code", "message"] {
            if self.rng.bool() {
                let text = self.any_text();
                failure.set(part, self.somewhere(properties, text));
            }
        }
        if !failure.is_empty() || self.chance(20) {
            wait.set("failure", failure);
        }
        wait
    }

    fn download(&mut self, properties: &mut Properties) -> Object {
        let is_open = self.rng.bool();
        let url = if is_open || self.chance(20) { self.secret() } else { self.text() };
        let url = self.somewhere(properties, url);
        let access = if is_open { "pre-signed" } else { "api-key" };
        let mut download = Object::new().with("url", url).with("access", access);
        if self.rng.bool() {
            let number = Made::new(Object::typed("integer"), 3, Form::Scalar);
            let size = if self.rng.bool() { number } else { formatted("int64", "3", Form::Scalar) };
            download.set("size", self.somewhere(properties, size));
        }
        if self.rng.bool() {
            let text = self.any_text();
            download.set("contentType", self.somewhere(properties, text));
        }
        if self.rng.bool() {
            let time = self.time();
            download.set("expiresAt", self.somewhere(properties, time));
        }
        if self.rng.bool() {
            let columns = self.columns();
            download.set("columns", self.somewhere(properties, columns));
        }
        download
    }

    /// Writes a schema of a time.
    fn time(&mut self) -> Made {
        if self.rng.bool() {
            Made::new(Object::typed("integer").with("format", "unix-time"), 1_680_000_000, Form::Scalar)
        } else {
            formatted("date-time", "2025-08-26T21:53:30.446Z", Form::Scalar)
        }
    }

    fn rows(&mut self, properties: &mut Properties) -> Object {
        let columns = self.columns();
        let columns = self.somewhere(properties, columns);
        let cells = Object::typed("object").with("additionalProperties", true);
        let mut row = Properties::default();
        row.add("data", Made::new(cells, Object::new().with("a", 1), Form::Structure), self.rng.bool());
        let row = row.made(Form::Struct);
        let lines = Object::typed("array").with("items", row.schema);
        let lines = self.somewhere(properties, Made::new(lines, list(row.sample), Form::Structure));
        let next = self.any_text();
        let next = self.somewhere(properties, next);
        let mut rows = Object::new().with("columns", columns).with("rows", lines).with("nextPage", next);
        rows.set("page", "page");
        self.maybe(50, &mut rows, "limit", |_| "limit");
        self.maybe(50, &mut rows, "include", |_| "result.inline");
        rows
    }

    /// Writes the parameters that request rows.
    pub(super) fn rows_parameters(&mut self) -> Vec<Object> {
        let parameter =
            |name: &str, schema| Object::new().with("name", name).with("in", "query").with("schema", schema);
        let page = parameter("page", Object::typed("string"));
        let mut limit = Object::typed("integer");
        self.maybe(50, &mut limit, "maximum", |_| 1000);
        let limit = parameter("limit", limit);
        let mut value = Object::typed("string");
        if self.rng.bool() {
            value.set("enum", list(["result.inline", "sql"]));
            value.set("x-stripeEnum", Object::new().with("kind", self.pick(&["open", "closed"])));
        }
        let include = parameter("include", Object::typed("array").with("items", value));
        vec![page, limit, include.with("style", "deepObject").with("explode", true)]
    }

    /// Writes a schema of a list of columns.
    fn columns(&mut self) -> Made {
        let mut column = Properties::default();
        let name = self.text();
        let mut name = self.annotated(Place::Property, name);
        // A column always has a name.
        name.schema.set("nullable", false);
        column.add("name", name, true);
        let count = self.rng.usize(0..2);
        self.properties(&mut column, count, 3);
        let column = column.made(Form::Struct);
        let sample = list(column.sample.clone());
        Made::new(Object::typed("array").with("items", column.schema), sample, Form::Structure)
    }

    /// Writes a schema of a text of any type.
    fn any_text(&mut self) -> Made {
        match self.rng.u32(..5) {
            0 => self.enumeration(),
            1 => self.secret(),
            2 => formatted("currency", "usd", Form::Text),
            3 => formatted("decimal", "0.10", Form::Text),
            _ => self.text(),
        }
    }

    /// Picks a name that can be part of a path to a field.
    fn fresh(&mut self, properties: &Properties) -> String {
        loop {
            let taken = properties.names();
            let field = self.field_names(1, &taken).pop();
            if let Some(field) = field.filter(|field| field.rust.is_none() && !field.wire.contains('.')) {
                return field.wire;
            }
        }
    }

    /// Puts a property somewhere into a resource: at its top, or inside of objects and maps. Returns the path to it.
    fn somewhere(&mut self, properties: &mut Properties, made: Made) -> String {
        let top = self.fresh(properties);
        let (path, made) = match self.rng.u32(..5) {
            0 | 1 => (top.clone(), made),
            2 => {
                let (name, object) = self.holding(made);
                (format!("{top}.{name}"), object)
            }
            3 => {
                let made = self.annotated(Place::Value, made);
                (format!("{top}.failed"), self.keyed(made))
            }
            _ => {
                let (name, object) = self.holding(made);
                let object = self.annotated(Place::Value, object);
                (format!("{top}.first-key.{name}"), self.keyed(object))
            }
        };
        let made = self.annotated(Place::Property, made);
        let required = self.rng.bool();
        properties.add(&top, made, required);
        path
    }

    fn holding(&mut self, made: Made) -> (String, Made) {
        let mut properties = Properties::default();
        let name = self.fresh(&properties);
        let required = self.rng.bool();
        let made = self.annotated(Place::Property, made);
        properties.add(&name, made, required);
        (name, properties.made(Form::Struct))
    }

    fn keyed(&mut self, made: Made) -> Made {
        let sample = made.sample.map(|sample| Object::new().with("failed", sample)).unwrap_or_default();
        Made::new(Object::typed("object").with("additionalProperties", made.schema), sample, Form::Structure)
    }
}

/// Returns a schema of a string with a format.
fn formatted(format: &str, sample: &str, form: Form) -> Made {
    Made::new(Object::typed("string").with("format", format), sample, form)
}
