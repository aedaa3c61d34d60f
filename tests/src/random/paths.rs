//! Paths, and what all operations on them share.

use super::Writer;
use super::components::Generation;
use super::object::{Object, list};

/// A path that operations stand on.
#[derive(Debug, Clone)]
pub(super) struct Path {
    pub(super) template: String,
    pub(super) generation: Generation,
    /// The name of its parameter, which ends it.
    pub(super) parameter: Option<String>,
    /// The `x-resourceId` of the resource whose id that is.
    pub(super) resource: Option<String>,
    /// Whether the parameter is described for all operations at once.
    pub(super) is_shared: bool,
    pub(super) item: Object,
}

impl Writer {
    /// Decides on a path that no other is like; returns its index.
    pub(super) fn plan_path(&mut self, generation: Generation, has_parameter: bool, resource: Option<&str>) -> usize {
        let number = self.paths.len();
        let mut template = format!("/{}/{}/{}{number}", generation.name(), self.segment(), self.segment());
        let parameter = if has_parameter {
            let name = self.pick(&["id", "report", "self", "type", "with", "async", "decode", "a_b", "größe", "3d"]);
            template.push_str(&format!("/{{{name}}}"));
            Some(name.to_owned())
        } else {
            None
        };
        let is_shared = self.chance(25);
        self.paths.push(Path {
            template,
            generation,
            parameter,
            resource: resource.map(str::to_owned),
            is_shared,
            item: Object::new(),
        });
        number
    }

    /// Writes `paths`: those that have operations.
    pub(super) fn write_paths(&mut self) -> Object {
        let mut paths = Object::new();
        for index in 0..self.paths.len() {
            let Path { template, parameter, resource, is_shared, mut item, .. } = self.paths[index].clone();
            if item.is_empty() {
                continue;
            }
            if let Some(name) = parameter.filter(|_| is_shared) {
                item.set("parameters", list([self.path_parameter(&name, resource.as_deref())]));
            }
            self.ignored(&mut item);
            paths.set(&template, item);
        }
        paths
    }
}
