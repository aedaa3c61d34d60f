//! Random valid descriptions over the whole dialect.
//!
//! A seed gives the text of one description, always the same. It is valid by construction, except that two of its names may
//! become one in Rust: the generator refuses those descriptions, and callers continue with the next seed. Every keyword of the
//! dialect stands in some description at every place where it is allowed; `dialect` says where that is.

#![allow(clippy::indexing_slicing, reason = "indices are those of the plan; a wrong one is a failed test")]

mod components;
mod dialect;
mod document;
mod errors;
mod events;
mod names;
mod object;
mod operations;
mod parameters;
mod paths;
mod prose;
mod resources;
mod responses;
mod scalars;
mod schemas;
mod structures;

use std::collections::HashSet;

use fastrand::Rng;
use serde_yaml::Value;

use self::components::Component;
use self::object::Object;

/// Returns the description with this seed, as YAML.
#[must_use]
pub fn description(seed: u64) -> String {
    let mut writer = Writer {
        rng: Rng::with_seed(seed),
        components: Vec::new(),
        parameters: Object::new(),
        responses: Object::new(),
        paths: Vec::new(),
        operation_ids: Vec::new(),
        errors: Vec::new(),
        extra: Vec::new(),
        type_names: HashSet::new(),
        rust_names: 0,
        is_sent: false,
        is_event: false,
    };
    let document = writer.document();
    serde_yaml::to_string(&Value::from(document)).unwrap_or_default()
}

/// A description that is being written.
struct Writer {
    rng: Rng,
    /// The component schemas: planned first, so that they can refer to each other, then written one by one.
    components: Vec<Component>,
    /// `components.parameters`
    parameters: Object,
    /// `components.responses`
    responses: Object,
    paths: Vec<paths::Path>,
    /// Every `operationId` so far.
    operation_ids: Vec<String>,
    errors: Vec<errors::ErrorSchemas>,
    /// Component schemas that nothing refers to by chance: errors and events.
    extra: Vec<(String, Object)>,
    /// The names of components, as [`names::folded`] compares them.
    type_names: HashSet<String>,
    rust_names: usize,
    /// Whether requests carry what is being written.
    is_sent: bool,
    /// Whether an event is being written.
    is_event: bool,
}

impl Writer {
    /// Returns `true` with a probability in percent.
    fn chance(&mut self, percent: u32) -> bool {
        self.rng.u32(..100) < percent
    }

    /// Picks one of several values.
    fn pick<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.rng.usize(..values.len())]
    }

    /// Sets a key of an object with a probability in percent.
    fn maybe<T: Into<Value>>(
        &mut self,
        percent: u32,
        object: &mut Object,
        key: &str,
        value: impl FnOnce(&mut Self) -> T,
    ) {
        if self.chance(percent) {
            object.set(key, value(self));
        }
    }

    /// Picks some of several values, in their order.
    fn some<T: Clone>(&mut self, values: &[T]) -> Vec<T> {
        values.iter().filter(|_| self.rng.bool()).cloned().collect()
    }
}
