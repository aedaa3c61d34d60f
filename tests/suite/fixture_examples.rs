//! The `example`s of the dialect's fixtures are responses: generated code reads each, and a value with all that its type can
//! hold, and writes them again without a loss. Open objects are written in requests, too.

use std::fmt::Write;

use stripe_reporting_codegen::api::TypeKind;
use stripe_reporting_codegen::{Source, read};
use stripe_reporting_tests::Fixture;

use crate::workspace::Workspace;

const CHECK: &str = r#"
fn example<T>(name: &str)
where
    T: fixture_open_object::testing::Example + PartialEq + std::fmt::Debug,
{
    let example = T::example();
    let written = serde_json::to_string(&example).unwrap();
    assert_eq!(serde_json::from_str::<T>(&written).unwrap(), example, "{name}");
    for (state, _) in T::STATES {
        assert!(T::example_in(*state).is_ok(), "{name} in {state:?}");
    }
}

fn check<T>(name: &str, example: &str)
where
    T: serde::de::DeserializeOwned + serde::Serialize + Clone + PartialEq + std::fmt::Debug,
{
    let decoded: T = serde_json::from_str(example).unwrap_or_else(|error| panic!("{name}: {error}"));
    let written = serde_json::to_string(&decoded).unwrap();
    let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    assert_eq!(value(&written), value(example), "{name}");
    assert_eq!(written.matches("\"object\":").count(), example.matches("\"object\":").count(), "{name}: {written}");
    assert_eq!(serde_json::from_str::<T>(&written).unwrap(), decoded.clone(), "{name}");
}
"#;

const REQUESTS: &str = r##"
fn requests() {
    use fixture_open_object::prelude::Request;
    use fixture_open_object::{Config, v1::{Filter, PostThings}, v2::PostV2Things};
    let config = Config::new("sk_test_123");
    let filter = Filter::new().label("a").additional_properties([("fee", 9_007_199_254_740_993_i64), ("n b", -1)]);
    let form = PostThings::new(filter.clone()).to_http(&config).unwrap();
    assert_eq!(form.body(), "filter[label]=a&filter[fee]=9007199254740993&filter[n+b]=-1");
    let json = PostV2Things::new().filters([filter]).to_http(&config).unwrap();
    assert_eq!(json.body(), r#"{"filters":[{"label":"a","fee":"9007199254740993","n b":"-1"}]}"#);
    let empty = PostThings::new(Filter::new()).to_http(&config).unwrap();
    assert_eq!(empty.body(), "");
    let twice = PostThings::new(Filter::new().additional_properties([("label", 1)]));
    assert!(twice.to_http(&config).unwrap_err().to_string().contains("additional member `label` has the name of a property"));
    let response = r#"{"object":"thing","id":"thing_1","parts":[{"name":"a","sent":1},{"name":"b","sent":"x","seen":2}]}"#;
    let error = PostThings::decode(fixture_open_object::http::Response::new(response)).unwrap_err();
    assert_eq!(error.path(), Some("parts[1]"), "{error}");
    assert!(error.to_string().contains("`sent`: invalid type: string"), "{error}");
}
"##;

#[test]
fn examples_are_decoded_and_encoded_again() {
    let mut workspace = Workspace::new("examples");
    let (mut dependencies, mut checks) = (String::new(), String::new());
    for fixture in Fixture::all("dialect") {
        let source = Source { name: format!("{}.yaml", fixture.name), text: fixture.text.clone() };
        let api = read(&[source]).unwrap();
        let crate_name = format!("fixture_{}", fixture.name);
        let structs = api.types.iter().filter_map(|(path, def)| match &def.kind {
            TypeKind::Struct(definition) => Some((path, definition)),
            TypeKind::Enum(_) | TypeKind::String(_) => None,
        });
        if structs.clone().any(|(_, definition)| definition.example.is_some()) {
            for (path, definition) in structs {
                if api.types[path].in_responses && api.example(path).is_some() {
                    writeln!(checks, "    example::<{crate_name}::{path}>(\"{path}\");").unwrap();
                }
                for value in definition.example.clone().into_iter().chain(api.full_example(path)) {
                    writeln!(checks, "    check::<{crate_name}::{path}>(\"{path}\", {:?});", value.to_string())
                        .unwrap();
                }
            }
            let package = crate_name.replace('_', "-");
            writeln!(
                dependencies,
                "{package} = {{ path = \"../{}\", default-features = false, features = [\"examples\"] }}",
                fixture.name
            )
            .unwrap();
            workspace.generated(&fixture.name, super::dialect::generated(&fixture));
        }
    }
    let manifest = format!(
        "[package]\nname = \"fixture-examples\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\nserde = \"1\"\n\
         serde_json = \"1\"\n{dependencies}"
    );
    workspace.file("fixture-examples", "Cargo.toml", &manifest);
    workspace.file(
        "fixture-examples",
        "src/main.rs",
        &format!("{CHECK}{REQUESTS}\nfn main() {{\n{checks}    requests();\n}}\n"),
    );
    let output = workspace.cargo(&["run", "--quiet", "--package", "fixture-examples"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
