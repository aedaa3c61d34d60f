//! The crate's `Cargo.toml`.

use std::collections::BTreeSet;

use super::{Context, File, source};
use crate::Workspace;

pub(super) fn render(context: &Context<'_>) -> File {
    let options = context.options;
    let descriptions: BTreeSet<String> =
        context.api.descriptions.iter().map(|description| source::base_name(&description.file).to_owned()).collect();
    let header = source::header("#", &descriptions);
    let (name, version) = (quoted(&options.crate_name), quoted(&options.version));
    let runtime = quoted(&options.runtime_path);
    let workspace = match options.workspace {
        Workspace::Member => "",
        Workspace::Own => "\n# The crate lies inside of another workspace without being a member of it.\n[workspace]\n",
    };
    let text = format!(
        r#"{header}
[package]
name = {name}
version = {version}
edition = "2024"
rust-version = "1.91"
description = "Rust bindings to Stripe's reporting APIs."
license = "MIT OR Apache-2.0"
publish = false

[features]
default = ["client", "rustls"]
# The async client, on tokio.
client = ["stripe-reporting-runtime/client"]
# The blocking client.
blocking = ["stripe-reporting-runtime/blocking"]
# TLS in Rust, for the clients that are on.
rustls = ["stripe-reporting-runtime/rustls"]
# TLS by the platform, for the clients that are on; where both are there, it is this one.
native-tls = ["stripe-reporting-runtime/native-tls"]
# The rows of results, as any type that serde can read.
csv = ["stripe-reporting-runtime/csv"]
# Results out of their zip archives.
zip = ["stripe-reporting-runtime/zip"]
# Spans of what the clients send.
tracing = ["stripe-reporting-runtime/tracing"]
# The signatures of webhooks.
webhooks = ["stripe-reporting-runtime/webhooks"]

[dependencies]
serde = {{ version = "1.0", features = ["derive"] }}
stripe-reporting-runtime = {{ version = {version}, path = {runtime} }}

[lints.rust]
unsafe_code = "forbid"
missing_docs = "warn"
unreachable_pub = "warn"
{workspace}"#
    );
    File { path: "Cargo.toml".to_owned(), text }
}

/// A TOML string.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
