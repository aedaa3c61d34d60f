//! Finds the items that both sides have, including those that were renamed.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::mem::discriminant;

use super::shape;
use crate::api::{
    Api, Constant, Doc, EventType, Field, Name, Operation, Origin, Struct, Type, TypeDef, TypeKind, TypePath, Variant,
};

/// A part of a type: a field, an enum value, a constant or an event type.
pub(super) trait Member {
    /// Its name or value on the wire.
    fn wire(&self) -> &str;
    /// Its name in Rust.
    fn name(&self) -> &Name;
    fn doc(&self) -> &Doc;
    fn origin(&self) -> &Origin;
}

macro_rules! members {
    ($($name:ident),*) => {
        $(impl Member for $name {
            fn wire(&self) -> &str {
                &self.wire
            }
            fn name(&self) -> &Name {
                &self.name
            }
            fn doc(&self) -> &Doc {
                &self.doc
            }
            fn origin(&self) -> &Origin {
                &self.origin
            }
        })*
    };
}

members!(Field, Variant, Constant, EventType);

/// An item on both sides.
pub(super) struct Pair<'a, T: ?Sized> {
    pub(super) base: &'a T,
    pub(super) head: &'a T,
}

impl<T: ?Sized> Clone for Pair<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for Pair<'_, T> {}

impl<'a, T: ?Sized> Pair<'a, T> {
    /// The same part of both.
    pub(super) fn map<U: ?Sized + 'a>(self, part: impl Fn(&'a T) -> &'a U) -> (&'a U, &'a U) {
        (part(self.base), part(self.head))
    }

    /// Whether a part of both is the same.
    pub(super) fn same<U: PartialEq + ?Sized + 'a>(self, part: impl Fn(&'a T) -> &'a U) -> bool {
        let (base, head) = self.map(part);
        base == head
    }
}

/// The items of both sides: paired, or on one side only.
pub(super) struct Paired<'a, T: ?Sized> {
    pub(super) kept: Vec<Pair<'a, T>>,
    pub(super) removed: Vec<&'a T>,
    pub(super) added: Vec<&'a T>,
}

impl<'a, T: ?Sized> Paired<'a, T> {
    /// Starts without pairs.
    pub(super) fn new(base: impl IntoIterator<Item = &'a T>, head: impl IntoIterator<Item = &'a T>) -> Self {
        Self { kept: Vec::new(), removed: base.into_iter().collect(), added: head.into_iter().collect() }
    }

    /// Pairs items that have the same key, if it is unique on both sides.
    pub(super) fn by<K: Ord>(self, key: impl Fn(&'a T) -> Option<K>) -> Self {
        self.by_keys(&key, &key)
    }

    /// Pairs by keys that are computed differently for each side.
    pub(super) fn by_keys<K: Ord>(
        mut self,
        base_key: impl Fn(&'a T) -> Option<K>,
        head_key: impl Fn(&'a T) -> Option<K>,
    ) -> Self {
        let bases = unique(&self.removed, base_key);
        let heads = unique(&self.added, head_key);
        let (mut base_paired, mut head_paired) = (vec![false; self.removed.len()], vec![false; self.added.len()]);
        let mut found = Vec::new();
        for (key, at) in bases {
            if let (Some(base), Some(head)) = (at, heads.get(&key).copied().flatten()) {
                found.push((base, head));
            }
        }
        found.sort_unstable();
        for (base, head) in found {
            if let (Some(old), Some(new)) = (self.removed.get(base), self.added.get(head)) {
                self.kept.push(Pair { base: old, head: new });
            }
            base_paired.get_mut(base).into_iter().chain(head_paired.get_mut(head)).for_each(|paired| *paired = true);
        }
        retain_unmarked(&mut self.removed, &base_paired);
        retain_unmarked(&mut self.added, &head_paired);
        self
    }
}

/// The positions of the items by their keys; `None` for a key that several have.
fn unique<'a, T: ?Sized, K: Ord>(items: &[&'a T], key: impl Fn(&'a T) -> Option<K>) -> BTreeMap<K, Option<usize>> {
    let mut found = BTreeMap::new();
    for (at, item) in items.iter().enumerate() {
        if let Some(key) = key(item) {
            found.entry(key).and_modify(|place| *place = None).or_insert(Some(at));
        }
    }
    found
}

fn retain_unmarked<T>(items: &mut Vec<T>, marked: &[bool]) {
    let mut marks = marked.iter();
    items.retain(|_| marks.next() != Some(&true));
}

/// Pairs types by path and place of their description, by `x-resourceId`, by either of the former, by a member that both sides
/// have, or by all their members.
pub(super) fn types<'a>(base: &'a Api, head: &'a Api, operations: &Paired<'a, Operation>) -> Paired<'a, TypeDef> {
    let described = |def: &'a TypeDef| (file_stem(&def.origin.file), &def.origin.pointer);
    // Types that are described inline are found through the item that contains them.
    let is_component = |def: &TypeDef| def.path == def.owner;
    let mut paired = Paired::new(base.types.values(), head.types.values())
        .by(|def| Some((&def.path, described(def))))
        .by(|def| match &def.kind {
            TypeKind::Struct(Struct { resource: Some(resource), .. }) => Some(&resource.id),
            _ => None,
        });
    paired = ids(paired).by(|def| Some(&def.path)).by(|def| is_component(def).then(|| described(def)));
    paired = followed(paired, base, head, operations);
    paired = paired.by(|def| content(def, base, head));
    ids(followed(paired, base, head, operations))
}

/// Pairs the id types of resources that are paired.
fn ids<'a>(paired: Paired<'a, TypeDef>) -> Paired<'a, TypeDef> {
    let names: HashMap<&TypePath, &TypePath> =
        paired.kept.iter().map(|pair| (&pair.base.path, &pair.head.path)).collect();
    let resource = |def: &'a TypeDef| match &def.kind {
        TypeKind::String(definition) => definition.id_of.as_ref(),
        _ => None,
    };
    paired.by_keys(|def| names.get(resource(def)?).copied(), resource)
}

/// Pairs the types that the same property, parameter or response has on both sides, if they are described inline or similar.
fn followed<'a>(
    paired: Paired<'a, TypeDef>,
    base: &'a Api,
    head: &'a Api,
    operations: &Paired<'a, Operation>,
) -> Paired<'a, TypeDef> {
    let mut open = (paths(&paired.removed), paths(&paired.added));
    let mut found: HashMap<&TypePath, &TypePath> = HashMap::new();
    let mut pending: Vec<(&Type, &Type)> = Vec::new();
    for pair in &operations.kept {
        let parameters = by_name(pair.base.fields(), pair.head.fields());
        pending.extend(parameters.kept.iter().map(|pair| pair.map(|field| &field.ty)));
        pending.push(pair.map(|operation| &operation.response));
    }
    let inside = |base: &'a TypeDef, head: &'a TypeDef| {
        let fields = by_name(base.fields(), head.fields()).kept.into_iter();
        fields.map(|pair| pair.map(|field| &field.ty))
    };
    pending.extend(paired.kept.iter().flat_map(|pair| inside(pair.base, pair.head)));
    while let Some((old, new)) = pending.pop() {
        for (old, new) in old.named().into_iter().zip(new.named()) {
            let (Some(old), Some(new)) = (base.types.get(&old), head.types.get(&new)) else { continue };
            let is_open = open.0.contains(&old.path) && open.1.contains(&new.path);
            if is_open && are_similar(old, new) {
                open.0.remove(&old.path);
                open.1.remove(&new.path);
                found.insert(&old.path, &new.path);
                pending.extend(inside(old, new));
            }
        }
    }
    paired.by_keys(|def| found.get(&def.path).copied(), |def| Some(&def.path))
}

fn paths<'a>(types: &[&'a TypeDef]) -> HashSet<&'a TypePath> {
    types.iter().map(|def| &def.path).collect()
}

/// Whether two types in the same place are one type: both are described inline, or share at least half of their members.
fn are_similar(base: &TypeDef, head: &TypeDef) -> bool {
    let is_inline = |def: &TypeDef| def.path != def.owner;
    let is_id = |def: &TypeDef| matches!(&def.kind, TypeKind::String(definition) if definition.id_of.is_some());
    if discriminant(&base.kind) != discriminant(&head.kind) || is_id(base) || is_id(head) {
        return false;
    }
    let wires = |members: Vec<&'_ dyn Member>| members.iter().map(|member| member.wire().to_owned()).collect();
    let (old, new): (BTreeSet<String>, BTreeSet<String>) = (wires(members(base)), wires(members(head)));
    let common = old.intersection(&new).count();
    (is_inline(base) && is_inline(head)) || (common > 0 && 2 * common >= old.len().max(new.len()))
}

/// All members of a component, if they are enough to recognize it under another name.
fn content(def: &TypeDef, base: &Api, head: &Api) -> Option<String> {
    // A type that only one side has may have any name on the other.
    let name = |path: &TypePath| {
        let is_known = base.types.contains_key(path) && head.types.contains_key(path);
        if is_known { path.to_string() } else { "_".to_owned() }
    };
    match &def.kind {
        _ if def.path != def.owner => None,
        TypeKind::Struct(definition) if definition.fields.len() > 2 => {
            let field = |field: &Field| {
                let (wire, ty) = (&field.wire, shape::rust(&field.ty, &name));
                format!("{wire:?}: {ty}, {} {}", field.required, field.nullable)
            };
            let open = definition.additional.iter().map(|field| shape::rust(&field.ty, &name));
            Some(definition.fields.iter().map(field).chain(open).collect::<Vec<_>>().join("; "))
        }
        TypeKind::Enum(definition) if definition.variants.len() > 2 => {
            Some(format!("{:?}", definition.variants.iter().map(Member::wire).collect::<Vec<_>>()))
        }
        _ => None,
    }
}

/// Pairs operations by `operationId`, by method and path, or by the name of the request.
pub(super) fn operations<'a>(base: &'a Api, head: &'a Api) -> Paired<'a, Operation> {
    Paired::new(base.operations.values(), head.operations.values())
        .by(|operation| Some(&operation.id))
        .by(|operation| Some((operation.method.as_str(), path_shape(&operation.path))))
        .by(|operation| Some(&operation.request))
}

/// A path template without the names of its parameters.
pub(super) fn path_shape(path: &str) -> String {
    let part = |part| if str::starts_with(part, '{') { "{}" } else { part };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// Pairs members by name: on the wire and in Rust; in Rust, with the same documentation; or either.
pub(super) fn by_name<'a, T: Member + ?Sized>(
    base: impl IntoIterator<Item = &'a T>,
    head: impl IntoIterator<Item = &'a T>,
) -> Paired<'a, T> {
    Paired::new(base, head)
        .by(|member| Some((member.wire(), member.name())))
        .by(|member| Some((member.name(), text(member.doc())?)))
        .by(|member| Some(member.wire()))
        .by(|member| Some(member.name()))
}

fn text(doc: &Doc) -> Option<&str> {
    (!doc.text.is_empty()).then_some(doc.text.as_str())
}

/// Pairs fields by name, or by documentation and type.
pub(super) fn fields<'a>(
    base: impl IntoIterator<Item = &'a Field>,
    head: impl IntoIterator<Item = &'a Field>,
    in_head: impl Fn(&Type) -> Type,
) -> Paired<'a, Field> {
    let key = |field: &'a Field, ty: Type| Some((text(&field.doc)?, format!("{ty:?}"), field.required, field.nullable));
    by_name(base, head).by_keys(|field| key(field, in_head(&field.ty)), |field| key(field, field.ty.clone()))
}

/// Pairs parameters like fields, and those in the path by position as well.
pub(super) fn parameters<'a>(pair: Pair<'a, Operation>, in_head: impl Fn(&Type) -> Type) -> Paired<'a, Field> {
    let paired = fields(pair.base.fields(), pair.head.fields(), in_head);
    if path_shape(&pair.base.path) != path_shape(&pair.head.path) {
        return paired;
    }
    let position = |operation: &Operation, field: &Field| {
        let template = format!("{{{}}}", field.wire);
        operation.path.split('/').position(|segment| segment == template)
    };
    paired.by_keys(|field| position(pair.base, field), |field| position(pair.head, field))
}

/// The fields of a struct without the one for additional properties, the variants of a one-of, the values of an enum, or the constants of a string type.
pub(super) fn members(def: &TypeDef) -> Vec<&dyn Member> {
    match &def.kind {
        TypeKind::Struct(_) | TypeKind::OneOf(_) => def.fields().iter().map(|field| field as &dyn Member).collect(),
        TypeKind::Enum(definition) => definition.variants.iter().map(|variant| variant as &dyn Member).collect(),
        TypeKind::String(definition) => definition.constants.iter().map(|constant| constant as &dyn Member).collect(),
    }
}

/// Pairs the values of two enums, or the constants of two string types.
pub(super) fn values<'a>(pair: Pair<'a, TypeDef>) -> Paired<'a, dyn Member + 'a> {
    match (&pair.base.kind, &pair.head.kind) {
        (TypeKind::Enum(_), TypeKind::Enum(_)) | (TypeKind::String(_), TypeKind::String(_)) => {
            by_name(members(pair.base), members(pair.head))
        }
        _ => Paired::new([], []),
    }
}

/// The name of a description without folder and extension.
pub(super) fn file_stem(file: &str) -> &str {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}
