//! Keywords about missing values: `default` and `x-falseMeansAbsent` of optional ones, `x-preset` of required ones.

use super::context::Context;
use super::extensions as ext;
use super::site::Site;
use super::usage::Usage;
use super::{Lowering, Types};
use crate::api::{Field, Type, TypeDef, TypeKind, TypePath};
use crate::diagnostic::Code;

/// A field with `x-falseMeansAbsent`, to be checked once its type and its usage are known.
pub(super) struct FalseMeansAbsent<'a> {
    of: TypePath,
    ty: Type,
    site: Site<'a>,
}

/// A field with `x-preset`, to be checked once its type and its usage are known.
pub(super) struct Preset<'a> {
    of: TypePath,
    ty: Type,
    site: Site<'a>,
}

impl<'a> Lowering<'a> {
    /// Checks a field by its schema and by where it is `required`.
    pub(super) fn check_absence(&mut self, of: &TypePath, field: &Field, schema: &Site<'a>, required: &Site<'a>) {
        if field.default.is_some() && !field.is_option() {
            self.never_missing(&schema.key("default"), "default", required);
        }
        if field.preset.is_some() {
            let site = schema.key(ext::PRESET);
            if field.is_option() {
                let message = "`x-preset` has no effect on an optional property";
                let help = "make the property required and not nullable, or write `default`";
                self.cx.report(site.at_key(Code::MisplacedKeyword, message, help));
            } else {
                self.deferred.presets.push(Preset { of: of.clone(), ty: field.ty.clone(), site });
            }
        }
        if field.false_means_absent {
            let site = schema.key(ext::FALSE_MEANS_ABSENT);
            if field.is_option() {
                self.deferred.absences.push(FalseMeansAbsent { of: of.clone(), ty: field.ty.clone(), site });
            } else {
                self.never_missing(&site, ext::FALSE_MEANS_ABSENT, required);
            }
        }
    }

    fn never_missing(&mut self, site: &Site<'a>, keyword: &str, required: &Site<'a>) {
        let message = format!("`{keyword}` has no effect on a required property");
        let diagnostic = site.at_key(Code::MisplacedKeyword, message, "remove one of the two");
        self.cx.report(diagnostic.related(required.related("required here")));
    }
}

/// Reports `x-falseMeansAbsent` on anything but an object in a response.
pub(super) fn check_false_means_absent(
    cx: &mut Context<'_>,
    absences: Vec<FalseMeansAbsent<'_>>,
    types: &Types,
    usage: &Usage,
) {
    for FalseMeansAbsent { of, ty, site } in absences {
        if cx.is_broken(&ty) {
            continue;
        }
        let is_object = matches!(&ty, Type::Named(path) if types.get(path).and_then(TypeDef::structure).is_some());
        let (message, help) = if !is_object {
            ("`x-falseMeansAbsent` has an effect on objects only", "remove it, or refer to an object")
        } else if !usage.in_responses.contains(&of) {
            ("`x-falseMeansAbsent` has no effect in requests", "remove it: it is about the content of responses")
        } else {
            continue;
        };
        cx.diagnostics.push(site.at_key(Code::MisplacedKeyword, message, help));
    }
}

/// Reports `x-preset` on anything but a plain value of a request.
pub(super) fn check_presets(cx: &mut Context<'_>, presets: Vec<Preset<'_>>, types: &Types, usage: &Usage) {
    for Preset { of, ty, site } in presets {
        if cx.is_broken(&ty) {
            continue;
        }
        let is_plain = match &ty {
            Type::Named(path) => {
                let kind = types.get(path).map(|def| &def.kind);
                matches!(kind, Some(TypeKind::Enum(_) | TypeKind::String(_)))
            }
            ty => {
                matches!(ty, Type::Boolean | Type::Float | Type::String | Type::Decimal | Type::Currency)
                    || ty.is_integer()
            }
        };
        let is_variant = matches!(types.get(&of).map(|def| &def.kind), Some(TypeKind::OneOf(_)));
        let (message, help) = if is_variant {
            ("`x-preset` has no effect in an entry of `oneOf`", "remove it: users choose one of the properties")
        } else if !is_plain {
            ("`x-preset` has an effect on strings, enums, numbers and booleans only", "remove it")
        } else if usage.in_responses.contains(&of) {
            ("`x-preset` has no effect in responses", "remove it, or describe requests by a schema of their own")
        } else {
            continue;
        };
        cx.diagnostics.push(site.at_key(Code::MisplacedKeyword, message, help));
    }
}
