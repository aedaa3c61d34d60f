//! One small description for each construct of the dialect: what it becomes, as a snapshot. `compiled.rs` compiles them all.

use std::collections::BTreeSet;
use std::fs;

use stripe_reporting_codegen::dialect::EXTENSIONS;
use stripe_reporting_codegen::diff::diff;
use stripe_reporting_codegen::{Generated, Options, Source, generate, render_human};
use stripe_reporting_tests::{Fixture, fixtures, project};

pub(crate) fn generated(fixture: &Fixture) -> Generated {
    let source = Source { name: format!("{}.yaml", fixture.name), text: fixture.text.clone() };
    let options = Options::new(&format!("fixture-{}", fixture.name.replace('_', "-")), "0.1.0", "../../runtime");
    generate(std::slice::from_ref(&source), &options).unwrap_or_else(|diagnostics| {
        panic!("{}:\n{}", fixture.name, render_human(&diagnostics, std::slice::from_ref(&source)))
    })
}

#[test]
fn every_construct_becomes_what_its_snapshot_shows() {
    for fixture in Fixture::all("dialect") {
        let generated = generated(&fixture);
        let shown = generated
            .files
            .iter()
            .filter(|file| !["Cargo.toml", "api.txt", "src/lib.rs"].contains(&file.path.as_str()));
        let text: Vec<_> = shown.map(|file| format!("//// {}\n\n{}", file.path, file.text)).collect();
        insta::with_settings!({snapshot_path => "../snapshots/dialect", prepend_module_to_snapshot => false, omit_expression => true}, {
            insta::assert_snapshot!(fixture.name.as_str(), text.join("\n"));
        });
    }
}

#[test]
fn the_manifest_the_list_of_items_and_the_first_page_are_what_their_snapshot_shows() {
    let fixture = Fixture::all("dialect").into_iter().find(|fixture| fixture.name == "wait").unwrap();
    let generated = generated(&fixture);
    let shown =
        generated.files.iter().filter(|file| ["Cargo.toml", "api.txt", "src/lib.rs"].contains(&file.path.as_str()));
    let text: Vec<_> = shown.map(|file| format!("//// {}\n\n{}", file.path, file.text)).collect();
    insta::with_settings!({snapshot_path => "../snapshots/dialect", prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!("_crate", text.join("\n"));
    });
}

#[test]
fn the_descriptions_of_one_generation_keep_their_versions() {
    let source = |name: &str| {
        let text = fs::read_to_string(project().join("tests/fixtures").join(name)).unwrap();
        Source { name: name.to_owned(), text }
    };
    let sources = ["contract.yaml", "contract_data.yaml"].map(source);
    let files = generate(&sources, &Options::new("fixture-files", "0.1.0", "../../runtime")).unwrap().files;
    let shown = files.iter().filter(|file| ["src/v2/mod.rs", "src/v2/thin_event.rs"].contains(&file.path.as_str()));
    let text: Vec<_> = shown.map(|file| format!("//// {}\n\n{}", file.path, file.text)).collect();
    insta::with_settings!({snapshot_path => "../snapshots/dialect", prepend_module_to_snapshot => false, omit_expression => true}, {
        insta::assert_snapshot!("_files", text.join("\n"));
    });
}

/// Told from the text of the sources, which the list is not made from.
#[test]
fn every_public_item_is_listed() {
    let generated = project().join("generated");
    let list = fs::read_to_string(generated.join("api.txt")).unwrap();
    let lines: BTreeSet<&str> = list.lines().collect();
    let mut seen = 0;
    for path in walk(&generated.join("src")) {
        let folder = path.parent().unwrap().strip_prefix(generated.join("src")).unwrap();
        let module = folder.to_str().unwrap().replace('/', "::");
        for line in fs::read_to_string(&path).unwrap().lines().map(str::trim_start) {
            let declared = ["pub struct ", "pub enum "].iter().find_map(|start| line.strip_prefix(start));
            let Some(declared) = declared else { continue };
            let name = declared.split(|c: char| !c.is_alphanumeric()).next().unwrap();
            let listed = format!("{} {module}::{name}", line.split(' ').nth(1).unwrap());
            assert!(lines.iter().any(|line| line.ends_with(&listed)), "{listed}");
            seen += 1;
        }
    }
    assert!(seen > 60, "{seen}");
    // Every table of an enum has `as_str`, and `status` if it has statuses.
    let functions = |text: &str| {
        let is_function = |line: &&str| line.trim_start().starts_with("pub fn ") || line.ends_with("_enum! {");
        text.lines().filter(is_function).count() + usize::from(text.contains(" = (\""))
    };
    let in_sources: usize =
        walk(&generated.join("src")).iter().map(|path| functions(&fs::read_to_string(path).unwrap())).sum();
    let listed = lines.iter().filter(|line| line.starts_with("fn ") || line.starts_with("const fn ")).count();
    assert_eq!(listed, in_sources);
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

#[test]
fn every_extension_has_a_fixture() {
    let fixtures: String = Fixture::all("dialect").into_iter().map(|fixture| fixture.text).collect();
    for extension in EXTENSIONS {
        assert!(fixtures.contains(&format!("{}:", extension.name)), "no fixture uses {}", extension.name);
    }
}

/// The table under "Extensions" in `spec/README.md` is the declaration of the extensions that have an effect.
#[test]
fn the_readme_lists_every_extension_and_no_other() {
    let readme = fs::read_to_string(project().join("spec/README.md")).unwrap();
    let (_, chapter) = readme.split_once("\n## Extensions\n").unwrap();
    let table: Vec<_> = chapter.lines().skip_while(|line| !line.starts_with('|')).collect();
    let table: Vec<_> = table.into_iter().take_while(|line| line.starts_with('|')).skip(2).collect();
    let mut expected = Vec::new();
    for extension in EXTENSIONS.iter().filter(|extension| extension.used) {
        expected.push(format!("| `{}` | {} | {} |", extension.name, extension.places(), extension.documentation()));
        for member in extension.members() {
            let is = match (member.required, member.ignored) {
                (true, _) => "required",
                (false, true) => "ignored",
                (false, false) => "optional",
            };
            expected.push(format!("| `{}` | {is} | {} |", member.path, member.documentation));
        }
    }
    assert_eq!(table, expected, "write:\n{}", expected.join("\n"));
}

#[test]
fn every_snapshot_has_a_fixture() {
    for kind in ["dialect", "diagnostics"] {
        let mut expected: BTreeSet<String> = Fixture::all(kind).into_iter().map(|fixture| fixture.name).collect();
        if kind == "dialect" {
            expected.extend(["_crate", "_files"].map(str::to_owned));
        }
        let folder = project().join("tests/snapshots").join(kind);
        let found: BTreeSet<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter_map(|name| name.strip_suffix(".snap").map(str::to_owned))
            .collect();
        assert_eq!(found, expected, "snapshots and fixtures of {}", fixtures(kind).display());
    }
}

#[test]
fn what_a_named_array_holds_is_one_type() {
    let text = "
openapi: 3.0.3
info: {title: Fixture, version: 2026-09-30.preview}
paths: {}
components:
  schemas:
    parts: {type: array, items: {type: object, properties: {more: {$ref: '#/components/schemas/parts'}}}}
    whole: {type: object, properties: {a: {$ref: '#/components/schemas/parts'}, b: {$ref: '#/components/schemas/parts'}}}
";
    let source = Source { name: "fixture.yaml".to_owned(), text: text.to_owned() };
    let api = stripe_reporting_codegen::read(&[source]).unwrap();
    let types: Vec<_> = api.types.keys().map(ToString::to_string).collect();
    assert_eq!(types, ["v1::Parts", "v1::Whole"]);
}

#[test]
fn an_entry_of_x_events_is_the_same_as_a_schema() {
    let mut fixture = Fixture::all("dialect").into_iter().find(|fixture| fixture.name == "thin_event").unwrap();
    let with_schema = generated(&fixture);
    let schema = "
    v1.run.created:
      type: object
      description: A run was started.
      x-stripeEvent: {kind: thin, type: v1.run.created}
      properties:
        related_object:
          type: object
          properties:
            type: {type: string, enum: [run]}
";
    let entry = "x-resourceId: run
      x-events: {thin: [{type: v1.run.created, description: A run was started.}]}";
    let text = fixture.text.replace(schema, "\n").replacen("x-resourceId: run", entry, 1);
    assert_eq!(text.matches("v1.run.created").count(), 1, "{text}");
    fixture.text = text;
    let with_entry = generated(&fixture);
    assert_eq!(with_entry.files, with_schema.files);
    assert_eq!(diff(&with_schema.api, &with_entry.api).changes, []);
}
