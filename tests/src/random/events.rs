//! Webhook events and their envelopes.

use serde_yaml::Value;

use super::Writer;
use super::components::Generation;
use super::dialect::Place;
use super::names::named;
use super::object::{Object, list};
use super::schemas::{Form, Made};
use super::structures::Properties;

/// The last words of types of events.
const VERBS: &str = "created|updated|self|type|3d|none|with space|日本|deleted.now";

/// Types of events that are called like something else, with the name that they need.
const COLLIDING: &str = "unrecognized=Unlisted|self|thing.made|thing_made=MadeThing";

impl Writer {
    /// Writes the envelopes of events, and events.
    pub(super) fn write_events(&mut self) {
        let resources: Vec<(String, String)> = self
            .components
            .iter()
            .filter_map(|component| Some((component.key.clone(), component.resource.as_ref()?.id.clone())))
            .collect();
        for generation in [Generation::V1, Generation::V2] {
            if !self.chance(25) {
                continue;
            }
            self.envelope_schema(generation);
            let mut types: Vec<String> = Vec::new();
            let count = self.rng.usize(0..3);
            for _ in 0..count {
                let Some((key, id)) = self.rng.choice(resources.clone()) else { continue };
                let (name, rust) = if self.chance(20) {
                    let (name, rust) = self.pick(&named(COLLIDING));
                    (name.to_owned(), rust)
                } else {
                    (format!("{}.{}", id, self.word(VERBS)), None)
                };
                if !types.contains(&name) {
                    types.push(name.clone());
                    if self.chance(40) {
                        self.event_of_resource(generation, (&name, rust), &key);
                    } else {
                        self.event(generation, (&name, rust), &key, &id);
                    }
                }
            }
        }
    }

    fn event(&mut self, generation: Generation, (name, rust): (&str, Option<&str>), key: &str, id: &str) {
        self.is_event = true;
        let mut event = Object::new().with("type", name);
        let mut properties = Properties::default();
        if self.chance(40) {
            properties.add("type", self.constant(Place::Telling, name), self.rng.bool());
        }
        self.unread(&mut properties);
        if generation == Generation::V2 {
            event.set("kind", "thin");
            let mut related = Properties::default();
            related.add("type", self.constant(Place::Telling, id), self.rng.bool());
            self.unread(&mut related);
            let related = self.annotated(Place::Telling, related.made(Form::Any));
            properties.add("related_object", related, self.rng.bool());
        } else {
            if self.rng.bool() {
                event.set("kind", "snapshot");
            }
            let object = Made { schema: Object::reference("schemas", key), sample: None, form: Form::Object };
            properties.add("object", object, self.rng.bool());
        }
        let mut schema = Object::typed("object").with("x-stripeEvent", event);
        properties.write(&mut schema);
        if let Some(rust) = rust {
            schema.set("x-rustName", rust);
        }
        self.annotate(Place::EventOrError, Form::Any, &mut schema, None);
        self.is_event = false;
        let key = self.key();
        self.extra.push((key, schema));
    }

    /// Adds an event to the `x-events` of a resource.
    fn event_of_resource(&mut self, generation: Generation, (name, rust): (&str, Option<&str>), key: &str) {
        let mut event = Object::new().with("type", name);
        if let Some(rust) = rust {
            event.set("x-rustName", rust);
        }
        self.maybe(50, &mut event, "description", Self::prose);
        let kind = if generation == Generation::V2 { "thin" } else { "snapshot" };
        let component = self.components.iter_mut().find(|component| component.key == key);
        let schema = component.and_then(|component| component.schema.as_mut()).and_then(Value::as_mapping_mut);
        let events = schema.map(|schema| schema.entry("x-events".into()).or_insert_with(|| Object::new().into()));
        let events = events.and_then(Value::as_mapping_mut);
        let events = events.map(|events| events.entry(kind.into()).or_insert_with(|| list::<Value>([])));
        if let Some(Value::Sequence(events)) = events {
            events.push(event.into());
        }
    }

    fn envelope_schema(&mut self, generation: Generation) {
        let (kind, tag) = match generation {
            Generation::V1 => ("snapshot", "event"),
            Generation::V2 => ("thin", "v2.core.event"),
        };
        let mut schema = Object::typed("object").with("x-eventEnvelope", kind);
        let mut properties = Properties::default();
        self.tag(&mut properties, tag);
        let id = self.text_at(Place::Property);
        properties.add("id", id, self.rng.bool());
        let mut text = self.text();
        text.schema.set("nullable", false);
        let text = self.annotated(Place::EventType, text);
        properties.add("type", text, true);
        if self.rng.bool() {
            properties.add("context", self.text_at(Place::Property), false);
        }
        if generation == Generation::V1 {
            properties.add("data", self.event_data(), self.chance(70));
        } else {
            let related = self.related_object();
            properties.add("related_object", self.annotated(Place::Property, related), self.rng.bool());
        }
        let count = self.rng.usize(0..3);
        self.properties(&mut properties, count, 1);
        properties.write(&mut schema);
        self.placed(&mut schema, 20);
        self.annotate(Place::Model, Form::Object, &mut schema, None);
        let key = self.key();
        self.extra.push((key, schema));
    }

    fn event_data(&mut self) -> Made {
        let mut data = Properties::default();
        let object = if self.rng.bool() { self.any_map() } else { Made::any() };
        data.add("object", object, self.chance(70));
        if self.rng.bool() {
            data.add("previous_attributes", self.any_map(), false);
        }
        data.made(Form::Struct)
    }

    fn related_object(&mut self) -> Made {
        let mut related = Properties::default();
        for (name, required) in [("id", self.rng.bool()), ("type", true), ("url", true)] {
            related.add(name, self.text(), required);
        }
        related.made(Form::Struct)
    }
}
