//! The tables that queries read, with their columns.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;

use super::html::Html;
use super::layout::Page;
use crate::data::{ForeignKey, Schema};
use crate::state::Core;

pub(super) async fn show(State(core): State<Arc<Core>>) -> Response {
    let mut html = Html::default();
    for schema in core.database.schemas() {
        table(&mut html, schema);
    }
    Page::new("Tables", html).response(StatusCode::OK)
}

fn table(html: &mut Html, schema: &Schema) {
    html.raw("<details><summary><code>").text(&schema.name).raw("</code> ");
    html.raw("<span class=\"weak\">").text(&schema.description).raw("</span></summary>\n");
    html.start_table(&["Column", "Type", "Refers to", "Description"]);
    for column in &schema.columns {
        html.raw("<tr><td class=\"mono\">").text(&column.name).raw("</td>").cell(column.column_type);
        let names = |keys: &[ForeignKey]| {
            keys.iter().map(|key| format!("{}.{}", key.schema, key.column)).collect::<Vec<_>>().join(", ")
        };
        html.raw("<td class=\"mono\">").text(names(&column.foreign_keys_to)).raw("</td><td class=\"long\">");
        html.text(&column.description).raw("</td></tr>\n");
    }
    html.end_table().raw("</details>\n");
}
