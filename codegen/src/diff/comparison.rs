//! The two sides next to each other, and what topics need to compare them.

use std::collections::HashMap;

use super::difference::Difference;
use super::pairing::{self, Pair, Paired};
use super::rules::additional::additional;
use super::subject::{DirectedRule, Subject};
use super::{Direction, Rule, shape};
use crate::api::{Api, Field, FieldPath, FieldStep, Name, Operation, Parameter, Type, TypeDef, TypeKind, TypePath};

/// Two descriptions.
pub(super) struct Comparison<'a> {
    pub(super) sides: Pair<'a, Api>,
    pub(super) types: Paired<'a, TypeDef>,
    pub(super) operations: Paired<'a, Operation>,
    /// What the types of the base are called in the head.
    names: HashMap<&'a TypePath, &'a TypePath>,
    /// The fields of all structs and operations that are on both sides.
    pub(super) lists: Vec<FieldList<'a>>,
}

/// Which ways a type or a field travels, on both sides.
#[derive(Debug, Clone, Copy)]
pub(super) struct Usage {
    pub(super) sent: bool,
    pub(super) received: bool,
}

/// The fields of a struct, or the parameters of an operation, that is on both sides.
pub(super) struct FieldList<'a> {
    pub(super) fields: Paired<'a, Field>,
    pub(super) of: Container<'a>,
    pub(super) usage: Usage,
    /// The struct, or the request.
    pub(super) subject: Subject,
}

/// What has fields.
#[derive(Clone, Copy)]
pub(super) enum Container<'a> {
    Struct(Pair<'a, TypeDef>),
    Operation(Pair<'a, Operation>),
}

/// A field on both sides.
pub(super) struct FieldPair<'a> {
    pub(super) field: Pair<'a, Field>,
    pub(super) of: Container<'a>,
    pub(super) usage: Usage,
    pub(super) subject: Subject,
    /// The parameter that it is, if it is one.
    pub(super) parameter: Option<Pair<'a, Parameter>>,
    /// How its types differ, if they do.
    pub(super) difference: Option<Difference>,
}

impl Usage {
    pub(super) fn of(pair: Pair<'_, TypeDef>) -> Self {
        let (base, head) = (pair.base, pair.head);
        let sent = base.in_requests && head.in_requests;
        Self { sent, received: !sent || (base.in_responses && head.in_responses) }
    }

    /// The rule for the way that it travels: the more serious one where it travels both.
    pub(super) fn choose(self, request: &'static Rule, response: &'static Rule) -> DirectedRule {
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
    /// What a field that only the base has is called.
    pub(super) fn removed(&self, field: &Field) -> Subject {
        self.subject.part(Some((&field.name, &field.origin)), None)
    }

    /// What a field that only the head has is called.
    pub(super) fn added(&self, field: &Field) -> Subject {
        self.subject.part(None, Some((&field.name, &field.origin)))
    }

    /// The fields that are on both sides.
    pub(super) fn pairs(&self, comparison: &Comparison<'a>) -> Vec<FieldPair<'a>> {
        let (bases, heads) = self.of.parameters();
        let parameter = |base: &Field, head: &Field| {
            let (base, head) = (*bases.get(&base.name)?, *heads.get(&head.name)?);
            Some(Pair { base, head })
        };
        let pair = |field: &Pair<'a, Field>| {
            let (base, head) = (field.base, field.head);
            FieldPair {
                field: *field,
                of: self.of,
                usage: self.usage,
                subject: self.subject.part(Some((&base.name, &base.origin)), Some((&head.name, &head.origin))),
                parameter: parameter(base, head),
                difference: Difference::of(comparison, *field),
            }
        };
        self.fields.kept.iter().map(pair).collect()
    }
}

impl<'a> Container<'a> {
    /// Whether users build it, on both sides.
    pub(super) fn is_built(self) -> bool {
        match self {
            Self::Struct(pair) => pair.base.in_requests && pair.head.in_requests,
            Self::Operation(_) => true,
        }
    }

    /// Whether it is this struct of the base.
    fn is_struct(self, base: &TypePath) -> bool {
        matches!(self, Self::Struct(pair) if pair.base.path == *base)
    }

    /// The parameters of both sides, by their names.
    fn parameters(self) -> (HashMap<&'a Name, &'a Parameter>, HashMap<&'a Name, &'a Parameter>) {
        let by_name = |operation: &'a Operation| {
            operation.parameters.iter().map(|parameter| (&parameter.field.name, parameter)).collect()
        };
        match self {
            Self::Struct(_) => Default::default(),
            Self::Operation(pair) => (by_name(pair.base), by_name(pair.head)),
        }
    }

    /// All fields of both sides, in order.
    pub(super) fn all(self) -> (Vec<&'a Field>, Vec<&'a Field>) {
        match self {
            Self::Struct(pair) => (pair.base.fields().iter().collect(), pair.head.fields().iter().collect()),
            Self::Operation(pair) => (pair.base.fields().collect(), pair.head.fields().collect()),
        }
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

    /// Where the fields of a path are in the head, from a struct of the base.
    pub(super) fn path_in_head(&self, start: &TypePath, path: &FieldPath) -> Vec<String> {
        let mut at = Some(start.clone());
        let mut steps = Vec::new();
        for step in &path.steps {
            match (step, &at) {
                (FieldStep::Key { key, .. }, _) => steps.push(key.clone()),
                (FieldStep::Field { name, .. }, None) => steps.push(name.to_string()),
                (FieldStep::Field { name, .. }, Some(path)) => {
                    let field = self.field(path, name);
                    steps.push(field.map_or(name, |pair| &pair.head.name).to_string());
                    at = field.and_then(|pair| pair.base.ty.named().into_iter().next());
                }
            }
        }
        steps
    }

    /// A field of a struct of the base, if both are on both sides.
    pub(super) fn field(&self, of: &TypePath, name: &Name) -> Option<Pair<'a, Field>> {
        let list = self.lists.iter().find(|list| list.of.is_struct(of))?;
        list.fields.kept.iter().find(|pair| pair.base.name == *name).copied()
    }

    fn field_lists(&self) -> Vec<FieldList<'a>> {
        let is_struct = |def: &TypeDef| matches!(def.kind, TypeKind::Struct(_));
        let structs = self.types.kept.iter().filter(|pair| is_struct(pair.base) && is_struct(pair.head)).map(|pair| {
            let mut fields = pairing::fields(pair.base.fields(), pair.head.fields(), |ty| self.in_head(ty));
            let additional = additional(pair.base).zip(additional(pair.head));
            fields.kept.extend(additional.map(|(base, head)| Pair { base, head }));
            FieldList { fields, of: Container::Struct(*pair), usage: Usage::of(*pair), subject: Subject::types(*pair) }
        });
        let operations = self.operations.kept.iter().map(|pair| {
            let fields = pairing::parameters(*pair, |ty| self.in_head(ty));
            let usage = Usage { sent: true, received: false };
            FieldList { fields, of: Container::Operation(*pair), usage, subject: Subject::requests(*pair) }
        });
        structs.chain(operations).collect()
    }
}
