//! A program decodes the `example`s of the dialect's fixtures, and a value of each type with all fields, and encodes them again
//! without a loss. Open objects are encoded in requests as well.

use std::fmt::Write;

use stripe_reporting_codegen::api::TypeKind;
use stripe_reporting_codegen::{Source, read};
use stripe_reporting_tests::Fixture;

use crate::compiled::FIXTURES;
use crate::workspace::Workspace;

/// The package of the program.
pub(crate) const PROGRAM: &str = "fixture-examples";

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
    assert!(twice.to_http(&config).unwrap_err().to_string().contains("additional member `label` conflicts with a property"));
    let response = r#"{"object":"thing","id":"thing_1","parts":[{"name":"a","sent":1},{"name":"b","sent":"x","seen":2}]}"#;
    let error = PostThings::decode(fixture_open_object::http::Response::new(response)).unwrap_err();
    assert_eq!(error.path(), Some("parts[1]"), "{error}");
    assert!(error.to_string().contains("`sent`: invalid type: string"), "{error}");
}
"##;

const CANCELED: &str = r#"
fn canceled() {
    use fixture_canceled::testing::Example;
    use fixture_canceled::{Download, RunState, Wait, v2::Run};
    for (state, [has_result, has_code, has_message, is_canceled]) in [
        (RunState::Running, [false, false, false, false]),
        (RunState::Succeeded, [true, false, false, false]),
        (RunState::Failed, [false, true, true, false]),
        (RunState::Canceled, [false, false, true, true]),
    ] {
        let run = Run::example_in(state).unwrap();
        assert_eq!(run.run_state(), state);
        assert_eq!((run.result_url().is_some(), run.canceled_at().is_some()), (has_result, is_canceled), "{run:?}");
        assert_eq!((run.failure_code().is_some(), run.failure_message().is_some()), (has_code, has_message), "{run:?}");
    }
}
"#;

const ONE_OF: &str = r##"
#[allow(deprecated)]
fn one_of() {
    use fixture_one_of::prelude::Request;
    use fixture_one_of::{Config, Error, http::Response};
    use fixture_one_of::v1::{GetRuns, GetRunsTarget, Period, PostRuns, Report, ReportChoice, ReportId, Run, RunOutcome};
    use fixture_one_of::v2::{Filter, PostV2Runs};
    let config = Config::new("sk_test_123");
    let id = ReportId::from("report_1");
    let by_id = PostRuns::new(&id).period(Period::Days(7)).to_http(&config).unwrap();
    assert_eq!(by_id.body(), "report[id]=report_1&period[days]=7");
    let by_name = PostRuns::new(ReportChoice::Named("a b".to_owned())).to_http(&config).unwrap();
    assert_eq!(by_name.body(), "report[name]=a+b");
    let since = fixture_one_of::Timestamp::constant(1_680_000_000, 0);
    let listed = GetRuns::new().target(GetRunsTarget::Since(since)).to_http(&config).unwrap();
    assert_eq!(listed.uri().query(), Some("target[since]=1680000000"));
    let listed = GetRuns::new().target(id).to_http(&config).unwrap();
    assert_eq!(listed.uri().query(), Some("target[id]=report_1"));
    let filter = Filter::And(vec![Filter::Gt(1.5), Filter::Not(Box::new(Filter::Gt(2.5)))]);
    let json = PostV2Runs::new(filter).periods([Period::Days(7)]).to_http(&config).unwrap();
    assert_eq!(json.body(), r#"{"filter":{"and":[{"gt":1.5},{"not":{"gt":2.5}}]},"periods":[{"days":7}]}"#);
    assert!(serde_json::from_str::<ReportChoice>(r#"{"id":"a","name":"b"}"#).is_err());

    let run = |outcome: &str| format!(r#"{{"object":"run","id":"run_1","outcome":{outcome}}}"#);
    for outcome in [
        r#"{"at":"2026-01-31T12:00:00.000Z","reason":null}"#, "{}", r#"{"canceled":{"by":["you"]}}"#, r#""canceled""#, "[1]", "false",
    ] {
        let decoded: Run = serde_json::from_str(&run(outcome)).unwrap();
        assert!(matches!(decoded.outcome, Some(RunOutcome::Unrecognized(_))), "{decoded:?}");
        let encoded = serde_json::to_value(&decoded).unwrap();
        assert_eq!(encoded["outcome"], serde_json::from_str::<serde_json::Value>(outcome).unwrap());
    }
    let none: Run = serde_json::from_str(&run("null")).unwrap();
    assert_eq!(none.outcome, None);
    let secret: Run = serde_json::from_str(&run(r#"{"secret":"hidden"}"#)).unwrap();
    assert!(!format!("{secret:?}").contains("hidden"));
    let error: Error = PostRuns::decode(Response::new(run(r#"{"error":{"message":null}}"#))).unwrap_err();
    assert_eq!(error.path(), Some("outcome"), "{error}");
    assert!(error.to_string().contains("`error`: missing field `code`"), "{error}");
    let _: Option<Report> = None;
}
"##;

/// Adds the program to the workspace of the fixtures, given the package of each of them.
pub(crate) fn add_program(workspace: &mut Workspace, fixtures: &[Fixture], packages: &[String]) {
    let mut checks = String::new();
    for (fixture, package) in fixtures.iter().zip(packages) {
        let source = Source { name: format!("{}.yaml", fixture.name), text: fixture.text.clone() };
        let api = read(&[source]).unwrap();
        let objects = api.types.iter().filter_map(|(path, def)| match &def.kind {
            TypeKind::Struct(definition) => Some((path, definition.example.clone())),
            TypeKind::OneOf(_) => Some((path, None)),
            TypeKind::Enum(_) | TypeKind::String(_) => None,
        });
        if objects.clone().all(|(_, example)| example.is_none()) {
            continue;
        }
        for (path, example) in objects {
            let ty = format!("{package}::fixture_{}::{path}", fixture.name);
            if api.types[path].in_responses && api.example(path).is_some() {
                writeln!(checks, "    example::<{ty}>(\"{path}\");").unwrap();
            }
            for value in example.into_iter().chain(api.full_example(path)) {
                writeln!(checks, "    check::<{ty}>(\"{path}\", {:?});", value.to_string()).unwrap();
            }
        }
    }
    let import = |name: &str| {
        let at = fixtures.iter().position(|fixture| fixture.name == name).unwrap();
        format!("use {}::fixture_{name};\n", packages[at])
    };
    let imports = import("open_object") + &import("canceled") + &import("one_of");
    let main = format!(
        "{imports}{CHECK}{REQUESTS}{CANCELED}{ONE_OF}\n\
         #[allow(deprecated)]\nfn main() {{\n{checks}    requests();\n    canceled();\n    one_of();\n}}\n"
    );
    workspace.program(PROGRAM, packages, &["examples"], &main);
}

#[test]
fn examples_are_decoded_and_encoded_again() {
    let output = FIXTURES.cargo(&["run", "--quiet", "--package", PROGRAM]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
