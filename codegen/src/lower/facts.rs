//! What a resource is told to be: a run that can be waited for, a result that can be downloaded.

use std::collections::HashMap;

use super::Lowering;
use super::extensions as ext;
use super::registry::{self, Component};
use super::site::Site;
use crate::api::{
    Access, Download, FieldPath, FieldStep, Method, Name, Operation, Place, Struct, Type, TypeKind, TypePath, Wait,
};
use crate::diagnostic::Code;
use crate::suggest;

impl<'a> Lowering<'a> {
    /// Reads `x-wait` and `x-download` of every resource, once all types and operations are known.
    pub(super) fn facts(&mut self) {
        self.cursors();
        let components: Vec<_> = self.registry.iter().cloned().collect();
        for component in components {
            let id = self.fact_id(&component);
            let wait = self.wait(&component, id.as_ref());
            let download = self.download(&component, id.as_ref());
            if wait.is_none() && download.is_none() {
                continue;
            }
            if let Some(TypeKind::Struct(definition)) = self.types.get_mut(&component.path).map(|def| &mut def.kind)
                && let Some(resource) = &mut definition.resource
            {
                resource.wait = wait;
                resource.download = download;
            }
        }
    }

    /// Finds the `id` of what is listed.
    fn cursors(&mut self) {
        let mut operations = std::mem::take(&mut self.operations);
        for listing in operations.values_mut().filter_map(|operation| operation.listing.as_mut()) {
            let id = self.step(&listing.item, "id").ok();
            let id = id.map(|(step, ty)| FieldPath { steps: vec![step], ty });
            listing.cursor = id.filter(|path| self.is_text(&path.ty));
        }
        self.operations = operations;
    }

    /// The `id` of a resource that has facts, which is what it is fetched again by.
    fn fact_id(&mut self, component: &Component<'a>) -> Option<Name> {
        let extensions = &component.schema.schema_data.extensions;
        let fact = [ext::WAIT, ext::DOWNLOAD].into_iter().find(|key| extensions.contains_key(*key))?;
        component.resource?;
        if self.was_misread(&component.site) || self.is_broken_path(&component.path) {
            return None;
        }
        let id_type = registry::id_path(component).map(Type::Named);
        let site = component.site.keys(&["properties", "id"]);
        let (mut diagnostic, help) = match self.step(&Type::Named(component.path.clone()), "id") {
            Ok((FieldStep::Field { name, optional: false }, ty)) if Some(&ty) == id_type.as_ref() => return Some(name),
            Ok((_, ty)) if Some(&ty) == id_type.as_ref() => (
                site.at_key(Code::UnknownField, format!("a resource with `{fact}` always has an `id`")),
                "list `id` in the schema's `required`, without `nullable`",
            ),
            Ok(_) => (
                site.at_key(Code::UnknownField, format!("the `id` of a resource with `{fact}` must be a string")),
                "describe it in place with `type: string`",
            ),
            Err(_) if self.types.contains_key(&component.path) => (
                component.site.key(fact).at_key(Code::UnknownField, format!("a resource with `{fact}` needs an `id`")),
                "add a property `id` with `type: string`, and list it in the schema's `required`",
            ),
            Err(_) => return None,
        };
        diagnostic.help = Some(help.to_owned());
        self.report(diagnostic);
        None
    }

    fn wait(&mut self, component: &Component<'a>, id: Option<&Name>) -> Option<Wait> {
        let declared: ext::Wait =
            self.extension(&component.site, &component.schema.schema_data.extensions, ext::WAIT)?;
        let site = component.site.key(ext::WAIT);
        if !self.must_be_resource(component, &site, ext::WAIT) {
            return None;
        }
        let retrieve = id.and_then(|_| self.retrieve_operation(component, &site, "wait for it"));
        let status = self.field_path(component, &site.key("status"), &declared.status)?;
        if self.is_broken(&status.ty) {
            return None;
        }
        if !matches!(status.steps.as_slice(), [FieldStep::Field { optional: false, .. }])
            && !self.is_broken_path(&component.path)
        {
            self.wrong_field(&site.key("status"), "a required property of the resource itself");
        }
        let status_type = match &status.ty {
            Type::Named(path) => self.enum_values(path).map(|values| (path.clone(), values)),
            _ => None,
        };
        let Some((status_type, values)) = status_type else {
            let mut diagnostic = site.key("status").at_value(
                Code::UnknownState,
                format!("`{}` is not an enum, so it has no states to wait for", declared.status),
            );
            diagnostic.help = Some("list the states in the property's `enum`".to_owned());
            self.report(diagnostic);
            return None;
        };
        let known: HashMap<&str, (usize, &Name)> =
            values.iter().enumerate().map(|(at, (wire, name))| (wire.as_str(), (at, name))).collect();
        let before = self.diagnostics.len();
        let mut sorted: HashMap<&str, Site<'a>> = HashMap::new();
        let mut lists = Vec::new();
        for (key, states) in
            [("running", &declared.running), ("succeeded", &declared.succeeded), ("failed", &declared.failed)]
        {
            let mut found: Vec<(usize, &Name)> = Vec::new();
            for (index, state) in states.iter().enumerate() {
                let at = site.key(key).index(index);
                match known.get(state.as_str()) {
                    Some(place) => match sorted.insert(state, at.clone()) {
                        None => found.push(*place),
                        Some(other) => {
                            let mut diagnostic = at.at_value(Code::UnknownState, format!("`{state}` is listed twice"));
                            diagnostic.related.push(other.related("the same state"));
                            diagnostic.help = Some("leave one of them out".to_owned());
                            self.report(diagnostic);
                        }
                    },
                    None => {
                        let mut diagnostic =
                            at.at_value(Code::UnknownState, format!("`{}` is never `{state}`", declared.status));
                        let near = suggest::nearest(state, values.iter().map(|(wire, _)| wire.clone()));
                        let all = suggest::listed(values.iter().map(|(wire, _)| wire.as_str()));
                        diagnostic.help = Some(match near {
                            Some(near) => format!("did you mean `{near}`?"),
                            None => format!("its values are {all}"),
                        });
                        self.report(diagnostic);
                    }
                }
            }
            // The order of the lists means nothing; that of the enum is used throughout.
            found.sort_unstable();
            lists.push(found.into_iter().map(|(_, name)| name.clone()).collect::<Vec<_>>());
        }
        let missing = values.iter().map(|(wire, _)| wire.as_str()).filter(|wire| !sorted.contains_key(wire));
        let missing: Vec<_> = missing.collect();
        let missing_count = missing.len();
        let missing = suggest::listed(missing);
        // A value that is missing here may be one that was misspelt.
        if !missing.is_empty() && self.diagnostics.len() - before < missing_count {
            let mut diagnostic = site.at_key(
                Code::UnknownState,
                format!("it is not said what it means when `{}` is {missing}", declared.status),
            );
            diagnostic.help = Some("put every value into one of `running`, `succeeded` and `failed`".to_owned());
            self.report(diagnostic);
        }
        let failure_site = site.key("failure");
        let failure_code = self.optional_path(component, &failure_site.key("code"), declared.failure.code.as_deref());
        let failure_message =
            self.optional_path(component, &failure_site.key("message"), declared.failure.message.as_deref());
        for (path, key) in [(&failure_code, "code"), (&failure_message, "message")] {
            if let Some(path) = path {
                self.must_be_text(path, &failure_site.key(key));
            }
        }
        let [running, succeeded, failed] = lists.try_into().ok()?;
        let origin = self.origin(&site);
        Some(Wait {
            id: id?.clone(),
            retrieve: retrieve?,
            status,
            status_type,
            running,
            succeeded,
            failed,
            failure_code,
            failure_message,
            origin,
        })
    }

    fn download(&mut self, component: &Component<'a>, id: Option<&Name>) -> Option<Download> {
        let declared: ext::Download =
            self.extension(&component.site, &component.schema.schema_data.extensions, ext::DOWNLOAD)?;
        let site = component.site.key(ext::DOWNLOAD);
        if !self.must_be_resource(component, &site, ext::DOWNLOAD) {
            return None;
        }
        let retrieve = id.and_then(|_| self.retrieve_operation(component, &site, "get a fresh URL"));
        let url = self.field_path(component, &site.key("url"), &declared.url);
        let size = self.optional_path(component, &site.key("size"), declared.size.as_deref());
        let content_type = self.optional_path(component, &site.key("contentType"), declared.content_type.as_deref());
        let expires_at = self.optional_path(component, &site.key("expiresAt"), declared.expires_at.as_deref());
        if let Some(path) = &url {
            let is_text = self.must_be_text(path, &site.key("url"));
            if is_text && declared.access == ext::Access::PreSigned && path.ty != Type::Secret {
                let mut diagnostic = site.key("url").at_value(
                    Code::UnknownField,
                    format!("`{}` opens the file for everyone, but is no secret", declared.url),
                );
                diagnostic.help = Some("add `x-secret: true` to the property".to_owned());
                self.report(diagnostic);
            }
        }
        if let Some(path) = &content_type {
            self.must_be_text(path, &site.key("contentType"));
        }
        let is_known = |path: &&FieldPath| !self.is_broken(&path.ty);
        let wrong_size = size.as_ref().filter(is_known);
        let wrong_size = wrong_size.is_some_and(|path| !matches!(path.ty, Type::Integer | Type::IntegerString));
        let wrong_time = expires_at.as_ref().filter(is_known);
        let wrong_time = wrong_time.is_some_and(|path| !matches!(path.ty, Type::Timestamp(_)));
        if wrong_size {
            self.wrong_field(&site.key("size"), "an integer");
        }
        if wrong_time {
            self.wrong_field(&site.key("expiresAt"), "a point in time");
        }
        let access = match declared.access {
            ext::Access::ApiKey => Access::ApiKey,
            ext::Access::PreSigned => Access::PreSigned,
        };
        Some(Download {
            id: id?.clone(),
            retrieve: retrieve?,
            url: url?,
            access,
            size,
            content_type,
            expires_at,
            origin: self.origin(&site),
        })
    }

    fn must_be_resource(&mut self, component: &Component<'a>, site: &Site<'a>, extension: &str) -> bool {
        let is_resource = component.resource.is_some() && self.types.contains_key(&component.path);
        if !is_resource && !self.was_misread(&component.site) {
            let mut diagnostic = site.at_key(Code::MalformedExtension, format!("`{extension}` needs a resource"));
            diagnostic.help = Some("give the schema an `x-resourceId` and properties".to_owned());
            self.report(diagnostic);
        }
        is_resource
    }

    /// The operation that fetches the resource by its id alone.
    fn retrieve_operation(&mut self, component: &Component<'a>, site: &Site<'a>, purpose: &str) -> Option<String> {
        let id = registry::id_path(component).map(Type::Named);
        let retrieves = |operation: &&Operation| {
            let answers = operation.response == Type::Named(component.path.clone());
            let mut needed = operation.parameters.iter().filter(|parameter| parameter.field.required);
            let by_id = match (needed.next(), needed.next()) {
                (Some(only), None) => only.place == Place::Path && Some(&only.field.ty) == id.as_ref(),
                _ => false,
            };
            answers && by_id && operation.method == Method::Get
        };
        // A resource's own operations only: there may be as many of both.
        let offered = self.methods.get(&component.path).into_iter().flat_map(|methods| &methods.operations);
        let found = offered.filter_map(|id| self.operations.get(id)).filter(retrieves).map(|operation| &operation.id);
        let found = found.min().cloned();
        if found.is_none() && !self.has_broken_operations(component) {
            let mut diagnostic = site.at_key(
                Code::UnknownOperation,
                format!("there is no operation that retrieves this resource, so nobody can {purpose}"),
            );
            diagnostic.help = Some(
                "describe `get` with the id in the path, and name it in the schema's `x-stripeOperations`".to_owned(),
            );
            self.report(diagnostic);
        }
        found
    }

    fn enum_values(&self, path: &TypePath) -> Option<Vec<(String, Name)>> {
        match &self.types.get(path)?.kind {
            TypeKind::Enum(def) => {
                Some(def.variants.iter().map(|variant| (variant.wire.clone(), variant.name.clone())).collect())
            }
            _ => None,
        }
    }

    /// Reports a field that holds no text; returns whether it holds some.
    fn must_be_text(&mut self, path: &FieldPath, site: &Site<'a>) -> bool {
        let is_text = self.is_text(&path.ty);
        if !is_text && !self.is_broken(&path.ty) {
            self.wrong_field(site, "a string");
        }
        is_text
    }

    /// Whether a type is text that can be borrowed.
    pub(super) fn is_text(&self, ty: &Type) -> bool {
        match ty {
            Type::String | Type::Secret | Type::Decimal | Type::Currency => true,
            Type::Named(named) => {
                self.types.get(named).is_some_and(|def| matches!(def.kind, TypeKind::Enum(_) | TypeKind::String(_)))
            }
            _ => false,
        }
    }

    fn wrong_field(&mut self, site: &Site<'a>, expected: &str) {
        self.report(site.at_value(Code::UnknownField, format!("the field that this names is not {expected}")));
    }

    fn optional_path(&mut self, component: &Component<'a>, site: &Site<'a>, path: Option<&str>) -> Option<FieldPath> {
        path.and_then(|path| self.field_path(component, site, path))
    }

    /// Follows a dotted path from a resource; says so where a step leads nowhere.
    pub(super) fn field_path(&mut self, component: &Component<'a>, site: &Site<'a>, dotted: &str) -> Option<FieldPath> {
        let mut at = Type::Named(component.path.clone());
        let mut steps = Vec::new();
        for segment in dotted.split('.') {
            match self.step(&at, segment) {
                Ok((step, next)) => {
                    steps.push(step);
                    at = next;
                }
                Err(_) if self.is_broken(&at) => return None,
                Err(definition) => {
                    let known =
                        || definition.iter().flat_map(|definition| &definition.fields).map(|field| field.wire.as_str());
                    let message = match &at {
                        Type::Named(path) if definition.is_some() => format!("`{path}` has no field `{segment}`"),
                        _ => {
                            let before: Vec<_> = dotted.split('.').take(steps.len()).collect();
                            format!("`{}` has no fields", before.join("."))
                        }
                    };
                    let mut diagnostic = site.at_value(Code::UnknownField, message);
                    diagnostic.help = match suggest::nearest(segment, known().map(str::to_owned)) {
                        Some(near) => Some(format!("did you mean `{near}`?")),
                        None if known().next().is_none() => Some("end the path before it".to_owned()),
                        None => Some(format!("its fields are {}", suggest::listed(known()))),
                    };
                    self.report(diagnostic);
                    return None;
                }
            }
        }
        Some(FieldPath { steps, ty: at })
    }

    /// One step of a path, or the struct that has other fields instead.
    pub(super) fn step(&self, at: &Type, segment: &str) -> Result<(FieldStep, Type), Option<&Struct>> {
        match at {
            Type::Map(values) => {
                let (values, nullable) = match values.as_ref() {
                    Type::Nullable(values) => (values, true),
                    _ => (values, false),
                };
                Ok((FieldStep::Key { key: segment.to_owned(), nullable }, values.as_ref().clone()))
            }
            Type::Named(path) => {
                let Some(TypeKind::Struct(definition)) = self.types.get(path).map(|def| &def.kind) else {
                    return Err(None);
                };
                match definition.fields.iter().find(|field| field.wire == segment) {
                    Some(field) => {
                        let step =
                            FieldStep::Field { name: field.name.clone(), optional: !field.required || field.nullable };
                        Ok((step, field.ty.clone()))
                    }
                    None => Err(Some(definition)),
                }
            }
            _ => Err(None),
        }
    }
}
