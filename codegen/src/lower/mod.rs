//! OpenAPI to the project's own representation: all decisions are taken here, and only here.
//!
//! A description has been parsed strictly when it arrives, so its shape is known to be right; what is left to find out is
//! whether it makes sense. Every mistake becomes a diagnostic and lowering goes on, so that one run tells them all; what it
//! returns is used only when there was none.

mod absence;
mod agreement;
mod broken;
mod docs;
mod document;
mod enums;
mod envelope;
mod error_codes;
mod error_responses;
mod events;
mod expandable;
mod extensions;
mod facts;
mod files;
mod lowered;
mod meaning;
mod members;
mod names;
mod operations;
mod parameter_id;
mod parameters;
mod patterns;
mod place;
mod places;
mod recursion;
mod registry;
mod response;
mod schema;
mod serialization;
mod site;
mod structs;
mod usage;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use openapiv3::{SchemaData, SchemaKind, Type};

use self::broken::Broken;
use self::extensions::Extensions;
use self::names::NameKind;
use self::registry::{Component, Registry, Role};
use self::site::Site;
use crate::api::{
    Api, Description, Doc, EventSet, Feature, Link, ModulePath, Name, Operation, Origin, Struct, TypeDef, TypeKind,
    TypePath,
};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::dialect::Pair;
use crate::location::FileId;
use crate::parse::Document;
use crate::source::Source;

pub(crate) use self::meaning::schema_keywords;

/// Turns parsed descriptions into the representation that is rendered and compared.
///
/// `parsing` are the errors of the documents, whose consequences are not reported. Also returns the keywords of the schemas by
/// the places where they stand.
pub(crate) fn lower(
    sources: &[Source],
    documents: &[Document],
    parsing: &Diagnostics,
    diagnostics: &mut Diagnostics,
) -> (Api, BTreeSet<Pair>) {
    let mut lowering = Lowering {
        sources,
        documents,
        diagnostics,
        broken: Broken::new(parsing),
        registry: Registry::default(),
        types: BTreeMap::new(),
        claims: HashMap::new(),
        operations: BTreeMap::new(),
        operation_sites: HashMap::new(),
        methods: HashMap::new(),
        demanded: HashSet::new(),
        worklist: Vec::new(),
        inline_structs: Vec::new(),
        envelopes: Vec::new(),
        nulls_inside: Vec::new(),
        serialized: Vec::new(),
        false_means_absent: Vec::new(),
        broken_envelopes: Vec::new(),
    };
    lowering.check_documents();
    lowering.register();
    lowering.check_aliases();
    lowering.register_envelopes();
    lowering.models();
    lowering.all_operations();
    lowering.error_codes();
    let events = lowering.events();
    lowering.facts();
    recursion::box_cycles(&mut lowering.types);
    usage::mark(&mut lowering.types, &lowering.operations);
    lowering.refuse_null_in_requests();
    lowering.check_false_means_absent();
    lowering.claim_setters();
    lowering.check_modules();
    let keywords = lowering.check_places();
    let descriptions = documents.iter().map(|document| lowering.description(document)).collect();
    let Lowering { types, operations, .. } = lowering;
    let features = features(&types, &events);
    let files = files::files(&types, &operations, &events);
    (Api { descriptions, types, operations, events, files, features }, keywords)
}

/// What lowering knows so far.
pub(super) struct Lowering<'a> {
    sources: &'a [Source],
    documents: &'a [Document],
    diagnostics: &'a mut Diagnostics,
    broken: Broken,
    registry: Registry<'a>,
    types: BTreeMap<TypePath, TypeDef>,
    /// Public type names that are taken, and by what.
    claims: HashMap<TypePath, Site<'a>>,
    operations: BTreeMap<String, Operation>,
    operation_sites: HashMap<String, Site<'a>>,
    /// The methods of resources.
    methods: HashMap<TypePath, operations::Methods<'a>>,
    /// Components that are models because something refers to them.
    demanded: HashSet<(FileId, &'a str)>,
    worklist: Vec<Component<'a>>,
    inline_structs: Vec<structs::InlineStruct<'a>>,
    envelopes: Vec<events::EnvelopeSchema<'a>>,
    /// Fields whose items or values may be null, for when it is known which ones requests carry.
    nulls_inside: Vec<lowered::NullInside<'a>>,
    /// Parameters, for when their types are known.
    serialized: Vec<serialization::Serialized<'a>>,
    /// Fields of which it is not known yet what they are and where they are used.
    false_means_absent: Vec<absence::FalseMeansAbsent<'a>>,
    /// Kinds of events whose envelope has an error, which has been reported.
    broken_envelopes: Vec<extensions::Envelope>,
}

impl<'a> Lowering<'a> {
    fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// The name of a description.
    fn name_of(&self, document: &Document) -> &'a str {
        self.sources.get(document.file.0).map_or("", |source| source.name.as_str())
    }

    fn origin(&self, site: &Site<'a>) -> Origin {
        site.origin(self.sources)
    }

    /// Lowers every component that is a model, and those that become one because something refers to them.
    fn models(&mut self) {
        let is_model = |component: &&Component<'a>| component.role == Role::Model && component.has_name;
        self.worklist = self.registry.iter().filter(is_model).cloned().collect();
        self.drain_worklist();
    }

    fn drain_worklist(&mut self) {
        loop {
            if let Some(inline) = self.inline_structs.pop() {
                self.define_inline(inline);
                continue;
            }
            let Some(component) = self.worklist.pop() else { return };
            let (site, schema, path) = (&component.site, component.schema, component.path.clone());
            let def = match &schema.schema_kind {
                SchemaKind::Type(Type::Object(object)) => {
                    self.struct_type(site, schema, object, path.clone(), path, Some(&component))
                }
                _ => self.string_type(site, schema, path.clone(), path),
            };
            self.define(def);
        }
    }

    /// Makes a model of a component that is not one by itself.
    fn demand(&mut self, component: &Component<'a>) {
        if self.demanded.insert((component.site.document.file, component.key))
            && self.claim_type(&component.path, &component.site)
        {
            self.worklist.push(component.clone());
        }
    }

    fn define(&mut self, def: TypeDef) {
        self.types.insert(def.path.clone(), def);
    }

    /// Takes a type's name; says so when something else has it.
    fn claim_type(&mut self, path: &TypePath, site: &Site<'a>) -> bool {
        let Some(other) = self.claims.get(path) else {
            self.claims.insert(path.clone(), site.clone());
            return true;
        };
        if other.document.file == site.document.file && other.pointer == site.pointer {
            return false;
        }
        let mut diagnostic =
            site.at_key(Code::NameCollision, format!("this would be called `{path}`, which something else is"));
        diagnostic.related.push(other.related(format!("this is called `{path}` too")));
        diagnostic.help = Some("give one of them another name with `x-rustName`".to_owned());
        self.report(diagnostic);
        self.break_type(path);
        false
    }

    /// Reports types that are called as a module beside them, as only names without cases can be.
    fn check_modules(&mut self) {
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
        let sites = |(ty, inside): (TypePath, &TypePath)| {
            Some((self.claims.get(&ty)?.clone(), self.claims.get(inside)?.clone(), ty, inside.module.clone()))
        };
        for (site, inside, ty, module) in found.into_iter().filter_map(sites).collect::<Vec<_>>() {
            let message = format!("this would be called `{ty}`, as a module is");
            let mut diagnostic = site.at_key(Code::NameCollision, message);
            diagnostic.related.push(inside.related(format!("this is in the module `{module}`")));
            diagnostic.help = Some("give it another name with `x-rustName`".to_owned());
            self.report(diagnostic);
        }
    }

    /// The name from `x-rustName`, or else one derived from the wire name.
    fn name(&mut self, site: &Site<'a>, extensions: &Extensions, kind: NameKind, wire: &str) -> Option<Name> {
        match extensions.get(extensions::RUST_NAME).and_then(|name| name.as_str()) {
            Some(name) => self.given_name(&site.key(extensions::RUST_NAME), kind, name),
            None => self.derived_name(site, kind, wire),
        }
    }

    /// The name from `x-rustName`, or else the given one.
    fn name_or(&mut self, site: &Site<'a>, extensions: &Extensions, kind: NameKind, otherwise: &Name) -> Option<Name> {
        match extensions.get(extensions::RUST_NAME).and_then(|name| name.as_str()) {
            Some(name) => self.given_name(&site.key(extensions::RUST_NAME), kind, name),
            None => Some(otherwise.clone()),
        }
    }

    /// The name that `x-rustName` gives to what a schema describes.
    fn name_on_schema(&self, component: &Component<'a>) -> Option<members::Given<'a>> {
        let name = component.schema.schema_data.extensions.get(extensions::RUST_NAME)?.as_str()?;
        Some(members::Given { name: name.to_owned(), site: component.site.key(extensions::RUST_NAME) })
    }

    fn derived_name(&mut self, site: &Site<'a>, kind: NameKind, wire: &str) -> Option<Name> {
        let name = names::derive(kind, wire);
        if name.is_none() {
            let mut diagnostic =
                site.at_key(Code::InvalidName, format!("no Rust name can be made of `{}`", wire.escape_debug()));
            diagnostic.help = Some("give it one with `x-rustName`".to_owned());
            self.report(diagnostic);
        }
        name
    }

    fn given_name(&mut self, site: &Site<'a>, kind: NameKind, given: &str) -> Option<Name> {
        let name = names::given(kind, given);
        let named = Site { document: site.document, pointer: site.pointer.parent() };
        if name.is_none() && !self.was_misread(&named) {
            let mut diagnostic =
                site.at_value(Code::InvalidName, format!("`{}` can't be its name in Rust", given.escape_debug()));
            diagnostic.help = Some(
                match kind {
                    NameKind::UpperCamel => {
                        "write a name like `ReportRun`, not a keyword and not a type of the prelude"
                    }
                    NameKind::Snake => "write a name like `report_run`, and not a keyword",
                    NameKind::Shouty => "write a name like `BALANCE_SUMMARY_1`",
                }
                .to_owned(),
            );
            self.report(diagnostic);
        }
        name
    }

    fn doc(&self, data: &SchemaData) -> Doc {
        Doc {
            text: docs::clean(data.description.as_deref().unwrap_or_default()),
            reference: data.external_docs.as_ref().map(link),
        }
    }

    /// The documentation of a field that is nothing but a reference: what it refers to, in a sentence.
    fn doc_of_reference(&mut self, site: &Site<'a>, reference: &str) -> Doc {
        let text = match self.resolve(site, reference) {
            Some(component) => docs::summary(component.schema.schema_data.description.as_deref().unwrap_or_default()),
            None => String::new(),
        };
        Doc { text, reference: None }
    }

    fn description(&self, document: &'a Document) -> Description {
        let info = &document.openapi.info;
        Description {
            file: self.name_of(document).to_owned(),
            title: docs::title(&info.title),
            version: info.version.clone(),
            doc: Doc { text: docs::clean(info.description.as_deref().unwrap_or_default()), reference: None },
            origin: self.origin(&Site::root(document).keys(&["info", "version"])),
        }
    }
}

/// The features that make sense for what is described: no rows without results, no signatures without events.
fn features(types: &BTreeMap<TypePath, TypeDef>, events: &[EventSet]) -> Vec<Feature> {
    let has_results = types.values().any(|def| match &def.kind {
        TypeKind::Struct(Struct { resource: Some(resource), .. }) => resource.download.is_some(),
        _ => false,
    });
    let mut features = vec![Feature::Client, Feature::Blocking, Feature::Rustls, Feature::NativeTls];
    if has_results {
        features.extend([Feature::Csv, Feature::Zip]);
    }
    features.push(Feature::Tracing);
    if !events.is_empty() {
        features.push(Feature::Webhooks);
    }
    features.push(Feature::Examples);
    features
}

/// A link to further documentation.
fn link(external: &openapiv3::ExternalDocumentation) -> Link {
    let title = external.description.as_deref().map(docs::title).filter(|title| !title.is_empty());
    Link { title: title.unwrap_or_else(|| "API reference".to_owned()), url: external.url.clone() }
}
