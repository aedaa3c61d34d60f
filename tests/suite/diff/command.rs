//! `cargo xtask diff`, run as its users run it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use stripe_reporting_codegen::diff::rules;
use stripe_reporting_tests::project;
use tempfile::TempDir;

use super::example::edited;
use super::reports::assert_snapshot;
use crate::command::{code, said, xtask, xtask_command};

/// Several changes at once: of the wire, of Rust, of documentation.
const EDITS: &str = r##"
info: {version: 2026-10-28.clover}
paths:
  /v1/runs:
    get: {parameters: {0: {schema: {maximum: 50}}}}
    post: {requestBody: {content: {application/x-www-form-urlencoded: {schema: {properties: {memo: null}}}}}}
schemas:
  run:
    description: What runs, and <b>may</b> fail.
    x-wait: {failed: [failed, canceled]}
    properties:
      status: {enum: [pending, succeeded, failed, canceled]}
      amount: {nullable: true}
      failure_text: {description: "Why it failed, for `people`."}
  links: {x-rustName: Anchors}
"##;

fn little(edits: &str) -> String {
    let edits: Option<serde_yaml::Value> = (!edits.is_empty()).then(|| serde_yaml::from_str(edits).unwrap());
    edited(&edits)
}

/// A folder with the folders `base` and `head`.
fn folders(edits: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("base", little("")), ("head", little(edits))] {
        fs::create_dir(folder.path().join(name)).unwrap();
        fs::write(folder.path().join(name).join("little.yaml"), text).unwrap();
    }
    folder
}

fn diff(folder: &Path, arguments: &[&str]) -> Output {
    xtask(&project(), folder, &[&["diff"], arguments].concat())
}

fn printed(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn each_format_is_what_its_snapshot_shows() {
    let folder = folders(EDITS);
    for format in ["text", "markdown", "json"] {
        let output = diff(folder.path(), &["base", "head", "--format", format]);
        assert_eq!((code(&output), said(&output).as_str()), (0, ""));
        assert_snapshot(&format!("report_{format}"), &printed(&output));
    }
}

#[test]
fn json_has_the_documented_members_and_no_others() {
    let folder = folders(EDITS);
    let report: Value =
        serde_json::from_str(&printed(&diff(folder.path(), &["base", "head", "--format=json"]))).unwrap();
    let members = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(members(&report), ["changes", "level", "wire"]);
    for change in report["changes"].as_array().unwrap() {
        let expected = ["base", "direction", "head", "item", "level", "message", "rule", "wire"];
        assert_eq!(members(change), expected);
        for side in ["base", "head"].map(|side| &change[side]).into_iter().filter(|side| !side.is_null()) {
            assert_eq!(members(side), ["file", "line"]);
            let text = fs::read_to_string(folder.path().join(side["file"].as_str().unwrap())).unwrap();
            assert!(usize::try_from(side["line"].as_u64().unwrap()).unwrap() <= text.lines().count());
        }
    }
    let policy = fs::read_to_string(project().join("spec/POLICY.md")).unwrap();
    let documented = policy.split("```json").nth(1).unwrap().split("```").next().unwrap();
    let documented: Value = serde_json::from_str(documented).unwrap();
    assert_eq!(members(&documented), members(&report));
    assert_eq!(members(&documented["changes"][0]), members(&report["changes"][0]));
}

#[test]
fn it_fails_from_the_level_on_that_is_asked_for() {
    let (major, minor) = (folders(EDITS), folders("info: {version: 2026-10-28.clover}"));
    let (patch, none) = (folders("info: {description: A small API.}"), folders(""));
    for (folder, codes) in [(major, [1, 1, 1]), (minor, [0, 1, 1]), (patch, [0, 0, 1]), (none, [0, 0, 0])] {
        let run = |level| code(&diff(folder.path(), &["base", "head", "--fail-on", level]));
        assert_eq!(["major", "minor", "patch"].map(run), codes);
    }
}

#[test]
fn where_nothing_changes_each_format_says_so() {
    let folder = folders("");
    let [text, markdown, json] =
        ["text", "markdown", "json"].map(|format| printed(&diff(folder.path(), &["base", "head", "--format", format])));
    assert_eq!(text.trim(), "base -> head: no change");
    assert_eq!(markdown.trim(), "**API: no change**");
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json, serde_json::json!({"level": null, "wire": null, "changes": []}));
}

#[test]
fn wrong_usage_says_what_would_be_right() {
    let folder = folders("");
    let cases: [(&[&str], &str); 6] = [
        (&["base", "nowhere"], "`nowhere` is neither a folder nor a revision that git knows"),
        (&["--output=x"], "--output"),
        (&["base", "head", "--format", "html"], "[possible values: text, markdown, json]"),
        (&["base", "head", "--fail-on", "any"], "[possible values: major, minor, patch]"),
        (&["base", "head", "more"], "unexpected argument 'more'"),
        (&["--rules", "--fail-on", "major"], "cannot be used with"),
    ];
    for (arguments, expected) in cases {
        let output = diff(folder.path(), arguments);
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(said(&output).contains(expected), "{arguments:?}: {}", said(&output));
        assert_eq!(printed(&output), "");
    }
    fs::create_dir(folder.path().join("empty")).unwrap();
    let output = diff(folder.path(), &["empty", "head"]);
    assert_eq!(code(&output), 2);
    assert!(said(&output).contains("empty"), "{}", said(&output));
}

#[test]
fn a_bad_description_is_told_with_all_its_mistakes() {
    let folder = folders("schemas: {run: {properties: {amount: {type: money}, created: {type: gold}}}}");
    for (arguments, side) in [(["base", "head"], "head"), (["head", "base"], "head")] {
        let output = diff(folder.path(), &arguments);
        assert_eq!(code(&output), 3);
        let text = said(&output);
        assert!(text.contains("money") && text.contains("gold"), "{text}");
        assert!(text.contains(&format!("2 mistakes in the description of {side}; nothing was compared")), "{text}");
        assert_eq!(printed(&output), "");
    }
}

#[test]
fn all_rules_are_listed() {
    let output = diff(&project(), &["--rules"]);
    assert_eq!(code(&output), 0);
    let printed = printed(&output);
    let listed: Vec<&str> = printed.lines().map(|line| line.split_whitespace().next().unwrap()).collect();
    assert_eq!(listed, rules().map(|rule| rule.id).collect::<Vec<_>>());
}

/// A project in a git repository, on a branch that has left the main branch.
struct Repository {
    folder: TempDir,
}

impl Repository {
    fn new() -> Self {
        let repository = Self { folder: tempfile::tempdir().unwrap() };
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        fs::create_dir(repository.folder.path().join("spec")).unwrap();
        repository.commit("");
        repository
    }

    fn git(&self, arguments: &[&str]) {
        let identity = ["-c", "user.name=Nobody", "-c", "user.email=nobody@example.com", "-c", "commit.gpgsign=false"];
        let output =
            Command::new("git").args(identity).args(arguments).current_dir(self.folder.path()).output().unwrap();
        assert!(output.status.success(), "{}", said(&output));
    }

    fn write(&self, edits: &str) {
        fs::write(self.folder.path().join("spec/little.yaml"), little(edits)).unwrap();
    }

    fn commit(&self, edits: &str) {
        self.write(edits);
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", "A change"]);
    }

    fn diff(&self, arguments: &[&str]) -> Output {
        let folder = self.folder.path();
        xtask(folder, folder, &[&["diff"], arguments].concat())
    }

    /// The rules of the changes.
    fn rules(&self, arguments: &[&str]) -> Vec<String> {
        let output = self.diff(&[arguments, &["--format", "json"]].concat());
        assert_eq!(code(&output), 0, "{}", said(&output));
        let report: Value = serde_json::from_str(&printed(&output)).unwrap();
        let changes = report["changes"].as_array().unwrap().iter();
        changes.map(|change| change["rule"].as_str().unwrap().to_owned()).collect()
    }
}

const DEPRECATED: &str = "schemas: {run: {properties: {failure_text: {deprecated: true}}}}";
const LESS: &str = "schemas: {links: {properties: {second: null}}}";

#[test]
fn without_arguments_the_working_tree_is_compared_with_where_the_branch_left_main() {
    let repository = Repository::new();
    repository.git(&["checkout", "--quiet", "-b", "change"]);
    repository.commit(DEPRECATED);
    repository.git(&["checkout", "--quiet", "main"]);
    repository.commit(LESS);
    repository.git(&["checkout", "--quiet", "change"]);
    assert_eq!(repository.rules(&[]), ["deprecated"]);
    let text = printed(&repository.diff(&[]));
    assert!(text.starts_with("the main branch (") && text.contains(") -> the working tree: minor for Rust"), "{text}");
    repository.write("");
    assert_eq!(repository.rules(&[]), [""; 0], "the working tree is what counts");
}

#[test]
fn revisions_are_compared_as_they_are_committed() {
    let repository = Repository::new();
    repository.commit(DEPRECATED);
    repository.commit(LESS);
    repository.write(EDITS);
    assert_eq!(repository.rules(&["HEAD~2", "HEAD~1"]), ["deprecated"]);
    assert_eq!(repository.rules(&["HEAD~1", "HEAD"]), ["response-optional-property-removed", "undeprecated"]);
    assert_eq!(repository.rules(&["HEAD", "HEAD~2"]), ["response-optional-property-added"]);
    assert_eq!(repository.rules(&["HEAD", "main"]), [""; 0]);
}

#[test]
fn what_git_can_not_tell_is_told() {
    let repository = Repository::new();
    repository.git(&["branch", "--move", "trunk"]);
    let said_of = |arguments: &[&str]| {
        let output = repository.diff(arguments);
        assert_eq!((code(&output), printed(&output).as_str()), (2, ""));
        said(&output)
    };
    assert!(said_of(&[]).contains("there is no main branch"), "{}", said_of(&[]));
    assert!(said_of(&["v9"]).contains("`v9` is neither a folder nor a revision"), "{}", said_of(&["v9"]));
    assert!(said_of(&["--", "--all"]).contains("`--all` is neither"), "{}", said_of(&["--", "--all"]));
    repository.git(&["checkout", "--quiet", "--orphan", "main"]);
    repository.git(&["rm", "--quiet", "-r", "--force", "spec"]);
    repository.git(&["commit", "--quiet", "--allow-empty", "--message", "Nothing"]);
    assert!(said_of(&["main", "trunk"]).contains("there is no description in `spec` of main"));
    repository.git(&["checkout", "--quiet", "trunk"]);
    assert!(said_of(&[]).contains("have no commit in common"), "{}", said_of(&[]));
    let outside = tempfile::tempdir().unwrap();
    let output = xtask(outside.path(), outside.path(), &["diff"]);
    assert_eq!(code(&output), 2);
    assert!(said(&output).contains("not in a git repository"), "{}", said(&output));
    let empty = tempfile::tempdir().unwrap();
    Command::new("git").args(["init", "--quiet"]).current_dir(empty.path()).status().unwrap();
    let output = xtask(empty.path(), empty.path(), &["diff"]);
    assert!(said(&output).contains("there is no commit yet"), "{}", said(&output));
}

#[test]
fn what_git_refuses_is_told_as_git_says_it() {
    let repository = Repository::new();
    let folder = repository.folder.path();
    let mut command = xtask_command(folder, folder, &["diff", "HEAD", "HEAD"]);
    // Whoever runs the tests may have allowed all folders.
    command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", folder.join("nothing"));
    let output = command.env("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1").output().unwrap();
    assert_eq!(code(&output), 2);
    assert!(
        said(&output).contains("dubious ownership") && said(&output).contains("safe.directory"),
        "{}",
        said(&output)
    );
}

#[test]
fn the_repository_of_the_project_counts_and_not_that_of_a_hook() {
    let (repository, other) = (Repository::new(), Repository::new());
    let folder = repository.folder.path();
    repository.commit(DEPRECATED);
    let mut command = xtask_command(folder, folder, &["diff", "HEAD~1", "HEAD", "--fail-on", "minor"]);
    let output = command.env("GIT_DIR", other.folder.path().join(".git")).output().unwrap();
    assert_eq!(code(&output), 1, "{}", said(&output));
}

#[test]
fn folders_and_links_among_the_descriptions_of_a_commit_are_no_descriptions() {
    let repository = Repository::new();
    let spec = repository.folder.path().join("spec");
    fs::create_dir(spec.join("old.yaml")).unwrap();
    fs::write(spec.join("old.yaml/note.txt"), "A folder.\n").unwrap();
    repository.commit(DEPRECATED);
    assert_eq!(repository.rules(&["HEAD~1", "HEAD"]), ["deprecated"]);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("little.yaml", spec.join("again.yaml")).unwrap();
        repository.commit(DEPRECATED);
        let output = repository.diff(&["HEAD~1", "HEAD"]);
        assert_eq!(code(&output), 2);
        assert!(said(&output).contains("`spec/again.yaml` is a symbolic link"), "{}", said(&output));
    }
}

#[test]
fn what_is_no_text_is_a_bad_description() {
    let folder = folders("");
    fs::write(folder.path().join("head/little.yaml"), b"openapi: 3.0.3\ninfo: \xff\n").unwrap();
    let output = diff(folder.path(), &["base", "head"]);
    assert_eq!((code(&output), printed(&output).as_str()), (3, ""));
    let expected = "`head/little.yaml` is not UTF-8 text: see line 2, in head; nothing was compared";
    assert!(said(&output).contains(expected), "{}", said(&output));
}

#[test]
fn the_mistakes_of_both_sides_are_told_at_once() {
    let folder = folders("schemas: {run: {properties: {amount: {type: money}}}}");
    fs::copy(folder.path().join("head/little.yaml"), folder.path().join("base/little.yaml")).unwrap();
    let text = said(&diff(folder.path(), &["base", "head"]));
    assert!(text.contains("1 mistake in the description of base"), "{text}");
    assert!(text.contains("1 mistake in the description of head"), "{text}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_report_that_can_not_be_written_is_no_success() {
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let folder = folders("");
    let mut command = xtask_command(&project(), folder.path(), &["diff", "base", "head"]);
    let output = command.stdout(full).output().unwrap();
    assert_eq!(code(&output), 2);
    assert!(said(&output).contains("standard output can't be written"), "{}", said(&output));
}

#[test]
fn a_description_may_move_to_another_file() {
    let folder = folders("info: {version: 2026-10-28.clover}");
    let rules = || {
        let report: Value =
            serde_json::from_str(&printed(&diff(folder.path(), &["base", "head", "--format=json"]))).unwrap();
        report["changes"].as_array().unwrap().iter().map(|change| change["rule"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(rules(), ["api-version-updated"]);
    fs::rename(folder.path().join("head/little.yaml"), folder.path().join("head/renamed.yaml")).unwrap();
    assert_eq!(rules(), ["api-version-updated"]);
    fs::write(folder.path().join("base/renamed.yaml"), NOTHING).unwrap();
    fs::write(folder.path().join("head/little.yaml"), NOTHING).unwrap();
    assert_eq!(rules(), ["api-version-updated"], "the files have changed places");
}

const NOTHING: &str = "openapi: 3.0.3\ninfo: {title: Nothing, version: 2026-09-30.preview}\npaths: {}\n";
