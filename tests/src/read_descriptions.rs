// Shared by the build script and the tests, which can't depend on one another.

/// Reads all descriptions in a folder, sorted by name, so that a new file needs no change here.
fn read_descriptions(folder: &Path) -> std::io::Result<Vec<Source>> {
    let mut sources = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "yaml") {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            sources.push(Source { name: format!("spec/{name}"), text: fs::read_to_string(&path)? });
        }
    }
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(sources)
}
