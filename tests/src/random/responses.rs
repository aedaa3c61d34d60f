//! Responses: the one that is a success, and the errors.

use serde_yaml::Value;

use super::Writer;
use super::object::{Object, list};
use super::schemas::Made;

impl Writer {
    /// Writes `responses` of an operation.
    pub(super) fn responses(&mut self, success: Made) -> Object {
        let status = self.pick(&["200", "200", "200", "201", "204", "2XX"]);
        let success = self.response(Some(success));
        let success = self.shared(success);
        let mut responses = Object::new().with(status, success);
        let statuses = self.pick(&[&["default"][..], &["4XX", "500"], &["404", "default"], &[]]);
        for status in statuses {
            let error = self.error_content();
            let error = self.response(error);
            responses.set(status, self.shared(error));
        }
        responses
    }

    fn response(&mut self, content: Option<Made>) -> Object {
        let mut response = Object::new().with("description", self.prose());
        if let Some(made) = content {
            let mut media = Object::new().with("schema", made.schema);
            self.maybe(5, &mut media, "examples", |_| Object::new().with("any", "thing"));
            response.set("content", Object::new().with("application/json", media));
        }
        self.ignored(&mut response);
        response
    }

    /// Puts a response among the components sometimes.
    fn shared(&mut self, response: Object) -> Object {
        if !self.chance(10) {
            return response;
        }
        let key = format!("{}{}", self.pick(&["error", "a/b~c", "日本", "self"]), self.responses.len());
        self.responses.set(&key, response);
        Object::reference("responses", &key)
    }

    /// Writes what a response that is an error holds: one of the error schemas, or one of several.
    fn error_content(&mut self) -> Option<Made> {
        let chosen: Vec<usize> = (0..self.errors.len()).collect();
        let chosen = self.some(&chosen);
        let mut keys = Vec::new();
        for index in chosen {
            self.errors[index].is_used = true;
            keys.push(self.errors[index].key.clone());
        }
        let references: Vec<Object> = keys.iter().map(|key| Object::reference("schemas", key)).collect();
        let schema = match references.as_slice() {
            [] => return None,
            [only] if self.rng.bool() => only.clone(),
            several => {
                let mut schema = Object::new().with("oneOf", list(several.to_vec()));
                if self.chance(20) {
                    let keyword = self.pick(&["title", "readOnly", "writeOnly"]);
                    schema.set(keyword, if keyword == "title" { Value::from("Error") } else { Value::from(true) });
                }
                self.ignored(&mut schema);
                schema
            }
        };
        Some(Made { schema, sample: None, form: super::schemas::Form::Object })
    }
}
