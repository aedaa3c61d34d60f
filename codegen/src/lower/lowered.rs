//! The type of a schema, and whether the schema is nullable: whoever takes the type decides what null means.

use std::collections::BTreeMap;

use openapiv3::Schema;

use super::context::Context;
use super::site::{SchemaOrRef, Site};
use super::usage::Usage;
use super::{Lowering, constraints};
use crate::api::{Constraints, Operation, Type, TypePath};
use crate::diagnostic::Code;

/// The type of a schema, and where `nullable: true` is set on it.
#[must_use]
pub(super) struct Lowered<'a> {
    ty: Type,
    null: Option<Null<'a>>,
    constraints: Constraints,
}

/// Where a schema gets its `nullable: true` from.
struct Null<'a> {
    /// The keyword.
    keyword: Site<'a>,
    /// The `$ref` that leads to it, if one does.
    reference: Option<Site<'a>>,
}

/// A field of a request or an object with nullable items or values.
pub(super) struct NullInside<'a> {
    pub(super) of: TypePath,
    pub(super) site: Site<'a>,
}

impl<'a> Lowered<'a> {
    /// Creates one that is not nullable so far.
    pub(super) fn new(ty: Type) -> Self {
        Self { ty, null: None, constraints: Constraints::new() }
    }

    /// Returns the type of a field, whether the field may be null, and its constraints.
    pub(super) fn field(self) -> (Type, bool, Constraints) {
        (self.ty, self.null.is_some(), self.constraints)
    }

    /// Returns the type of an array or a map of such items or values, which are found under `key`.
    pub(super) fn inside(self, key: &str, of: impl FnOnce(Box<Type>) -> Type) -> Self {
        let item = match self.null {
            Some(_) => Type::Nullable(Box::new(self.ty)),
            None => self.ty,
        };
        let constraints = constraints::under(key, self.constraints).collect();
        Self { ty: of(Box::new(item)), null: None, constraints }
    }

    /// Adds the constraints of a schema in place.
    pub(super) fn constrained(mut self, schema: Option<&Schema>) -> Self {
        self.constraints.extend(schema.into_iter().flat_map(constraints::of));
        self
    }

    /// Adds constraints of what is inside of it.
    pub(super) fn with_constraints(mut self, constraints: Constraints) -> Self {
        self.constraints.extend(constraints);
        self
    }

    /// Takes the constraints out, before the type is taken.
    pub(super) fn take_constraints(&mut self) -> Constraints {
        std::mem::take(&mut self.constraints)
    }

    /// Adds what is set on the schema itself, once its type is known.
    pub(super) fn with(self, schema: &Schema, site: &Site<'a>) -> Self {
        let own = schema.schema_data.nullable.then(|| Null { keyword: site.key("nullable"), reference: None });
        Self { null: own.or(self.null), ..self }
    }

    /// Returns the type where null has no meaning. Reports a `$ref` to a nullable schema; `nullable` in place is reported with
    /// the other keywords that have no effect there.
    pub(super) fn not_null(self, cx: &mut Context<'_>, place: &str) -> Type {
        if let Some(Null { keyword, reference: Some(reference) }) = self.null {
            let message = format!("{place} cannot be null");
            let help = "refer to a schema without `nullable`";
            let diagnostic = reference.key("$ref").at_value(Code::UnsupportedConstruct, message, help);
            cx.diagnostics.push(diagnostic.related(keyword.related("the schema is `nullable` here")));
        }
        self.ty
    }

    /// Adds the `$ref` that leads to the schema.
    pub(super) fn through(self, reference: &Site<'a>) -> Self {
        Self { null: self.null.map(|null| Null { reference: Some(reference.clone()), ..null }), ..self }
    }
}

impl<'a> Lowering<'a> {
    /// Reports a `$ref` to a nullable schema where the type is not taken from the schema.
    pub(super) fn refuse_null(&mut self, site: &Site<'a>, schema: SchemaOrRef<'a>, place: &str) {
        if let SchemaOrRef::Reference(reference) = schema
            && let Some(component) = self.registry.resolve(&mut self.cx, site, reference)
        {
            let lowered = Lowered::new(Type::Json).with(component.schema, &component.site).through(site);
            lowered.not_null(&mut self.cx, place);
        }
    }
}

/// Reports nullable items of arrays and values of maps in requests, which never contain null.
pub(super) fn refuse_null_in_requests(
    cx: &mut Context<'_>,
    nulls: Vec<NullInside<'_>>,
    operations: &BTreeMap<String, Operation>,
    usage: &Usage,
) {
    for NullInside { of, site } in nulls {
        if usage.in_requests.contains(&of) || operations.values().any(|operation| operation.request == of) {
            let message = "items and values in requests cannot be null";
            let help = "remove `nullable` from them, or describe requests by a schema of their own";
            cx.diagnostics.push(site.at_key(Code::UnsupportedConstruct, message, help));
        }
    }
}
