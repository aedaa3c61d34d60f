//! Operations, those of resources and others.

use serde_yaml::Value;

use super::Writer;
use super::components::{Generation, Role};
use super::dialect::Place;
use super::object::{Object, list};
use super::paths::Path;
use super::resources::Resource;
use super::schemas::{Form, Made};
use super::structures::Properties;

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    Retrieve,
    List,
    Create,
    Delete,
    /// Something else that is done with one object.
    Act,
}

/// An operation that a resource offers.
#[derive(Debug, Clone)]
pub(super) struct Offer {
    method: String,
    pub(super) verb: Verb,
    /// The index of its path.
    pub(super) path: usize,
}

impl Verb {
    /// Returns its HTTP method, and the name of its method in Rust.
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Retrieve => ("get", "retrieve"),
            Self::List => ("get", "list"),
            Self::Create => ("post", "create"),
            Self::Delete => ("delete", "delete"),
            Self::Act => ("post", "cancel"),
        }
    }
}

/// Names of methods that are written with care.
const HARD_METHODS: &str =
    "self|new|match|as_str|type|clone|default|from_str|add|next|to_string|fetchAll|3d|into|größe";

impl Writer {
    /// Decides how a resource offers its operations.
    pub(super) fn offers(&mut self, generation: Generation, resource: &str, verbs: &[Verb]) -> Vec<Offer> {
        let collection = self.plan_path(generation, false, None);
        let item = self.plan_path(generation, true, Some(resource));
        let action = self.plan_path(generation, true, Some(resource));
        let mut names: Vec<String> = Vec::new();
        let mut offers = Vec::new();
        for verb in verbs {
            let mut method = verb.names().1.to_owned();
            if self.chance(15) {
                method = self.word(HARD_METHODS).to_owned();
            }
            if names.contains(&method) {
                method = verb.names().1.to_owned();
            }
            names.push(method.clone());
            let path = match verb {
                Verb::List | Verb::Create => collection,
                Verb::Retrieve | Verb::Delete => item,
                Verb::Act => action,
            };
            offers.push(Offer { method, verb: *verb, path });
        }
        offers
    }

    /// Writes an entry of `x-stripeOperations`.
    pub(super) fn offer(&mut self, offer: &Offer) -> Object {
        let mut entry = Object::new().with("method_name", offer.method.as_str());
        if offer.method != offer.verb.names().1 || self.chance(70) {
            let method_type = if offer.verb == Verb::Act { "custom" } else { offer.verb.names().1 };
            entry.set("method_type", method_type);
        }
        self.maybe(30, &mut entry, "method_on", |_| "service");
        entry.set("operation", offer.verb.names().0);
        entry.set("path", self.paths[offer.path].template.as_str());
        entry
    }

    /// Writes the operations of resources, and some that belong to none.
    pub(super) fn write_operations(&mut self) {
        for index in 0..self.components.len() {
            let Some(resource) = self.components[index].resource.clone() else { continue };
            for offer in &resource.offers {
                let response = self.response_of(index, offer.verb);
                self.operation(offer.path, offer.verb, Some(response));
            }
        }
        let others = self.rng.usize(0..2);
        for _ in 0..others {
            let generation = self.pick(&[Generation::V1, Generation::V2]);
            let verb = self.pick(&[Verb::Retrieve, Verb::List, Verb::Create, Verb::Delete, Verb::Act]);
            let path = self.plan_path(generation, matches!(verb, Verb::Retrieve | Verb::Act), None);
            let response = (verb == Verb::List).then(|| self.listed_by(generation, None));
            self.operation(path, verb, response);
        }
    }

    /// Returns the schema of the response of a resource's operation: the resource, or a list of it.
    fn response_of(&mut self, index: usize, verb: Verb) -> Made {
        let component = &self.components[index];
        let schema = Object::reference("schemas", &component.key);
        let made = Made { schema, sample: component.sample.clone(), form: Form::Object };
        let generation = component.resource.as_ref().map_or(Generation::V1, |resource| resource.generation);
        match verb {
            Verb::List => self.listed_by(generation, Some(made)),
            _ => made,
        }
    }

    /// Writes the schema of a response, without formats that only a field can have.
    fn response_schema(&mut self) -> Made {
        let made = self.structure(1);
        let made = if self.chance(40) { made } else { self.any_response() };
        self.annotated(Place::Response, made)
    }

    fn array_of_texts(&mut self) -> Made {
        let items = self.text_at(Place::Item);
        let mut schema = Object::typed("array").with("items", items.schema);
        self.item_limits(&mut schema);
        Made::new(schema, list(items.sample), Form::Structure)
    }

    fn any_response(&mut self) -> Made {
        match self.rng.u32(..9) {
            0 => self.array_of_texts(),
            1 => self.enumeration(),
            2..=4 => self.any_map(),
            5 => self.envelope(1),
            6 => self.array_of_texts(),
            _ => Made::any(),
        }
    }

    fn listed_by(&mut self, generation: Generation, items: Option<Made>) -> Made {
        let made = match (items, generation) {
            (None, _) => self.envelope(1),
            (Some(items), Generation::V1) => self.list_envelope(items),
            (Some(items), Generation::V2) => self.page_envelope(items),
        };
        self.annotated(Place::Response, made)
    }

    fn operation(&mut self, path: usize, verb: Verb, response: Option<Made>) {
        let number = self.operation_ids.len() + 1;
        let id = self.word("GetThing|post-thing|deleteÜber|self|type|3d|a.b|Response|list|Request");
        let id = format!("{id}{number}");
        let mut operation = Object::new().with("operationId", id.as_str());
        if let Some(other) = self.rng.choice(self.operation_ids.clone()).filter(|_| self.chance(15)) {
            operation.set("x-replacedBy", other);
        }
        self.operation_ids.push(id);
        self.maybe(30, &mut operation, "summary", Self::prose);
        self.maybe(60, &mut operation, "description", Self::prose);
        self.maybe(15, &mut operation, "externalDocs", Self::external_docs);
        self.maybe(10, &mut operation, "tags", |_| list(["one", "two"]));
        self.maybe(8, &mut operation, "deprecated", |writer| !writer.chance(20));
        self.maybe(5, &mut operation, "security", |_| list([Object::new().with("basicAuth", list::<&str>([]))]));
        self.maybe(10, &mut operation, "x-rustName", Self::given_type);
        self.ignored(&mut operation);
        self.is_sent = true;
        self.inputs(&mut operation, path, verb);
        self.is_sent = false;
        let response = response.unwrap_or_else(|| self.response_schema());
        operation.set("responses", self.responses(response));
        self.paths[path].item.set(verb.names().0, operation);
    }

    /// Adds parameters and a body.
    fn inputs(&mut self, operation: &mut Object, path: usize, verb: Verb) {
        let Path { generation, parameter, resource, .. } = self.paths[path].clone();
        let mut taken: Vec<String> = parameter.iter().cloned().collect();
        let mut parameters = Vec::new();
        if let Some(name) = parameter.filter(|_| !self.paths[path].is_shared) {
            parameters.push(self.path_parameter(&name, resource.as_deref()));
        }
        let has_body = match verb {
            Verb::Create => self.chance(85),
            Verb::Act => self.rng.bool(),
            _ => false,
        };
        if has_body {
            let body = self.body(generation, &taken);
            operation.set("requestBody", body);
        } else {
            if verb == Verb::List {
                parameters.extend(self.cursors(generation));
                taken.extend(["limit", "starting_after", "ending_before"].map(str::to_owned));
            }
            let has_rows = |of: &Resource| of.has_rows && Some(&of.id) == resource.as_ref();
            if verb == Verb::Retrieve && self.components.iter().filter_map(|c| c.resource.as_ref()).any(has_rows) {
                parameters.extend(self.rows_parameters());
                taken.extend(["page", "limit", "include"].map(str::to_owned));
            }
            let count = if verb == Verb::List { self.rng.usize(0..4) } else { self.rng.usize(0..2) };
            // A run is retrieved by its id alone.
            let may_require = verb != Verb::Retrieve;
            parameters.extend(self.query_parameters(count, &taken, may_require));
            if generation == Generation::V1 && self.chance(15) {
                operation.set("requestBody", self.empty_form());
            }
        }
        if !parameters.is_empty() || self.chance(5) {
            operation.set("parameters", list(parameters));
        }
    }

    fn body(&mut self, generation: Generation, taken: &[String]) -> Object {
        let mut media = Object::new();
        let is_open =
            |schema: &Value| schema.get("additionalProperties").is_some_and(|others| others.as_bool() != Some(false));
        let referred = self.components.iter().filter(|component| {
            let is_sendable = component.role == Role::Object && !component.holds_null;
            is_sendable && !component.schema.as_ref().is_some_and(is_open)
        });
        let referred: Vec<String> = referred.map(|component| component.key.clone()).collect();
        let referred = self.rng.choice(referred).filter(|_| generation == Generation::V2 && self.rng.u32(..100) < 15);
        match referred {
            Some(key) => media.set("schema", Object::reference("schemas", &key)),
            None => self.body_schema(&mut media, generation, taken),
        }
        let kind = match generation {
            Generation::V1 => "application/x-www-form-urlencoded",
            Generation::V2 => "application/json",
        };
        let mut body = Object::new().with("content", Object::new().with(kind, media));
        self.maybe(60, &mut body, "required", |writer| writer.rng.bool());
        self.ignored(&mut body);
        body
    }

    fn body_schema(&mut self, media: &mut Object, generation: Generation, taken: &[String]) {
        let mut encoding = Object::new();
        let mut properties = Properties::default();
        let names: Vec<&str> = taken.iter().map(String::as_str).collect();
        let count = self.rng.usize(1..5);
        for field in self.field_names(count, &names) {
            let mut made = self.property(&field, 0);
            if made.form.is_deep() {
                encoding.set(&field.wire, self.brackets());
            }
            let required = made.sample.is_some() && self.chance(40);
            if required {
                self.preset(&mut made);
            }
            properties.add(&field.wire, made, required);
        }
        let mut schema = Object::typed("object");
        self.maybe(20, &mut schema, "additionalProperties", |_| false);
        self.count_limits(&mut schema);
        properties.write(&mut schema);
        self.annotate(Place::Body, Form::Any, &mut schema, None);
        media.set("schema", schema);
        if generation == Generation::V1 && (!encoding.is_empty() || self.chance(30)) {
            media.set("encoding", encoding);
        }
        self.maybe(5, media, "examples", |_| Object::new().with("any", "thing"));
    }

    fn empty_form(&mut self) -> Object {
        let schema = Object::typed("object").with("properties", Object::new());
        let media = Object::new().with("encoding", Object::new()).with("schema", schema);
        let content = Object::new().with("application/x-www-form-urlencoded", media);
        Object::new().with("content", content).with("required", false)
    }

    fn brackets(&mut self) -> Object {
        let brackets = Object::new().with("style", "deepObject");
        if self.chance(80) { brackets.with("explode", true) } else { brackets }
    }
}
