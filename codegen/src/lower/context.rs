//! What every pass has: where to report, what has an error already, and which names of types are taken.

use std::collections::{BTreeMap, HashMap};

use openapiv3::SchemaData;

use super::broken::Broken;
use super::extensions::{Extensions, RUST_NAME};
use super::members::Given;
use super::names::{self, NameKind};
use super::registry::Component;
use super::site::Site;
use super::{docs, link};
use crate::api::{Constraints, Doc, ModulePath, Name, Origin, TypeDef, TypeKind, TypePath};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::parse::Document;
use crate::source::Source;

/// What every pass has.
pub(super) struct Context<'a> {
    pub(super) sources: &'a [Source],
    pub(super) documents: &'a [Document],
    pub(super) diagnostics: &'a mut Diagnostics,
    pub(super) broken: Broken,
    /// The names of public types that are taken, and by what.
    pub(super) claims: HashMap<TypePath, Site<'a>>,
}

impl<'a> Context<'a> {
    /// Creates one in which no name is taken. `parsing` are the errors that parsing has reported.
    pub(super) fn new(
        sources: &'a [Source],
        documents: &'a [Document],
        parsing: &Diagnostics,
        diagnostics: &'a mut Diagnostics,
    ) -> Self {
        Self { sources, documents, diagnostics, broken: Broken::new(parsing), claims: HashMap::new() }
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Returns the name of a description.
    pub(super) fn name_of(&self, document: &Document) -> &'a str {
        self.sources.get(document.file.0).map_or("", |source| source.name.as_str())
    }

    pub(super) fn origin(&self, site: &Site<'a>) -> Origin {
        site.origin(self.sources)
    }

    /// Claims the name of a type. Reports it when something else has it; returns whether the type is new.
    pub(super) fn claim_type(&mut self, path: &TypePath, site: &Site<'a>) -> bool {
        let Some(other) = self.claims.get(path) else {
            self.claims.insert(path.clone(), site.clone());
            return true;
        };
        if other.document.file == site.document.file && other.pointer == site.pointer {
            return false;
        }
        let message = format!("the name `{path}` is defined twice");
        let help = "give one of the two another name with `x-rustName`";
        let other = other.related(format!("`{path}` is also defined here"));
        self.report(site.at_key(Code::NameCollision, message, help).related(other));
        self.break_type(path);
        false
    }

    /// Reports types that have the name of a module beside them, as only names without cases can.
    pub(super) fn check_modules(&mut self) {
        let mut found: BTreeMap<TypePath, &TypePath> = BTreeMap::new();
        for path in self.claims.keys() {
            for module in path.module.ancestors() {
                let Some((last, parent)) = module.0.split_last() else { continue };
                let ty = TypePath { module: ModulePath(parent.to_vec()), name: last.clone() };
                if self.claims.contains_key(&ty) {
                    let first = found.entry(ty).or_insert(path);
                    *first = path.min(*first);
                }
            }
        }
        for (ty, inside) in found {
            let (Some(site), Some(other)) = (self.claims.get(&ty), self.claims.get(inside)) else { continue };
            let message = format!("the type `{ty}` has the name of a module");
            let help = "give the type another name with `x-rustName`";
            let other = other.related(format!("this is in the module `{}`", inside.module));
            self.diagnostics.push(site.at_key(Code::NameCollision, message, help).related(other));
        }
    }

    /// Returns the name from `x-rustName`, or else one derived from the wire name.
    pub(super) fn name(
        &mut self,
        site: &Site<'a>,
        extensions: &Extensions,
        kind: NameKind,
        wire: &str,
    ) -> Option<Name> {
        match extensions.get(RUST_NAME).and_then(|name| name.as_str()) {
            Some(name) => self.given_name(&site.key(RUST_NAME), kind, name),
            None => self.derived_name(site, kind, wire),
        }
    }

    /// Returns the name of a type from `x-rustName`, or else the given one.
    pub(super) fn name_or(&mut self, site: &Site<'a>, extensions: &Extensions, otherwise: &Name) -> Option<Name> {
        match extensions.get(RUST_NAME).and_then(|name| name.as_str()) {
            Some(name) => self.given_name(&site.key(RUST_NAME), NameKind::UpperCamel, name),
            None => Some(otherwise.clone()),
        }
    }

    /// Returns the name that `x-rustName` gives to what a schema describes.
    pub(super) fn name_on_schema(&self, component: &Component<'a>) -> Option<Given<'a>> {
        let name = component.schema.schema_data.extensions.get(RUST_NAME)?.as_str()?;
        Some(Given { name: name.to_owned(), site: component.site.key(RUST_NAME) })
    }

    /// Returns the name derived from a wire name; reports a wire name without letters and digits.
    pub(super) fn derived_name(&mut self, site: &Site<'a>, kind: NameKind, wire: &str) -> Option<Name> {
        let name = names::derive(kind, wire);
        if name.is_none() {
            let message = format!("cannot derive a Rust name from `{}`", wire.escape_debug());
            self.report(site.at_key(Code::InvalidName, message, "name it with `x-rustName`"));
        }
        name
    }

    /// Returns a name that the description gives; reports one that is not a Rust name of the kind.
    pub(super) fn given_name(&mut self, site: &Site<'a>, kind: NameKind, given: &str) -> Option<Name> {
        let name = names::given(kind, given);
        if name.is_none() && !self.has_parse_error(&site.parent()) {
            let message = format!("`{}` is not a valid Rust name here", given.escape_debug());
            let help = match kind {
                NameKind::UpperCamel => "write a name like `ReportRun`, not a keyword and not a type of the prelude",
                NameKind::Snake => "write a name like `report_run`, not a keyword",
                NameKind::Shouty => "write a name like `BALANCE_SUMMARY_1`",
            };
            self.report(site.at_value(Code::InvalidName, message, help));
        }
        name
    }

    /// Creates the definition of a type without documentation. Where the type is used is known only when all are lowered.
    pub(super) fn definition(&self, site: &Site<'a>, path: TypePath, owner: TypePath, kind: TypeKind) -> TypeDef {
        let (doc, constraints, origin) = (Doc::default(), Constraints::new(), self.origin(site));
        TypeDef {
            path,
            owner,
            doc,
            deprecated: false,
            in_requests: false,
            in_responses: false,
            constraints,
            kind,
            origin,
        }
    }

    /// Returns the documentation of what a schema describes.
    pub(super) fn doc(&self, data: &SchemaData) -> Doc {
        Doc {
            text: docs::clean(data.description.as_deref().unwrap_or_default()),
            reference: data.external_docs.as_ref().map(link),
            replaced_by: None,
        }
    }
}
