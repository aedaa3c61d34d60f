//! Facts about resources: how to wait for a run (`x-wait`), how to download a result (`x-download`), what a list's cursor is.

use std::collections::{BTreeMap, HashMap};

use super::context::Context;
use super::extensions as ext;
use super::methods::Methods;
use super::registry::{self, Component, Registry};
use super::site::Site;
use super::{Types, field_path, patterns};
use crate::api::{
    Access, Columns, Download, Enum, FieldPath, FieldStep, Method, Name, Operation, Place, Rows, Type, TypeKind,
    TypePath, Wait,
};
use crate::diagnostic::Code;
use crate::suggest;

/// How to wait for a resource, how to download its result, and how to read its rows.
pub(super) type OfResource = (Option<Wait>, Option<Download>, Option<Rows>);

/// How a resource with facts is retrieved. What is missing has been reported.
pub(super) struct Retrieved {
    pub(super) id: Option<Name>,
    pub(super) operation: Option<String>,
}

/// Finds the cursor of each list: the `id` of its items.
pub(super) fn cursors(types: &Types, operations: &mut BTreeMap<String, Operation>) {
    for listing in operations.values_mut().filter_map(|operation| operation.listing.as_mut()) {
        listing.cursor = field_path::id(types, &listing.item).filter(|path| field_path::is_text(types, &path.ty));
    }
}

/// Returns the `x-resourceId` of a component; reports an extension of resources on another object.
pub(super) fn resource<'a>(cx: &mut Context<'a>, component: &Component<'a>, extension: &str) -> Option<&'a str> {
    // Anything but an object is reported as the wrong place.
    let is_object = patterns::object(component.schema).is_some();
    if component.resource.is_none() && is_object && !cx.has_parse_error(&component.site) {
        needs_resource(cx, &component.site.key(extension), extension);
    }
    component.resource
}

/// Reports an extension of resources on another schema.
fn needs_resource<'a>(cx: &mut Context<'a>, site: &Site<'a>, extension: &str) {
    let message = format!("`{extension}` needs a resource");
    cx.report(site.at_key(Code::MalformedExtension, message, "add an `x-resourceId` and properties to the schema"));
    cx.broken.hides_resources = true;
}

/// Lowers `x-wait`, `x-download` and `x-rows`, once all types and operations are known.
pub(super) struct Facts<'l, 'a> {
    pub(super) cx: &'l mut Context<'a>,
    pub(super) registry: &'a Registry<'a>,
    pub(super) types: &'l Types,
    pub(super) operations: &'l BTreeMap<String, Operation>,
    pub(super) methods: &'l HashMap<TypePath, Methods<'a>>,
}

impl<'a> Facts<'_, 'a> {
    pub(super) fn lower(mut self) -> BTreeMap<TypePath, OfResource> {
        let registry = self.registry;
        let of = |component: &'a Component<'a>| {
            let resource = self.retrieved(component);
            let (wait, download) =
                (self.wait(component, resource.as_ref()), self.download(component, resource.as_ref()));
            (component.path.clone(), (wait, download, self.rows(component, resource.as_ref())))
        };
        registry.iter().map(of).collect()
    }

    /// Returns how a schema with facts is retrieved; reports one that is not a resource. Other facts of the same schema need the
    /// same, so all of this is reported at the first one.
    fn retrieved(&mut self, component: &Component<'a>) -> Option<Retrieved> {
        let extensions = &component.schema.schema_data.extensions;
        let fact = [ext::WAIT, ext::DOWNLOAD, ext::ROWS].into_iter().find(|key| extensions.contains_key(*key))?;
        let site = component.site.key(fact);
        if component.resource.is_none() || !self.types.contains_key(&component.path) {
            if !self.cx.has_parse_error(&component.site) {
                needs_resource(self.cx, &site, fact);
            }
            return None;
        }
        let id = self.id(component, fact);
        let operation = id.as_ref().and_then(|_| self.retrieve_operation(component, &site));
        Some(Retrieved { id, operation })
    }

    /// Returns the `id` of a resource with a fact, by which it is retrieved.
    fn id(&mut self, component: &Component<'a>, fact: &str) -> Option<Name> {
        if self.cx.has_parse_error(&component.site) || self.cx.is_broken_path(&component.path) {
            return None;
        }
        let id_type = registry::id_path(component).map(Type::Named);
        let site = component.site.keys(&["properties", "id"]);
        let (site, message, help) = match field_path::step(self.types, &Type::Named(component.path.clone()), "id") {
            Ok((FieldStep::Field { name, optional: false }, ty)) if Some(&ty) == id_type.as_ref() => return Some(name),
            Ok((_, ty)) if Some(&ty) == id_type.as_ref() => (
                site,
                format!("the `id` of a resource with `{fact}` must be required"),
                "list `id` in the schema's `required`, without `nullable`",
            ),
            Ok(_) => (
                site,
                format!("the `id` of a resource with `{fact}` must be a string"),
                "describe it in place with `type: string`",
            ),
            Err(_) => (
                component.site.key(fact),
                format!("a resource with `{fact}` needs an `id`"),
                "add a property `id` with `type: string`, and list it in the schema's `required`",
            ),
        };
        self.cx.report(site.at_key(Code::UnknownField, message, help));
        None
    }

    fn wait(&mut self, component: &Component<'a>, resource: Option<&Retrieved>) -> Option<Wait> {
        let extensions = &component.schema.schema_data.extensions;
        let declared: ext::Wait = self.cx.extension(&component.site, extensions, ext::WAIT)?;
        let site = component.site.key(ext::WAIT);
        let resource = resource?;
        let status = self.path(component, &site.key("status"), &declared.status)?;
        if self.cx.is_broken(&status.ty) {
            return None;
        }
        if !matches!(status.steps.as_slice(), [FieldStep::Field { optional: false, .. }])
            && !self.cx.is_broken_path(&component.path)
        {
            self.wrong_field(&site.key("status"), "a required property of the resource itself");
        }
        let definition = match &status.ty {
            Type::Named(path) => self.types.get(path).map(|def| (path.clone(), &def.kind)),
            _ => None,
        };
        let Some((status_type, TypeKind::Enum(definition))) = definition else {
            let message = format!("`{}` is not an enum", declared.status);
            let help = "list the states in the property's `enum`";
            self.cx.report(site.key("status").at_value(Code::UnknownState, message, help));
            return None;
        };
        let [running, succeeded, failed, canceled] = self.states(&site, &declared, definition);
        let failure_site = site.key("failure");
        let (code, message) = (declared.failure.code.as_deref(), declared.failure.message.as_deref());
        let failure_code = self.optional_path(component, &failure_site.key("code"), code);
        let failure_message = self.optional_path(component, &failure_site.key("message"), message);
        self.check_text(failure_code.as_ref(), &failure_site.key("code"));
        self.check_text(failure_message.as_ref(), &failure_site.key("message"));
        let canceled_at = self.optional_path(component, &site.key("canceledAt"), declared.canceled_at.as_deref());
        self.check_time(canceled_at.as_ref(), &site.key("canceledAt"));
        Some(Wait {
            id: resource.id.clone()?,
            retrieve: resource.operation.clone()?,
            status,
            status_type,
            running,
            succeeded,
            failed,
            canceled,
            failure_code,
            failure_message,
            canceled_at,
            origin: self.cx.origin(&site),
        })
    }

    /// Returns the variants of the states that are listed as running, succeeded, failed and canceled. Reports states that are
    /// unknown, listed twice or missing.
    fn states(&mut self, site: &Site<'a>, declared: &ext::Wait, definition: &Enum) -> [Vec<Name>; 4] {
        let wires = || definition.variants.iter().map(|variant| variant.wire.as_str());
        let status = &declared.status;
        let before = self.cx.diagnostics.len();
        let mut listed: HashMap<&str, Site<'a>> = HashMap::new();
        let lists = [
            ("running", &declared.running),
            ("succeeded", &declared.succeeded),
            ("failed", &declared.failed),
            ("canceled", &declared.canceled),
        ];
        let lists = lists.map(|(key, states)| {
            for (index, state) in states.iter().enumerate() {
                let at = site.key(key).index(index);
                if !wires().any(|wire| wire == state) {
                    let others = || format!("use one of the values of `{status}`: {}", suggest::listed(wires()));
                    let help = suggest::did_you_mean(state, wires()).unwrap_or_else(others);
                    let message = format!("unknown state `{state}`");
                    self.cx.report(at.at_value(Code::UnknownState, message, help));
                } else if let Some(other) = listed.insert(state, at.clone()) {
                    let message = format!("the state `{state}` is listed twice");
                    let diagnostic = at.at_value(Code::UnknownState, message, "remove one of the two");
                    self.cx.report(diagnostic.related(other.related("the same state")));
                }
            }
            // The order of the lists means nothing; that of the enum is used throughout.
            let is_listed = |wire: &String| states.contains(wire);
            let variants = definition.variants.iter().filter(|variant| is_listed(&variant.wire));
            variants.map(|variant| variant.name.clone()).collect()
        });
        let missing: Vec<_> = wires().filter(|wire| !listed.contains_key(wire)).collect();
        // A value that is missing here may be one that was misspelt.
        if self.cx.diagnostics.len() - before < missing.len() {
            let message = format!("missing states of `{status}` in `{}`: {}", ext::WAIT, suggest::listed(missing));
            let help = "list every value in one of `running`, `succeeded`, `failed` and `canceled`";
            self.cx.report(site.at_key(Code::UnknownState, message, help));
        }
        lists
    }

    fn download(&mut self, component: &Component<'a>, resource: Option<&Retrieved>) -> Option<Download> {
        let extensions = &component.schema.schema_data.extensions;
        let declared: ext::Download = self.cx.extension(&component.site, extensions, ext::DOWNLOAD)?;
        let site = component.site.key(ext::DOWNLOAD);
        let resource = resource?;
        let url = self.path(component, &site.key("url"), &declared.url);
        let size = self.optional_path(component, &site.key("size"), declared.size.as_deref());
        let content_type = self.optional_path(component, &site.key("contentType"), declared.content_type.as_deref());
        let expires_at = self.optional_path(component, &site.key("expiresAt"), declared.expires_at.as_deref());
        let columns = declared.columns.as_deref();
        let columns = columns.and_then(|path| self.columns(component, &site.key("columns"), path));
        let is_text = self.check_text(url.as_ref(), &site.key("url"));
        let is_secret = url.as_ref().is_some_and(|path| path.ty == Type::Secret);
        if is_text && declared.access == ext::Access::PreSigned && !is_secret {
            let message = format!("the pre-signed URL `{}` is not a secret", declared.url);
            let help = "add `x-secret: true` to the property";
            self.cx.report(site.key("url").at_value(Code::UnknownField, message, help));
        }
        self.check_text(content_type.as_ref(), &site.key("contentType"));
        let is_known = |path: &&FieldPath| !self.cx.is_broken(&path.ty);
        let wrong_size = size.as_ref().filter(is_known).is_some_and(|path| !path.ty.is_integer());
        if wrong_size {
            self.wrong_field(&site.key("size"), "an integer field");
        }
        self.check_time(expires_at.as_ref(), &site.key("expiresAt"));
        let access = match declared.access {
            ext::Access::ApiKey => Access::ApiKey,
            ext::Access::PreSigned => Access::PreSigned,
        };
        Some(Download {
            id: resource.id.clone()?,
            retrieve: resource.operation.clone()?,
            url: url?,
            access,
            size,
            content_type,
            expires_at,
            columns,
            origin: self.cx.origin(&site),
        })
    }

    /// Finds an array of columns, and the field with the name of a column.
    pub(super) fn columns(&mut self, component: &Component<'a>, site: &Site<'a>, path: &str) -> Option<Columns> {
        let list = self.path(component, site, path)?;
        if let Type::Array(item) = &list.ty
            && let Type::Named(column) = item.as_ref()
            && let Ok((step @ FieldStep::Field { optional: false, .. }, ty)) =
                field_path::step(self.types, item, "name")
            && field_path::is_text(self.types, &ty)
        {
            let (column, name) = (column.clone(), FieldPath { steps: vec![step], ty });
            return Some(Columns { list, column, name });
        }
        let mut is_broken = false;
        list.ty.walk(&mut |ty| is_broken |= self.cx.is_broken(ty));
        if !is_broken {
            self.wrong_field(site, "an array of objects with a required string `name`");
        }
        None
    }

    /// Returns the operation that retrieves the resource by its id alone.
    fn retrieve_operation(&mut self, component: &Component<'a>, site: &Site<'a>) -> Option<String> {
        let id = registry::id_path(component).map(Type::Named);
        let retrieves = |operation: &&Operation| {
            let mut needed = operation.parameters.iter().filter(|parameter| parameter.field.required);
            let by_id = match (needed.next(), needed.next()) {
                (Some(only), None) => only.place == Place::Path && Some(&only.field.ty) == id.as_ref(),
                _ => false,
            };
            by_id && operation.method == Method::Get && operation.response == Type::Named(component.path.clone())
        };
        // A resource's own operations only: there may be as many of both.
        let offered = self.methods.get(&component.path).into_iter().flat_map(|methods| &methods.operations);
        let found = offered.filter_map(|id| self.operations.get(id)).filter(retrieves).map(|operation| &operation.id);
        let found = found.min().cloned();
        if found.is_none() && !self.cx.has_broken_operations(component) {
            let message = "the resource has no `retrieve` operation";
            let help = "describe `get` with the id in the path, and name it in the schema's `x-stripeOperations`";
            self.cx.report(site.at_key(Code::UnknownOperation, message, help));
        }
        found
    }

    /// Reports a field that is not text; returns whether it is.
    pub(super) fn check_text(&mut self, path: Option<&FieldPath>, site: &Site<'a>) -> bool {
        let Some(path) = path else { return false };
        let is_text = field_path::is_text(self.types, &path.ty);
        if !is_text && !self.cx.is_broken(&path.ty) {
            self.wrong_field(site, "a string field");
        }
        is_text
    }

    /// Reports a field that is not a timestamp.
    fn check_time(&mut self, path: Option<&FieldPath>, site: &Site<'a>) {
        let is_other = |path: &FieldPath| !matches!(path.ty, Type::Timestamp(_)) && !self.cx.is_broken(&path.ty);
        if path.is_some_and(is_other) {
            self.wrong_field(site, "a timestamp field");
        }
    }

    pub(super) fn wrong_field(&mut self, site: &Site<'a>, expected: &str) {
        let message = format!("expected {expected}");
        let help = format!("name {expected}, or change the field's schema");
        self.cx.report(site.at_value(Code::UnknownField, message, help));
    }

    pub(super) fn path(&mut self, component: &Component<'a>, site: &Site<'a>, path: &str) -> Option<FieldPath> {
        field_path::follow(self.cx, self.types, component, site, path)
    }

    fn optional_path(&mut self, component: &Component<'a>, site: &Site<'a>, path: Option<&str>) -> Option<FieldPath> {
        path.and_then(|path| self.path(component, site, path))
    }
}
