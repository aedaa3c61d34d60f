//! A run: its object, its result as a table and as CSV.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};

use super::html::Html;
use super::layout::{Page, missing};
use super::{overview, path, secrets, sql_error};
use crate::data::{Cell, Table};
use crate::state::{Core, Limits, Record, Run, Status};
use crate::verbs;
use crate::work::{Computed, Work};

/// The number of rows of a result that are shown.
const ROWS: usize = 100;
/// The length of a cell that is shown, in characters.
const CELL: usize = 200;

pub(super) async fn show(State(core): State<Arc<Core>>, Path((resource, id)): Path<(String, String)>) -> Response {
    core.settle();
    let Some(record) = core.store.get(&resource, &id) else {
        return missing("The run");
    };
    let Some(run) = &record.run else {
        return missing("The run");
    };
    let mut html = Html::default();
    let (class, status) = status(&record);
    html.raw("<p><span class=\"badge ").raw(class).raw("\">").text(status).raw("</span>, created ");
    html.text(overview::time(record.created)).raw("</p>\n");
    let progress = run.progress();
    let sql = match &*run.output.work {
        Work::Query(sql) => Some(sql.clone()),
        work => work.report_sql(&core.database),
    };
    if let Some((code, message)) = &progress.failure {
        sql_error::show(&mut html, code, message, sql.as_deref());
    }
    if progress.status == Status::Succeeded {
        html.heading("Result");
        match result(&core, run).await {
            Ok(computed) => table(&mut html, &computed.table, &path::csv(&resource, &id)),
            Err(message) => {
                html.block(message);
            }
        }
    }
    if let Some(sql) = &sql {
        html.heading("SQL").block(secrets::hidden(sql));
    }
    html.heading("Object").block(secrets::hidden(&format!("{:#}", verbs::whole(&core, &record))));
    let is_changing = progress.status == Status::Running;
    Page { is_changing, ..Page::new(record.id.as_str(), html) }.response(StatusCode::OK)
}

/// Returns the result as CSV.
pub(super) async fn csv(State(core): State<Arc<Core>>, Path((resource, id)): Path<(String, String)>) -> Response {
    let record = core.store.get(&resource, &id);
    let run = record.as_ref().and_then(|record| record.run.as_ref());
    let Some(run) = run.filter(|run| run.progress().status == Status::Succeeded) else {
        return missing("The result");
    };
    match result(&core, run).await {
        Ok(computed) => {
            let headers = [
                (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
                (header::CONTENT_DISPOSITION, "attachment; filename=\"result.csv\""),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            ];
            (headers, computed.table.to_csv()).into_response()
        }
        Err(message) => (StatusCode::INTERNAL_SERVER_ERROR, message).into_response(),
    }
}

async fn result(core: &Core, run: &Run) -> Result<Arc<Computed>, String> {
    core.results.get(&run.output, &Limits::off()).await.map_err(|error| error.message().to_owned())
}

/// Returns the class and the name of a run's status.
pub(super) fn status(record: &Record) -> (&'static str, &str) {
    let (Some(run), Some(wait)) = (&record.run, &record.resource.wait) else {
        return ("", "");
    };
    let status = run.progress().status;
    let class = match status {
        Status::Running => "busy",
        Status::Succeeded => "good",
        Status::Failed | Status::Canceled | Status::FailedAs(_) => "bad",
    };
    (class, status.name(wait))
}

fn table(html: &mut Html, table: &Table, csv: &str) {
    let shown = table.rows.len().min(ROWS);
    html.raw("<p>");
    if shown < table.rows.len() {
        html.raw("The first ").text(shown).raw(" of ");
    }
    html.text(table.rows.len()).raw(if table.rows.len() == 1 { " row" } else { " rows" }).raw(". ");
    html.link(csv, "Download the CSV").raw("</p>\n<div class=\"scroll\"><table><thead><tr>");
    for column in &table.columns {
        html.raw("<th>")
            .text(&column.name)
            .raw("<br><span class=\"weak\">")
            .text(column.column_type)
            .raw("</span></th>");
    }
    html.raw("</tr></thead><tbody>\n");
    for row in table.rows.iter().take(shown) {
        html.raw("<tr>");
        for value in row {
            cell(html, value);
        }
        html.raw("</tr>\n");
    }
    html.end_table();
}

fn cell(html: &mut Html, value: &Cell) {
    match value {
        Cell::Null => html.raw("<td class=\"null\">null</td>"),
        Cell::Bigint(_) | Cell::Double(_) => html.raw("<td class=\"number\">").text(value).raw("</td>"),
        Cell::Boolean(_) => html.cell(value),
        Cell::Text(text) => match text.char_indices().nth(CELL) {
            Some((end, _)) => html.cell(format_args!("{}…", text.get(..end).unwrap_or_default())),
            None => html.cell(text),
        },
    };
}
