//! The workspace's manifest, which has the version of all packages.

/// Returns the version of the workspace's packages.
pub(super) fn version(manifest: &str) -> Option<&str> {
    let section = manifest.split("\n[workspace.package]\n").nth(1)?.split("\n[").next()?;
    section.lines().find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"'))
}

/// Returns the manifest with another version of the workspace's packages, also where they depend on each other.
pub(super) fn with_version(manifest: &str, old: &str, new: &str) -> String {
    let (old, new) = (format!("version = \"{old}\""), format!("version = \"{new}\""));
    let line = |line: &str| {
        // Dependencies of other projects have no path.
        let is_own = line.trim_end() == old || line.contains("path = ");
        if is_own { line.replace(&old, &new) } else { line.to_owned() }
    };
    manifest.split_inclusive('\n').map(line).collect()
}
