//! The first page: what to export, runs, requests and events, newest first.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use jiff::Timestamp;

use super::html::Html;
use super::layout::Page;
use super::{path, run, secrets};
use crate::events::{DeliveryState, Event};
use crate::log::Exchange;
use crate::state::{Core, Record, Status};

/// The number of rows of each table.
const ROWS: usize = 25;

pub(super) async fn show(State(core): State<Arc<Core>>) -> Response {
    core.settle();
    let mut html = Html::default();
    html.heading("Variables to export");
    html.block(crate::sandbox::variables(&core).map(|(name, value)| format!("export {name}={value}")).join("\n"));
    let is_running = runs(&mut html, &core);
    requests(&mut html, &core.log.latest(ROWS));
    let mut latest = core.events.all();
    latest.reverse();
    latest.truncate(ROWS);
    events(&mut html, &latest);
    Page { is_changing: is_running, ..Page::new("Overview", html) }.response(StatusCode::OK)
}

/// Adds the runs. Returns whether one is in progress.
fn runs(html: &mut Html, core: &Core) -> bool {
    let with_runs = core.description.resources.values().filter(|resource| resource.wait.is_some());
    let mut latest: Vec<Arc<Record>> = Vec::new();
    let mut is_running = false;
    for resource in with_runs {
        let running = |record: &Record| record.run.as_ref().is_some_and(|run| run.progress().status == Status::Running);
        is_running |= !core.store.older(&resource.id, None, 1, running).is_empty();
        latest.extend(core.store.older(&resource.id, None, ROWS, |_| true).into_iter().map(|(_, record)| record));
    }
    latest.sort_by_key(|record| std::cmp::Reverse(record.created));
    latest.truncate(ROWS);
    html.heading("Runs");
    if latest.is_empty() {
        html.raw("<p>No run exists. ").link(path::QUERY, "Run SQL").raw(", or send a request to the API.</p>\n");
        return false;
    }
    // What is read first is visible on narrow screens.
    html.start_table(&["Status", "Run", "Rows", "Resource", "Mode", "Created"]);
    for record in &latest {
        let (class, status) = run::status(record);
        html.raw("<tr>").badge(class, status).raw("<td class=\"mono\">");
        html.link(&path::run(&record.resource.id, &record.id), &record.id).raw("</td><td class=\"number\">");
        if let Some(run) = record.run.as_ref().filter(|run| run.progress().status == Status::Succeeded) {
            html.text(run.summary.rows);
        }
        html.raw("</td>").cell(&record.resource.id).cell(if record.livemode { "live" } else { "test" });
        html.cell(time(record.created)).raw("</tr>\n");
    }
    html.end_table();
    is_running
}

fn requests(html: &mut Html, exchanges: &[Exchange]) {
    html.heading("Requests");
    if exchanges.is_empty() {
        html.raw("<p>No request has been received.</p>\n");
        return;
    }
    html.start_table(&["Status", "Request", "Received", "Id"]);
    for exchange in exchanges {
        html.raw("<tr>").badge(class(exchange.status), exchange.status.as_u16()).raw("<td class=\"long mono\">");
        let text = format!("{} {}", exchange.method, exchange.path);
        html.link(&path::request(&exchange.id), secrets::hidden(&text)).raw("</td>");
        html.cell(time(exchange.received)).raw("<td class=\"mono\">").text(&exchange.id).raw("</td></tr>\n");
    }
    html.end_table();
}

fn events(html: &mut Html, events: &[Event]) {
    html.heading("Events");
    if events.is_empty() {
        html.raw("<p>No event has happened.</p>\n");
        return;
    }
    html.start_table(&["Delivered", "Event", "Created", "Object", "Id"]);
    for event in events {
        let (class, deliveries) = deliveries(event);
        html.raw("<tr>").badge(class, deliveries).raw("<td class=\"long mono\">");
        html.link(&path::event(&event.id), &event.event_type).raw("</td>").cell(time(event.created));
        html.raw("<td class=\"mono\">").text(&event.object).raw("</td><td class=\"mono\">").text(&event.id);
        html.raw("</td></tr>\n");
    }
    html.end_table();
}

fn deliveries(event: &Event) -> (&'static str, String) {
    let count = |state| event.deliveries.iter().filter(|delivery| delivery.state == state).count();
    let (succeeded, all) = (count(DeliveryState::Succeeded), event.deliveries.len());
    match () {
        () if event.problem.is_some() => ("bad", "not sent".to_owned()),
        () if all == 0 => ("weak", "not sent".to_owned()),
        () if count(DeliveryState::Failed) > 0 => ("bad", format!("{succeeded} of {all}")),
        () if succeeded < all => ("busy", format!("{succeeded} of {all}")),
        () => ("good", format!("{succeeded} of {all}")),
    }
}

/// Returns the class of a response's status.
pub(super) fn class(status: StatusCode) -> &'static str {
    if status.is_success() { "good" } else { "bad" }
}

/// Returns a time as the page shows it.
pub(super) fn time(time: Timestamp) -> impl std::fmt::Display {
    time.strftime("%Y-%m-%d %H:%M:%S UTC")
}
