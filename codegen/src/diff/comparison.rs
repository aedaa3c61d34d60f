//! Both descriptions side by side, with what the checks need to compare them.

use std::collections::HashMap;

use super::difference::Difference;
use super::pairing::{self, Pair, Paired};
use super::rule::DirectedRule;
use super::subject::Subject;
use super::{Direction, Rule, shape};
use crate::api::{Api, Field, FieldPath, FieldStep, Name, Operation, Parameter, Type, TypeDef, TypeKind, TypePath};

/// Two descriptions.
pub(super) struct Comparison<'a> {
    pub(super) sides: Pair<'a, Api>,
    pub(super) types: Paired<'a, TypeDef>,
    pub(super) operations: Paired<'a, Operation>,
    /// The names in the head of the types of the base.
    names: HashMap<&'a TypePath, &'a TypePath>,
    /// The fields of all structs and operations, and the variants of all one-ofs, that are on both sides.
    pub(super) lists: Vec<FieldList<'a>>,
}

/// Where a type or a field is used on both sides.
#[derive(Debug, Clone, Copy)]
pub(super) struct Usage {
    /// In requests.
    pub(super) sent: bool,
    /// In responses.
    pub(super) received: bool,
}

/// The fields of a struct, or the parameters of an operation, that is on both sides.
pub(super) struct FieldList<'a> {
    pub(super) fields: Paired<'a, Field>,
    pub(super) container: Container<'a>,
    pub(super) usage: Usage,
    /// The struct, or the request.
    pub(super) subject: Subject,
}

/// What has fields.
#[derive(Clone, Copy)]
pub(super) enum Container<'a> {
    Struct(Pair<'a, TypeDef>),
    /// Its fields are its variants.
    OneOf(Pair<'a, TypeDef>),
    Operation(Pair<'a, Operation>),
}

/// A field on both sides.
pub(super) struct FieldPair<'a> {
    pub(super) field: Pair<'a, Field>,
    pub(super) container: Container<'a>,
    pub(super) usage: Usage,
    pub(super) subject: Subject,
    /// The field as a parameter, if it belongs to an operation.
    pub(super) parameter: Option<Pair<'a, Parameter>>,
    /// How the types differ.
    pub(super) difference: Option<Difference>,
}

impl Usage {
    pub(super) fn of(pair: Pair<'_, TypeDef>) -> Self {
        let (base, head) = (pair.base, pair.head);
        let sent = base.in_requests && head.in_requests;
        Self { sent, received: !sent || (base.in_responses && head.in_responses) }
    }

    /// Returns the rule for the direction in which the item is used, and the more serious one for both directions.
    pub(super) fn rule(self, request: &'static Rule, response: &'static Rule) -> DirectedRule {
        let seriousness = |rule: &Rule| (rule.level, rule.wire);
        match self {
            Self { sent: true, received: false } => request.into(),
            Self { sent: true, received: true } => {
                let rule = if seriousness(request) >= seriousness(response) { request } else { response };
                DirectedRule { rule, direction: Direction::Both }
            }
            _ => response.into(),
        }
    }
}

impl<'a> FieldList<'a> {
    /// The fields that are on both sides.
    pub(super) fn pairs(&self, comparison: &Comparison<'a>) -> impl Iterator<Item = FieldPair<'a>> {
        self.fields.kept.iter().map(|field| FieldPair {
            field: *field,
            container: self.container,
            usage: self.usage,
            subject: self.subject.member(*field),
            parameter: self.container.parameter(*field),
            difference: Difference::of(comparison, *field),
        })
    }
}

impl<'a> Container<'a> {
    /// Whether users construct it, on both sides.
    pub(super) fn is_constructed(self) -> bool {
        match self {
            Self::Struct(pair) => pair.base.in_requests && pair.head.in_requests,
            Self::OneOf(_) => false,
            Self::Operation(_) => true,
        }
    }

    /// Its name in the head.
    pub(super) fn name(self) -> &'a Name {
        match self {
            Self::Struct(pair) | Self::OneOf(pair) => &pair.head.path.name,
            Self::Operation(pair) => &pair.head.request.name,
        }
    }

    /// The fields of both sides, in order.
    pub(super) fn fields(self) -> [Vec<&'a Field>; 2] {
        match self {
            Self::Struct(pair) | Self::OneOf(pair) => {
                [pair.base.fields().iter().collect(), pair.head.fields().iter().collect()]
            }
            Self::Operation(pair) => [pair.base.fields().collect(), pair.head.fields().collect()],
        }
    }

    fn parameter(self, field: Pair<'a, Field>) -> Option<Pair<'a, Parameter>> {
        let Self::Operation(pair) = self else { return None };
        let find = |operation: &'a Operation, name: &Name| {
            operation.parameters.iter().find(|parameter| parameter.field.name == *name)
        };
        Some(Pair { base: find(pair.base, &field.base.name)?, head: find(pair.head, &field.head.name)? })
    }
}

/// The field for additional properties of a struct.
pub(super) fn additional(def: &TypeDef) -> Option<&Field> {
    match &def.kind {
        TypeKind::Struct(definition) => definition.additional.as_deref(),
        _ => None,
    }
}

/// The names of properties and keys on the wire that lead from a type to a value inside of it.
pub(super) fn wire_path(api: &Api, start: &TypePath, path: &FieldPath) -> Vec<String> {
    let mut at = Some(start.clone());
    let mut steps = Vec::new();
    for step in &path.steps {
        match step {
            FieldStep::Key { key, .. } => steps.push(key.clone()),
            FieldStep::Field { name, .. } => {
                let field = at.as_ref().and_then(|of| field(api, of, name));
                steps.push(field.map_or_else(|| name.to_string(), |field| field.wire.clone()));
                at = field.and_then(|field| field.ty.named().into_iter().next());
            }
        }
    }
    steps
}

/// The field of a struct with a name in Rust.
pub(super) fn field<'a>(api: &'a Api, of: &TypePath, name: &Name) -> Option<&'a Field> {
    api.types.get(of)?.fields().iter().find(|field| field.name == *name)
}

/// The Rust type of a field, with the `Option`, as messages show it.
pub(super) fn field_type(field: &Field) -> String {
    shape::rust(&whole(field), &|path| path.name.to_string())
}

fn whole(field: &Field) -> Type {
    match field.is_option() {
        true => Type::Nullable(Box::new(field.ty.clone())),
        false => field.ty.clone(),
    }
}

impl<'a> Comparison<'a> {
    pub(super) fn new(base: &'a Api, head: &'a Api) -> Self {
        let operations = pairing::operations(base, head);
        let types = pairing::types(base, head, &operations);
        let names = types.kept.iter().map(|pair| (&pair.base.path, &pair.head.path)).collect();
        let mut comparison = Self { sides: Pair { base, head }, types, operations, names, lists: Vec::new() };
        comparison.lists = comparison.field_lists();
        comparison
    }

    /// The name in the head of a type of the base.
    pub(super) fn head_name<'p>(&self, path: &'p TypePath) -> &'p TypePath
    where
        'a: 'p,
    {
        self.names.get(path).copied().unwrap_or(path)
    }

    /// Whether two types are paired, whatever their contents.
    pub(super) fn is_kept(&self, base: &TypePath, head: &TypePath) -> bool {
        self.names.get(base).is_some_and(|name| *name == head)
    }

    /// Translates a type of the base to the names of the head.
    pub(super) fn in_head(&self, ty: &Type) -> Type {
        ty.renamed(&|path| self.head_name(path).clone())
    }

    /// Whether a type of the base equals a type of the head.
    pub(super) fn is_same(&self, base: &Type, head: &Type) -> bool {
        self.in_head(base) == *head
    }

    /// The Rust types of both sides, as messages show them.
    pub(super) fn shown(&self, base: &Type, head: &Type) -> (String, String) {
        let short = |path: &TypePath| path.name.to_string();
        let (old, new) = (shape::rust(base, &short), shape::rust(head, &short));
        if old != new {
            return (old, new);
        }
        let full = |path: &TypePath| path.to_string();
        (shape::rust(base, &full), shape::rust(head, &full))
    }

    /// The Rust types of a field on both sides, with the `Option`.
    pub(super) fn field_types(&self, field: Pair<'_, Field>) -> (String, String) {
        self.shown(&whole(field.base), &whole(field.head))
    }

    fn field_lists(&self) -> Vec<FieldList<'a>> {
        let container = |pair: &Pair<'a, TypeDef>| match (&pair.base.kind, &pair.head.kind) {
            (TypeKind::Struct(_), TypeKind::Struct(_)) => Some((*pair, Container::Struct(*pair))),
            (TypeKind::OneOf(_), TypeKind::OneOf(_)) => Some((*pair, Container::OneOf(*pair))),
            _ => None,
        };
        let structs = self.types.kept.iter().filter_map(container).map(|(pair, container)| {
            let mut fields = pairing::fields(pair.base.fields(), pair.head.fields(), |ty| self.in_head(ty));
            let additional = additional(pair.base).zip(additional(pair.head));
            fields.kept.extend(additional.map(|(base, head)| Pair { base, head }));
            let usage = Usage::of(pair);
            FieldList { fields, container, usage, subject: Subject::of_type(pair) }
        });
        let operations = self.operations.kept.iter().map(|pair| {
            let fields = pairing::parameters(*pair, |ty| self.in_head(ty));
            let usage = Usage { sent: true, received: false };
            FieldList { fields, container: Container::Operation(*pair), usage, subject: Subject::of_request(*pair) }
        });
        structs.chain(operations).collect()
    }
}
