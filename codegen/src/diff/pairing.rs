//! Which items of the two sides are the same item, also when they are called differently now.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::shape;
use crate::api::{
    Api, Constant, Doc, Enum, Field, Operation, StringType, Struct, Type, TypeDef, TypeKind, TypePath, Variant,
};

/// An item on both sides.
#[derive(Debug)]
pub(super) struct Pair<'a, T> {
    pub(super) base: &'a T,
    pub(super) head: &'a T,
}

impl<T> Clone for Pair<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Pair<'_, T> {}

impl<'a, T> Pair<'a, T> {
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

/// Items of both sides, paired as far as they have a partner.
#[derive(Debug)]
pub(super) struct Paired<'a, T> {
    pub(super) kept: Vec<Pair<'a, T>>,
    pub(super) removed: Vec<&'a T>,
    pub(super) added: Vec<&'a T>,
}

impl<'a, T> Paired<'a, T> {
    /// None paired yet.
    pub(super) fn new(base: impl IntoIterator<Item = &'a T>, head: impl IntoIterator<Item = &'a T>) -> Self {
        Self { kept: Vec::new(), removed: base.into_iter().collect(), added: head.into_iter().collect() }
    }

    /// Pairs what has the same key, as long as nothing else on its side has it.
    pub(super) fn by<K: Ord>(self, key: impl Fn(&'a T) -> Option<K>) -> Self {
        self.by_keys(&key, &key)
    }

    /// The same with a key for each side.
    pub(super) fn by_keys<K: Ord>(
        mut self,
        base_key: impl Fn(&'a T) -> Option<K>,
        head_key: impl Fn(&'a T) -> Option<K>,
    ) -> Self {
        let bases = unique(&self.removed, base_key);
        let heads = unique(&self.added, head_key);
        let (mut of_base, mut of_head) = (vec![false; self.removed.len()], vec![false; self.added.len()]);
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
            of_base.get_mut(base).into_iter().chain(of_head.get_mut(head)).for_each(|paired| *paired = true);
        }
        retain_unmarked(&mut self.removed, &of_base);
        retain_unmarked(&mut self.added, &of_head);
        self
    }
}

/// The positions of the items by their keys; none for a key that several have.
fn unique<'a, T, K: Ord>(items: &[&'a T], key: impl Fn(&'a T) -> Option<K>) -> BTreeMap<K, Option<usize>> {
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

/// Types: by their path and where they are described, the resource that they are, one of the former, what has them on both
/// sides, or by all that they hold.
pub(super) fn types<'a>(base: &'a Api, head: &'a Api, operations: &Paired<'a, Operation>) -> Paired<'a, TypeDef> {
    let described = |def: &'a TypeDef| (file_stem(&def.origin.file), &def.origin.pointer);
    // What is described in place is known again by what it is described in.
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

/// An id goes along with the resource that it is of.
fn ids<'a>(paired: Paired<'a, TypeDef>) -> Paired<'a, TypeDef> {
    let names: HashMap<&TypePath, &TypePath> =
        paired.kept.iter().map(|pair| (&pair.base.path, &pair.head.path)).collect();
    let resource = |def: &'a TypeDef| match &def.kind {
        TypeKind::String(definition) => definition.id_of.as_ref(),
        _ => None,
    };
    paired.by_keys(|def| names.get(resource(def)?).copied(), resource)
}

/// The types that the same property, parameter or answer has on both sides, where they are described in place or are alike.
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
        let parameters = same_fields(pair.base.fields(), pair.head.fields());
        pending.extend(parameters.kept.iter().map(|pair| pair.map(|field| &field.ty)));
        pending.push(pair.map(|operation| &operation.response));
    }
    let inside = |base: &'a TypeDef, head: &'a TypeDef| {
        let fields = same_fields(base.fields(), head.fields()).kept.into_iter();
        fields.map(|pair| pair.map(|field| &field.ty))
    };
    pending.extend(paired.kept.iter().flat_map(|pair| inside(pair.base, pair.head)));
    while let Some((old, new)) = pending.pop() {
        for (old, new) in old.named().into_iter().zip(new.named()) {
            let (Some(old), Some(new)) = (base.types.get(&old), head.types.get(&new)) else { continue };
            let is_open = open.0.contains(&old.path) && open.1.contains(&new.path);
            if is_open && are_alike(old, new) {
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

/// Whether two types that stand in the same place are one: both are described there, or they have half of what they hold in common.
fn are_alike(base: &TypeDef, head: &TypeDef) -> bool {
    let in_place = |def: &TypeDef| def.path != def.owner;
    let (old, new): (BTreeSet<&str>, BTreeSet<&str>) = match (&base.kind, &head.kind) {
        (TypeKind::Struct(base), TypeKind::Struct(head)) => (
            base.fields.iter().map(|field| field.wire.as_str()).collect(),
            head.fields.iter().map(|field| field.wire.as_str()).collect(),
        ),
        (TypeKind::Enum(base), TypeKind::Enum(head)) => (
            base.variants.iter().map(|variant| variant.wire.as_str()).collect(),
            head.variants.iter().map(|variant| variant.wire.as_str()).collect(),
        ),
        (TypeKind::String(base), TypeKind::String(head)) if base.id_of.is_none() && head.id_of.is_none() => (
            base.constants.iter().map(|constant| constant.wire.as_str()).collect(),
            head.constants.iter().map(|constant| constant.wire.as_str()).collect(),
        ),
        _ => return false,
    };
    let common = old.intersection(&new).count();
    (in_place(base) && in_place(head)) || (common > 0 && 2 * common >= old.len().max(new.len()))
}

/// All that a component holds, where that is enough to know it again under another name.
fn content(def: &TypeDef, base: &Api, head: &Api) -> Option<String> {
    // What is called differently on the other side may be called anything.
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
            Some(format!("{:?}", definition.variants.iter().map(|variant| &variant.wire).collect::<Vec<_>>()))
        }
        _ => None,
    }
}

/// Operations: by their id, by their method and path, or by what their request is called.
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

/// Fields that have the same name: on the wire and in Rust; in Rust, and the same is said of them; or in one of the two.
fn same_fields<'a>(
    base: impl IntoIterator<Item = &'a Field>,
    head: impl IntoIterator<Item = &'a Field>,
) -> Paired<'a, Field> {
    Paired::new(base, head)
        .by(|field| Some((&field.wire, &field.name)))
        .by(|field| Some((&field.name, said(&field.doc)?)))
        .by(|field| Some(&field.wire))
        .by(|field| Some(&field.name))
}

fn said(doc: &Doc) -> Option<&str> {
    (!doc.text.is_empty()).then_some(doc.text.as_str())
}

/// Fields: by their names, or by what is said of them, of the same type.
pub(super) fn fields<'a>(
    base: impl IntoIterator<Item = &'a Field>,
    head: impl IntoIterator<Item = &'a Field>,
    in_head: impl Fn(&Type) -> Type,
) -> Paired<'a, Field> {
    let what =
        |field: &'a Field, ty: Type| Some((said(&field.doc)?, format!("{ty:?}"), field.required, field.nullable));
    same_fields(base, head).by_keys(|field| what(field, in_head(&field.ty)), |field| what(field, field.ty.clone()))
}

/// Parameters: those of the path by their place in it as well.
pub(super) fn parameters<'a>(pair: Pair<'a, Operation>, in_head: impl Fn(&Type) -> Type) -> Paired<'a, Field> {
    let paired = fields(pair.base.fields(), pair.head.fields(), in_head);
    if path_shape(&pair.base.path) != path_shape(&pair.head.path) {
        return paired;
    }
    let place = |operation: &Operation, field: &Field| {
        let template = format!("{{{}}}", field.wire);
        operation.path.split('/').position(|segment| segment == template)
    };
    paired.by_keys(|field| place(pair.base, field), |field| place(pair.head, field))
}

/// The values of an enum on both sides, by their names as fields are.
pub(super) fn values<'a>(base: &'a Enum, head: &'a Enum) -> Paired<'a, Variant> {
    Paired::new(&base.variants, &head.variants)
        .by(|variant| Some((&variant.wire, &variant.name)))
        .by(|variant| Some((&variant.name, said(&variant.doc)?)))
        .by(|variant| Some(&variant.wire))
        .by(|variant| Some(&variant.name))
}

/// The known values of a string on both sides, likewise.
pub(super) fn constants<'a>(base: &'a StringType, head: &'a StringType) -> Paired<'a, Constant> {
    Paired::new(&base.constants, &head.constants)
        .by(|constant| Some((&constant.wire, &constant.name)))
        .by(|constant| Some((&constant.name, said(&constant.doc)?)))
        .by(|constant| Some(&constant.wire))
        .by(|constant| Some(&constant.name))
}

/// The name of a description without its folder and ending: neither matters.
pub(super) fn file_stem(file: &str) -> &str {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}
