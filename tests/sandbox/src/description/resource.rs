//! Resources: what the extensions of a schema say about runs, results, rows and events.

use std::collections::BTreeSet;

use serde_json::Value;

use super::operation::Generation;
use super::schema::Schema;

/// An API resource.
#[derive(Debug)]
pub(crate) struct Resource {
    /// The `x-resourceId`.
    pub(crate) id: String,
    pub(crate) generation: Generation,
    /// The version of the API that its file describes.
    pub(crate) version: String,
    pub(crate) schema: Schema,
    pub(crate) json_schema: Value,
    pub(crate) wait: Option<Wait>,
    pub(crate) download: Option<Download>,
    pub(crate) rows: Option<Rows>,
    pub(crate) events: Vec<EventType>,
    /// The kind of event that this is the envelope of.
    pub(crate) envelope: Option<EventKind>,
    /// The paths of fields that are returned on request only.
    pub(crate) includable: BTreeSet<String>,
    /// The path to retrieve the resource from, a template.
    pub(crate) path: Option<String>,
    /// Whether it has an operation that creates it.
    pub(crate) is_created: bool,
}

/// `x-wait`: the statuses of a run.
#[derive(Debug, Default)]
pub(crate) struct Wait {
    pub(crate) status: String,
    pub(crate) running: Vec<String>,
    pub(crate) succeeded: Vec<String>,
    pub(crate) failed: Vec<String>,
    pub(crate) canceled: Vec<String>,
    pub(crate) canceled_at: Option<String>,
    pub(crate) failure_code: Option<String>,
    pub(crate) failure_message: Option<String>,
}

/// `x-download`: where the result is.
#[derive(Debug, Default)]
pub(crate) struct Download {
    pub(crate) url: String,
    /// Whether the URL alone gives access.
    pub(crate) is_pre_signed: bool,
    pub(crate) size: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) expires_at: Option<String>,
    pub(crate) columns: Option<String>,
}

/// `x-rows`: where inline rows are.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub(crate) columns: String,
    pub(crate) rows: String,
    pub(crate) next_page: String,
    pub(crate) page: String,
    pub(crate) limit: Option<String>,
    pub(crate) include: Option<String>,
}

/// A kind of event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// An event of v1, with the object.
    Snapshot,
    /// An event of v2, with a reference to the object.
    Thin,
}

/// A type of event about a resource.
#[derive(Debug, Clone)]
pub(crate) struct EventType {
    pub(crate) kind: EventKind,
    pub(crate) name: String,
}

impl Resource {
    pub(super) fn new(id: String, value: &Value, json_schema: Value) -> Self {
        let generation = if id.starts_with("v2.") { Generation::V2 } else { Generation::V1 };
        let envelope = value.get("x-eventEnvelope").and_then(Value::as_str).and_then(EventKind::new);
        Self {
            id,
            generation,
            version: String::new(),
            schema: Schema::new(value),
            json_schema,
            wait: value.get("x-wait").map(Wait::new),
            download: value.get("x-download").map(Download::new),
            rows: value.get("x-rows").map(Rows::new),
            events: value.get("x-events").map(event_types).unwrap_or_default(),
            envelope,
            includable: BTreeSet::new(),
            path: None,
            is_created: false,
        }
    }

    /// Returns the prefix of ids in a mode, as the example has it: `reprun_test_` for `reprun_test_xxx` in test mode.
    pub(crate) fn id_prefix(&self, livemode: bool) -> String {
        let example = self.schema.example.as_ref().and_then(|example| example.get("id")).and_then(Value::as_str);
        match example.and_then(|id| id.split_once('_')) {
            Some((prefix, rest)) if rest.starts_with("test_") && !livemode => format!("{prefix}_test_"),
            Some((prefix, _)) => format!("{prefix}_"),
            None => format!("{}_", self.id.rsplit('.').next().unwrap_or_default()),
        }
    }
}

impl EventType {
    /// Reads a schema with `x-stripeEvent`. Returns the event, and the `x-resourceId` of its object.
    pub(super) fn of_schema(schema: &Value) -> Option<(String, Self)> {
        let declared = schema.get("x-stripeEvent")?;
        let kind = match declared.get("kind") {
            Some(kind) => EventKind::new(kind.as_str()?)?,
            None => EventKind::Snapshot,
        };
        let resource = match kind {
            EventKind::Snapshot => "/properties/object/x-resourceId",
            EventKind::Thin => "/properties/related_object/properties/type/enum/0",
        };
        Some((text(schema, resource)?, Self { kind, name: text(declared, "/type")? }))
    }

    /// Returns what happened, by the end of the name.
    pub(crate) fn suffix(&self) -> &str {
        self.name.rsplit('.').next().unwrap_or_default()
    }
}

impl EventKind {
    fn new(name: &str) -> Option<Self> {
        match name {
            "snapshot" => Some(Self::Snapshot),
            "thin" => Some(Self::Thin),
            _ => None,
        }
    }
}

impl Wait {
    fn new(value: &Value) -> Self {
        Self {
            status: text(value, "/status").unwrap_or_default(),
            running: texts(value, "/running"),
            succeeded: texts(value, "/succeeded"),
            failed: texts(value, "/failed"),
            canceled: texts(value, "/canceled"),
            canceled_at: text(value, "/canceledAt"),
            failure_code: text(value, "/failure/code"),
            failure_message: text(value, "/failure/message"),
        }
    }
}

impl Download {
    fn new(value: &Value) -> Self {
        Self {
            url: text(value, "/url").unwrap_or_default(),
            is_pre_signed: text(value, "/access").is_some_and(|access| access == "pre-signed"),
            size: text(value, "/size"),
            content_type: text(value, "/contentType"),
            expires_at: text(value, "/expiresAt"),
            columns: text(value, "/columns"),
        }
    }
}

impl Rows {
    fn new(value: &Value) -> Self {
        Self {
            columns: text(value, "/columns").unwrap_or_default(),
            rows: text(value, "/rows").unwrap_or_default(),
            next_page: text(value, "/nextPage").unwrap_or_default(),
            page: text(value, "/page").unwrap_or_default(),
            limit: text(value, "/limit"),
            include: text(value, "/include"),
        }
    }
}

fn text(value: &Value, pointer: &str) -> Option<String> {
    value.pointer(pointer)?.as_str().map(str::to_owned)
}

fn texts(value: &Value, pointer: &str) -> Vec<String> {
    let values = value.pointer(pointer).and_then(Value::as_array).into_iter().flatten();
    values.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn event_types(value: &Value) -> Vec<EventType> {
    let kinds =
        value.as_object().into_iter().flatten().filter_map(|(kind, types)| Some((EventKind::new(kind)?, types)));
    let types = kinds.flat_map(|(kind, types)| {
        let names = types.as_array().into_iter().flatten().filter_map(|entry| entry.get("type")?.as_str());
        names.map(move |name| EventType { kind, name: name.to_owned() })
    });
    types.collect()
}
