//! What operations do: one handler for each verb. A request that is valid comes in, an object or a list goes out.

mod create;
mod expand;
mod list;
mod matches;
mod page;
mod render;
mod retrieve;

use serde_json::Value;

use crate::description::{Operation, Verb};
use crate::failure::Failure;
use crate::request::Caller;
use crate::state::{Cause, Core, Filter};

pub(crate) use render::{Fields, expiry, object, remove, whole};

/// A request that was matched, authenticated and validated.
#[derive(Debug)]
pub(crate) struct Request<'r> {
    pub(crate) operation: &'r Operation,
    pub(crate) caller: &'r Caller,
    pub(crate) cause: Cause,
    /// The arguments in the path.
    pub(crate) arguments: Vec<(&'r str, String)>,
    /// The parameters in the query or the body.
    pub(crate) parameters: Value,
    /// The query without the token of a page.
    pub(crate) query: String,
    /// The token of a page of a v2 list.
    pub(crate) page: Option<String>,
}

/// What an operation returns.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) body: Value,
    /// The id of what was created.
    pub(crate) created: Option<String>,
}

/// Executes an operation.
pub(crate) async fn execute(core: &Core, request: &Request<'_>) -> Result<Done, Failure> {
    if let Some(failure) = inaccessible(core, request.operation) {
        return Err(failure);
    }
    let fetched = |body| Done { body, created: None };
    match request.operation.verb {
        Verb::Create => create::create(core, request).await,
        Verb::Retrieve => {
            let id = request.arguments.last().map(|(_, id)| id.as_str()).unwrap_or_default();
            retrieve::retrieve(core, request, id).await.map(fetched)
        }
        Verb::List => list::list(core, request).map(fetched),
    }
}

/// Returns what was created before, as it is now.
pub(crate) async fn again(core: &Core, request: &Request<'_>, id: &str) -> Result<Value, Failure> {
    retrieve::retrieve(core, request, id).await
}

impl Request<'_> {
    pub(crate) fn filter(&self) -> Filter<'_> {
        Filter { owner: &self.caller.owner, livemode: self.caller.key.livemode }
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&Value> {
        self.parameters.get(name)
    }

    fn integer(&self, name: &str) -> Option<usize> {
        self.parameter(name)?.as_u64().and_then(|number| usize::try_from(number).ok())
    }

    /// Returns the fields that are requested, of those that are returned on request only.
    fn fields(&self) -> Fields<'_> {
        let include = self.parameter("include").and_then(Value::as_array).into_iter().flatten();
        Fields { operation: self.operation, included: include.filter_map(Value::as_str).collect() }
    }
}

/// Returns the failure with status 403 that the description has for an operation, if its resource is inaccessible.
fn inaccessible(core: &Core, operation: &Operation) -> Option<Failure> {
    if !core.inaccessible.contains(&operation.resource) {
        return None;
    }
    let message = format!("The account does not have access to `{}`.", operation.resource);
    Some(
        described(core, operation, 403, &message)
            .unwrap_or_else(|| Failure::new(crate::failure::FailureKind::Forbidden, message.clone())),
    )
}

/// Returns a failure with the code that an operation lists for a status.
fn described(core: &Core, operation: &Operation, status: u16, message: &str) -> Option<Failure> {
    let code = operation.errors.iter().find(|code| {
        let schema = core.description.errors.get(operation.generation, code);
        schema.and_then(|schema| schema.status).is_some_and(|found| found == status)
    })?;
    Some(Failure::new(crate::failure::FailureKind::Described(code.clone()), message))
}
