//! `cargo xtask release`, in a small project with a package that is published and one that is not.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use stripe_reporting_tests::little::edited;
use tempfile::TempDir;

use super::{code, command, files, stderr, xtask};

const VERSION: &str = env!("CARGO_PKG_VERSION");

const CHANGELOG: &str = "# Changelog\n\n## Unreleased\n\n- New: runs.\n\n## 0.0.1 (2020-01-01)\n\n- The first.\n";

/// A project in a git repository.
struct Project(TempDir);

impl Project {
    fn new() -> Self {
        let project = Self(tempfile::tempdir().unwrap());
        let manifest = format!(
            "[workspace]\nresolver = \"3\"\nmembers = [\"inner\", \"runtime\"]\nexclude = [\"generated\"]\n\n[workspace.package]\nversion = \
             {VERSION:?}\n\n[workspace.dependencies]\nstripe-reporting-runtime = {{ path = \"runtime\", version = {VERSION:?} }}\n"
        );
        project.write("Cargo.toml", &manifest);
        for (folder, name, publish) in
            [("runtime", "stripe-reporting-runtime", ""), ("inner", "inner", "publish = false\n")]
        {
            let package = format!(
                "[package]\nname = {name:?}\nversion.workspace = true\nedition = \"2024\"\nlicense = \"MIT\"\ndescription = \"A package.\"\n\
                 repository = \"https://example.com\"\n{publish}"
            );
            project.write(&format!("{folder}/Cargo.toml"), &package);
            project.write(&format!("{folder}/src/lib.rs"), "//! A package.\n");
        }
        project.write(".gitignore", "/target\n");
        project.write("CHANGELOG.md", CHANGELOG);
        project.describe("{}");
        project.git(&["init", "--quiet", "--initial-branch", "main"]);
        assert_eq!(code(&xtask(project.path(), project.path(), &["codegen"])), 0);
        let lock =
            Command::new(env!("CARGO")).args(["generate-lockfile", "--offline"]).current_dir(project.path()).output();
        assert!(lock.unwrap().status.success());
        project.commit();
        project
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    /// Writes the little description with an edit.
    fn describe(&self, edit: &str) {
        let description = edited([&serde_yaml::from_str(edit).unwrap()]);
        self.write("spec/little.yaml", &serde_yaml::to_string(&description).unwrap());
    }

    fn git(&self, arguments: &[&str]) {
        let mut git = Command::new("git");
        git.args(["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"]);
        let output = git.args(arguments).current_dir(self.path()).output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", "A change"]);
    }

    fn release(&self, arguments: &[&str]) -> Output {
        let mut release = command(self.path(), self.path(), &[&["release"], arguments].concat());
        release.env("CARGO_TARGET_DIR", self.path().join("target")).output().unwrap()
    }

    /// Returns the project's own files.
    fn files(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let is_own = |path: &str| !path.starts_with(".git/") && !path.starts_with("target/");
        files(self.path())
            .into_iter()
            .filter(|(path, _)| is_own(path))
            .map(|(path, text)| (path.into(), text))
            .collect()
    }

    /// Checks that a release is refused with a message, and that nothing is changed.
    #[track_caller]
    fn assert_refused(&self, arguments: &[&str], message: &str) {
        let before = self.files();
        let output = self.release(arguments);
        assert_eq!(code(&output), 1, "{}", stderr(&output));
        assert!(stderr(&output).contains(message), "{}", stderr(&output));
        assert!(self.files() == before, "files were changed");
    }
}

/// A change that the level minor is sufficient for.
const ADDED: &str = "schemas: {run: {properties: {added: {type: string, description: Something new.}}}}";

#[test]
fn the_first_release_keeps_the_version() {
    let project = Project::new();
    let output = project.release(&["minor"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(
        stderr(&output).contains(&format!("version {VERSION} is ready: stripe-reporting-runtime\n")),
        "{}",
        stderr(&output)
    );
    let changelog = project.read("CHANGELOG.md");
    assert!(changelog.starts_with(&format!("# Changelog\n\n## Unreleased\n\n## {VERSION} (20")), "{changelog}");
    assert!(changelog.ends_with(")\n\n- New: runs.\n\n## 0.0.1 (2020-01-01)\n\n- The first.\n"), "{changelog}");
}

#[test]
fn a_release_has_at_least_the_level_of_its_changes() {
    let project = Project::new();
    project.git(&["tag", "v1.2.3"]);
    project.describe(ADDED);
    assert_eq!(code(&xtask(project.path(), project.path(), &["codegen"])), 0);
    project.commit();
    project.assert_refused(
        &["patch"],
        "the changes since `v1.2.3` require a minor release, not patch\nhelp: run `cargo xtask diff v1.2.3`",
    );
    let output = project.release(&["minor"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let manifest = project.read("Cargo.toml");
    assert_eq!(manifest.matches("version = \"1.3.0\"").count(), 2, "{manifest}");
    assert!(project.read("generated/Cargo.toml").contains("version = \"1.3.0\""));
    assert_eq!(project.read("Cargo.lock").matches("version = \"1.3.0\"").count(), 2);
    assert!(project.read("CHANGELOG.md").contains("\n## 1.3.0 (20"));
    assert!(project.path().join("target/package/stripe-reporting-runtime-1.3.0.crate").is_file());
}

#[test]
fn what_is_not_ready_is_not_released() {
    let project = Project::new();
    project.describe(ADDED);
    project
        .assert_refused(&["minor"], "`spec/little.yaml` has changes that are not committed\nhelp: commit them first");
    project.commit();
    project.assert_refused(&["minor"], "the crate must be up to date before a release");
    project.git(&["reset", "--quiet", "--hard", "HEAD~1"]);
    project.write("CHANGELOG.md", "# Changelog\n\n## Unreleased\n\n## 0.0.1 (2020-01-01)\n\n- The first.\n");
    project.commit();
    project.assert_refused(
        &["minor"],
        "the section `## Unreleased` of `CHANGELOG.md` is empty\nhelp: write what users will notice",
    );
    project.git(&["reset", "--quiet", "--hard", "HEAD~1"]);
    project.git(&["tag", "v2"]);
    project.assert_refused(&["minor"], "the tag `v2` is not a version, such as `v1.2.3`");
}

#[test]
fn a_package_that_does_not_build_leaves_everything_as_it_was() {
    let project = Project::new();
    project.write("runtime/src/lib.rs", "compile_error!(\"It does not build.\");\n");
    project.commit();
    project.assert_refused(&["minor"], "nothing was changed");
}

#[test]
fn versions_follow_the_policy() {
    for (level, expected) in [("major", "0.2.0"), ("minor", "0.1.3"), ("patch", "0.1.3")] {
        let project = Project::new();
        project.git(&["tag", "v0.1.2"]);
        let output = project.release(&[level, "--no-verify"]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        assert!(stderr(&output).contains(&format!("version {expected} is ready")), "{}", stderr(&output));
    }
}
