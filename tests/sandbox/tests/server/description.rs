//! What is added to the description is served.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::json;
use stripe_reporting_sandbox::{Sandbox, StartError};
use tempfile::TempDir;

use crate::client::{assert_sound, get, id, ids, post};

const CHEESE: &str = include_str!("fixtures/cheese.yaml");

/// Returns the texts of the description by the names of their files.
pub(crate) fn description() -> BTreeMap<String, String> {
    let entries = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../spec")).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let files = paths.filter(|path| path.extension().is_some_and(|extension| extension == "yaml"));
    files
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap()))
        .collect()
}

/// Copies the description, and adds a file.
pub(crate) fn with_file(name: &str, text: &str) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in description() {
        fs::write(directory.path().join(name), text).unwrap();
    }
    fs::write(directory.path().join(name), text).unwrap();
    directory
}

#[tokio::test]
async fn a_new_resource_is_created_retrieved_and_listed() {
    let directory = with_file("cheese.yaml", CHEESE);
    let sandbox = Sandbox::builder().spec(directory.path()).start().await.unwrap();
    assert_eq!(sandbox.unsupported(), ["DELETE /v2/dairy/cheeses/{id}"]);
    let create = async |name: &str, age: i64| {
        post(&sandbox, "/v2/dairy/cheeses", json!({"name": name, "age": age})).send().await.ok()
    };
    let (gouda, edam) = (create("Gouda", 4).await, create("Edam", 1).await);
    assert!(id(&gouda).starts_with("cheese_"), "{gouda}");
    let retrieved = get(&sandbox, &format!("/v2/dairy/cheeses/{}", id(&gouda))).send().await.ok();
    assert_eq!(retrieved, gouda);
    assert_eq!((&gouda["name"], &gouda["age"], &gouda["kind"]), (&json!("Gouda"), &json!(4), &json!("hard")));
    assert_eq!((&gouda["origin"], &gouda["tags"], gouda.get("notes")), (&json!(null), &json!([]), None));
    let list = async |query: &str| get(&sandbox, &format!("/v2/dairy/cheeses?{query}")).send().await.ok();
    assert_eq!(ids(&list("").await), [id(&edam), id(&gouda)]);
    assert_eq!(ids(&list("name=Gouda").await), [id(&gouda)]);
    let first = list("limit=1").await;
    let next = get(&sandbox, first["next_page_url"].as_str().unwrap()).send().await.ok();
    assert_eq!(ids(&next), [id(&gouda)]);
    let invalid = post(&sandbox, "/v2/dairy/cheeses", json!({"name": "Brie", "age": -1})).send().await;
    assert!(invalid.error("message").contains("age"), "{invalid:?}");
    let missing = get(&sandbox, "/v2/dairy/cheeses/cheese_x").send().await;
    assert_eq!((missing.status, missing.error("code").as_str()), (404, "not_found"));
    assert_sound(&sandbox);
}

#[tokio::test]
async fn a_description_that_is_not_valid_is_explained() {
    let start = async |text: &str| {
        let directory = with_file("cheese.yaml", text);
        Sandbox::builder().spec(directory.path()).start().await
    };
    let Err(error) = start("paths: [").await else { panic!("started") };
    assert!(matches!(error, StartError::Spec(_)) && error.to_string().contains("cheese.yaml"), "{error}");
    let Err(error) = start(&CHEESE.replace("schemas/dairy.cheese'", "schemas/dairy.brie'")).await else {
        panic!("started")
    };
    assert!(error.to_string().contains("`#/components/schemas/dairy.brie` does not exist"), "{error}");
    // Each example of the project's own description is valid, or no server would start.
    assert!(start(&CHEESE.replacen("name: Gouda", "name: 1", 1)).await.is_ok());
    assert!(matches!(Sandbox::builder().spec("/nowhere").start().await, Err(StartError::Spec(_))));
}
