//! Records what has an error already. Checks that depend on it stay silent, so that one error gives one message.

use std::collections::{BTreeSet, HashSet};

use super::context::Context;
use super::names;
use super::registry::Component;
use super::site::Site;
use crate::api::{ModulePath, Type, TypePath};
use crate::diagnostic::Diagnostics;
use crate::location::FileId;
use crate::pointer::Pointer;

/// What has an error already.
#[derive(Default)]
pub(super) struct Broken {
    /// Where parsing found an error.
    places: BTreeSet<(FileId, Pointer)>,
    /// Types that are incomplete, or whose name is taken.
    types: HashSet<TypePath>,
    /// Whether a component with an error may be a resource.
    pub(super) hides_resources: bool,
    /// Schemas that describe values that `enum` does not list.
    values: HashSet<(FileId, Pointer)>,
    /// Resources with an incomplete operation.
    operations: HashSet<TypePath>,
}

impl Broken {
    pub(super) fn new(parsing: &Diagnostics) -> Self {
        let places = parsing.iter().map(|diagnostic| (diagnostic.location.file, diagnostic.pointer.clone()));
        Self { places: places.collect(), types: HashSet::from([unknown_path()]), ..Self::default() }
    }
}

/// Returns the path of [`unknown`], which no type of a description has: every path has a module.
fn unknown_path() -> TypePath {
    TypePath { module: ModulePath(Vec::new()), name: names::fixed("Unknown") }
}

/// Returns the type that stands for a schema with an error.
pub(super) fn unknown() -> Type {
    Type::Named(unknown_path())
}

impl<'a> Context<'a> {
    /// Whether parsing found an error at a place or below it.
    pub(super) fn has_parse_error(&self, site: &Site<'a>) -> bool {
        self.has_parse_error_at(site) || self.parse_errors_below(site.document.file, &site.pointer).next().is_some()
    }

    /// Whether parsing found an error at a place or below it, other than in an entry of one of its lists.
    pub(super) fn has_parse_error_beside(&self, site: &Site<'a>, list: &str) -> bool {
        let list = site.pointer.join(list);
        let mut below = self.parse_errors_below(site.document.file, &site.pointer);
        self.has_parse_error_at(site) || below.any(|place| *place == list || !place.is_in(&list))
    }

    /// Returns where parsing found errors below a place.
    fn parse_errors_below(&self, file: FileId, place: &Pointer) -> impl Iterator<Item = &Pointer> {
        let below = self.broken.places.range((file, place.join(""))..);
        below.take_while(move |(other, inner)| *other == file && inner.is_in(place)).map(|(_, inner)| inner)
    }

    /// Whether parsing found an error at a place itself.
    pub(super) fn has_parse_error_at(&self, site: &Site<'a>) -> bool {
        self.broken.places.contains(&(site.document.file, site.pointer.clone()))
    }

    /// Whether parsing has reported that a value is missing or wrong, and replaced it.
    pub(super) fn is_absent(&self, site: &Site<'a>) -> bool {
        !site.document.exists(&site.pointer) || self.has_parse_error(site)
    }

    pub(super) fn break_values(&mut self, schema: &Site<'a>) {
        self.broken.values.insert((schema.document.file, schema.pointer.clone()));
    }

    /// Whether the name of a value may be given by an extension with an error, on the schema around it.
    pub(super) fn has_lost_name(&self, value: &Site<'a>) -> bool {
        let parent = value.pointer.parent();
        [parent.parent(), parent].into_iter().any(|schema| {
            let file = value.document.file;
            let is_lost = |place: &Pointer| {
                let key = place.as_str().strip_prefix(schema.as_str()).unwrap_or_default();
                ["/x-stripeEnum", "/x-rustName"].iter().any(|name| key.starts_with(name))
            };
            self.broken.values.contains(&(file, schema.clone())) || self.parse_errors_below(file, &schema).any(is_lost)
        })
    }

    /// Whether a type, or one inside of it, has an error.
    pub(super) fn is_broken(&self, ty: &Type) -> bool {
        ty.named().iter().any(|path| self.broken.types.contains(path))
    }

    pub(super) fn is_broken_path(&self, path: &TypePath) -> bool {
        self.broken.types.contains(path)
    }

    pub(super) fn break_type(&mut self, path: &TypePath) {
        self.broken.types.insert(path.clone());
    }

    /// Whether a resource or one of its operations has an error.
    pub(super) fn has_broken_operations(&self, component: &Component<'a>) -> bool {
        self.broken.operations.contains(&component.path) || self.is_broken_path(&component.path)
    }

    pub(super) fn break_operations(&mut self, component: &Component<'a>) {
        self.broken.operations.insert(component.path.clone());
    }
}
