//! Objects that exist without being created: reports and tables, with what the data knows of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::data::{ForeignKey, Schema, reports::Report};
use crate::description::Resource;
use crate::fact::Fact;
use crate::facts;
use crate::state::{Core, Owner, Record};
use crate::work;

/// Resources whose objects are reports, and those whose objects are tables, by the end of the `x-resourceId`.
const REPORTS: [&str; 2] = ["report", "report_type"];
const TABLES: [&str; 1] = ["schema"];

/// Returns all objects of a resource in the order of a list, or `None` if they are created.
pub(crate) fn all(core: &Core, resource: &Arc<Resource>, livemode: bool) -> Option<Vec<Arc<Record>>> {
    let record = |id: &str, values| record(core, resource, livemode, id, values);
    let records = match kind(resource)? {
        Kind::Reports => {
            let is_test = !livemode && has_test_ids(resource);
            let reports = work::reports_of(resource.generation).iter().filter(|report| report.test == is_test);
            reports.map(|report| record(report.id, report_values(core, report))).collect()
        }
        Kind::Tables => {
            let tables = core.database.schemas().iter();
            tables.map(|table| record(&table_id(resource, &table.name), table_values(core, resource, table))).collect()
        }
    };
    Some(records)
}

/// Returns an object by its id. A report is known in both modes by either id, if the resource has both.
pub(crate) fn get(core: &Core, resource: &Arc<Resource>, livemode: bool, id: &str) -> Option<Arc<Record>> {
    let values = match kind(resource)? {
        Kind::Reports => {
            let report = work::find(resource.generation, id)?;
            (!report.test || has_test_ids(resource)).then(|| report_values(core, report))?
        }
        Kind::Tables => {
            let table = core.database.schemas().iter().find(|table| table_id(resource, &table.name) == id)?;
            table_values(core, resource, table)
        }
    };
    Some(record(core, resource, livemode, id, values))
}

fn record(core: &Core, resource: &Arc<Resource>, livemode: bool, id: &str, values: Fact) -> Arc<Record> {
    Arc::new(Record {
        id: id.to_owned(),
        resource: resource.clone(),
        owner: Owner::Organization,
        livemode,
        created: core.clock.now(),
        cause: None,
        values,
        run: None,
        output: None,
    })
}

pub(crate) fn is_catalogue(resource: &Resource) -> bool {
    kind(resource).is_some()
}

#[derive(Clone, Copy)]
enum Kind {
    Reports,
    Tables,
}

fn kind(resource: &Resource) -> Option<Kind> {
    let name = resource.id.rsplit('.').next().unwrap_or_default();
    match () {
        () if resource.is_created => None,
        () if REPORTS.contains(&name) => Some(Kind::Reports),
        () if TABLES.contains(&name) => Some(Kind::Tables),
        () => None,
    }
}

fn known_ids(resource: &Resource) -> &[String] {
    resource.schema.property("id").map(|id| id.known_values.as_slice()).unwrap_or_default()
}

/// Whether a resource has other ids in test mode.
fn has_test_ids(resource: &Resource) -> bool {
    let is_test = |id: &String| work::find(resource.generation, id).is_some_and(|report| report.test);
    known_ids(resource).iter().any(is_test)
}

/// Returns the id of a table, which its name follows from.
fn table_id(resource: &Resource, name: &str) -> String {
    format!("{}{name}", resource.id_prefix(true))
}

fn report_values(core: &Core, report: &Report) -> Fact {
    let (start, end) = report.available(&core.database);
    let names = report.required.iter().map(|name| (*name, true));
    let names = names.chain(report.optional.iter().map(|name| (*name, false)));
    let parameters: BTreeMap<_, _> =
        names.map(|(name, required)| (name.to_owned(), parameter(report, name, required, (start, end)))).collect();
    let columns = if report.accepts_columns() { json!(report.default_columns()) } else { Value::Null };
    // v1 shows the title as the name; v2 has the name by which runs are created.
    let name = if report.id.starts_with("report_") { report.name.as_str() } else { report.title };
    Fact::map([
        ("name", name.into()),
        ("description", report.title.into()),
        ("default_columns", columns.into()),
        ("data_available_start", start.into()),
        ("data_available_end", end.into()),
        ("updated", end.into()),
        ("version", Fact::Integer(report.version.into())),
        ("parameters", Fact::Map(parameters)),
        ("default_sql", report.default_sql(&core.database).as_str().into()),
    ])
}

/// Returns the specification of a report's parameter.
fn parameter(report: &Report, name: &str, required: bool, (start, end): (Timestamp, Timestamp)) -> Fact {
    let mut values = Fact::map([("description", "".into()), ("required", required.into())]);
    match name {
        "interval_start" | "interval_end" => {
            values.set("type", "timestamp");
            values.set("timestamp_details", Fact::map([("min", start.into()), ("max", end.into())]));
        }
        "columns" => {
            values.set("type", "array");
            values.set("array_details.element_type", "enum");
            values.set("array_details.enum_details.allowed_values", Fact::from(json!(report.columns())));
        }
        "connected_accounts" => {
            values.set("type", "array");
            values.set("array_details.element_type", "enum");
        }
        _ => values.set("type", "string"),
    }
    values
}

fn table_values(core: &Core, resource: &Resource, table: &Schema) -> Fact {
    let allowed = resource.schema.at("columns").and_then(|columns| match &columns.kind {
        crate::description::Kind::Array(items) => items.property("type"),
        _ => None,
    });
    let keys = |keys: &[ForeignKey]| {
        let keys = keys.iter().map(|key| {
            let schema = table_id(resource, &key.schema);
            Fact::map([("schema", schema.as_str().into()), ("column", key.column.as_str().into())])
        });
        Fact::List(keys.collect())
    };
    let columns = table.columns.iter().map(|column| {
        let column_type = facts::column_type(column.column_type.as_str(), allowed.map(|schema| schema.values()));
        Fact::map([
            ("name", column.name.as_str().into()),
            ("type", column_type.into()),
            ("description", column.description.as_str().into()),
            ("is_primary_key", column.is_primary_key.into()),
            ("foreign_keys_from", keys(&column.foreign_keys_from)),
            ("foreign_keys_to", keys(&column.foreign_keys_to)),
        ])
    });
    let reports = table.relevant_reports.iter().filter_map(|name| {
        let report = work::reports_of(resource.generation).iter().find(|r| r.name == *name && !r.test)?;
        let (id, name, description) = (report.id.into(), (*name).into(), report.title.into());
        Some(Fact::map([("id", id), ("name", name), ("description", description)]))
    });
    let (_, end) = core.database.window();
    Fact::map([
        ("name", table.name.as_str().into()),
        ("description", table.description.as_str().into()),
        ("dataset", "analytical".into()),
        ("refreshed_at", end.into()),
        ("relevant_reports", Fact::List(reports.collect())),
        ("columns", Fact::List(columns.collect())),
    ])
}

/// Whether a report is known to the description, but not to the data.
pub(crate) fn is_known(resource: &Resource, id: &str) -> bool {
    known_ids(resource).iter().any(|known| known == id)
}
