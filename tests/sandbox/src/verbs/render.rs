//! Builds the object of a response: what is known of it, by the paths that the description names, in the form of the schema.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::page::RowPage;
use crate::data::Column;
use crate::description::{Download, Kind, Operation, Resource, Schema, Verb};
use crate::fact::Fact;
use crate::facts;
use crate::files;
use crate::state::{Core, Record, Run, Status};

/// The fields that are returned on request only, and those that are requested.
#[derive(Debug)]
pub(crate) struct Fields<'r> {
    pub(crate) operation: &'r Operation,
    pub(crate) included: BTreeSet<&'r str>,
}

impl Fields<'_> {
    /// Returns the fields to leave out: those that the operation includes on request, or any other one of the resource.
    fn omitted(&self, resource: &Resource) -> Vec<String> {
        let listed = match self.operation.parameters.property("include").map(|include| &include.kind) {
            Some(Kind::Array(items)) => items.values().to_vec(),
            _ if self.operation.verb == Verb::Create => resource.includable.iter().cloned().collect(),
            _ => Vec::new(),
        };
        listed.into_iter().filter(|field| !self.included.contains(field.as_str())).collect()
    }
}

/// Returns an object as a response has it.
pub(crate) fn object(core: &Core, record: &Record, fields: &Fields<'_>, rows: Option<&RowPage>) -> Value {
    let facts = known(core, record, rows);
    let mut object = facts.conform(&record.resource.schema, None);
    for field in fields.omitted(&record.resource) {
        remove(&mut object, &field);
    }
    object
}

/// Returns an object with all of its fields.
pub(crate) fn whole(core: &Core, record: &Record) -> Value {
    known(core, record, None).conform(&record.resource.schema, None)
}

/// Removes the member at a path with dots.
pub(crate) fn remove(object: &mut Value, path: &str) {
    match path.split_once('.') {
        Some((name, rest)) => {
            if let Some(inner) = object.get_mut(name) {
                remove(inner, rest);
            }
        }
        None => {
            object.as_object_mut().map(|members| members.remove(path));
        }
    }
}

/// Returns everything that is known of an object.
pub(crate) fn known(core: &Core, record: &Record, rows: Option<&RowPage>) -> Fact {
    let mut facts = record.values.clone();
    facts.set("id", record.id.as_str());
    facts.set("livemode", record.livemode);
    facts.set("created", record.created);
    if let (Some(run), Some(wait)) = (&record.run, &record.resource.wait) {
        let progress = run.progress();
        facts.set(&wait.status, progress.status.name(wait));
        let sql = record.resource.schema.property("sql").and_then(|_| run.output.work.report_sql(&core.database));
        if let Some(sql) = sql {
            facts.set("sql", sql.as_str());
        }
        let refreshed = record.created.checked_sub(facts::DATA_AGE).unwrap_or(record.created);
        for name in ["refreshed_at", "data_load_time"] {
            facts.set(name, refreshed);
        }
        let retention = facts::retention(record.resource.generation, false);
        if let Ok(until) = record.created.checked_add(retention) {
            facts.set("result_available_until", until);
        }
        if let Some((code, message)) = &progress.failure {
            let paths = [(&wait.failure_code, code), (&wait.failure_message, message)];
            for (path, text) in paths.into_iter().filter_map(|(path, text)| Some((path.as_ref()?, text))) {
                facts.set(path, text.as_str());
            }
        }
        if let (Status::Canceled, Some(path), Some(ended)) = (progress.status, &wait.canceled_at, progress.ended) {
            facts.set(path, ended);
        }
        if let (Status::Succeeded, Some(ended)) = (progress.status, progress.ended) {
            facts.set("succeeded_at", ended);
            result(core, record, run, progress.file.as_deref(), &mut facts);
            if let Some(rows) = rows {
                rows.set(&record.resource, &mut facts);
            }
        }
    } else if let (Some(_), Some(download)) = (&record.output, &record.resource.download) {
        facts.set(&download.url, files::url(core, record).as_str());
        facts.set("links.url", format!("/v1/file_links?file={}", record.id).as_str());
        facts.set("links.object", "list");
    }
    facts
}

/// Adds the result of a run that has succeeded.
fn result(core: &Core, record: &Record, run: &Run, file: Option<&str>, facts: &mut Fact) {
    let Some(download) = &record.resource.download else { return };
    let (root, _) = download.url.split_once('.').unwrap_or((&download.url, ""));
    if let Some(file) = file {
        let schema = record.resource.schema.property(root).and_then(|schema| schema.resource.as_deref());
        if let Some(file) = schema.and_then(|resource| core.store.get(resource, file)) {
            facts.set(root, known(core, &file, None));
        }
        return;
    }
    facts.set(&format!("{root}.row_count"), Fact::Integer(i64::try_from(run.summary.rows).unwrap_or(i64::MAX)));
    let columns = i64::try_from(run.summary.columns.len()).unwrap_or(i64::MAX);
    facts.set(&format!("{root}.col_count"), Fact::Integer(columns));
    let url = if download.is_pre_signed { files::pre_signed_url(core, record) } else { files::url(core, record) };
    facts.set(&download.url, url.as_str());
    set(facts, download.size.as_ref(), Fact::Integer(i64::try_from(run.summary.size).unwrap_or(i64::MAX)));
    set(facts, download.content_type.as_ref(), files::extension(&run.output).into());
    set(facts, download.expires_at.as_ref(), expiry(core).into());
    for path in column_paths(download) {
        let allowed = record.resource.schema.at(&path);
        facts.set(&path, self::columns(&run.summary.columns, allowed));
    }
}

fn set(facts: &mut Fact, path: Option<&String>, fact: Fact) {
    if let Some(path) = path {
        facts.set(path, fact);
    }
}

/// Returns when a pre-signed URL that is made now expires.
pub(crate) fn expiry(core: &Core) -> Timestamp {
    let now = core.now();
    now.checked_add(facts::DOWNLOAD_URL).unwrap_or(now)
}

/// The columns are where `x-download` says; older resources have them as `schema`, beside the size.
fn column_paths(download: &Download) -> Vec<String> {
    let beside = download.size.as_ref().and_then(|size| size.rsplit_once('.'));
    let schema = beside.map(|(parent, _)| format!("{parent}.schema"));
    download.columns.clone().into_iter().chain(schema).collect()
}

/// Returns columns with the types that a schema has values for.
pub(super) fn columns(columns: &Arc<Vec<Column>>, schema: Option<&Schema>) -> Fact {
    let allowed = schema.and_then(|schema| match &schema.kind {
        Kind::Array(items) => items.property("type"),
        _ => None,
    });
    let columns = columns.iter().map(|column| {
        let column_type = facts::column_type(column.column_type.as_str(), allowed.map(Schema::values));
        Fact::map([("name", column.name.as_str().into()), ("type", column_type.into())])
    });
    Fact::List(columns.collect())
}
