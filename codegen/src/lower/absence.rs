//! Keywords that are about missing properties: they have no effect on what is never missing.

use super::Lowering;
use super::extensions as ext;
use super::site::Site;
use crate::api::{Field, Type, TypeKind, TypePath};
use crate::diagnostic::Code;

/// A field with `x-falseMeansAbsent`, to be checked once it is known what its type is and where it is used.
pub(super) struct FalseMeansAbsent<'a> {
    of: TypePath,
    ty: Type,
    site: Site<'a>,
}

impl<'a> Lowering<'a> {
    /// Checks a field whose schema is at a place, by where it is `required`.
    pub(super) fn check_absence(&mut self, of: &TypePath, field: &Field, schema: &Site<'a>, required: &Site<'a>) {
        if field.default.is_some() && !field.is_option() {
            self.never_missing(&schema.key("default"), "default", required);
        }
        if field.false_means_absent {
            let site = schema.key(ext::FALSE_MEANS_ABSENT);
            if field.is_option() {
                self.false_means_absent.push(FalseMeansAbsent { of: of.clone(), ty: field.ty.clone(), site });
            } else {
                self.never_missing(&site, ext::FALSE_MEANS_ABSENT, required);
            }
        }
    }

    fn never_missing(&mut self, site: &Site<'a>, keyword: &str, required: &Site<'a>) {
        let message = format!("`{keyword}` has no effect on what is required");
        let mut diagnostic = site.at_key(Code::MisplacedKeyword, message);
        diagnostic.related.push(required.related("it is required here"));
        diagnostic.help = Some("leave one of them out".to_owned());
        self.report(diagnostic);
    }

    /// `false` stands for an object, in responses.
    pub(super) fn check_false_means_absent(&mut self) {
        for FalseMeansAbsent { of, ty, site } in std::mem::take(&mut self.false_means_absent) {
            if self.is_broken(&ty) {
                continue;
            }
            let is_struct = |path| self.types.get(path).is_some_and(|def| matches!(def.kind, TypeKind::Struct(_)));
            let is_object = matches!(&ty, Type::Named(path) if is_struct(path));
            let is_received = self.types.get(&of).is_some_and(|def| def.in_responses);
            let (message, help) = if !is_object {
                ("`false` can stand for objects only", "leave it out, or refer to an object")
            } else if !is_received {
                ("`x-falseMeansAbsent` has no effect on requests", "leave it out: it is about what responses contain")
            } else {
                continue;
            };
            let mut diagnostic = site.at_key(Code::MisplacedKeyword, message);
            diagnostic.help = Some(help.to_owned());
            self.report(diagnostic);
        }
    }
}
