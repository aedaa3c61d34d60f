//! How parameters are serialized: what `style`, `explode` and `encoding` say must be what the runtime does, which writes
//! arrays and objects with brackets, as `deepObject`, and everything else as plain text.

use openapiv3::MediaType;

use super::Lowering;
use super::site::Site;
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
    /// Notes a parameter of the query.
    pub(super) fn in_query(&mut self, field: &Field, site: &Site<'a>) {
        // With an error in the list, an entry may not be where it seems to be.
        let list = Site { document: site.document, pointer: site.pointer.parent() };
        if self.was_misread(&list) {
            return;
        }
        let (wire, ty) = (field.wire.clone(), field.ty.clone());
        let schema = site.key("schema");
        self.serialized.push(Serialized { wire, ty, schema, site: site.clone(), in_form: false });
    }

    /// Notes the properties of a form, and checks that `encoding` names no others.
    pub(super) fn in_form(&mut self, fields: &[(Field, Site<'a>)], media: &MediaType, content: &Site<'a>) {
        if self.was_misread(content) {
            return;
        }
        let encoding = content.key("encoding");
        let before = self.diagnostics.len();
        for name in media.encoding.keys() {
            if !fields.iter().any(|(field, _)| field.wire == *name) {
                let message = format!("the body has no property `{}` to be encoded", name.escape_debug());
                let mut diagnostic = encoding.key(name).at_key(Code::UnknownProperty, message);
                let near = suggest::nearest(name, fields.iter().map(|(field, _)| field.wire.clone()));
                diagnostic.help = Some(match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "leave it out".to_owned(),
                });
                self.report(diagnostic);
            }
        }
        // An entry that is missing may be one that was misspelt.
        for (field, at) in fields.iter().filter(|_| self.diagnostics.len() == before) {
            let (wire, ty) = (field.wire.clone(), field.ty.clone());
            let site = encoding.key(&wire);
            self.serialized.push(Serialized { wire, ty, schema: at.clone(), site, in_form: true });
        }
    }

    /// A parameter of the path is one segment, so there is nothing to explode.
    pub(super) fn check_path_style(&mut self, site: &Site<'a>) {
        let explode = site.key("explode");
        if site.document.flag(&explode.pointer) == Some(true) {
            let message = "`explode: true` has no effect on a parameter of the path";
            let mut diagnostic = explode.at_key(Code::UnsupportedConstruct, message);
            diagnostic.help = Some("leave it out".to_owned());
            self.report(diagnostic);
        }
    }

    /// Checks everything that was noted.
    pub(super) fn check_serialization(&mut self) {
        for parameter in std::mem::take(&mut self.serialized) {
            let diagnostic = match self.has_brackets(&parameter.ty) {
                Some(true) => parameter.check_brackets(),
                Some(false) => parameter.check_plain(),
                None => None,
            };
            if let Some(mut diagnostic) = diagnostic {
                diagnostic.related.push(parameter.schema.related("its schema"));
                self.report(diagnostic);
            }
        }
    }

    /// Whether a type is serialized with brackets; `None` for any JSON, and for what could not be lowered.
    fn has_brackets(&self, ty: &Type) -> Option<bool> {
        match ty {
            Type::Json => None,
            Type::Nullable(inner) => self.has_brackets(inner),
            Type::Named(path) | Type::Boxed(path) => {
                self.types.get(path).map(|def| matches!(def.kind, TypeKind::Struct(_)))
            }
            Type::Array(_)
            | Type::Map(_)
            | Type::List(_)
            | Type::Page(_)
            | Type::RangeQuery(_)
            | Type::RangeOrExact(_) => Some(true),
            _ => Some(false),
        }
    }
}

impl Serialized<'_> {
    fn style(&self) -> Option<&str> {
        self.site.document.text(&self.site.key("style").pointer)
    }

    fn explode(&self) -> Option<bool> {
        self.site.document.flag(&self.site.key("explode").pointer)
    }

    /// An array or an object is `deepObject`, and exploded unless nothing is said of that.
    fn check_brackets(&self) -> Option<Diagnostic> {
        let name = self.wire.escape_debug();
        let (place, message, help) = if self.in_form && !self.site.document.exists(&self.site.pointer) {
            let help = format!("add `{name}: {{style: deepObject, explode: true}}` to `encoding`");
            (self.site.clone(), format!("`{name}` is an array or an object without an entry in `encoding`"), help)
        } else if self.style() != Some("deepObject") {
            let help = "write `style: deepObject` and `explode: true`".to_owned();
            (
                self.site.key("style"),
                format!("arrays and objects such as `{name}` are serialized as `deepObject`"),
                help,
            )
        } else if self.explode() == Some(false) {
            let message = format!("arrays and objects such as `{name}` are serialized exploded");
            (self.site.key("explode"), message, "write `explode: true`".to_owned())
        } else {
            return None;
        };
        let mut diagnostic = place.at_value(Code::UnsupportedConstruct, message);
        diagnostic.help = Some(help);
        Some(diagnostic)
    }

    /// Anything else is written as text, which has no `deepObject`.
    fn check_plain(&self) -> Option<Diagnostic> {
        let name = self.wire.escape_debug();
        let (place, message) = if self.in_form {
            self.site.document.exists(&self.site.pointer).then(|| {
                (self.site.clone(), format!("`{name}` is a single value, for which `encoding` has no effect"))
            })?
        } else if self.style() == Some("deepObject") {
            (self.site.key("style"), format!("`{name}` is a single value, which has no `deepObject` style"))
        } else if self.explode() == Some(false) {
            (self.site.key("explode"), format!("`{name}` is a single value, for which `explode: false` has no effect"))
        } else {
            return None;
        };
        let mut diagnostic = place.at_key(Code::UnsupportedConstruct, message);
        diagnostic.help = Some("leave it out".to_owned());
        Some(diagnostic)
    }
}
