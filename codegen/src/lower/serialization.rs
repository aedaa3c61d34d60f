//! How parameters are serialized: `style`, `explode` and `encoding` must say what the runtime does, which writes arrays and
//! objects with brackets, as `deepObject`, and everything else as text.

use openapiv3::{MediaType, ObjectType};

use super::context::Context;
use super::site::Site;
use super::{Lowering, Types};
use crate::api::{Field, Type, TypeKind};
use crate::diagnostic::{Code, Diagnostic};
use crate::suggest;

/// A parameter of a query or a form, to be checked once all types are known.
pub(super) struct Serialized<'a> {
    wire: String,
    ty: Type,
    /// Where its schema is.
    schema: Site<'a>,
    /// Where `style` and `explode` are, or would be.
    site: Site<'a>,
    /// Whether it is in a form, where only arrays and objects have an entry in `encoding`.
    in_form: bool,
}

impl<'a> Lowering<'a> {
    /// Defers the check of a query parameter.
    pub(super) fn in_query(&mut self, field: &Field, site: &Site<'a>) {
        // With an error in the list, an entry may not be where it seems to be.
        if self.cx.has_parse_error(&site.parent()) {
            return;
        }
        let (wire, ty) = (field.wire.clone(), field.ty.clone());
        let schema = site.key("schema");
        self.deferred.serialized.push(Serialized { wire, ty, schema, site: site.clone(), in_form: false });
    }

    /// Defers the checks of the properties of a form; reports other properties in `encoding`.
    pub(super) fn in_form(
        &mut self,
        body: &ObjectType,
        fields: &[(Field, Site<'a>)],
        media: &MediaType,
        content: &Site<'a>,
    ) {
        if self.cx.has_parse_error(content) {
            return;
        }
        let encoding = content.key("encoding");
        let before = self.cx.diagnostics.len();
        for name in media.encoding.keys() {
            if !body.properties.contains_key(name) {
                let message = format!("the body has no property `{}`", name.escape_debug());
                let help = suggest::did_you_mean(name, body.properties.keys());
                let help = help.unwrap_or_else(|| "remove it".to_owned());
                self.cx.report(encoding.key(name).at_key(Code::UnknownProperty, message, help));
            }
        }
        // An entry that is missing may be one that was misspelt.
        for (field, at) in fields.iter().filter(|_| self.cx.diagnostics.len() == before) {
            let (wire, ty) = (field.wire.clone(), field.ty.clone());
            let site = encoding.key(&wire);
            self.deferred.serialized.push(Serialized { wire, ty, schema: at.clone(), site, in_form: true });
        }
    }

    /// Reports `explode` on a path parameter, which is one segment.
    pub(super) fn check_path_style(&mut self, site: &Site<'a>) {
        let explode = site.key("explode");
        if site.document.flag(&explode.pointer) == Some(true) {
            let message = "`explode: true` has no effect on a path parameter";
            self.cx.report(explode.at_key(Code::UnsupportedConstruct, message, "remove it"));
        }
    }
}

/// Reports parameters whose `style`, `explode` or `encoding` differs from what the runtime does.
pub(super) fn check(cx: &mut Context<'_>, serialized: Vec<Serialized<'_>>, types: &Types) {
    for parameter in serialized {
        // An invalid `oneOf` may have been meant as anything.
        if is_one_of(types, &parameter.ty) && cx.is_broken(&parameter.ty) {
            continue;
        }
        let diagnostic = match has_brackets(types, &parameter.ty) {
            Some(true) => parameter.check_brackets(),
            Some(false) => parameter.check_plain(),
            None => None,
        };
        let diagnostic = diagnostic.map(|diagnostic| diagnostic.related(parameter.schema.related("its schema")));
        diagnostic.into_iter().for_each(|diagnostic| cx.report(diagnostic));
    }
}

/// Whether a type is serialized with brackets; `None` for any JSON, and for what could not be lowered.
fn has_brackets(types: &Types, ty: &Type) -> Option<bool> {
    match ty {
        Type::Json => None,
        Type::Nullable(inner) => has_brackets(types, inner),
        Type::Named(path) | Type::Boxed(path) => {
            types.get(path).map(|def| matches!(def.kind, TypeKind::Struct(_) | TypeKind::OneOf(_)))
        }
        Type::Array(_) | Type::Map(_) | Type::List(_) | Type::Page(_) | Type::RangeQuery(_) | Type::RangeOrExact(_) => {
            Some(true)
        }
        _ => Some(false),
    }
}

fn is_one_of(types: &Types, ty: &Type) -> bool {
    ty.named().iter().filter_map(|path| types.get(path)).any(|def| matches!(def.kind, TypeKind::OneOf(_)))
}

impl Serialized<'_> {
    fn style(&self) -> Option<&str> {
        self.site.document.text(&self.site.key("style").pointer)
    }

    fn explode(&self) -> Option<bool> {
        self.site.document.flag(&self.site.key("explode").pointer)
    }

    /// Checks an array or an object, which must be an exploded `deepObject`; `explode: true` is the default.
    fn check_brackets(&self) -> Option<Diagnostic> {
        let name = self.wire.escape_debug();
        let (place, message, help) = if self.in_form && !self.site.document.exists(&self.site.pointer) {
            let help = format!("add `{name}: {{style: deepObject, explode: true}}` to `encoding`");
            (self.site.clone(), format!("the array or object `{name}` has no entry in `encoding`"), help)
        } else if self.style() != Some("deepObject") {
            let message = format!("the array or object `{name}` must be serialized as `deepObject`");
            (self.site.key("style"), message, "write `style: deepObject` and `explode: true`".to_owned())
        } else if self.explode() == Some(false) {
            let message = format!("the array or object `{name}` must be serialized exploded");
            (self.site.key("explode"), message, "write `explode: true`".to_owned())
        } else {
            return None;
        };
        Some(place.at_value(Code::UnsupportedConstruct, message, help))
    }

    /// Checks anything else, which is written as text.
    fn check_plain(&self) -> Option<Diagnostic> {
        let name = self.wire.escape_debug();
        let (place, keyword) = if self.in_form {
            (self.site.document.exists(&self.site.pointer).then(|| self.site.clone())?, "encoding")
        } else if self.style() == Some("deepObject") {
            (self.site.key("style"), "style: deepObject")
        } else if self.explode() == Some(false) {
            (self.site.key("explode"), "explode: false")
        } else {
            return None;
        };
        let message = format!("`{keyword}` has no effect on the single value `{name}`");
        Some(place.at_key(Code::UnsupportedConstruct, message, "remove it"))
    }
}
