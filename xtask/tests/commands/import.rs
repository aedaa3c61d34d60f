//! `cargo xtask import`.

use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::Value;
use stripe_reporting_tests::{fixtures, project};
use tempfile::TempDir;

use super::{code, files, stderr, stdout, xtask};

/// Creates a folder with descriptions in `spec` and a published one.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("spec")).unwrap();
    for name in ["spec/shop.yaml", "spec/depot.yaml", "published.json"] {
        fs::copy(fixtures("import").join(name), folder.path().join(name)).unwrap();
    }
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    xtask(&project(), folder, &[&["import"], arguments].concat())
}

fn import(folder: &Path, what: &[&str]) -> Output {
    run(folder, &[&["published.json"], what, &["--spec", "spec"]].concat())
}

fn read(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap()
}

/// Returns the lines that a file has more than the fixture of its name, which has no others.
fn added(folder: &Path, name: &str) -> String {
    let (old, new) = (fs::read_to_string(fixtures("import").join(name)).unwrap(), read(folder, name));
    let mut old = old.lines().peekable();
    let mut added = Vec::new();
    for line in new.lines() {
        if old.peek() == Some(&line) {
            old.next();
        } else {
            added.push(line);
        }
    }
    assert_eq!(old.next(), None, "a line of {name} is missing");
    added.join("\n")
}

fn describe(folder: &Path) {
    for name in ["spec/shop.yaml", "spec/depot.yaml"] {
        let text = read(folder, name).replace("description: ''", "description: A description.");
        fs::write(folder.join(name), text).unwrap();
    }
}

/// Runs `codegen`; returns the lines of the errors.
fn errors(folder: &Path) -> Vec<(String, u64)> {
    let output = xtask(&project(), folder, &["codegen", "--spec", "spec", "--out", "out", "--message-format", "json"]);
    let error = |line: &str| {
        let error: Value = serde_json::from_str(line).unwrap();
        assert_eq!(error["code"], "empty-description", "{line}");
        (error["file"].as_str().unwrap().to_owned(), error["line"].as_u64().unwrap())
    };
    stdout(&output).lines().map(error).collect()
}

#[test]
fn each_kind_is_written_at_its_place() {
    for (name, what) in [
        ("list", "GET /v1/shop/orders"),
        ("create", "PostShopOrders"),
        ("resource", "shop.customer"),
        ("snapshot_event", "shop.order.shipped"),
        ("namespace", "v2.depot"),
    ] {
        let folder = folder();
        let output = import(folder.path(), &[what]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        let added = ["spec/shop.yaml", "spec/depot.yaml"].map(|name| added(folder.path(), name)).join("");
        insta::with_settings!({snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true}, {
            insta::assert_snapshot!(format!("import_{name}"), format!("{added}\n\n{}", stderr(&output)));
        });
    }
}

#[test]
fn what_is_imported_and_described_has_no_drift() {
    let folder = folder();
    let output = import(folder.path(), &["/v1/shop", "v2.depot"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let listed = stderr(&output);
    let listed = listed.lines().filter_map(|line| line.strip_prefix("  spec/")?.split_once(' ')).map(|(place, _)| {
        let (file, line) = place.split_once(':').unwrap();
        (format!("spec/{file}"), line.parse().unwrap())
    });
    let mut listed: Vec<(String, u64)> = listed.collect();
    let mut reported = errors(folder.path());
    listed.sort();
    reported.sort();
    assert_eq!(listed, reported, "the summary and `codegen` list the same places");
    assert!(listed.len() > 50);
    describe(folder.path());
    assert_eq!(errors(folder.path()), []);
    let drift = ["drift", "published.json", "--spec", "spec", "--fail-on", "patch,breaking"];
    let output = xtask(&project(), folder.path(), &drift);
    assert_eq!(code(&output), 0, "{}", stdout(&output));
    assert!(stdout(&output).contains("no change"), "{}", stdout(&output));
}

#[test]
fn importing_twice_changes_nothing() {
    let folder = folder();
    for what in [&["/v1/shop", "v2.depot"][..], &["shop.order.shipped", "shop.customer"], &["GET /v1/shop/orders"]] {
        assert_eq!(code(&import(folder.path(), what)), 0);
        let before = files(folder.path());
        let output = import(folder.path(), what);
        assert_eq!(code(&output), 0);
        assert!(stderr(&output).ends_with("no file changes: nothing is missing\n"), "{}", stderr(&output));
        assert_eq!(files(folder.path()), before);
    }
}

#[test]
fn printing_writes_nothing() {
    let folder = folder();
    let before = files(folder.path());
    let output = import(folder.path(), &["shop.customer", "--print"]);
    let text = stdout(&output);
    assert!(
        text.starts_with("# spec/shop.yaml: /components/schemas/shop.customer\nshop.customer:\n  type: object\n"),
        "{text}"
    );
    assert_eq!(files(folder.path()), before);
    assert_eq!(code(&import(folder.path(), &["shop.customer"])), 0);
    let written = added(folder.path(), "spec/shop.yaml");
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        assert!(written.contains(line), "{line}");
    }
}

#[test]
fn line_breaks_stay() {
    let folder = folder();
    let path = folder.path().join("spec/shop.yaml");
    fs::write(&path, fs::read_to_string(&path).unwrap().replace('\n', "\r\n")).unwrap();
    assert_eq!(code(&import(folder.path(), &["shop.customer", "GET /v1/shop/orders"])), 0);
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    let other = self::folder();
    assert_eq!(code(&import(other.path(), &["shop.customer", "GET /v1/shop/orders"])), 0);
    assert_eq!(text.replace("\r\n", "\n"), read(other.path(), "spec/shop.yaml"));
}

#[test]
fn an_error_names_what_is_wrong_and_writes_nothing() {
    let published = read(&fixtures("import"), "published.json");
    let cases: &[(&[&str], i32, &str)] = &[
        (
            &["GET /v1/shop/order"],
            1,
            "published.json has no `GET /v1/shop/order`\nhelp: did you mean `GET /v1/shop/orders`?",
        ),
        (&["GetShopOrder"], 1, "help: did you mean `GetShopOrders`?"),
        (&["shop.custmer"], 1, "help: did you mean `shop.customer`?"),
        (&["shop.order.shiped"], 1, "help: did you mean `shop.order.shipped`?"),
        (&["v3.nothing"], 1, "help: pass an operation"),
        (&["/"], 1, "published.json has no `/`\nhelp: pass an operation"),
        (&[""], 2, "a value is required for '[WHAT]...'"),
        (&["shop.customer", "nothing"], 1, "nothing was written"),
        (
            &["POST /v1/shop/photos"],
            1,
            "cannot express `POST /v1/shop/photos`: a body of the type `multipart/form-data` at `/paths/~1v1~1shop~1photos/post/requestBody`",
        ),
        (&["GET /v1/shop/customers/{id}"], 1, "a union of 2 schemas"),
        (
            &["shop.customer", "--file", "none.yaml"],
            1,
            "`none.yaml` is not one of the descriptions\nhelp: pass one of `spec/depot.yaml`, `spec/shop.yaml`",
        ),
        (
            &["PostShopOrders", "--file", "depot.yaml"],
            1,
            "`shop.order` is described in spec/shop.yaml, and schemas cannot refer to other files\nhelp: import into it with `--file spec/shop.yaml`",
        ),
        (&["--update", "00000000"], 1, "the drift has no fact `00000000`\nhelp: `cargo xtask drift` shows"),
    ];
    for (arguments, expected, message) in cases {
        let folder = folder();
        let before = files(folder.path());
        let output = import(folder.path(), arguments);
        assert_eq!(code(&output), *expected, "{}", stderr(&output));
        assert!(stderr(&output).contains(message), "{}", stderr(&output));
        assert_eq!(files(folder.path()), before);
    }
    for (text, message) in [
        (published.get(..published.len() / 2).unwrap(), "the file ends early"),
        ("{\"title\": 1}", "not an OpenAPI description"),
        ("", "help: "),
    ] {
        let folder = folder();
        fs::write(folder.path().join("published.json"), text).unwrap();
        let before = files(folder.path());
        let output = import(folder.path(), &["shop.customer"]);
        assert_eq!(code(&output), 2, "{}", stderr(&output));
        assert!(stderr(&output).contains(message), "{}", stderr(&output));
        assert_eq!(files(folder.path()), before);
    }
    let folder = folder();
    fs::remove_file(folder.path().join("published.json")).unwrap();
    let output = import(folder.path(), &["shop.customer"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).starts_with("error: "), "{}", stderr(&output));
}

#[test]
fn files_are_written_together_or_not_at_all() {
    let folder = folder();
    let path = folder.path().join("spec/shop.yaml");
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    let before = files(folder.path());
    let output = import(folder.path(), &["v2.depot", "shop.customer"]);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("`spec/shop.yaml` is read-only"), "{}", stderr(&output));
    assert_eq!(files(folder.path()), before);
}

#[test]
fn the_file_is_given_by_its_path_or_by_its_name() {
    let folder = folder();
    let absolute = folder.path().join("spec/shop.yaml");
    for file in [absolute.to_str().unwrap(), "shop.yaml", "./shop.yaml", "../spec/shop.yaml"] {
        let arguments = ["../published.json", "shop.customer", "--spec", ".", "--print", "--file", file];
        let output = run(&folder.path().join("spec"), &arguments);
        assert_eq!(code(&output), 0, "{file}: {}", stderr(&output));
    }
}

#[cfg(unix)]
#[test]
fn links_and_permissions_stay() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    let folder = folder();
    let (link, file) = (folder.path().join("spec/shop.yaml"), folder.path().join("shop_1.yaml"));
    fs::rename(&link, &file).unwrap();
    symlink("../shop_1.yaml", &link).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let before = fs::read_to_string(&file).unwrap();
    assert_eq!(code(&import(folder.path(), &["shop.customer"])), 0);
    assert!(link.is_symlink());
    assert_ne!(fs::read_to_string(&file).unwrap(), before);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn commands_at_the_same_time_lose_nothing() {
    let folder = folder();
    let path = folder.path();
    let requested = [
        ("shop.customer", "    shop.customer:\n"),
        ("shop.order.shipped", "type: shop.order.shipped\n"),
        ("GET /v1/shop/orders", "operationId: GetShopOrders\n"),
        ("PostShopOrders", "operationId: PostShopOrders\n"),
    ];
    let outputs = std::thread::scope(|scope| {
        let running = requested.map(|(what, _)| scope.spawn(move || import(path, &[what])));
        running.map(|thread| thread.join().unwrap())
    });
    let text = read(path, "spec/shop.yaml");
    for (output, (what, line)) in outputs.iter().zip(requested) {
        if code(output) == 0 {
            assert!(text.contains(line), "{what}: {text}");
        } else {
            let message = "`spec/shop.yaml` has changed meanwhile\nhelp: run the command again\nnothing was written";
            assert!(stderr(output).contains(message), "{}", stderr(output));
        }
    }
    assert!(outputs.iter().any(|output| code(output) == 0));
}

#[test]
fn a_description_with_an_error_is_not_edited() {
    let folder = folder();
    let path = folder.path().join("spec/shop.yaml");
    fs::write(&path, read(folder.path(), "spec/shop.yaml").replace("paths:", "paths: [")).unwrap();
    let before = files(folder.path());
    let output = import(folder.path(), &["shop.customer"]);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("spec/shop.yaml:"), "{}", stderr(&output));
    assert_eq!(files(folder.path()), before);
}

#[test]
fn a_fact_of_the_drift_is_taken_over() {
    let folder = folder();
    let path = folder.path().join("published.json");
    let published = fs::read_to_string(&path).unwrap();
    let mut published: Value = serde_json::from_str(&published).unwrap();
    let order = &mut published["components"]["schemas"]["shop.order"];
    order["properties"]["weight"] = serde_json::json!({"type": "integer", "description": "D."});
    order["properties"]["total"]["nullable"] = Value::Bool(true);
    fs::write(&path, published.to_string()).unwrap();
    let drift = || {
        let arguments = ["drift", "published.json", "--spec", "spec", "--format", "json"];
        let output = xtask(&project(), folder.path(), &arguments);
        stdout(&output)
    };
    let report = drift();
    let report: Value = serde_json::from_str(&report).unwrap_or_else(|_| panic!("{report}"));
    let fingerprint = fingerprint(&report, "/components/schemas/shop.order/properties/weight");
    let output = import(folder.path(), &["--update", &fingerprint]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let expected = "        weight:\n          type: integer\n          description: ''";
    assert_eq!(added(folder.path(), "spec/shop.yaml"), expected);
    assert!(stderr(&output).contains(" /components/schemas/shop.order/properties/weight\n"), "{}", stderr(&output));
    let gone = import(folder.path(), &["--update", &fingerprint]);
    assert_eq!(code(&gone), 1);

    describe(folder.path());
    let schemas = &mut published["components"]["schemas"];
    schemas["shop_resource_order_parts"]["properties"].as_object_mut().unwrap().remove("count");
    schemas["shop_resource_order_parts"]["properties"]["name"] = serde_json::json!({"type": "string"});
    fs::write(&path, published.to_string()).unwrap();
    let report: Value = serde_json::from_str(&drift()).unwrap();
    let fingerprint = self::fingerprint(&report, "/components/schemas/order_parts/properties/count");
    let before = read(folder.path(), "spec/shop.yaml");
    let output = import(folder.path(), &["--update", &fingerprint]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stderr(&output).contains("removed: spec/shop.yaml /components/schemas/order_parts/properties/count\n"));
    let removed = "        count:\n          type: integer\n          description: How many there are.\n";
    let expected = before.replace(&format!("      properties:\n{removed}"), "      properties: {}\n");
    assert_eq!(read(folder.path(), "spec/shop.yaml"), expected);
}

/// Finds the fact about a place.
fn fingerprint(report: &Value, pointer: &str) -> String {
    let mut pending = vec![report];
    while let Some(value) = pending.pop() {
        if value["pointer"] == pointer && value["fingerprint"].is_string() {
            return value["fingerprint"].as_str().unwrap().to_owned();
        }
        pending.extend(value.as_array().into_iter().flatten());
        pending.extend(value.as_object().into_iter().flatten().map(|(_, value)| value));
    }
    panic!("no fact about {pointer} in {report:#}")
}
