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
    let features = features();
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
{features}
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

/// A feature of the crate. One that needs no other is the runtime's feature of the same name.
pub(super) struct Feature {
    pub(super) name: &'static str,
    pub(super) needs: &'static [&'static str],
    about: &'static str,
}

const fn feature(name: &'static str, about: &'static str) -> Feature {
    Feature { name, needs: &[], about }
}

pub(super) const FEATURES: [Feature; 9] = [
    Feature { name: "default", needs: &["client", "rustls"], about: "What most programs need." },
    feature("client", "The async client, on tokio."),
    feature("blocking", "The blocking client."),
    feature("rustls", "TLS in Rust, for the clients that are on."),
    feature("native-tls", "TLS by the platform, for the clients that are on; where both are there, it is this one."),
    feature("csv", "The rows of results, as any type that serde can read."),
    feature("zip", "Results out of their zip archives."),
    feature("tracing", "Spans of what the clients send."),
    feature("webhooks", "The signatures of webhooks."),
];

fn features() -> String {
    let line = |feature: &Feature| {
        let needs = match feature.needs {
            [] => quoted(&format!("stripe-reporting-runtime/{}", feature.name)),
            needs => needs.iter().map(|need| quoted(need)).collect::<Vec<_>>().join(", "),
        };
        format!("# {}\n{} = [{needs}]\n", feature.about, feature.name)
    };
    FEATURES.iter().map(line).collect()
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
