//! Embeds the files of the description in the sandbox.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    // `cargo package` builds the package in a folder further down in the project.
    let mut above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(1).map(|folder| folder.join("spec"));
    let spec = above.find(|spec| spec.is_dir()).ok_or_else(|| io::Error::other("`spec` was not found"))?;
    println!("cargo::rerun-if-changed={}", spec.display());
    let mut paths = Vec::<PathBuf>::new();
    for entry in fs::read_dir(&spec)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            paths.push(path);
        }
    }
    paths.sort();
    let mut text = String::from("&[\n");
    for path in &paths {
        println!("cargo::rerun-if-changed={}", path.display());
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        text.push_str(&format!("    ({name:?}, include_str!({:?})),\n", path.display().to_string()));
    }
    text.push_str("]\n");
    let out = env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("`OUT_DIR` is not set"))?;
    fs::write(Path::new(&out).join("spec.rs"), text)
}
