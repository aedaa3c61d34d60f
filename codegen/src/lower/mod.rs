//! OpenAPI to the intermediate representation: every decision is taken here, and only here.
//!
//! Takes the documents that parsing has checked against the grammar; returns the [`Api`], and reports what makes no sense.
//! Lowering continues after an error, so that one run reports them all; the `Api` is used only when there was none.
//!
//! | pass | takes, besides the [`Context`] | returns |
//! |---|---|---|
//! | `Context::check_documents` | | |
//! | `Registry::new` | | the named schemas, and the types that they become |
//! | `Envelopes::new` | registry | the schemas of whole events |
//! | `Lowering::models`, `Lowering::all_operations` | registry, envelopes | types, operations, methods, deferred checks |
//! | `error_codes::types` | registry | the types of error codes |
//! | `events::lower` | registry, envelopes, types | events, the enums of their types |
//! | `facts::cursors`, `Facts::lower` | registry, types, operations, methods | how to list, wait for, download and read resources |
//! | `replacements::lower` | registry, types, operations | what replaces resources and operations |
//! | `ids::same_ids` | registry, types | the id types that convert to each other |
//! | `Usage::new` | types, operations | the types that requests and responses contain |
//! | `ids::check_references`, `lowered::refuse_null_in_requests`, `absence::check_false_means_absent`, `absence::check_presets`, `methods::claim_setters` | what is deferred, usage | |
//! | `places::check` | registry | the keywords by place |
//! | `finish` | types, facts, usage | the types |

mod absence;
mod broken;
mod constraints;
mod context;
mod declared_events;
mod docs;
mod document;
mod enums;
mod envelope;
mod error_codes;
mod error_responses;
mod event_envelopes;
mod event_subject;
mod events;
mod expandable;
mod extensions;
mod facts;
mod field_path;
mod files;
mod ids;
mod lowered;
mod meaning;
mod members;
mod methods;
mod names;
mod one_of;
mod operations;
mod parameter_id;
mod parameters;
mod patterns;
mod place;
mod places;
mod recursion;
mod registry;
mod replacements;
mod response;
mod rows;
mod schema;
mod serialization;
mod site;
mod structs;
mod usage;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use openapiv3::{SchemaKind, Type};

use self::context::Context;
use self::event_envelopes::Envelopes;
use self::facts::Facts;
use self::registry::{Component, Registry, Role};
use self::site::Site;
use self::structs::InlineType;
use self::usage::Usage;
use crate::api::{Api, Description, Doc, EventSet, Feature, Link, TypeDef, TypeKind, TypePath};
use crate::diagnostic::Diagnostics;
use crate::dialect::Pair;
use crate::location::FileId;
use crate::parse::Document;
use crate::source::Source;

pub(crate) use self::meaning::schema_keywords;

/// Types by their path in the crate.
type Types = BTreeMap<TypePath, TypeDef>;

/// Turns parsed documents into the representation that is rendered and compared.
///
/// `parsing` are the errors of the documents, whose consequences are not reported. Also returns the keywords of the schemas by
/// the places where they stand.
pub(crate) fn lower(
    sources: &[Source],
    documents: &[Document],
    parsing: &Diagnostics,
    diagnostics: &mut Diagnostics,
) -> (Api, BTreeSet<Pair>) {
    let mut cx = Context::new(sources, documents, parsing, diagnostics);
    cx.check_documents();
    let registry = Registry::new(&mut cx);
    let envelopes = Envelopes::new(&mut cx, &registry);
    let mut lowering = Lowering::new(cx, &registry, &envelopes);
    lowering.check_aliases();
    lowering.models();
    let (mut operations, methods) = lowering.all_operations();
    let Lowering { mut cx, mut types, referenced_models, deferred, .. } = lowering;
    types.extend(error_codes::types(&mut cx, &registry));
    let (events, type_enums) = events::lower(&mut cx, &registry, &envelopes, &types);
    types.extend(type_enums);
    facts::cursors(&types, &mut operations);
    let facts = Facts { cx: &mut cx, registry: &registry, types: &types, operations: &operations, methods: &methods };
    let facts = facts.lower();
    replacements::lower(&mut cx, &registry, &mut types, &mut operations);
    ids::same_ids(&mut cx, &registry, &mut types);
    let usage = Usage::new(&types, &operations);
    ids::check_references(&mut cx, &registry, deferred.ids);
    serialization::check(&mut cx, deferred.serialized, &types);
    lowered::refuse_null_in_requests(&mut cx, deferred.nulls, &operations, &usage);
    absence::check_false_means_absent(&mut cx, deferred.absences, &types, &usage);
    absence::check_presets(&mut cx, deferred.presets, &types, &usage);
    methods::claim_setters(&mut cx, methods, &types, &usage);
    cx.check_modules();
    let keywords = places::check(&mut cx, &registry, &referenced_models);
    let types = finish(types, facts, &usage);
    let descriptions = documents.iter().map(|document| description(&cx, document)).collect();
    let features = features(&types, &events);
    let files = files::files(&types, &operations, &events);
    (Api { descriptions, types, operations, events, files, features }, keywords)
}

/// Lowers schemas and operations to types and requests.
pub(super) struct Lowering<'a> {
    cx: Context<'a>,
    registry: &'a Registry<'a>,
    envelopes: &'a Envelopes<'a>,
    types: Types,
    /// Components that are models because something refers to them.
    referenced_models: HashSet<(FileId, &'a str)>,
    worklist: Vec<&'a Component<'a>>,
    inline_types: Vec<structs::InlineType<'a>>,
    deferred: Deferred<'a>,
}

/// Checks that need all types, or where they are used.
#[derive(Default)]
struct Deferred<'a> {
    ids: Vec<ids::UnknownId<'a>>,
    nulls: Vec<lowered::NullInside<'a>>,
    serialized: Vec<serialization::Serialized<'a>>,
    absences: Vec<absence::FalseMeansAbsent<'a>>,
    presets: Vec<absence::Preset<'a>>,
}

impl<'a> Lowering<'a> {
    fn new(cx: Context<'a>, registry: &'a Registry<'a>, envelopes: &'a Envelopes<'a>) -> Self {
        Self {
            cx,
            registry,
            envelopes,
            types: BTreeMap::new(),
            referenced_models: HashSet::new(),
            worklist: Vec::new(),
            inline_types: Vec::new(),
            deferred: Deferred::default(),
        }
    }

    /// Lowers every component that is a model, and those that become one because something refers to them.
    fn models(&mut self) {
        let is_model = |component: &&Component<'a>| component.role == Role::Model && component.has_name;
        self.worklist = self.registry.iter().filter(is_model).collect();
        self.drain_worklist();
    }

    fn drain_worklist(&mut self) {
        loop {
            if let Some(inline) = self.inline_types.pop() {
                self.define_inline(inline);
                continue;
            }
            let Some(component) = self.worklist.pop() else { return };
            let (site, path) = (component.site.clone(), component.path.clone());
            let described = InlineType { site, schema: component.schema, path: path.clone(), owner: path };
            self.define_described(described, Some(component));
        }
    }

    fn define_inline(&mut self, inline: InlineType<'a>) {
        self.define_described(inline, None);
    }

    /// Defines the type that a schema becomes.
    fn define_described(&mut self, described: InlineType<'a>, component: Option<&Component<'a>>) {
        let InlineType { site, schema, path, owner } = described;
        let def = match &schema.schema_kind {
            SchemaKind::Type(Type::Object(object)) => self.struct_type(&site, schema, object, path, owner, component),
            SchemaKind::OneOf { one_of } => self.one_of_type(&site, schema, one_of, path, owner),
            _ => enums::string_type(&mut self.cx, &site, schema, path, owner),
        };
        // Those of a schema in place belong to the field.
        let constraints = component.map(|_| constraints::of(schema)).unwrap_or_default();
        self.define(TypeDef { constraints, ..def });
    }

    /// Makes a model of a component that is not one by itself.
    fn make_model(&mut self, component: &'a Component<'a>) {
        if self.referenced_models.insert((component.site.document.file, component.key))
            && self.cx.claim_type(&component.path, &component.site)
        {
            self.worklist.push(component);
        }
    }

    fn define(&mut self, def: TypeDef) {
        self.types.insert(def.path.clone(), def);
    }
}

/// Puts together what is known of each type.
fn finish(mut types: Types, mut facts: BTreeMap<TypePath, facts::OfResource>, usage: &Usage) -> Types {
    recursion::box_cycles(&mut types);
    for (path, def) in &mut types {
        def.in_requests = usage.in_requests.contains(path);
        def.in_responses = usage.in_responses.contains(path);
        match &mut def.kind {
            TypeKind::Struct(definition) => {
                if let (Some(resource), Some(facts)) = (&mut definition.resource, facts.remove(path)) {
                    (resource.wait, resource.download, resource.rows) = facts;
                }
            }
            TypeKind::Enum(definition) => {
                let has_others = !definition.closed || def.in_responses;
                definition.unrecognized = has_others.then(names::unrecognized);
            }
            TypeKind::OneOf(definition) => {
                definition.unrecognized = def.in_responses.then(names::unrecognized);
            }
            TypeKind::String(_) => {}
        }
    }
    types
}

fn description<'a>(cx: &Context<'a>, document: &'a Document) -> Description {
    let info = &document.openapi.info;
    Description {
        file: cx.name_of(document).to_owned(),
        title: docs::title(&info.title),
        version: info.version.clone(),
        doc: Doc { text: docs::clean(info.description.as_deref().unwrap_or_default()), ..Doc::default() },
        origin: cx.origin(&Site::root(document).keys(&["info", "version"])),
    }
}

/// The features that make sense for what is described: no rows without results, no signatures without events.
fn features(types: &Types, events: &[EventSet]) -> Vec<Feature> {
    let has_results = types.values().any(|def| def.resource().is_some_and(|resource| resource.download.is_some()));
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
