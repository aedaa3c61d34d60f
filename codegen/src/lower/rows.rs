//! Where a result has its rows inline (`x-rows`), and which parameters of `retrieve` page them.

use super::extensions as ext;
use super::facts::{Facts, Retrieved};
use super::field_path;
use super::registry::Component;
use super::site::Site;
use crate::api::{FieldPath, FieldStep, Include, Operation, Parameter, Place, Rows, Type, TypeKind};
use crate::diagnostic::Code;
use crate::suggest;

/// The parameter that requests more of a resource, as Stripe names it.
const INCLUDE: &str = "include";

/// How many rows a page has, if the parameter has no `maximum`.
const PAGE_SIZE: u32 = 100;

impl<'a> Facts<'_, 'a> {
    pub(super) fn rows(&mut self, component: &Component<'a>, resource: Option<&Retrieved>) -> Option<Rows> {
        let extensions = &component.schema.schema_data.extensions;
        let declared: ext::Rows = self.cx.extension(&component.site, extensions, ext::ROWS)?;
        let site = component.site.key(ext::ROWS);
        let resource = resource?;
        let columns = self.columns(component, &site.key("columns"), &declared.columns);
        let rows = self.rows_array(component, &site.key("rows"), &declared.rows);
        let next_page = self.path(component, &site.key("nextPage"), &declared.next_page);
        self.check_text(next_page.as_ref(), &site.key("nextPage"));
        let retrieve = self.operations.get(resource.operation.as_ref()?)?;
        if self.hides_parameters(component) {
            return None;
        }
        let page = self.parameter(retrieve, &site.key("page"), &declared.page);
        if let Some(parameter) = page.filter(|parameter| parameter.field.ty != Type::String) {
            self.wrong_parameter(parameter, &site.key("page"), "a string");
        }
        let limit = declared.limit.as_deref().and_then(|limit| self.limit(retrieve, &site.key("limit"), limit));
        let include = declared.include.as_deref();
        let include = include.and_then(|value| self.include(retrieve, &site.key("include"), value));
        Some(Rows {
            id: resource.id.clone()?,
            retrieve: retrieve.id.clone(),
            columns: columns?,
            rows: rows?,
            next_page: next_page?,
            page: page?.field.wire.clone(),
            limit,
            include,
            origin: self.cx.origin(&site),
        })
    }

    fn rows_array(&mut self, component: &Component<'a>, site: &Site<'a>, path: &str) -> Option<FieldPath> {
        let path = self.path(component, site, path)?;
        if let Type::Array(item) = &path.ty
            && let Ok((FieldStep::Field { .. }, Type::Map(_))) = field_path::step(self.types, item, "data")
        {
            return Some(path);
        }
        let mut is_broken = false;
        path.ty.walk(&mut |ty| is_broken |= self.cx.is_broken(ty));
        if !is_broken {
            self.wrong_field(site, "an array of objects with a map `data`");
        }
        None
    }

    /// Whether an operation of a resource may lack parameters since they have an error.
    fn hides_parameters(&self, component: &Component<'a>) -> bool {
        let shared = Site::root(component.site.document).keys(&["components", "parameters"]);
        self.cx.has_broken_operations(component) || self.cx.has_parse_error(&shared)
    }

    fn parameter<'o>(&mut self, retrieve: &'o Operation, site: &Site<'a>, name: &str) -> Option<&'o Parameter> {
        let known = || retrieve.parameters.iter().filter(|parameter| parameter.place == Place::Payload);
        let found = known().find(|parameter| parameter.field.wire == name);
        if found.is_none() {
            let names = || known().map(|parameter| parameter.field.wire.as_str());
            let message = format!("`{}` has no parameter `{name}`", retrieve.id);
            let help = match suggest::did_you_mean(name, names()) {
                Some(help) => help,
                None if names().next().is_none() => "describe it in the `parameters` of the operation".to_owned(),
                None => format!("use one of its parameters: {}", suggest::listed(names())),
            };
            self.cx.report(site.at_value(Code::UnknownField, message, help));
        }
        found
    }

    fn limit(&mut self, retrieve: &Operation, site: &Site<'a>, name: &str) -> Option<(String, u32)> {
        let parameter = self.parameter(retrieve, site, name)?;
        if !parameter.field.ty.is_integer() {
            self.wrong_parameter(parameter, site, "an integer");
        }
        Some((parameter.field.wire.clone(), parameter.maximum().unwrap_or(PAGE_SIZE)))
    }

    fn include(&mut self, retrieve: &Operation, site: &Site<'a>, value: &str) -> Option<Include> {
        let parameter = self.parameter(retrieve, site, INCLUDE)?;
        let include = |variant| Include { parameter: parameter.field.name.clone(), wire: value.to_owned(), variant };
        let Type::Array(item) = &parameter.field.ty else {
            self.wrong_parameter(parameter, site, "an array of strings");
            return None;
        };
        match item.as_ref() {
            Type::String => return Some(include(None)),
            Type::Named(path) => {
                if let Some(TypeKind::Enum(definition)) = self.types.get(path).map(|def| &def.kind) {
                    if let Some(variant) = definition.variants.iter().find(|variant| variant.wire == value) {
                        return Some(include(Some((path.clone(), variant.name.clone()))));
                    }
                    let wires = || definition.variants.iter().map(|variant| variant.wire.as_str());
                    let message = format!("`{value}` is not a value of the parameter `{INCLUDE}`");
                    let others = || format!("use one of its values: {}", suggest::listed(wires()));
                    let help = suggest::did_you_mean(value, wires()).unwrap_or_else(others);
                    self.cx.report(site.at_value(Code::UnknownField, message, help));
                    return None;
                }
            }
            _ => {}
        }
        self.wrong_parameter(parameter, site, "an array of strings");
        None
    }

    fn wrong_parameter(&mut self, parameter: &Parameter, site: &Site<'a>, expected: &str) {
        let mut is_broken = false;
        parameter.field.ty.walk(&mut |ty| is_broken |= self.cx.is_broken(ty));
        if !is_broken {
            let message = format!("the parameter `{}` must be {expected}", parameter.field.wire);
            self.cx.report(site.at_value(Code::UnknownField, message, "change the parameter's schema"));
        }
    }
}
