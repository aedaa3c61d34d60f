//! `cargo xtask diff`.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use stripe_reporting_codegen::diff::rules;
use stripe_reporting_tests::little::edited;
use stripe_reporting_tests::project;
use tempfile::TempDir;

use super::{code, command, stderr, stdout, xtask};

/// Changes on the wire, in Rust and in the documentation.
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
    serde_yaml::to_string(&edited(&edits)).unwrap()
}

/// Creates a folder with the folders `base` and `head`.
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

#[test]
fn every_format_matches_its_snapshot() {
    let folder = folders(EDITS);
    for format in ["text", "markdown", "json", "github"] {
        let output = diff(folder.path(), &["base", "head", "--format", format]);
        assert_eq!((code(&output), stderr(&output).as_str()), (0, ""));
        insta::with_settings!({snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true}, {
            insta::assert_snapshot!(format!("report_{format}"), stdout(&output));
        });
    }
}

#[test]
fn json_has_the_documented_members_and_no_others() {
    let folder = folders(EDITS);
    let report: Value =
        serde_json::from_str(&stdout(&diff(folder.path(), &["base", "head", "--format=json"]))).unwrap();
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
fn reports_and_rules_are_valid_json() {
    let folder = folders(EDITS);
    let json = |arguments: &[&str]| -> Value {
        let output = diff(folder.path(), arguments);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        serde_json::from_str(&stdout(&output)).unwrap()
    };
    let validator = jsonschema::validator_for(&json(&["--schema"])).unwrap();
    for sides in [["base", "head"], ["head", "base"], ["base", "base"]] {
        let report = json(&[&sides[..], &["--format", "json"]].concat());
        let errors: Vec<String> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
    }
    assert!(!validator.is_valid(&serde_json::json!({"level": "huge", "wire": null, "changes": []})));
    let listed = json(&["--rules", "--format", "json"]);
    let listed: Vec<&str> = listed.as_array().unwrap().iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert_eq!(listed, rules().map(|rule| rule.id).collect::<Vec<_>>());
}

#[test]
fn files_are_compared() {
    let folder = folders(EDITS);
    let of = |arguments: &[&str]| stdout(&diff(folder.path(), arguments)).replace("/little.yaml", "");
    assert_eq!(of(&["base/little.yaml", "head/little.yaml"]), of(&["base", "head"]));
    assert_eq!(of(&["base/little.yaml", "head"]), of(&["base", "head"]));
}

#[test]
fn fail_on_breaking_fails_whatever_the_level() {
    let (moved, renamed) = (
        folders("servers: {0: {url: 'https://files.stripe.com'}}"),
        folders("schemas: {links: {x-rustName: Anchors}}"),
    );
    let run = |folder: &TempDir, fail_on| code(&diff(folder.path(), &["base", "head", "--fail-on", fail_on]));
    assert_eq!(["major", "breaking", "major,breaking"].map(|fail_on| run(&moved, fail_on)), [0, 1, 1]);
    assert_eq!(["major", "breaking", "major,breaking"].map(|fail_on| run(&renamed, fail_on)), [1, 0, 1]);
}

#[test]
fn fail_on_fails_from_its_level_on() {
    let (major, minor) = (folders(EDITS), folders("info: {version: 2026-10-28.clover}"));
    let (patch, none) = (folders("info: {description: A small API.}"), folders(""));
    for (folder, codes) in [(major, [1, 1, 1]), (minor, [0, 1, 1]), (patch, [0, 0, 1]), (none, [0, 0, 0])] {
        let run = |level| code(&diff(folder.path(), &["base", "head", "--fail-on", level]));
        assert_eq!(["major", "minor", "patch"].map(run), codes);
    }
}

#[test]
fn every_format_says_that_nothing_has_changed() {
    let folder = folders("");
    let [text, markdown, json] =
        ["text", "markdown", "json"].map(|format| stdout(&diff(folder.path(), &["base", "head", "--format", format])));
    assert_eq!(text.trim(), "base -> head: no changes");
    assert_eq!(markdown.trim(), "**API: no changes**");
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json, serde_json::json!({"level": null, "wire": null, "changes": []}));
}

#[test]
fn wrong_usage_is_explained() {
    let folder = folders("");
    let cases: [(&[&str], &str); 7] = [
        (&["--rules", "--format", "github"], "rules are listed as `--format text` or `--format json`"),
        (
            &["base", "nowhere"],
            "unknown file, directory or revision `nowhere`\nhelp: pass a file, a directory or a git revision",
        ),
        (&["--output=x"], "--output"),
        (&["base", "head", "--format", "html"], "[possible values: text, markdown, json, github]"),
        (&["base", "head", "--fail-on", "any"], "[possible values: major, minor, patch, breaking]"),
        (&["base", "head", "more"], "unexpected argument 'more'"),
        (&["--rules", "--fail-on", "major"], "cannot be used with"),
    ];
    for (arguments, expected) in cases {
        let output = diff(folder.path(), arguments);
        assert_eq!(code(&output), 2, "{arguments:?}");
        assert!(stderr(&output).contains(expected), "{arguments:?}: {}", stderr(&output));
        assert_eq!(stdout(&output), "");
    }
    fs::create_dir(folder.path().join("empty")).unwrap();
    let output = diff(folder.path(), &["empty", "head"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("empty"), "{}", stderr(&output));
}

#[test]
fn all_errors_of_an_invalid_description_are_reported() {
    let folder = folders("schemas: {run: {properties: {amount: {type: money}, created: {type: gold}}}}");
    for (arguments, side) in [(["base", "head"], "head"), (["head", "base"], "head")] {
        let output = diff(folder.path(), &arguments);
        assert_eq!(code(&output), 3);
        let text = stderr(&output);
        assert!(text.contains("money") && text.contains("gold"), "{text}");
        assert!(text.contains(&format!("2 errors in the description of {side}; nothing was compared")), "{text}");
        assert_eq!(stdout(&output), "");
    }
}

#[test]
fn all_rules_are_listed() {
    let output = diff(&project(), &["--rules"]);
    assert_eq!(code(&output), 0);
    let printed = stdout(&output);
    let listed: Vec<&str> = printed.lines().map(|line| line.split_whitespace().next().unwrap()).collect();
    assert_eq!(listed, rules().map(|rule| rule.id).collect::<Vec<_>>());
}

/// A project in a git repository.
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
        assert!(output.status.success(), "{}", stderr(&output));
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

    /// Returns the rules of the reported changes.
    fn rules(&self, arguments: &[&str]) -> Vec<String> {
        let output = self.diff(&[arguments, &["--format", "json"]].concat());
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        let report: Value = serde_json::from_str(&stdout(&output)).unwrap();
        let changes = report["changes"].as_array().unwrap().iter();
        changes.map(|change| change["rule"].as_str().unwrap().to_owned()).collect()
    }
}

const DEPRECATED: &str = "schemas: {run: {properties: {failure_text: {deprecated: true}}}}";
const LESS: &str = "schemas: {links: {properties: {second: null}}}";

#[test]
fn without_arguments_the_working_tree_is_compared_with_the_merge_base() {
    let repository = Repository::new();
    repository.git(&["checkout", "--quiet", "-b", "change"]);
    repository.commit(DEPRECATED);
    repository.git(&["checkout", "--quiet", "main"]);
    repository.commit(LESS);
    repository.git(&["checkout", "--quiet", "change"]);
    assert_eq!(repository.rules(&[]), ["deprecated"]);
    let text = stdout(&repository.diff(&[]));
    assert!(text.starts_with("the main branch (") && text.contains(") -> the working tree: minor for Rust"), "{text}");
    repository.write("");
    assert_eq!(repository.rules(&[]), [""; 0], "the working tree is what counts");
}

#[test]
fn the_repository_is_that_of_the_current_directory() {
    let (built, other) = (Repository::new(), Repository::new());
    other.commit(DEPRECATED);
    let folder = other.folder.path().join("spec");
    let output = xtask(built.folder.path(), &folder, &["diff", "HEAD~1"]);
    let text = stdout(&output);
    assert!(text.contains("HEAD~1 (") && text.contains("[deprecated]") && text.contains("spec/little.yaml:"), "{text}");
    assert!(!text.contains(&other.folder.path().display().to_string()), "{text}");
}

#[test]
fn revisions_are_compared_as_committed() {
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
fn missing_revisions_and_repositories_are_reported() {
    let repository = Repository::new();
    repository.git(&["branch", "--move", "trunk"]);
    let said_of = |arguments: &[&str]| {
        let output = repository.diff(arguments);
        assert_eq!((code(&output), stdout(&output).as_str()), (2, ""));
        stderr(&output)
    };
    assert!(said_of(&[]).contains("no main branch (origin/HEAD, "), "{}", said_of(&[]));
    assert!(said_of(&["v9"]).contains("unknown file, directory or revision `v9`"), "{}", said_of(&["v9"]));
    assert!(
        said_of(&["--", "--all"]).contains("unknown file, directory or revision `--all`"),
        "{}",
        said_of(&["--", "--all"])
    );
    repository.git(&["checkout", "--quiet", "--orphan", "main"]);
    repository.git(&["rm", "--quiet", "-r", "--force", "spec"]);
    repository.git(&["commit", "--quiet", "--allow-empty", "--message", "Nothing"]);
    assert!(said_of(&["main", "trunk"]).contains("no description in `spec` of main"));
    repository.git(&["checkout", "--quiet", "trunk"]);
    assert!(said_of(&[]).contains("have no common ancestor"), "{}", said_of(&[]));
    let outside = tempfile::tempdir().unwrap();
    let output = xtask(outside.path(), outside.path(), &["diff"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("not in a git repository"), "{}", stderr(&output));
    let empty = tempfile::tempdir().unwrap();
    Command::new("git").args(["init", "--quiet"]).current_dir(empty.path()).status().unwrap();
    let output = xtask(empty.path(), empty.path(), &["diff"]);
    assert!(stderr(&output).contains("the repository has no commits"), "{}", stderr(&output));
}

#[test]
fn errors_of_git_are_reported_verbatim() {
    let repository = Repository::new();
    let folder = repository.folder.path();
    let mut run = command(folder, folder, &["diff", "HEAD", "HEAD"]);
    // Whoever runs the tests may have allowed all folders.
    run.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", folder.join("nothing"));
    let output = run.env("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1").output().unwrap();
    assert_eq!(code(&output), 2);
    assert!(
        stderr(&output).contains("dubious ownership") && stderr(&output).contains("safe.directory"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn the_repository_of_a_hook_is_ignored() {
    let (repository, other) = (Repository::new(), Repository::new());
    let folder = repository.folder.path();
    repository.commit(DEPRECATED);
    let mut run = command(folder, folder, &["diff", "HEAD~1", "HEAD", "--fail-on", "minor"]);
    let output = run.env("GIT_DIR", other.folder.path().join(".git")).output().unwrap();
    assert_eq!(code(&output), 1, "{}", stderr(&output));
}

#[test]
fn folders_in_spec_are_ignored_and_links_are_refused() {
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
        assert!(stderr(&output).contains("`spec/again.yaml` is a symbolic link"), "{}", stderr(&output));
    }
}

#[test]
fn a_description_that_is_not_text_is_invalid() {
    let folder = folders("");
    fs::write(folder.path().join("head/little.yaml"), b"openapi: 3.0.3\ninfo: \xff\n").unwrap();
    let output = diff(folder.path(), &["base", "head"]);
    assert_eq!((code(&output), stdout(&output).as_str()), (3, ""));
    let expected = "`head/little.yaml` is not UTF-8 text: see line 2, in head; nothing was compared";
    assert!(stderr(&output).contains(expected), "{}", stderr(&output));
}

#[test]
fn the_errors_of_both_sides_are_reported_together() {
    let folder = folders("schemas: {run: {properties: {amount: {type: money}}}}");
    fs::copy(folder.path().join("head/little.yaml"), folder.path().join("base/little.yaml")).unwrap();
    let text = stderr(&diff(folder.path(), &["base", "head"]));
    assert!(text.contains("1 error in the description of base"), "{text}");
    assert!(text.contains("1 error in the description of head"), "{text}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_report_that_cannot_be_written_is_a_failure() {
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let folder = folders("");
    let mut run = command(&project(), folder.path(), &["diff", "base", "head"]);
    let output = run.stdout(full).output().unwrap();
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("could not write to standard output"), "{}", stderr(&output));
}

#[test]
fn a_description_may_move_to_another_file() {
    let folder = folders("info: {version: 2026-10-28.clover}");
    let rules = || {
        let report: Value =
            serde_json::from_str(&stdout(&diff(folder.path(), &["base", "head", "--format=json"]))).unwrap();
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
