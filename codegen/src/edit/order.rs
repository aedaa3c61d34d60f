//! The order of keys, and the blank lines between them.

use crate::dialect::extensions;
use crate::dialect::grammar::{Kind, SchemaKind, TYPES, schema_keywords};
use crate::dialect::shape::Shape;
use crate::pointer::Pointer;

/// The keys of an operation.
const OPERATION: &str = "operationId x-stableId x-rustName summary description externalDocs tags deprecated x-replacedBy \
    x-stripeNotPublic x-deviation security parameters requestBody responses";

/// The keys of a parameter.
const PARAMETER: &str = "$ref name in required style explode deprecated description example x-rustName x-stripeParam x-deviation \
    schema";

/// The keys of a schema.
const SCHEMA: &str = "$ref type title format minimum exclusiveMinimum maximum exclusiveMaximum multipleOf minLength maxLength \
    pattern minItems maxItems uniqueItems minProperties maxProperties default nullable readOnly writeOnly \
    deprecated description externalDocs x-resourceId x-sameIdsAs x-replacedBy x-stableId x-rustName \
    x-stripeResource x-stripeOperations x-stripeEvent x-stripeError x-wait x-download x-rows x-eventEnvelope \
    x-events x-falseMeansAbsent x-preset x-deviation enum x-stripeEnum x-stripeBypassValidation x-knownValues \
    items anyOf oneOf x-expansionResources required properties additionalProperties example x-secret x-stripeProperty";

/// The keys of all other objects.
const OTHER: &str = "openapi info title version servers url tags security paths get post delete components securitySchemes \
    parameters responses schemas required encoding style explode class_name in_package method_name method_type \
    operation path snapshot thin code httpStatusCode type kind values value name description content schema \
    x-rustName status running succeeded failed canceled canceledAt failure message access size contentType \
    expiresAt columns rows nextPage page limit include at published reason since source";

/// The properties that stand first.
const IDENTITY: [&str; 2] = ["id", "object"];

/// What a place is for: the shape of its value, if the dialect declares one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Role(Option<&'static Shape>);

impl Role {
    /// The whole description.
    pub(super) const ROOT: Self = Self(Some(&Shape::Object(Kind::Root)));

    /// Returns the role of the value of a key, or of an item.
    pub(super) fn inside(self, key: &str) -> Self {
        Self(self.0.and_then(|shape| inside(shape, key)))
    }

    /// Returns the rank of a key among the keys of the object; `None` if its keys are free.
    pub(super) fn rank(self, key: &str) -> Option<usize> {
        let order = order(self.0?)?;
        let mut keys = order.split_whitespace();
        Some(keys.position(|other| other == key).unwrap_or(usize::MAX))
    }
}

fn order(shape: &Shape) -> Option<&'static str> {
    match shape {
        Shape::Object(Kind::Paths | Kind::Responses) => None,
        Shape::Object(Kind::Operation) => Some(OPERATION),
        Shape::Object(Kind::Parameter) | Shape::OrReference(Kind::Parameter) => Some(PARAMETER),
        Shape::Object(Kind::Schema) | Shape::OrReference(Kind::Schema) => Some(SCHEMA),
        Shape::Object(_) | Shape::OrReference(_) | Shape::Record { .. } => Some(OTHER),
        Shape::Either(one, other) => order(one).or_else(|| order(other)),
        _ => None,
    }
}

fn inside(shape: &'static Shape, key: &str) -> Option<&'static Shape> {
    match shape {
        Shape::Object(kind) | Shape::OrReference(kind) => {
            let typed = TYPES.iter().map(|name| SchemaKind::Typed(name)).chain([SchemaKind::AnyOf, SchemaKind::OneOf]);
            let of_schemas = typed.filter(|_| *kind == Kind::Schema).flat_map(schema_keywords);
            let member = kind.keywords().iter().chain(of_schemas).find(|member| member.name == key);
            let extension = || extensions::find(key).map(|extension| &extension.shape);
            let free = || kind.free_keys().map(|free| free.shape);
            member.map(|member| &member.shape).or_else(extension).or_else(free)
        }
        Shape::List(inner) | Shape::Map(inner) => Some(inner),
        Shape::Record { members } => members.iter().find(|member| member.name == key).map(|member| &member.shape),
        Shape::Either(one, other) => inside(one, key).or_else(|| inside(other, key)),
        _ => None,
    }
}

/// Returns the index at which a key is added to the keys of an object.
pub(super) fn place(role: Role, pointer: &Pointer, keys: &[&str], key: &str) -> usize {
    let after = |is_before: &dyn Fn(&str) -> bool| {
        keys.iter().rposition(|other| is_before(other)).map_or(0, |before| before + 1)
    };
    if let Some(rank) = role.rank(key) {
        return after(&|other| role.rank(other) <= Some(rank));
    }
    if has_blank_lines(pointer) {
        // A collection stands before what is in it; others with those that they share most of their beginning with.
        if let Some(inside) =
            keys.iter().position(|other| other.strip_prefix(key).is_some_and(|rest| rest.starts_with('/')))
        {
            return inside;
        }
        let shared = |other: &str| shared_segments(other, key);
        let most = keys.iter().map(|other| shared(other)).max().unwrap_or_default();
        return if most == 0 { keys.len() } else { after(&|other| shared(other) == most) };
    }
    let sorted = |key: &str| (key != "id", key != "object", key.to_owned());
    let is_sorted = keys.iter().map(|other| sorted(other)).is_sorted();
    if is_sorted || IDENTITY.contains(&key) { after(&|other| sorted(other) < sorted(key)) } else { keys.len() }
}

fn shared_segments<'a>(one: &'a str, other: &'a str) -> usize {
    let segments = |text: &'a str| text.trim_start_matches('/').split(['/', '.']);
    segments(one).zip(segments(other)).take_while(|(one, other)| one == other).count()
}

/// Returns whether blank lines separate the entries of the object at a place.
pub(super) fn has_blank_lines(pointer: &Pointer) -> bool {
    matches!(pointer.as_str(), "/paths" | "/components" | "/components/schemas")
}

/// Returns whether a blank line stands above a key that is not the first one.
pub(super) fn is_separated(pointer: &Pointer, key: &str) -> bool {
    has_blank_lines(pointer) || pointer.as_str().is_empty() && ["paths", "components"].contains(&key)
}
