//! Component schemas, except for resources, errors and events.

use serde_yaml::Value;

use super::Writer;
use super::dialect::Place;
use super::object::Object;
use super::resources::Resource;
use super::schemas::{Form, Made};

/// A schema under `components.schemas`.
pub(super) struct Component {
    pub(super) key: String,
    pub(super) role: Role,
    pub(super) form: Form,
    /// A value of the schema, after it is written.
    pub(super) sample: Option<Value>,
    pub(super) schema: Option<Value>,
    pub(super) resource: Option<Resource>,
    /// Whether something inside can be null, which requests cannot carry.
    pub(super) holds_null: bool,
}

impl Component {
    pub(super) fn is_written(&self) -> bool {
        self.schema.is_some()
    }
}

/// What a component is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Resource,
    Object,
    OneOf,
    Text,
    Alias,
}

/// The two generations of Stripe's API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Generation {
    V1,
    V2,
}

impl Generation {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::V1 => "v1",
            Self::V2 => "v2",
        }
    }
}

impl Writer {
    /// Decides which components the description has.
    pub(super) fn plan_components(&mut self) {
        let mut roles = vec![Role::Resource, Role::Object];
        let others = self.rng.usize(1..4);
        for _ in 0..others {
            roles.push(match self.rng.usize(..8) {
                0 => Role::Resource,
                1 | 2 => Role::Object,
                3 | 4 => Role::Text,
                5 => Role::OneOf,
                _ => Role::Alias,
            });
        }
        self.rng.shuffle(&mut roles);
        for role in roles {
            let key = self.key();
            let form = match role {
                Role::Resource | Role::Object => Form::Object,
                Role::OneOf => Form::Structure,
                Role::Text => Form::Text,
                Role::Alias => Form::Any,
            };
            let component =
                Component { key, role, form, sample: None, schema: None, resource: None, holds_null: false };
            self.components.push(component);
        }
        for index in 0..self.components.len() {
            if self.components[index].role == Role::Resource {
                let resource = self.plan_resource(index);
                self.components[index].resource = Some(resource);
            }
        }
    }

    /// Picks a key that no other component has.
    pub(super) fn key(&mut self) -> String {
        let name = self.type_name();
        if self.chance(40) { format!("v2.{name}") } else { name }
    }

    /// Writes all components that have been planned.
    pub(super) fn write_components(&mut self) {
        for index in 0..self.components.len() {
            let made = match self.components[index].role {
                Role::Resource => self.resource(index),
                Role::Object => self.object(),
                Role::OneOf => self.named_one_of(),
                Role::Text => self.named_text(),
                Role::Alias => self.alias(),
            };
            let component = &mut self.components[index];
            if component.role == Role::Alias {
                component.form = made.form;
            }
            component.sample = made.sample;
            component.schema = Some(made.schema.into());
        }
    }

    /// Writes a reference to a component that becomes a struct.
    pub(super) fn reference_to_object(&mut self) -> Option<Object> {
        let is_sent = self.is_sent;
        let is_object = |component: &&Component| {
            matches!(component.role, Role::Resource | Role::Object) && !(is_sent && component.holds_null)
        };
        let keys: Vec<String> =
            self.components.iter().filter(is_object).map(|component| component.key.clone()).collect();
        self.rng.choice(keys).map(|key| Object::reference("schemas", &key))
    }

    /// The resources whose ids have a type.
    pub(super) fn identified(&self) -> Vec<String> {
        let resources = self.components.iter().filter_map(|component| component.resource.as_ref());
        resources.filter(|resource| resource.has_id).map(|resource| resource.id.clone()).collect()
    }

    /// Adds a reference to each alias that is not used.
    pub(super) fn use_aliases(&mut self) {
        let aliases = self.components.iter().filter(|component| component.role == Role::Alias);
        let references: Vec<Value> =
            aliases.map(|component| Object::reference("schemas", &component.key).into()).collect();
        for (number, reference) in references.into_iter().enumerate() {
            let is_used = |component: &Component| {
                component
                    .schema
                    .as_ref()
                    .is_some_and(|schema| *schema != reference && holds(schema, &|value| *value == reference))
            };
            if self.components.iter().any(is_used) {
                continue;
            }
            let object = self.components.iter_mut().find(|component| component.role == Role::Object);
            let schema = object.and_then(|object| object.schema.as_mut()).and_then(Value::as_mapping_mut);
            let Some(schema) = schema else { continue };
            let properties = schema.entry("properties".into()).or_insert_with(|| Object::new().into());
            if let Value::Mapping(properties) = properties {
                properties.insert(format!("used_{number}").into(), reference);
            }
        }
    }

    /// Marks the components that requests cannot carry, since something inside can be null or `false`.
    pub(super) fn find_nulls(&mut self) {
        let references = |component: &Component| Value::from(Object::reference("schemas", &component.key));
        loop {
            let held: Vec<Value> =
                self.components.iter().filter(|component| component.holds_null).map(references).collect();
            let can_be_null = |value: &Value| value.get("nullable").and_then(Value::as_bool) == Some(true);
            let holds_null = |value: &Value| {
                let inner = ["items", "additionalProperties"].into_iter().filter_map(|key| value.get(key));
                let is_received = value.get("x-falseMeansAbsent").is_some();
                let entries = value.get("oneOf").and_then(Value::as_sequence).into_iter().flatten();
                let mut given =
                    entries.filter_map(|entry| entry.get("properties")?.as_mapping()).flat_map(|all| all.values());
                is_received || inner.into_iter().any(can_be_null) || given.any(can_be_null) || held.contains(value)
            };
            let found = self.components.iter_mut().filter(|component| {
                !component.holds_null && component.schema.as_ref().is_some_and(|schema| holds(schema, &holds_null))
            });
            if found.map(|component| component.holds_null = true).count() == 0 {
                return;
            }
        }
    }

    fn object(&mut self) -> Made {
        let mut made = self.structure(0);
        self.placed(&mut made.schema, 20);
        self.annotated(Place::Model, made)
    }

    fn named_one_of(&mut self) -> Made {
        let mut made = self.one_of(0);
        self.placed(&mut made.schema, 20);
        self.annotated(Place::Model, made)
    }

    fn named_text(&mut self) -> Made {
        let mut made = if self.rng.bool() { self.enumeration() } else { self.text() };
        if !made.schema.has("enum") && self.chance(60) {
            made.schema.set("x-knownValues", self.constants());
        }
        self.placed(&mut made.schema, 20);
        self.annotated(Place::Model, made)
    }

    /// Gives a type another place or name with a probability in percent.
    pub(super) fn placed(&mut self, schema: &mut Object, percent: u32) {
        if self.chance(percent) {
            let class = self.given_type();
            schema.set("x-stripeResource", self.place(&class, None));
        }
        self.maybe(15, schema, "x-rustName", Self::given_type);
    }

    /// Writes `x-stripeResource`.
    pub(super) fn place(&mut self, class: &str, generation: Option<Generation>) -> Object {
        let mut place = Object::new().with("class_name", class);
        let package = self.package();
        match generation {
            Some(Generation::V2) if !package.starts_with("v1") => place.set("in_package", format!("v2.{package}")),
            _ if package.is_empty() && self.rng.bool() => {}
            _ => place.set("in_package", package),
        }
        self.maybe(20, &mut place, "has_collection_class", |writer| writer.rng.bool());
        place
    }

    fn alias(&mut self) -> Made {
        let made = match self.rng.u32(..16) {
            0 => self.array(0),
            1 => self.map(0),
            2 | 3 => self.array_of_structs(),
            4 => self.any_map(),
            5 => self.integer(),
            6 => self.number(),
            7 => self.flag(),
            8 => self.formatted(),
            9 => self.range(),
            10 => self.range_or_exact(),
            11 => self.envelope(0),
            12 => return self.alias_of_another(),
            13 => self.expandable().unwrap_or_else(|| self.flag()),
            14 => self.anchored(0).unwrap_or_else(|| self.flag()),
            _ => Made::any(),
        };
        self.annotated(Place::Alias, made)
    }

    /// Writes an array that names its items.
    fn array_of_structs(&mut self) -> Made {
        let items = self.structure(1);
        let mut schema = Object::typed("array").with("items", items.schema);
        self.item_limits(&mut schema);
        self.placed(&mut schema, 40);
        Made { schema, sample: None, form: Form::Structure }
    }

    /// Writes a component that is a reference to another one.
    fn alias_of_another(&mut self) -> Made {
        let written = self.components.iter().filter(|component| component.is_written());
        let targets: Vec<(String, Form)> = written.map(|component| (component.key.clone(), component.form)).collect();
        match self.rng.choice(targets) {
            Some((key, form)) => {
                let component = self.components.iter().find(|component| component.key == key);
                let sample = component.and_then(|component| component.sample.clone());
                Made { schema: Object::reference("schemas", &key), sample, form }
            }
            None => self.flag(),
        }
    }
}

/// Returns whether a schema, or something inside, fulfils a condition.
fn holds(schema: &Value, wanted: &dyn Fn(&Value) -> bool) -> bool {
    let inside = match schema {
        Value::Mapping(entries) => entries.values().any(|value| holds(value, wanted)),
        Value::Sequence(items) => items.iter().any(|value| holds(value, wanted)),
        _ => false,
    };
    inside || wanted(schema)
}
