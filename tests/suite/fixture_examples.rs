//! The `example`s of the dialect's fixtures are responses: generated code reads each and writes it again without a loss.

use std::fmt::Write;

use stripe_reporting_codegen::api::{Struct, TypeKind};
use stripe_reporting_codegen::{Source, read};
use stripe_reporting_tests::Fixture;

use crate::workspace::Workspace;

const CHECK: &str = "
fn check<T>(name: &str, example: &str)
where
    T: serde::de::DeserializeOwned + serde::Serialize + Clone + PartialEq + std::fmt::Debug,
{
    let decoded: T = serde_json::from_str(example).unwrap_or_else(|error| panic!(\"{name}: {error}\"));
    let written = serde_json::to_string(&decoded).unwrap();
    let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    assert_eq!(value(&written), value(example), \"{name}\");
    assert_eq!(written.matches(\"\\\"object\\\":\").count(), example.matches(\"\\\"object\\\":\").count(), \"{name}: {written}\");
    assert_eq!(serde_json::from_str::<T>(&written).unwrap(), decoded.clone(), \"{name}\");
}
";

#[test]
fn examples_are_decoded_and_encoded_again() {
    let mut workspace = Workspace::new("examples");
    let (mut dependencies, mut checks) = (String::new(), String::new());
    for fixture in Fixture::all("dialect") {
        let source = Source { name: format!("{}.yaml", fixture.name), text: fixture.text.clone() };
        let api = read(&[source]).unwrap();
        let crate_name = format!("fixture_{}", fixture.name);
        let before = checks.len();
        for (path, def) in &api.types {
            if let TypeKind::Struct(Struct { example: Some(example), .. }) = &def.kind {
                writeln!(checks, "    check::<{crate_name}::{path}>(\"{path}\", {:?});", example.to_string()).unwrap();
            }
        }
        if checks.len() > before {
            let package = crate_name.replace('_', "-");
            writeln!(dependencies, "{package} = {{ path = \"../{}\", default-features = false }}", fixture.name)
                .unwrap();
            workspace.generated(&fixture.name, super::dialect::generated(&fixture));
        }
    }
    let manifest = format!(
        "[package]\nname = \"fixture-examples\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\nserde = \"1\"\n\
         serde_json = \"1\"\n{dependencies}"
    );
    workspace.file("fixture-examples", "Cargo.toml", &manifest);
    workspace.file("fixture-examples", "src/main.rs", &format!("{CHECK}\nfn main() {{\n{checks}}}\n"));
    let output = workspace.cargo(&["run", "--quiet", "--package", "fixture-examples"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
