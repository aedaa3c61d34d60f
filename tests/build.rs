//! Writes a function that decodes and encodes any model of the generated crate by its name, from the same description that
//! the crate is generated from: no model can be forgotten.

use std::path::Path;
use std::{env, fs};

use stripe_reporting_codegen::api::{Enum, TypeKind};
use stripe_reporting_codegen::{Source, read, render_human};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let spec = Path::new("../spec");
    println!("cargo::rerun-if-changed={}", spec.display());
    let sources = read_descriptions(spec)?;
    for source in &sources {
        println!("cargo::rerun-if-changed=../{}", source.name);
    }
    let api = read(&sources).map_err(|diagnostics| render_human(&diagnostics, &sources))?;
    let mut arms = String::new();
    for (path, def) in &api.types {
        if matches!(def.kind, TypeKind::Enum(Enum { keeps_unrecognized: false, .. })) {
            continue;
        }
        arms.push_str(&format!("        \"{path}\" => via::<stripe_reporting::{path}>(json),\n"));
    }
    let code = format!(
        "/// Decodes and encodes a value as the model with this path.\n\
         pub fn round_trip(path: &str, json: &Value) -> Result<Value, String> {{\n    match path {{\n{arms}        \
         _ => Err(format!(\"there is no model {{path}}\")),\n    }}\n}}\n"
    );
    fs::write(Path::new(&env::var("OUT_DIR")?).join("round_trip.rs"), code)?;
    Ok(())
}

include!("src/read_descriptions.rs");
