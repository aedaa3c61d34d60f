//! An event with its deliveries.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;

use super::html::Html;
use super::layout::{Page, missing};
use super::{overview, request, secrets};
use crate::events::DeliveryState;
use crate::state::Core;

pub(super) async fn show(State(core): State<Arc<Core>>, Path(id): Path<String>) -> Response {
    let Some(event) = core.events.get(&id) else {
        return missing("The event");
    };
    let mut html = Html::default();
    html.raw("<p><code>").text(&event.event_type).raw("</code>, ").text(overview::time(event.created)).raw("</p>\n");
    if let Some(problem) = &event.problem {
        html.raw("<p>The event does not conform to the description, and was not sent:</p>\n").block(problem);
    }
    html.heading("Deliveries");
    if event.deliveries.is_empty() {
        html.raw("<p>The event was sent to no webhook.</p>\n");
    } else {
        html.start_table(&["Webhook", "State", "Attempts"]);
    }
    for delivery in &event.deliveries {
        html.raw("<tr><td class=\"long mono\">").text(secrets::hidden(&delivery.url)).raw("</td>");
        let class = match delivery.state {
            DeliveryState::Pending => "busy",
            DeliveryState::Succeeded => "good",
            DeliveryState::Failed => "bad",
        };
        html.badge(class, delivery.state.as_str()).raw("<td class=\"long\">");
        for attempt in &delivery.attempts {
            html.text(overview::time(attempt.at)).raw(": ");
            if let Some(status) = attempt.status {
                html.text(status.as_u16());
            }
            html.text(attempt.error.as_deref().unwrap_or_default()).raw("<br>");
        }
        html.raw("</td></tr>\n");
    }
    if !event.deliveries.is_empty() {
        html.end_table();
    }
    html.heading("Body");
    request::body(&mut html, &event.body);
    let is_changing = event.is_pending();
    Page { is_changing, ..Page::new(event.id, html) }.response(StatusCode::OK)
}
