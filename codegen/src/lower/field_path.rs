//! Paths from a resource to a field, which extensions give: `result.url`.

use super::Types;
use super::context::Context;
use super::registry::Component;
use super::site::Site;
use crate::api::{FieldPath, FieldStep, Struct, Type, TypeDef, TypeKind};
use crate::diagnostic::Code;
use crate::suggest;

/// Follows a dotted path from a resource; reports a step that leads nowhere.
pub(super) fn follow<'a>(
    cx: &mut Context<'a>,
    types: &Types,
    component: &Component<'a>,
    site: &Site<'a>,
    dotted: &str,
) -> Option<FieldPath> {
    let mut at = Type::Named(component.path.clone());
    let mut steps = Vec::new();
    for segment in dotted.split('.') {
        match step(types, &at, segment) {
            Ok((step, next)) => {
                steps.push(step);
                at = next;
            }
            Err(_) if cx.is_broken(&at) => return None,
            Err(definition) => {
                let fields = definition.iter().flat_map(|definition| &definition.fields);
                let known: Vec<&str> = fields.map(|field| field.wire.as_str()).collect();
                let before = || dotted.split('.').take(steps.len()).collect::<Vec<_>>().join(".");
                let message = match &at {
                    Type::Named(path) if definition.is_some() => format!("`{path}` has no field `{segment}`"),
                    _ => format!("`{}` has no fields", before()),
                };
                let help = match suggest::did_you_mean(segment, known.iter().copied()) {
                    Some(help) => help,
                    None if known.is_empty() => format!("shorten the path to `{}`", before()),
                    None => format!("use one of its fields: {}", suggest::listed(known)),
                };
                cx.report(site.at_value(Code::UnknownField, message, help));
                return None;
            }
        }
    }
    Some(FieldPath { steps, ty: at })
}

/// Returns one step of a path, or the struct that does not have the field.
pub(super) fn step<'t>(types: &'t Types, at: &Type, segment: &str) -> Result<(FieldStep, Type), Option<&'t Struct>> {
    match at {
        Type::Map(values) => {
            let (values, nullable) = match values.as_ref() {
                Type::Nullable(values) => (values, true),
                _ => (values, false),
            };
            Ok((FieldStep::Key { key: segment.to_owned(), nullable }, values.as_ref().clone()))
        }
        Type::Named(path) => {
            let definition = types.get(path).and_then(TypeDef::structure).ok_or(None)?;
            let field = definition.fields.iter().find(|field| field.wire == segment).ok_or(Some(definition))?;
            Ok((FieldStep::Field { name: field.name.clone(), optional: field.is_option() }, field.ty.clone()))
        }
        _ => Err(None),
    }
}

/// Returns the path of one step to the `id` of a type.
pub(super) fn id(types: &Types, of: &Type) -> Option<FieldPath> {
    step(types, of, "id").ok().map(|(step, ty)| FieldPath { steps: vec![step], ty })
}

/// Whether a type is text that can be borrowed.
pub(super) fn is_text(types: &Types, ty: &Type) -> bool {
    match ty {
        Type::String | Type::Secret | Type::Decimal | Type::Currency => true,
        Type::Named(path) => {
            types.get(path).is_some_and(|def| matches!(def.kind, TypeKind::Enum(_) | TypeKind::String(_)))
        }
        _ => false,
    }
}
