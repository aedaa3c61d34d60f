//! Expands ids to objects (v1).

use serde_json::Value;

use super::{Fields, Request, object, retrieve};
use crate::description::{Kind, Schema, Verb};
use crate::failure::Failure;
use crate::state::Core;
use crate::validation::{Problem, ProblemKind};

/// Returns the paths to expand, from the object.
fn paths<'r>(request: &'r Request<'_>) -> impl Iterator<Item = (usize, Option<&'r str>, &'r str)> {
    let expand = request.parameter("expand").and_then(Value::as_array).into_iter().flatten();
    expand.filter_map(Value::as_str).enumerate().map(|(index, path)| match request.operation.verb {
        Verb::List => (index, path.strip_prefix("data."), path),
        Verb::Create | Verb::Retrieve => (index, Some(path), path),
    })
}

/// Checks that the fields exist, and are ids or objects.
pub(super) fn check(request: &Request<'_>, schema: &Schema) -> Result<(), Failure> {
    for (index, path, given) in paths(request) {
        let field = path.and_then(|path| schema.at(path));
        let is_expandable =
            field.is_some_and(|field| field.expands_to.is_some() || matches!(field.kind, Kind::Object { .. }));
        if !is_expandable {
            let message = format!("This property cannot be expanded ({given}).");
            return Err(Problem::new(ProblemKind::Invalid, format!("expand[{index}]"), message).into());
        }
    }
    Ok(())
}

/// Replaces ids by the objects. Objects that are never ids stay as they are.
pub(super) fn expand(core: &Core, request: &Request<'_>, body: &mut Value, schema: &Schema) {
    for (_, path, _) in paths(request) {
        let Some(path) = path else { continue };
        let Some(expands_to) = schema.at(path).and_then(|field| field.expands_to.as_deref()) else { continue };
        let objects = match request.operation.verb {
            Verb::List => body.get_mut("data").and_then(Value::as_array_mut).into_iter().flatten().collect(),
            Verb::Create | Verb::Retrieve => vec![&mut *body],
        };
        for object in objects {
            replace(core, request, object, path, expands_to);
        }
    }
}

fn replace(core: &Core, request: &Request<'_>, body: &mut Value, path: &str, expands_to: &str) {
    let Some(field) = path.split('.').try_fold(body, |value, name| value.get_mut(name)) else { return };
    let Some(resource) = core.resource(expands_to) else { return };
    let found = field.as_str().and_then(|id| retrieve::find(core, resource, request.filter(), id));
    if let Some(record) = found {
        *field = object(core, &record, &Fields { operation: request.operation, included: Default::default() }, None);
    }
}
