//! Webhook events and their envelopes.

use super::Writer;
use super::components::Generation;
use super::dialect::Place;
use super::object::{Object, list};
use super::schemas::{Form, Made};
use super::structures::Properties;

/// The last words of types of events.
const VERBS: &[&str] = &["created", "updated", "self", "type", "3d", "none", "with space", "日本", "deleted.now"];

/// Types of events that are called like something else, with the name that they need.
const COLLIDING: &[(&str, Option<&str>)] =
    &[("unrecognized", Some("Unlisted")), ("self", None), ("thing.made", None), ("thing_made", Some("MadeThing"))];

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
                    let (name, rust) = self.pick(COLLIDING);
                    (name.to_owned(), rust)
                } else {
                    (format!("{}.{}", id, self.pick(VERBS)), None)
                };
                if !types.contains(&name) {
                    types.push(name.clone());
                    self.event(generation, (&name, rust), &key, &id);
                }
            }
        }
    }

    fn event(&mut self, generation: Generation, (name, rust): (&str, Option<&str>), key: &str, id: &str) {
        self.is_event = true;
        let mut event = Object::new().with("type", name);
        let mut properties = Properties::default();
        if self.chance(40) {
            let tag = Object::typed("string").with("enum", list([name]));
            let tag = self.annotated(Place::Telling, Made::new(tag, name, Form::Any));
            properties.add("type", tag, self.rng.bool());
        }
        self.unread(&mut properties);
        if generation == Generation::V2 {
            event.set("kind", "thin");
            let mut related = Properties::default();
            let tag = Object::typed("string").with("enum", list([id]));
            let tag = self.annotated(Place::Telling, Made::new(tag, id, Form::Any));
            related.add("type", tag, self.rng.bool());
            self.unread(&mut related);
            let mut schema = Object::typed("object");
            let sample = related.write(&mut schema);
            let related = self.annotated(Place::Telling, Made { schema, sample, form: Form::Any });
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

    fn envelope_schema(&mut self, generation: Generation) {
        let (kind, tag) = match generation {
            Generation::V1 => ("snapshot", "event"),
            Generation::V2 => ("thin", "v2.core.event"),
        };
        let mut schema = Object::typed("object").with("x-eventEnvelope", kind);
        let mut properties = Properties::default();
        self.tag(&mut properties, tag);
        let text = self.text();
        let id = self.annotated(Place::Property, text);
        properties.add("id", id, self.rng.bool());
        let mut text = self.text();
        text.schema.set("nullable", false);
        let text = self.annotated(Place::EventType, text);
        properties.add("type", text, true);
        if self.rng.bool() {
            let text = self.text();
            properties.add("context", self.annotated(Place::Property, text), false);
        }
        match generation {
            Generation::V1 => {
                let data = self.event_data();
                properties.add("data", data, self.chance(70));
            }
            Generation::V2 => {
                let related = self.related_object();
                let related = self.annotated(Place::Property, related);
                properties.add("related_object", related, self.rng.bool());
            }
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
        let object = if self.rng.bool() { self.any_map() } else { Made::new(Object::new(), "any", Form::Any) };
        data.add("object", object, self.chance(70));
        if self.rng.bool() {
            let before = self.any_map();
            data.add("previous_attributes", before, false);
        }
        let mut schema = Object::typed("object");
        let sample = data.write(&mut schema);
        Made { schema, sample, form: Form::Struct }
    }

    fn related_object(&mut self) -> Made {
        let mut related = Properties::default();
        for (name, required) in [("id", self.rng.bool()), ("type", true), ("url", true)] {
            let text = self.text();
            related.add(name, text, required);
        }
        let mut schema = Object::typed("object");
        let sample = related.write(&mut schema);
        Made { schema, sample, form: Form::Struct }
    }
}
