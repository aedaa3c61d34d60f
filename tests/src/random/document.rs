//! The description as a whole.

use serde_yaml::Value;

use super::Writer;
use super::object::{Object, list};

impl Writer {
    /// Writes a description.
    pub(super) fn document(&mut self) -> Object {
        self.plan_components();
        self.write_components();
        self.use_aliases();
        self.find_nulls();
        self.write_errors();
        self.write_operations();
        self.write_events();
        let mut document = Object::new().with("openapi", self.pick(&["3.0.0", "3.0.3"])).with("info", self.info());
        self.maybe(40, &mut document, "servers", Self::servers);
        self.maybe(10, &mut document, "security", |_| list([Object::new().with("basicAuth", list::<&str>([]))]));
        self.maybe(10, &mut document, "tags", Self::tags);
        self.maybe(5, &mut document, "externalDocs", Self::external_docs);
        self.ignored(&mut document);
        document.set("paths", self.write_paths());
        document.set("components", self.component_objects());
        document
    }

    fn info(&mut self) -> Object {
        let title = self.pick(&["Fixture", "<Any> [of] \"them\"", "日本", "`code`"]);
        let mut info =
            Object::new().with("title", title).with("version", self.pick(&["2024-01-31.preview", "1", "2020-01-01"]));
        self.maybe(40, &mut info, "description", Self::prose);
        self.maybe(10, &mut info, "termsOfService", |_| "https://example.com/terms");
        if self.chance(10) {
            let contact = [("name", "Team"), ("url", "https://example.com"), ("email", "team@example.com")];
            let mut written = Object::new();
            for (key, value) in self.some(&contact) {
                written.set(key, value);
            }
            info.set("contact", written);
        }
        if self.chance(10) {
            let license = Object::new().with("name", "MIT");
            info.set("license", if self.rng.bool() { license.with("url", "https://example.com") } else { license });
        }
        self.ignored(&mut info);
        info
    }

    fn servers(&mut self) -> Value {
        let url = self
            .word("https://api.stripe.com|https://api.stripe.com/|http://localhost:12111|https://example.com/prefix/");
        let mut first = Object::new().with("url", url);
        self.maybe(30, &mut first, "description", Self::prose);
        list([first])
    }

    fn tags(&mut self) -> Value {
        let mut tag = Object::new().with("name", "one");
        if self.rng.bool() {
            tag.set("description", self.prose());
        }
        if self.rng.bool() {
            tag.set("externalDocs", self.external_docs());
        }
        list([tag])
    }

    fn component_objects(&mut self) -> Object {
        let mut schemas: Vec<(String, Value)> = Vec::new();
        for component in &self.components {
            schemas.extend(component.schema.clone().map(|schema| (component.key.clone(), schema)));
        }
        let errors = self.errors.drain(..).filter(|error| error.is_used).flat_map(|error| error.schemas);
        self.extra.extend(errors);
        schemas.extend(self.extra.drain(..).map(|(key, schema)| (key, schema.into())));
        self.rng.shuffle(&mut schemas);
        let mut written = Object::new();
        for (key, schema) in schemas {
            written.set(&key, schema);
        }
        let mut components = Object::new().with("schemas", written);
        for (key, shared) in [("parameters", &self.parameters), ("responses", &self.responses)] {
            if !shared.is_empty() {
                components.set(key, shared.clone());
            }
        }
        self.maybe(10, &mut components, "securitySchemes", |_| {
            Object::new().with("basicAuth", Object::new().with("type", "http"))
        });
        components
    }
}
