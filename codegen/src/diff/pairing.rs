//! Which items of the two sides are the same item, also when they are called differently now.

use std::collections::{BTreeMap, HashMap};

use super::shape;
use crate::api::{Api, Field, Operation, Struct, Type, TypeDef, TypeKind, TypePath};

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

/// Types: by their path, by the place of their description, by the resource that they are, or by all that they hold.
pub(super) fn types<'a>(base: &'a Api, head: &'a Api) -> Paired<'a, TypeDef> {
    let mut paired = Paired::new(base.types.values(), head.types.values())
        .by(|def| Some(&def.path))
        .by(|def| Some((file_stem(&def.origin.file), &def.origin.pointer)))
        .by(|def| match &def.kind {
            TypeKind::Struct(Struct { resource: Some(resource), .. }) => Some(&resource.id),
            _ => None,
        });
    paired = inline_types(paired, base, head);
    paired = paired.by(|def| content(def, base, head));
    inline_types(paired, base, head)
}

/// What is described inside of a component goes along with it.
fn inline_types<'a>(paired: Paired<'a, TypeDef>, base: &'a Api, head: &'a Api) -> Paired<'a, TypeDef> {
    let owners: HashMap<&TypePath, &TypePath> =
        paired.kept.iter().map(|pair| (&pair.base.path, &pair.head.path)).collect();
    let inside = |api: &'a Api, def: &'a TypeDef| {
        let owner = api.types.get(&def.owner).filter(|owner| owner.path != def.path)?;
        def.origin.pointer.strip_prefix(owner.origin.pointer.as_str())
    };
    paired.by_keys(
        |def| Some((*owners.get(&def.owner)?, inside(base, def)?)),
        |def| Some((&def.owner, inside(head, def)?)),
    )
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
        TypeKind::Struct(definition) if definition.fields.len() > 1 => {
            let field = |field: &Field| {
                let (wire, ty) = (&field.wire, shape::rust(&field.ty, &name));
                format!("{wire:?}: {ty}, {} {}", field.required, field.nullable)
            };
            Some(definition.fields.iter().map(field).collect::<Vec<_>>().join("; "))
        }
        TypeKind::Enum(definition) if definition.variants.len() > 1 => {
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

/// Fields: by their name on the wire, by that in Rust, or by what is said of them, of the same type.
pub(super) fn fields<'a>(
    base: impl IntoIterator<Item = &'a Field>,
    head: impl IntoIterator<Item = &'a Field>,
    in_head: impl Fn(&Type) -> Type,
) -> Paired<'a, Field> {
    let said = |field: &'a Field, ty: Type| {
        let is_documented = !field.doc.text.is_empty();
        is_documented.then(|| (field.doc.text.as_str(), format!("{ty:?}"), field.required, field.nullable))
    };
    Paired::new(base, head)
        .by(|field| Some(&field.wire))
        .by(|field| Some(&field.name))
        .by_keys(|field| said(field, in_head(&field.ty)), |field| said(field, field.ty.clone()))
}

/// The name of a description without its folder and ending: neither matters.
pub(super) fn file_stem(file: &str) -> &str {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}
