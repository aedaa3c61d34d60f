//! The crate's `Cargo.toml`.

use super::{Context, File, source};
use crate::Workspace;
use crate::api::Feature;

pub(super) fn render(context: &Context<'_>) -> File {
    let options = context.options;
    let header = source::header("#", &context.descriptions());
    let (name, version) = (quoted(&options.crate_name), quoted(&options.version));
    let runtime = quoted(&options.runtime_path);
    let workspace = match options.workspace {
        Workspace::Member => "",
        Workspace::Own => "\n# The crate is inside of another workspace, but not a member of it.\n[workspace]\n",
    };
    // The unit test in the documentation runs on it.
    let tests = match super::testing::has_unit_test(context) {
        true => "\n[dev-dependencies]\ntokio = { version = \"1\", features = [\"rt\"] }\n",
        false => "",
    };
    let documentation = quoted(&format!("https://docs.rs/{}", options.crate_name));
    // The README is the project's, beside the runtime.
    let readme = options.runtime_path.strip_suffix("runtime").filter(|root| root.ends_with('/'));
    let readme = readme.map(|root| format!("readme = {}\n", quoted(&format!("{root}README.md")))).unwrap_or_default();
    let features = features(&context.api.features);
    let text = format!(
        r#"{header}
[package]
name = {name}
version = {version}
edition = "2024"
rust-version = "1.91"
description = "Rust bindings to Stripe's reporting APIs."
license = "MIT OR Apache-2.0"
documentation = {documentation}
{readme}keywords = ["api", "reporting", "sigma", "sql", "stripe"]
categories = ["api-bindings"]

# All features, with a note on the items that need one.
[package.metadata.docs.rs]
all-features = true
rustdoc-args = ["--cfg", "docsrs"]

# Its tests are examples in the documentation.
[lib]
test = false

[features]
{features}
[dependencies]
serde = {{ version = "1.0", features = ["derive"] }}
stripe-reporting-runtime = {{ version = {version}, path = {runtime} }}
{tests}
[lints.rust]
unsafe_code = "forbid"
missing_docs = "warn"
unreachable_pub = "warn"
{workspace}"#
    );
    File { path: "Cargo.toml".to_owned(), text }
}

/// What a feature adds, for the manifest and the first page of the documentation.
pub(super) fn about(feature: Feature) -> &'static str {
    match feature {
        Feature::Client => "`Client`, async, on tokio",
        Feature::Blocking => {
            "`blocking::Client`, the same API without async, on ureq; **do not enable `trace` logging: ureq logs the API key**"
        }
        Feature::Rustls => "TLS by rustls, for the enabled clients",
        Feature::NativeTls => "TLS by the platform's library, for the enabled clients; takes precedence over `rustls`",
        Feature::Csv => "rows of results, as any type that implements serde's `Deserialize`",
        Feature::Zip => "extraction of results from ZIP archives",
        Feature::Tracing => "tracing spans of requests",
        Feature::Webhooks => "verification of webhook signatures",
        Feature::Examples => "example values of models, and a transport with scripted responses, for tests",
    }
}

fn features(features: &[Feature]) -> String {
    let default: Vec<_> = Feature::DEFAULT.iter().map(|feature| quoted(feature.name())).collect();
    let mut lines = format!("# The features that most programs need.\ndefault = [{}]\n", default.join(", "));
    for feature in features {
        let (about, name) = (about(*feature), feature.name());
        let inner = quoted(&format!("stripe-reporting-runtime/{name}"));
        lines.push_str(&format!("# Adds {about}.\n{name} = [{inner}]\n"));
    }
    lines
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
