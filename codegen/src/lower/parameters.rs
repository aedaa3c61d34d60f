//! The parameters of an operation: from its path, its query and its body.

use openapiv3::{
    AdditionalProperties, MediaType, Parameter as DescribedParameter, ParameterSchemaOrContent, ReferenceOr,
    RequestBody,
};

use super::lowered::{Lowered, NullInside};
use super::members::{Claim, Members};
use super::names::{self, NameKind};
use super::operations::Described;
use super::schema::Naming;
use super::site::{SchemaOrRef, Site, Target};
use super::{Lowering, docs, extensions as ext, patterns};
use crate::api::{self, Doc, Encoding, Field, Generation, Parameter, Place, TypeKind, TypePath};
use crate::diagnostic::Code;
use crate::pointer::Pointer;

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

/// The parameters of an operation, and how those outside of the path are sent.
pub(super) struct Gathered {
    pub(super) parameters: Vec<Parameter>,
    pub(super) encoding: Encoding,
}

/// The request that parameters belong to.
struct Request<'r, 'a> {
    described: &'r Described<'r, 'a>,
    /// The request struct.
    path: &'r TypePath,
    /// The type whose source file it shares.
    owner: &'r TypePath,
}

impl<'a> Lowering<'a> {
    /// Lowers the parameters of an operation: those of the path in its order, then the others in the description's.
    pub(super) fn parameters(
        &mut self,
        described: &Described<'_, 'a>,
        request: &TypePath,
        owner: &TypePath,
    ) -> Gathered {
        let &Described { site, path, generation, item, operation, .. } = described;
        let request = Request { described, path: request, owner };
        let mut found: Vec<(Parameter, Site<'a>)> = Vec::new();
        let before = self.cx.diagnostics.len();
        let shared_site = site.parent().key("parameters");
        let own_site = site.key("parameters");
        let shared = item.parameters.iter().enumerate().map(|(index, parameter)| (shared_site.index(index), parameter));
        let own = operation.parameters.iter().enumerate().map(|(index, parameter)| (own_site.index(index), parameter));
        let mut is_whole = !self.cx.has_parse_error(&shared_site) && !self.cx.has_parse_error(&own_site);
        for (at, parameter) in shared.chain(own) {
            let resolved = self.resolve_parameter(&at, parameter);
            is_whole &= resolved.as_ref().is_some_and(|(at, _)| !self.cx.has_parse_error(at));
            let Some((at, parameter)) = resolved else { continue };
            let Some(parameter) = self.parameter(&at, parameter, &request) else { continue };
            let is_same = |other: &&(Parameter, Site<'a>)| {
                other.0.place == parameter.place && other.0.field.wire == parameter.field.wire
            };
            if let Some((_, other)) = found.iter().find(is_same) {
                let message = format!("the parameter `{}` is described twice", parameter.field.wire.escape_debug());
                let diagnostic = at.at_key(Code::NameCollision, message, "remove one of the two");
                self.cx.report(diagnostic.related(other.related("the other description")));
                continue;
            }
            found.push((parameter, at));
        }
        self.check_template(site, path, &mut found, is_whole && self.cx.diagnostics.len() == before);
        let has_query = found.iter().any(|(parameter, _)| parameter.place == Place::Payload);
        let body = self.body(&request);
        if has_query && !body.is_empty() {
            let message = "an operation cannot have both query parameters and a body";
            let help = "move all parameters to the query, or all to the body";
            self.cx.report(site.key("requestBody").at_key(Code::UnsupportedConstruct, message, help));
        }
        let encoding = match (body.is_empty(), generation) {
            (true, _) => Encoding::Query,
            (false, Generation::V1) => Encoding::Form,
            (false, Generation::V2) => Encoding::Json,
        };
        found.extend(body.into_iter().map(|(field, at)| (Parameter { place: Place::Payload, field }, at)));
        let mut members = Members::snake(Vec::new());
        let mut parameters = Vec::new();
        for (parameter, at) in found {
            let Parameter { place, field } = &parameter;
            let place = if *place == Place::Path { "path " } else { "" };
            let what = format!("the {place}parameter `{}`", field.wire);
            if self.cx.claim(&mut members, &field.name, Claim { what, site: at, rename: "with `x-rustName`" }) {
                parameters.push(parameter);
            }
        }
        Gathered { parameters, encoding }
    }

    fn resolve_parameter(
        &mut self,
        site: &Site<'a>,
        parameter: &'a ReferenceOr<DescribedParameter>,
    ) -> Option<(Site<'a>, &'a DescribedParameter)> {
        let reference = match parameter {
            ReferenceOr::Item(parameter) => return Some((site.clone(), parameter)),
            ReferenceOr::Reference { reference } => reference,
        };
        let key = Pointer::from_reference(reference).and_then(|place| place.component("parameters"));
        let components = site.document.openapi.components.as_ref();
        let target = key.as_ref().and_then(|key| components?.parameters.get(key)?.as_item());
        let Some((key, parameter)) = key.zip(target) else {
            let target = Target::local(site.document, reference);
            if reference.starts_with("#/components/parameters/") && target.exists() {
                return None;
            }
            let known = components.iter().flat_map(|components| components.parameters.keys());
            self.cx.report(site.bad_reference("parameter", &target, known.map(String::as_str)));
            return None;
        };
        Some((Site::root(site.document).keys(&["components", "parameters", &key]), parameter))
    }

    fn parameter(
        &mut self,
        site: &Site<'a>,
        parameter: &'a DescribedParameter,
        request: &Request<'_, 'a>,
    ) -> Option<Parameter> {
        let (data, place) = match parameter {
            DescribedParameter::Path { parameter_data, .. } => (parameter_data, Place::Path),
            DescribedParameter::Query { parameter_data, .. } => (parameter_data, Place::Payload),
            DescribedParameter::Header { parameter_data, .. } | DescribedParameter::Cookie { parameter_data, .. } => {
                let name = &parameter_data.name;
                let message = format!("expected a parameter in the path or the query, found `{name}`");
                let help = "remove it: headers such as `Stripe-Account` are options of every request";
                self.cx.report(site.key("in").at_value(Code::UnsupportedConstruct, message, help));
                return None;
            }
        };
        let ParameterSchemaOrContent::Schema(schema) = &data.format else {
            let message = "`content` of a parameter is not part of the dialect";
            self.cx.report(site.key("content").at_key(Code::UnsupportedConstruct, message, "write `schema:` instead"));
            return None;
        };
        let name = self.cx.name(site, &data.extensions, NameKind::Snake, &data.name)?;
        let schema_site = site.key("schema");
        let mut lowered = match self.parameter_id(site, data, schema, place, request.described) {
            Some(ty) => Lowered::new(ty).constrained(schema.as_item()),
            None => {
                let words = self.cx.derived_name(site, NameKind::UpperCamel, &data.name)?;
                let naming = Naming::new(request.owner.clone(), names::extend(&request.path.name, &words));
                self.schema(&schema_site, schema.into(), &naming)
            }
        };
        let constraints = lowered.take_constraints();
        let ty = lowered.not_null(&mut self.cx, "a parameter");
        if ty.holds_null() {
            self.deferred.nulls.push(NullInside { of: request.path.clone(), site: schema_site });
        }
        if place == Place::Path && !self.fits_a_path(&ty) {
            let message = "a path parameter must be a string";
            self.cx.report(site.key("schema").at_key(Code::UnsupportedConstruct, message, "write `type: string`"));
        }
        let own = schema.as_item();
        let own_example = own.and_then(|schema| schema.schema_data.example.clone());
        let has_both = data.example.is_some() && own_example.is_some();
        let text = docs::clean(data.description.as_deref().unwrap_or_default());
        let parameter = Parameter {
            place,
            field: Field {
                wire: data.name.clone(),
                name,
                ty,
                required: data.required,
                nullable: false,
                false_means_absent: false,
                doc: Doc { text, ..Doc::default() },
                deprecated: data.deprecated.unwrap_or(false),
                default: own.and_then(|schema| schema.schema_data.default.clone()),
                preset: own.and_then(|schema| schema.schema_data.extensions.get(ext::PRESET).cloned()),
                example: data.example.clone().or(own_example),
                constraints,
                origin: self.cx.origin(site),
            },
        };
        self.check_absence(request.path, &parameter.field, &site.key("schema"), &site.key("required"));
        if place == Place::Path && parameter.field.preset.is_some() {
            let at = site.keys(&["schema", ext::PRESET]);
            let message = "a path parameter cannot have a preset";
            self.cx.report(at.at_key(Code::MisplacedKeyword, message, "remove it, or write the value in the path"));
        }
        if has_both {
            let at = site.keys(&["schema", "example"]);
            let message = "the schema's `example` has no effect beside the parameter's";
            let diagnostic = at.at_key(Code::MisplacedKeyword, message, "remove one of the two");
            self.cx.report(diagnostic.related(site.key("example").related("the parameter's `example`")));
        }
        match place {
            Place::Payload => self.in_query(&parameter.field, site),
            Place::Path => self.check_path_style(site),
        }
        Some(parameter)
    }

    fn fits_a_path(&self, ty: &api::Type) -> bool {
        match ty {
            api::Type::String => true,
            ty if self.cx.is_broken(ty) => true,
            // An id type may not have been lowered yet, and is a string in any case.
            api::Type::Named(path) => {
                let kind = self.types.get(path).map(|def| &def.kind);
                kind.is_none_or(|kind| matches!(kind, TypeKind::Enum(_) | TypeKind::String(_)))
            }
            _ => false,
        }
    }

    /// Reports parameters that only the template or, if all are known, only the operation has; sorts them by the template.
    fn check_template(
        &mut self,
        site: &Site<'a>,
        path: &str,
        found: &mut Vec<(Parameter, Site<'a>)>,
        all_are_known: bool,
    ) {
        let template: Vec<&str> = path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
            .filter(|name| !name.is_empty())
            .collect();
        let path_site = site.parent();
        let braces = path.matches(['{', '}']).count();
        if braces != template.len() * 2 {
            let message = format!("the path `{path}` is not a valid template");
            let help = "write each parameter as a whole segment: `/v1/files/{file}`";
            self.cx.report(path_site.at_key(Code::PathParameterMismatch, message, help));
            return;
        }
        let described = |name: &str| {
            found.iter().any(|(parameter, _)| parameter.place == Place::Path && parameter.field.wire == name)
        };
        let mut missing: Vec<&str> = template.iter().copied().filter(|name| !described(name)).collect();
        for (parameter, at) in found.iter() {
            let wire = &parameter.field.wire;
            if parameter.place == Place::Path && !template.contains(&wire.as_str()) {
                let message = format!("the path `{path}` has no parameter `{wire}`");
                // One that the path names is missing because this one has another name.
                let help = if missing.is_empty() {
                    format!("add `{{{wire}}}` to the path, or remove the parameter")
                } else {
                    format!("write `name: {}`, or rename the parameter of the path", missing.remove(0))
                };
                let diagnostic = at.key("name").at_value(Code::PathParameterMismatch, message, help);
                self.cx.report(diagnostic.related(path_site.related("the path")));
            }
        }
        for name in missing.iter().filter(|_| all_are_known) {
            let message = format!("the operation does not describe the path parameter `{name}`");
            let help = format!("add `- name: {name}` with `in: path` and `required: true` to its `parameters`");
            let diagnostic = path_site.at_key(Code::PathParameterMismatch, message, help);
            self.cx.report(diagnostic.related(site.related("this operation")));
        }
        let position = |parameter: &Parameter| template.iter().position(|name| *name == parameter.field.wire);
        found.sort_by_key(|(parameter, _)| match parameter.place {
            Place::Path => position(parameter).unwrap_or(usize::MAX - 1),
            Place::Payload => usize::MAX,
        });
    }

    fn body(&mut self, request: &Request<'_, 'a>) -> Vec<(Field, Site<'a>)> {
        let &Described { site, generation, operation, .. } = request.described;
        let body_site = site.key("requestBody");
        let body: &RequestBody = match &operation.request_body {
            None => return Vec::new(),
            Some(ReferenceOr::Item(body)) => body,
            Some(ReferenceOr::Reference { .. }) => {
                let message = "a request body cannot be a `$ref`";
                self.cx.report(body_site.at_key(Code::UnsupportedConstruct, message, "describe it in place"));
                return Vec::new();
            }
        };
        let expected = match generation {
            Generation::V1 => FORM,
            Generation::V2 => JSON,
        };
        let content_site = body_site.key("content");
        let media: Option<&MediaType> = body.content.get(expected).filter(|_| body.content.len() == 1);
        let Some(media) = media else {
            if self.cx.has_parse_error(&body_site) {
                return Vec::new();
            }
            let message = format!("a {} request body must be `{expected}`", generation.module());
            let help = format!("write `content:` with `{expected}:` alone");
            self.cx.report(content_site.at_key(Code::UnsupportedConstruct, message, help));
            return Vec::new();
        };
        let schema_site = content_site.keys(&[expected, "schema"]);
        let Some(schema) = &media.schema else { return Vec::new() };
        self.refuse_null(&schema_site, schema.into(), "a request body");
        let Some((schema_site, schema)) =
            self.registry.resolve_schema(&mut self.cx, &schema_site, SchemaOrRef::from(schema))
        else {
            return Vec::new();
        };
        let Some(object) = patterns::object(schema) else {
            // Errors in a component are reported there.
            let is_component = media.schema.as_ref().is_some_and(|schema| schema.as_item().is_none());
            let is_invalid = match &schema.schema_kind {
                openapiv3::SchemaKind::OneOf { one_of } => !patterns::is_one_of(one_of),
                _ => patterns::is_composed(schema),
            };
            if self.is_unparsed(&schema_site, schema) || (is_component && is_invalid) {
                return Vec::new();
            }
            let message = "a request body must be an object";
            let help = "write `type: object` and its `properties`";
            self.cx.report(schema_site.at_key(Code::UnsupportedConstruct, message, help));
            return Vec::new();
        };
        if !matches!(object.additional_properties, None | Some(AdditionalProperties::Any(false))) {
            let at = schema_site.key("additionalProperties");
            let message = "a request body cannot have additional properties";
            let help = "describe each of its `properties`";
            self.cx.report(at.at_key(Code::UnsupportedConstruct, message, help));
        }
        let fields = self.body_fields(&schema_site, object, request.path, request.owner);
        let media_site = content_site.key(expected);
        if generation == Generation::V1 {
            self.in_form(object, &fields, media, &media_site);
        } else if !media.encoding.is_empty() {
            let message = "`encoding` has no effect on JSON";
            self.cx.report(media_site.key("encoding").at_key(Code::UnsupportedConstruct, message, "remove it"));
        }
        fields
    }
}
