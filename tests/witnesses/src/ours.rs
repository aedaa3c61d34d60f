//! The witness of this project: a client of the crate, which runs steps by its typed methods.

mod calls;
mod params;
mod webhooks;

use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use stripe_reporting::{
    Call, Client, Config, Download, Error, ErrorKind, ListRequest, Request, RequestOptions, blocking,
};
use tokio::runtime::Runtime;

use crate::script::{self, Options};

/// The largest file that is compared.
const FILE: usize = 16 << 20;

/// The client to test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Async,
    Blocking,
}

/// Where requests are sent.
pub(crate) struct Server<'r> {
    pub(crate) runtime: &'r Runtime,
    pub(crate) url: String,
    pub(crate) key: String,
}

/// A client of either kind.
enum AnyClient<'r> {
    Async(&'r Runtime, Client),
    Blocking(blocking::Client),
}

/// A client with the options of a step.
struct Ours<'r> {
    client: AnyClient<'r>,
    options: RequestOptions,
}

/// Why a step has no value.
enum Failure {
    /// What is compared.
    Error(Error),
    /// The step cannot be run.
    Script(String),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

/// Runs a step, and returns its outcome: `{"value": …, "unknown": […]}` or `{"error": …}`.
pub(crate) fn run(server: &Server<'_>, kind: Kind, step: &Value) -> Value {
    match attempt(server, kind, step) {
        Ok(seen) => json!({"value": seen.value, "unknown": seen.unknown}),
        Err(Failure::Error(error)) => json!({"error": neutral(&error)}),
        Err(Failure::Script(message)) => json!({"error": {"class": script::CLASS, "message": message}}),
    }
}

fn attempt(server: &Server<'_>, kind: Kind, step: &Value) -> Result<Seen, Failure> {
    let options = step.get("options").cloned().unwrap_or_else(|| json!({}));
    let options: Options = serde_json::from_value(options).map_err(|error| Failure::Script(error.to_string()))?;
    let ours = Ours::new(server, kind, &options)?;
    let call = step.get("call").and_then(Value::as_str).unwrap_or_default();
    match call.split_once('.') {
        Some(("events" | "webhooks", _)) => webhooks::run(&ours, call, step),
        _ => calls::run(&ours, call, step),
    }
}

/// What a client returned.
struct Seen {
    value: Value,
    /// The values of enums that the crate does not know.
    unknown: Vec<String>,
}

impl Seen {
    fn new<T: Serialize + std::fmt::Debug>(model: &T) -> Result<Self, Failure> {
        let value = serde_json::to_value(model).map_err(|error| Failure::Script(error.to_string()))?;
        let text = format!("{model:?}");
        let unknown = text.split("Unrecognized(").skip(1);
        let unknown = unknown.filter_map(|rest| Some(rest.split_once(')')?.0.to_owned())).collect();
        Ok(Self { value, unknown })
    }

    fn plain(value: impl Into<Value>) -> Self {
        Self { value: value.into(), unknown: Vec::new() }
    }
}

impl<'r> Ours<'r> {
    fn new(server: &Server<'r>, kind: Kind, options: &Options) -> Result<Self, Failure> {
        let request = RequestOptions::new()
            .max_retries(options.max_retries.unwrap_or_default())
            .retry_rate_limits_for(Duration::ZERO)
            .when(options.idempotency_key.clone(), RequestOptions::idempotency_key)
            .when(options.account.clone(), RequestOptions::account)
            .when(options.context.clone(), RequestOptions::context);
        let key = options.api_key.as_deref().unwrap_or(&server.key);
        let config = Config::builder(key).base_url(&server.url).build()?;
        let client = match kind {
            Kind::Async => AnyClient::Async(server.runtime, Client::with_config(config)?),
            Kind::Blocking => AnyClient::Blocking(blocking::Client::with_config(config)?),
        };
        Ok(Self { client, options: request })
    }

    /// Adds the options of the step to those of the request.
    fn with_options<R: Request>(&self, request: R) -> Call<R> {
        let options = request.options().cloned().unwrap_or_default();
        request.with(options.or(&self.options))
    }

    fn send<R: Request>(&self, request: R) -> Result<R::Response, Failure>
    where
        R::Response: Send,
    {
        let request = self.with_options(request);
        Ok(match &self.client {
            AnyClient::Async(runtime, client) => runtime.block_on(client.send(request)),
            AnyClient::Blocking(client) => client.send(request),
        }?)
    }

    fn seen<R: Request>(&self, request: R) -> Result<Seen, Failure>
    where
        R::Response: Serialize + std::fmt::Debug + Send,
    {
        Seen::new(&self.send(request)?)
    }

    /// Reads a list to its end.
    fn list<R: ListRequest>(&self, request: R, is_backwards: bool) -> Result<Seen, Failure>
    where
        R::Item: Serialize + std::fmt::Debug,
    {
        let request = self.with_options(request);
        let items: Vec<R::Item> = match &self.client {
            AnyClient::Async(runtime, client) => {
                let items = client.list(request);
                runtime.block_on(if is_backwards { items.backwards() } else { items }.try_collect())
            }
            AnyClient::Blocking(client) => {
                let items = client.list(request);
                if is_backwards { items.backwards() } else { items }.collect()
            }
        }?;
        Seen::new(&items)
    }

    /// Downloads a result as text.
    fn contents<T: Download + DeserializeOwned>(&self, run: Value) -> Result<Seen, Failure> {
        let run: T = serde_json::from_value(run).map_err(|error| Failure::Script(error.to_string()))?;
        let bytes = match &self.client {
            AnyClient::Async(runtime, client) => runtime.block_on(client.download(&run)?.bytes(FILE)),
            AnyClient::Blocking(client) => client.download(&run)?.bytes(FILE),
        }?;
        Ok(Seen::plain(String::from_utf8_lossy(&bytes).into_owned()))
    }
}

/// Returns an error by the neutral names of the libraries' classes.
fn neutral(error: &Error) -> Value {
    let status = error.status().map(|status| status.as_u16());
    let error_type = error.api().and_then(|api| api.error_type());
    let is_reused = error_type == Some("idempotency_error");
    let class = match (error.kind(), status) {
        (ErrorKind::Connection, _) => "connection".to_owned(),
        (ErrorKind::Signature, _) => "signature".to_owned(),
        (ErrorKind::Api, _) if is_reused => "idempotency".to_owned(),
        (ErrorKind::Api, Some(401)) => "authentication".to_owned(),
        (ErrorKind::Api, Some(403)) => "permission".to_owned(),
        (ErrorKind::Api, Some(429)) => "rate_limit".to_owned(),
        (ErrorKind::Api, Some(400 | 404)) => "invalid_request".to_owned(),
        (ErrorKind::Api, _) => "api".to_owned(),
        (kind, _) => format!("{kind:?}"),
    };
    if status.is_none() {
        let message =
            (!matches!(error.kind(), ErrorKind::Connection | ErrorKind::Signature)).then(|| error.to_string());
        return json!({"class": class, "status": null, "code": null, "param": null, "message": message});
    }
    let message = error.api().and_then(|api| api.message());
    // That of the response. Where it has none, the crate's own message says so.
    let message = message.or_else(|| (error.kind() != ErrorKind::Api).then(|| error.message()));
    json!({"class": class, "status": status, "code": error.code(), "param": error.param(), "message": message})
}
