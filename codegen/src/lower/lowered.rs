//! The type of a schema, and whether the schema allows null: whoever takes the one decides about the other.

use openapiv3::Schema;

use super::Lowering;
use super::site::{SchemaOrRef, Site};
use crate::api::{Type, TypePath};
use crate::diagnostic::Code;

/// The type of a schema, and where `nullable: true` is set on it.
#[must_use]
pub(super) struct Lowered<'a> {
    ty: Type,
    null: Option<Null<'a>>,
}

/// Where a schema gets its `nullable: true` from.
struct Null<'a> {
    /// The keyword.
    keyword: Site<'a>,
    /// The `$ref` that leads to it, if one does.
    reference: Option<Site<'a>>,
}

/// A field of a request or of an object whose items or values may be null.
pub(super) struct NullInside<'a> {
    pub(super) of: TypePath,
    pub(super) site: Site<'a>,
}

impl<'a> Lowered<'a> {
    /// Creates one that is not nullable so far.
    pub(super) fn new(ty: Type) -> Self {
        Self { ty, null: None }
    }

    /// Returns the type of a field, and whether the field may be null.
    pub(super) fn field(self) -> (Type, bool) {
        (self.ty, self.null.is_some())
    }

    /// Returns the type of an item of an array or a value of a map.
    pub(super) fn item(self) -> Type {
        match self.null {
            Some(_) => Type::Nullable(Box::new(self.ty)),
            None => self.ty,
        }
    }

    /// Adds what is set on the schema itself, once its type is known.
    pub(super) fn with(self, schema: &Schema, site: &Site<'a>) -> Self {
        let own = schema.schema_data.nullable.then(|| Null { keyword: site.key("nullable"), reference: None });
        Self { null: own.or(self.null), ..self }
    }

    /// Adds the `$ref` that leads to the schema.
    pub(super) fn through(self, reference: &Site<'a>) -> Self {
        Self { null: self.null.map(|null| Null { reference: Some(reference.clone()), ..null }), ..self }
    }
}

impl<'a> Lowering<'a> {
    /// Returns the type where null has no meaning, and reports a `$ref` to a schema that is nullable.
    ///
    /// `nullable` that is set in place is reported with all other keywords that have no effect there.
    pub(super) fn not_null(&mut self, lowered: Lowered<'a>, place: &str) -> Type {
        if let Some(Null { keyword, reference: Some(reference) }) = lowered.null {
            let message = format!("{place} cannot be null");
            let mut diagnostic = reference.key("$ref").at_value(Code::UnsupportedConstruct, message);
            diagnostic.related.push(keyword.related("the schema is `nullable` here"));
            diagnostic.help = Some("refer to a schema without `nullable`".to_owned());
            self.report(diagnostic);
        }
        lowered.ty
    }

    /// Reports a `$ref` to a nullable schema where the type is not taken from the schema.
    pub(super) fn refuse_null(&mut self, site: &Site<'a>, schema: SchemaOrRef<'a>, place: &str) {
        if let SchemaOrRef::Reference(reference) = schema
            && let Some(component) = self.resolve(site, reference)
        {
            let lowered = Lowered::new(Type::Json).with(component.schema, &component.site).through(site);
            self.not_null(lowered, place);
        }
    }

    /// Reports items of arrays and values of maps that requests carry and that may be null: requests never contain null.
    pub(super) fn refuse_null_in_requests(&mut self) {
        let found = std::mem::take(&mut self.nulls_inside);
        for NullInside { of, site } in found {
            let is_request = self.operations.values().any(|operation| operation.request == of);
            if is_request || self.types.get(&of).is_some_and(|def| def.in_requests) {
                let mut diagnostic = site.at_key(
                    Code::UnsupportedConstruct,
                    "requests never contain null, but the items or values of this may be null",
                );
                diagnostic.help =
                    Some("remove `nullable` from them, or describe what is sent by a schema of its own".to_owned());
                self.report(diagnostic);
            }
        }
    }
}
