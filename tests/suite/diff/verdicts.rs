//! Levels are as programs have it: both crates of every example are generated, and programs that use what changes are
//! compiled and run with both.
//!
//! A change is major when the program for the base does not compile with the head, or prints something else for an answer that
//! says the same. If it does, the change is minor when the program for the head does not work with the base, and else a patch.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::process::Command;

use serde_json::Value;
use stripe_reporting_codegen::diff::{Level, Report, Wire, diff, rules};
use stripe_reporting_codegen::{Options, generate};

use super::example::{Example, Side};
use crate::cargo::cargo;
use crate::workspace::{Workspace, target};

/// One of an example's two programs, with one of its two crates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Trial {
    example: usize,
    /// 0 for the program that is for the base, 1 for the one that is for the head.
    program: usize,
    /// 0 for the crate of the base, 1 for that of the head.
    library: usize,
}

impl Trial {
    fn module(self) -> String {
        format!("example_{:03}_program_{}_crate_{}", self.example, self.program, self.library)
    }
}

/// The crates of all examples; most have their base in common.
#[derive(Default)]
struct Crates {
    by_source: BTreeMap<String, String>,
}

impl Crates {
    /// The package for a side of an example.
    fn package(&mut self, workspace: &mut Workspace, example: &Example, side: Side) -> String {
        let source = example.source(side);
        if let Some(package) = self.by_source.get(&source.text) {
            return package.clone();
        }
        let package = format!("little-{:03}", self.by_source.len());
        self.by_source.insert(source.text.clone(), package.clone());
        let generated = generate(&[source], &Options::new(&package, "0.1.0", "../../runtime"));
        workspace.generated(&package, generated.unwrap_or_else(|found| panic!("{}: {found:?}", example.name())));
        package
    }
}

const PREAMBLE: &str = "use little::v1::*;
use little::*;

fn read<T: serde::de::DeserializeOwned>(answer: &str) -> T {
    serde_json::from_str(answer).unwrap()
}
";

/// Compiles all trials, and returns what those that compile print.
fn run(examples: &[Example]) -> BTreeMap<Trial, String> {
    let mut workspace = Workspace::new("verdicts");
    let mut crates = Crates::default();
    let mut sources: BTreeMap<Trial, (String, String)> = BTreeMap::new();
    for (number, example) in examples.iter().enumerate() {
        let packages = [Side::Base, Side::Head].map(|side| crates.package(&mut workspace, example, side));
        for (program, text) in example.programs().into_iter().enumerate() {
            for (library, (package, answer)) in packages.iter().zip(example.answers()).enumerate() {
                let trial = Trial { example: number, program, library };
                if !has_features(&workspace, package, example.features()[program]) {
                    continue;
                }
                let package = package.replace('-', "_");
                let text = format!("use {package} as little;\n{PREAMBLE}\npub fn run(answer: &str) {{\n{text}\n}}\n");
                sources.insert(trial, (text, answer));
            }
        }
    }
    let dependencies: String = crates.by_source.values().fold(String::new(), |mut text, package| {
        writeln!(text, "{package} = {{ path = \"../{package}\", default-features = false }}").unwrap();
        text
    });
    let manifest = format!(
        "[package]\nname = \"programs\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\nserde = \"1\"\n\
         serde_json = \"1\"\n{dependencies}"
    );
    workspace.file("programs", "Cargo.toml", &manifest);
    for (trial, (text, _)) in &sources {
        workspace.file("programs", &format!("src/{}.rs", trial.module()), text);
    }
    // What does not compile is left out, until the rest does: the compiler tells of some mistakes only when there are no others.
    let mut compiling: BTreeSet<Trial> = sources.keys().copied().collect();
    loop {
        workspace.file("programs", "src/main.rs", &main(compiling.iter().map(|trial| (*trial, &sources[trial].1))));
        let output = workspace.cargo(&["build", "--package", "programs", "--message-format=json"]);
        if output.status.success() {
            break;
        }
        let said = String::from_utf8_lossy(&output.stdout);
        let wrong: BTreeSet<String> = said.lines().flat_map(files_with_errors).collect();
        let before = compiling.len();
        compiling.retain(|trial| !wrong.contains(&format!("{}.rs", trial.module())));
        assert!(compiling.len() < before, "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    }
    let programs = target().join("debug").join(format!("programs{}", std::env::consts::EXE_SUFFIX));
    let print = |trial: &Trial| {
        let output = Command::new(&programs).arg(trial.module()).output().unwrap();
        let end = if output.status.success() { "" } else { "(it fails)" };
        format!("{}{end}", String::from_utf8_lossy(&output.stdout))
    };
    compiling.iter().map(|trial| (*trial, print(trial))).collect()
}

fn main<'a>(trials: impl Iterator<Item = (Trial, &'a String)>) -> String {
    let (mut modules, mut arms) = (String::new(), String::new());
    for (trial, answer) in trials {
        let module = trial.module();
        writeln!(modules, "mod {module};").unwrap();
        writeln!(arms, "        {module:?} => {module}::run({answer:?}),").unwrap();
    }
    format!(
        "#![allow(warnings)]\n{modules}\nfn main() {{\n    match std::env::args().nth(1).unwrap().as_str() {{\n{arms}        \
         other => panic!(\"{{other}}\"),\n    }}\n}}\n"
    )
}

/// The names of the files that an error is about.
fn files_with_errors(line: &str) -> Vec<String> {
    let message: Value = serde_json::from_str(line).unwrap();
    let message = &message["message"];
    if message["level"] != "error" {
        return Vec::new();
    }
    let spans = message["spans"].as_array().unwrap().iter().filter_map(|span| span["file_name"].as_str());
    spans.filter_map(|file| Some(file.rsplit(['/', '\\']).next()?.to_owned())).collect()
}

/// Whether cargo lets a program ask a crate for features.
fn has_features(workspace: &Workspace, package: &str, features: &[String]) -> bool {
    if features.is_empty() {
        return true;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = workspace.folder.join(package);
    let manifest = format!(
        "[package]\nname = \"user\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\
         {package} = {{ path = {path:?}, features = {features:?} }}\n"
    );
    fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
    fs::create_dir(folder.path().join("src")).unwrap();
    fs::write(folder.path().join("src/main.rs"), "fn main() {}\n").unwrap();
    let lock = stripe_reporting_tests::project().join("Cargo.lock");
    fs::copy(lock, folder.path().join("Cargo.lock")).unwrap();
    // Unlike `cargo metadata`, it looks at the packages of this platform only, which are the ones that have been downloaded.
    let output = cargo(folder.path()).arg("tree").output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() || said.contains("does not have"), "{said}");
    output.status.success()
}

/// What the change asks for, by a program for what was and one for what is.
fn level(examples: &BTreeMap<Trial, String>, example: usize, [base, head]: [usize; 2]) -> Level {
    let works = |program: usize, with: usize| {
        let printed = |library| examples.get(&Trial { example, program, library });
        printed(with).is_some() && printed(with) == printed(program)
    };
    if !works(base, head) {
        Level::Major
    } else if !works(head, base) {
        Level::Minor
    } else {
        Level::Patch
    }
}

fn is_judgement(report: &Report) -> bool {
    let most = report.level();
    report.changes.iter().filter(|change| Some(change.rule.level) == most).all(|change| change.rule.is_judgement)
}

#[test]
fn every_level_is_what_programs_show() {
    let examples: Vec<Example> = Example::all().into_iter().map(|(_, example)| example).collect();
    let printed = run(&examples);
    let mut wrong = Vec::new();
    for (number, example) in examples.iter().enumerate() {
        for own in [0, 1] {
            let trial = Trial { example: number, program: own, library: own };
            match printed.get(&trial) {
                None => wrong.push(format!("{}: {} does not compile", example.name(), trial.module())),
                Some(text) if text.ends_with("(it fails)") => {
                    wrong.push(format!("{}: {} fails: {text}", example.name(), trial.module()));
                }
                Some(_) => {}
            }
        }
        let sides = [Side::Base, Side::Head].map(|side| example.api(side));
        let [old, new] = example.answers();
        for [from, to] in [[0, 1], [1, 0]] {
            let report = diff(&sides[from], &sides[to]);
            if old != new && report.wire() == Some(Wire::Documentation) {
                wrong.push(format!("{}: answers differ, which is more than documentation", example.name()));
            }
            let shown = level(&printed, number, [from, to]);
            let is_right =
                if is_judgement(&report) { report.level() >= Some(shown) } else { report.level() == Some(shown) };
            if !is_right {
                let ids: Vec<_> = report.changes.iter().map(|change| change.rule.id).collect();
                wrong.push(format!(
                    "{} ({from} to {to}): {ids:?} is {shown}, not {:?}",
                    example.name(),
                    report.level()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// No example counts for a rule that another change in it hides.
#[test]
fn every_rule_is_as_serious_as_its_example() {
    let levels: BTreeMap<&str, Level> = rules().map(|rule| (rule.id, rule.level)).collect();
    for (_, example) in Example::all() {
        for ids in [&example.forward, &example.backward] {
            let most = ids.iter().map(|id| levels[id.as_str()]).max();
            assert_eq!(most, Some(levels[ids[0].as_str()]), "{ids:?}: the first is not the most serious");
        }
    }
}
