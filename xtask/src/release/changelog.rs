//! The changelog: what is unreleased becomes the section of a version.

/// The section that changes are added to.
const UNRELEASED: &str = "## Unreleased\n";

/// Returns the changelog with the unreleased changes in a section of their own, and the section for unreleased changes empty.
pub(super) fn released(changelog: &str, version: &str, date: &str) -> Result<String, String> {
    let Some((before, after)) = changelog.split_once(UNRELEASED) else {
        return Err("`CHANGELOG.md` has no section `## Unreleased`".to_owned());
    };
    let changes = after.split("\n## ").next().unwrap_or_default();
    if changes.trim().is_empty() {
        return Err("the section `## Unreleased` of `CHANGELOG.md` is empty\nhelp: write what users will notice; \
                    `cargo xtask diff --format markdown` is a draft"
            .to_owned());
    }
    Ok(format!("{before}{UNRELEASED}\n## {version} ({date})\n{after}"))
}
