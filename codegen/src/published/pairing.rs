//! Pairs what the curated descriptions have with its counterparts in published ones: by structure, since components are named
//! differently. One place may have several counterparts, such as a component that requests and responses share.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::choice::Choice;
use super::event;
use super::node::Node;
use super::operation::{self, Operation, Parameter, error_member};
use super::schema::{Form, RESOURCE_ID, Used, properties, property};
use super::translate::Direction;
use super::{Published, operation::Errors};
use crate::pointer::Pointer;

/// A place in a curated description: the index of its file, and the pointer.
pub(super) type Key = (usize, Pointer);

/// A place, and its counterparts.
pub(super) struct Group<'a, T> {
    pub(super) file: usize,
    pub(super) curated: T,
    pub(super) counterparts: Vec<Counterpart<'a, T>>,
}

impl<'a, T> Group<'a, T> {
    /// Returns a counterpart that differs: in a direction in which none agrees. Published components repeat one another, some
    /// with less in them.
    pub(super) fn differing(&self, agrees: impl Fn(&Counterpart<'a, T>) -> bool) -> Option<&Counterpart<'a, T>> {
        [Direction::Request, Direction::Response].into_iter().find_map(|direction| {
            let own = || self.counterparts.iter().filter(|other| other.direction == direction);
            own().next().filter(|_| !own().any(&agrees))
        })
    }

    /// Returns the published descriptions that have counterparts.
    pub(super) fn sources(&self) -> Vec<&'a Published> {
        self.counterparts.iter().map(|other| other.source).collect()
    }
}

/// The counterpart of a place in a published description.
#[derive(Clone)]
pub(super) struct Counterpart<'a, T> {
    pub(super) source: &'a Published,
    pub(super) published: T,
    pub(super) direction: Direction,
}

/// An operation on both sides.
pub(super) struct OperationPair<'a> {
    pub(super) file: usize,
    pub(super) source: &'a Published,
    pub(super) curated: Operation<'a>,
    pub(super) published: Operation<'a>,
}

/// Everything that has a counterpart.
#[derive(Default)]
pub(super) struct Pairing<'a> {
    pub(super) operations: Vec<OperationPair<'a>>,
    /// The operations that no published description has.
    pub(super) missing: Vec<(usize, Operation<'a>)>,
    pub(super) parameters: BTreeMap<Key, Group<'a, Parameter<'a>>>,
    /// The places where schemas are used.
    pub(super) uses: BTreeMap<Key, Group<'a, Used<'a>>>,
    /// The schemas there, if both are of the same form.
    pub(super) schemas: BTreeMap<Key, Group<'a, Used<'a>>>,
    /// The `x-resourceId` of each curated resource.
    pub(super) resources: HashSet<&'a str>,
    /// The counterparts whose reference leads nowhere, or back to itself, each with the curated place.
    pub(super) dangling: Vec<(Key, &'a Published, Node<'a>)>,
    queue: Vec<(usize, Node<'a>, Counterpart<'a, Node<'a>>)>,
}

impl<'a> Pairing<'a> {
    /// Pairs the operations of curated descriptions, and everything that they reach.
    pub(super) fn new(curated: &[Node<'a>], choice: &Choice<'a>) -> Self {
        let resources = curated.iter().flat_map(|root| event::schemas_with(root, RESOURCE_ID));
        let resources = resources.filter_map(|schema| schema.text(RESOURCE_ID)).collect();
        let mut pairing = Self { resources, ..Self::default() };
        let indices: HashMap<&str, HashMap<String, Operation<'a>>> =
            choice.published.iter().map(|source| (source.name.as_str(), operation::index(source))).collect();
        for (file, root) in curated.iter().enumerate() {
            let Some(order) = choice.order(file) else { continue };
            for operation in operation::all(root) {
                let found = order.iter().find_map(|source| {
                    let published = indices.get(source.name.as_str())?.get(&operation.key())?;
                    Some((*source, published.clone()))
                });
                match found {
                    Some((source, published)) => {
                        pairing.operation(OperationPair { file, source, curated: operation, published });
                    }
                    None => pairing.missing.push((file, operation)),
                }
            }
        }
        pairing.envelopes(curated, choice);
        pairing.drain();
        pairing
    }

    fn operation(&mut self, pair: OperationPair<'a>) {
        let OperationPair { file, source, curated, published } = &pair;
        let (file, source) = (*file, *source);
        for parameter in &curated.parameters {
            let Some(other) = published.parameter(&parameter.key) else { continue };
            let parameter = parameter.of(curated);
            let counterpart = Counterpart { source, published: other.clone(), direction: Direction::Request };
            let key = (file, parameter.node.pointer.clone());
            if add(&mut self.parameters, key, parameter.clone(), counterpart) {
                self.pair(file, &parameter.schema(), source, &other.schema(), Direction::Request);
            }
        }
        self.pair(file, &curated.body(), source, &published.body(), Direction::Request);
        self.pair(file, &curated.response(), source, &published.response(), Direction::Response);
        let (Errors { others, .. }, theirs) = (curated.errors(), published.errors());
        for (ours, theirs) in others.iter().zip(&theirs.others) {
            for name in ["code", "type"] {
                let (ours, theirs) = (error_member(ours, name), error_member(theirs, name));
                self.pair(file, &ours, source, &theirs, Direction::Response);
            }
        }
        self.operations.push(pair);
    }

    /// Pairs the envelopes of events: with the schema of the same resource, and with those of the events, which repeat it.
    fn envelopes(&mut self, curated: &[Node<'a>], choice: &Choice<'a>) {
        let own: Vec<_> = curated.iter().flat_map(event::all).map(|event| (event.kind, event.name)).collect();
        for (file, root) in curated.iter().enumerate() {
            for envelope in event::schemas_with(root, "x-eventEnvelope") {
                for source in choice.order(file).into_iter().flatten() {
                    // The nearest description that has any of them is enough.
                    if self.queue.iter().any(|(_, paired, _)| *paired == envelope) {
                        break;
                    }
                    let root = Node::root(&source.root);
                    let resources = event::schemas_with(&root, RESOURCE_ID);
                    let id = envelope.text(RESOURCE_ID);
                    let whole = resources.into_iter().filter(|schema| schema.text(RESOURCE_ID) == id);
                    let kind = envelope.text("x-eventEnvelope");
                    let events = event::all(&root).into_iter().filter(|event| {
                        Some(event.kind) == kind && kind == Some("thin") && own.contains(&(event.kind, event.name))
                    });
                    for schema in whole.chain(events.map(|event| event.node)).collect::<Vec<_>>() {
                        self.pair(file, &Some(envelope.clone()), source, &Some(schema), Direction::Response);
                    }
                }
            }
        }
    }

    /// Pairs two places later, if both exist.
    fn pair(
        &mut self,
        file: usize,
        curated: &Option<Node<'a>>,
        source: &'a Published,
        published: &Option<Node<'a>>,
        direction: Direction,
    ) {
        if let (Some(curated), Some(published)) = (curated, published) {
            let counterpart = Counterpart { source, published: published.clone(), direction };
            self.queue.push((file, curated.clone(), counterpart));
        }
    }

    /// Pairs what is queued, and everything inside. A queue instead of recursion, since published schemas may be nested without end.
    fn drain(&mut self) {
        while let Some((file, curated, Counterpart { source, published, direction })) = self.queue.pop() {
            let place = (file, curated.named.clone());
            let Some(curated) = Used::at(curated) else { continue };
            let Some(published) = Used::at(published.clone()) else {
                self.dangling.push((place, source, published));
                continue;
            };
            let counterpart = Counterpart { source, published: published.clone(), direction };
            let key = (file, curated.site.pointer.clone());
            if !add(&mut self.uses, key, curated.clone(), counterpart.clone())
                || !curated.is_like(&published, &self.resources)
            {
                continue;
            }
            let key = (file, curated.schema.pointer.clone());
            if add(&mut self.schemas, key, curated.clone(), counterpart) {
                for (ours, theirs) in inside(&curated, &published) {
                    self.pair(file, &Some(ours), source, &Some(theirs), direction);
                }
            }
        }
    }
}

/// Returns the schemas inside of two schemas of the same form, in pairs.
fn inside<'a>(curated: &Used<'a>, published: &Used<'a>) -> Vec<(Node<'a>, Node<'a>)> {
    let (ours, theirs) = (&curated.schema, &published.schema);
    let same = |key: &str| ours.key(key).zip(theirs.key(key)).filter(|(ours, _)| ours.value.is_object());
    let same_properties = |ours: &Node<'a>, theirs: &Node<'a>| -> Vec<_> {
        let named = properties(ours).into_iter().filter_map(|(name, ours)| Some((ours, property(theirs, name)?)));
        named.collect()
    };
    match (&curated.form, &published.form) {
        (Form::Object, Form::Object) => {
            same_properties(ours, theirs).into_iter().chain(same("additionalProperties")).collect()
        }
        (Form::List, Form::List) => property(ours, "data").zip(property(theirs, "data")).into_iter().collect(),
        (Form::Map, Form::Map) => same("additionalProperties").into_iter().collect(),
        (Form::Array, Form::Array) => same("items").into_iter().collect(),
        (Form::Expandable(ours), Form::Expandable(theirs)) => {
            ours.first().cloned().zip(theirs.first().cloned()).into_iter().collect()
        }
        (Form::OneOf(ours), Form::OneOf(theirs)) => {
            ours.iter().flat_map(|ours| theirs.iter().flat_map(|theirs| same_properties(ours, theirs))).collect()
        }
        _ => Vec::new(),
    }
}

/// Adds a counterpart to a place; returns whether it is new.
fn add<'a, T: Sited>(
    groups: &mut BTreeMap<Key, Group<'a, T>>,
    key: Key,
    curated: T,
    counterpart: Counterpart<'a, T>,
) -> bool {
    let file = key.0;
    let group = groups.entry(key).or_insert_with(|| Group { file, curated, counterparts: Vec::new() });
    let is_known = group.counterparts.iter().any(|known| {
        known.direction == counterpart.direction
            && known.source.name == counterpart.source.name
            && known.published.site() == counterpart.published.site()
    });
    if !is_known {
        group.counterparts.push(counterpart);
    }
    !is_known
}

/// Something at a place.
pub(super) trait Sited {
    fn site(&self) -> &Pointer;
}

impl Sited for Used<'_> {
    fn site(&self) -> &Pointer {
        &self.site.pointer
    }
}

impl Sited for Parameter<'_> {
    fn site(&self) -> &Pointer {
        &self.node.pointer
    }
}
