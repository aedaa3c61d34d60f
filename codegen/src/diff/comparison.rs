//! The two sides next to each other, and what topics need to compare them and to tell what they find.

use std::collections::HashMap;

use super::pairing::{self, Pair, Paired};
use super::{Change, Direction, Place, Rule, shape};
use crate::api::{Api, Field, Operation, Origin, Parameter, Type, TypeDef, TypeKind, TypePath};

/// Two descriptions, and what was found so far.
pub(super) struct Comparison<'a> {
    pub(super) sides: Pair<'a, Api>,
    pub(super) types: Paired<'a, TypeDef>,
    pub(super) operations: Paired<'a, Operation>,
    /// What the types of the base are called in the head.
    names: HashMap<&'a TypePath, &'a TypePath>,
    changes: Vec<Change>,
}

/// What a change is about.
#[derive(Debug, Clone, Default)]
pub(super) struct Subject {
    pub(super) group: String,
    pub(super) base: Option<Place>,
    pub(super) head: Option<Place>,
    /// Both, where the item travels both ways.
    pub(super) direction: Option<Direction>,
}

/// Which ways a type or a field travels, on both sides.
#[derive(Debug, Clone, Copy)]
pub(super) struct Travel {
    pub(super) sent: bool,
    pub(super) received: bool,
}

/// The fields of a struct, or the parameters of an operation, that is on both sides.
pub(super) struct FieldList<'a> {
    pub(super) fields: Paired<'a, Field>,
    pub(super) of: Holder<'a>,
    pub(super) travel: Travel,
    /// The struct.
    subject: Subject,
}

/// What has fields.
#[derive(Clone, Copy)]
pub(super) enum Holder<'a> {
    Struct(Pair<'a, TypeDef>),
    Operation(Pair<'a, Operation>),
}

/// A field on both sides.
pub(super) struct FieldPair<'a> {
    pub(super) field: Pair<'a, Field>,
    pub(super) of: Holder<'a>,
    pub(super) travel: Travel,
    pub(super) subject: Subject,
}

impl Travel {
    pub(super) fn of(pair: Pair<'_, TypeDef>) -> Self {
        let (base, head) = (pair.base, pair.head);
        let sent = base.in_requests && head.in_requests;
        Self { sent, received: !sent || (base.in_responses && head.in_responses) }
    }

    /// The rule for the way that it travels: the more serious one where it travels both.
    pub(super) fn choose(self, request: &'static Rule, response: &'static Rule) -> &'static Rule {
        let seriousness = |rule: &Rule| (rule.level, rule.wire);
        match self {
            Self { sent: true, received: false } => request,
            Self { sent: true, received: true } if seriousness(request) >= seriousness(response) => request,
            _ => response,
        }
    }

    /// Both, where it travels both ways.
    pub(super) fn direction(self) -> Option<Direction> {
        (self.sent && self.received).then_some(Direction::Both)
    }
}

/// A place in a description as reports have it.
pub(super) fn place(item: impl ToString, origin: &Origin) -> Option<Place> {
    Some(Place { item: item.to_string(), file: origin.file.clone(), line: origin.line })
}

/// How users reach an operation: by the resource's method, or by the request.
pub(super) fn operation_item(operation: &Operation) -> String {
    match &operation.attachment {
        Some(attached) => format!("{}::{}", attached.resource, attached.method),
        None => operation.request.to_string(),
    }
}

impl Subject {
    pub(super) fn types(pair: Pair<'_, TypeDef>) -> Self {
        Self {
            group: pair.head.owner.to_string(),
            base: place(&pair.base.path, &pair.base.origin),
            head: place(&pair.head.path, &pair.head.origin),
            direction: Travel::of(pair).direction(),
        }
    }

    pub(super) fn operations(pair: Pair<'_, Operation>) -> Self {
        Self {
            group: pair.head.owner.to_string(),
            base: place(operation_item(pair.base), &pair.base.origin),
            head: place(operation_item(pair.head), &pair.head.origin),
            direction: None,
        }
    }

    /// A part of it, on the sides that have it.
    pub(super) fn part(&self, base: Option<(&dyn ToString, &Origin)>, head: Option<(&dyn ToString, &Origin)>) -> Self {
        let part = |whole: &Option<Place>, part: Option<(&dyn ToString, &Origin)>| {
            let (name, origin) = part?;
            let whole = whole.as_ref().map_or("", |place| place.item.as_str());
            place(format!("{whole}::{}", name.to_string()), origin)
        };
        Self { base: part(&self.base, base), head: part(&self.head, head), ..self.clone() }
    }

    /// The same, said elsewhere in the descriptions.
    pub(super) fn at(&self, base: &Origin, head: &Origin) -> Self {
        let mut moved = self.clone();
        for (place, origin) in [(&mut moved.base, base), (&mut moved.head, head)] {
            if let Some(place) = place {
                place.file.clone_from(&origin.file);
                place.line = origin.line;
            }
        }
        moved
    }

    /// Only what was.
    pub(super) fn removed(self) -> Self {
        Self { head: None, ..self }
    }

    /// Only what is.
    pub(super) fn added(self) -> Self {
        Self { base: None, ..self }
    }
}

impl<'a> FieldList<'a> {
    /// What a field that only the base has is called.
    pub(super) fn removed(&self, field: &Field) -> Subject {
        self.subject.part(Some((&field.name, &field.origin)), None)
    }

    /// What a field that only the head has is called.
    pub(super) fn added(&self, field: &Field) -> Subject {
        self.subject.part(None, Some((&field.name, &field.origin)))
    }

    /// The struct or request itself.
    pub(super) fn whole(&self) -> &Subject {
        &self.subject
    }

    /// The fields that are on both sides.
    pub(super) fn pairs(&self) -> impl Iterator<Item = FieldPair<'a>> {
        self.fields.kept.iter().map(|pair| {
            let (base, head) = (pair.base, pair.head);
            let subject = self.subject.part(Some((&base.name, &base.origin)), Some((&head.name, &head.origin)));
            FieldPair { field: *pair, of: self.of, travel: self.travel, subject }
        })
    }
}

impl<'a> Holder<'a> {
    /// Whether users build it, on both sides.
    pub(super) fn is_built(self) -> bool {
        match self {
            Self::Struct(pair) => pair.base.in_requests && pair.head.in_requests,
            Self::Operation(_) => true,
        }
    }

    /// All fields of both sides, in order.
    pub(super) fn all(self) -> (Vec<&'a Field>, Vec<&'a Field>) {
        match self {
            Self::Struct(pair) => (fields_of(pair.base).collect(), fields_of(pair.head).collect()),
            Self::Operation(pair) => (parameters_of(pair.base).collect(), parameters_of(pair.head).collect()),
        }
    }

    /// The parameters that two fields are, if they are parameters.
    pub(super) fn parameters(self, field: Pair<'_, Field>) -> Option<Pair<'a, Parameter>> {
        let Self::Operation(pair) = self else { return None };
        let find = |operation: &'a Operation, name: &Field| {
            operation.parameters.iter().find(|parameter| parameter.field.name == name.name)
        };
        Some(Pair { base: find(pair.base, field.base)?, head: find(pair.head, field.head)? })
    }
}

fn fields_of(def: &TypeDef) -> impl Iterator<Item = &Field> {
    let fields = match &def.kind {
        TypeKind::Struct(definition) => definition.fields.as_slice(),
        _ => &[],
    };
    fields.iter()
}

fn parameters_of(operation: &Operation) -> impl Iterator<Item = &Field> {
    operation.parameters.iter().map(|parameter| &parameter.field)
}

impl<'a> Comparison<'a> {
    pub(super) fn new(base: &'a Api, head: &'a Api) -> Self {
        let types = pairing::types(base, head);
        let names = types.kept.iter().map(|pair| (&pair.base.path, &pair.head.path)).collect();
        let operations = pairing::operations(base, head);
        Self { sides: Pair { base, head }, types, operations, names, changes: Vec::new() }
    }

    /// Tells of a change.
    pub(super) fn report(&mut self, rule: &'static Rule, subject: Subject, message: impl Into<String>) {
        let Subject { group, base, head, direction } = subject;
        let direction = direction.unwrap_or(rule.direction);
        self.changes.push(Change { rule, direction, group, message: message.into(), base, head });
    }

    pub(super) fn into_changes(self) -> Vec<Change> {
        self.changes
    }

    /// What the head calls a type of the base.
    pub(super) fn head_name<'p>(&self, path: &'p TypePath) -> &'p TypePath
    where
        'a: 'p,
    {
        self.names.get(path).copied().unwrap_or(path)
    }

    /// Whether two types are the same one, whatever has changed in it.
    pub(super) fn is_kept(&self, base: &TypePath, head: &TypePath) -> bool {
        self.names.get(base).is_some_and(|name| *name == head)
    }

    /// A type of the base with the names of the head.
    pub(super) fn in_head(&self, ty: &Type) -> Type {
        ty.renamed(&|path| self.head_name(path).clone())
    }

    /// Whether a type of the base is a type of the head.
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

    /// The fields of all structs and operations that are on both sides.
    pub(super) fn field_lists(&self) -> Vec<FieldList<'a>> {
        let is_struct = |def: &TypeDef| matches!(def.kind, TypeKind::Struct(_));
        let structs = self.types.kept.iter().filter(|pair| is_struct(pair.base) && is_struct(pair.head)).map(|pair| {
            let fields = pairing::fields(fields_of(pair.base), fields_of(pair.head), |ty| self.in_head(ty));
            FieldList { fields, of: Holder::Struct(*pair), travel: Travel::of(*pair), subject: Subject::types(*pair) }
        });
        let operations = self.operations.kept.iter().map(|pair| {
            let fields = pairing::fields(parameters_of(pair.base), parameters_of(pair.head), |ty| self.in_head(ty));
            let travel = Travel { sent: true, received: false };
            let subject = Subject {
                base: place(&pair.base.request, &pair.base.origin),
                head: place(&pair.head.request, &pair.head.origin),
                ..Subject::operations(*pair)
            };
            FieldList { fields, of: Holder::Operation(*pair), travel, subject }
        });
        structs.chain(operations).collect()
    }
}
