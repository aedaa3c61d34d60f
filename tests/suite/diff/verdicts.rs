//! Levels match what programs show: the crates for both sides of every example are generated, and programs that use the changed
//! item are compiled and run with both.
//!
//! A change is major if the program for the base does not compile with the head, or prints something else for the same response.
//! Otherwise it is minor if the program for the head does not work with the base, and a patch if it does.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::process::Command;

use serde_json::Value;
use stripe_reporting_codegen::diff::{Level, Report, Wire, diff, rules};

use super::decoders::Decoders;
use super::example::{Example, Side};
use super::rules::judgements;
use crate::cargo::{cargo, target};
use crate::workspace::{Generated, Workspace};

/// One of an example's two programs, with one of its two crates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Trial {
    example: usize,
    /// 0 for the program of the base, 1 for that of the head.
    program: usize,
    /// 0 for the crate of the base, 1 for that of the head.
    library: usize,
}

impl Trial {
    fn module(self) -> String {
        format!("example_{:03}_program_{}_crate_{}", self.example, self.program, self.library)
    }
}

/// The crates of all examples, most of which share their base.
#[derive(Default)]
struct Crates {
    by_sources: BTreeMap<Vec<String>, usize>,
    generated: Vec<Generated>,
}

impl Crates {
    /// Returns the index of the crate for a side of an example.
    fn index(&mut self, example: &Example, side: Side) -> usize {
        let texts = example.sources(side).iter().map(|source| source.text.clone()).collect();
        *self.by_sources.entry(texts).or_insert_with(|| {
            let name = format!("little_{:03}", self.generated.len());
            self.generated.push(Generated { name, files: example.generated(side).files.clone() });
            self.generated.len() - 1
        })
    }
}

const PREAMBLE: &str = "use little::v1::*;
use little::*;

fn read<T: serde::de::DeserializeOwned>(response: &str) -> T {
    serde_json::from_str(response).unwrap()
}
";

/// Compiles all trials, and returns the output of those that compile, and what is wrong with the decoders.
fn run(examples: &[&Example]) -> (BTreeMap<Trial, String>, Vec<String>) {
    let mut crates = Crates::default();
    let sides: Vec<_> =
        examples.iter().map(|example| [Side::Base, Side::Head].map(|side| crates.index(example, side))).collect();
    let mut workspace = Workspace::new("verdicts");
    let packages = workspace.join("little", &crates.generated);
    let mut decoders = Decoders::default();
    let mut sources: BTreeMap<Trial, (String, String)> = BTreeMap::new();
    for (number, (example, sides)) in examples.iter().zip(sides).enumerate() {
        decoders.add(example, sides);
        for (program, text) in example.programs().into_iter().enumerate() {
            for (library, (index, response)) in sides.into_iter().zip(example.responses()).enumerate() {
                let trial = Trial { example: number, program, library };
                let generated = &crates.generated[index];
                if !has_features(generated, example.features()[program]) {
                    continue;
                }
                let path = format!("{}::{}", packages[index], generated.name);
                let text = format!("use {path} as little;\n{PREAMBLE}\npub fn run(response: &str) {{\n{text}\n}}\n");
                sources.insert(trial, (text, response));
            }
        }
    }
    let decoding = decoders.source(|index| format!("{}::{}", packages[index], crates.generated[index].name));
    workspace.file("programs", "src/decoders.rs", &decoding);
    for (trial, (text, _)) in &sources {
        workspace.file("programs", &format!("src/{}.rs", trial.module()), text);
    }
    // Trials that do not compile are left out until the rest compiles: the compiler reports some errors only without others.
    let mut compiling: BTreeSet<Trial> = sources.keys().copied().collect();
    loop {
        let main = main(compiling.iter().map(|trial| (*trial, &sources[trial].1)));
        workspace.program("programs", &packages, &[], &main);
        let output = workspace.cargo(&["build", "--package", "programs", "--message-format=json"]);
        if output.status.success() {
            break;
        }
        let stdout = String::from_utf8_lossy(&output.stdout);
        let wrong: BTreeSet<String> = stdout.lines().flat_map(files_with_errors).collect();
        let before = compiling.len();
        compiling.retain(|trial| !wrong.contains(&format!("{}.rs", trial.module())));
        assert!(compiling.len() < before, "{stdout}\n{}", String::from_utf8_lossy(&output.stderr));
    }
    let programs = target().join("debug").join(format!("programs{}", std::env::consts::EXE_SUFFIX));
    let print = |trial: &Trial| {
        let output = Command::new(&programs).arg(trial.module()).output().unwrap();
        let end = if output.status.success() { "" } else { "(it fails)" };
        format!("{}{end}", String::from_utf8_lossy(&output.stdout))
    };
    (compiling.iter().map(|trial| (*trial, print(trial))).collect(), decoders.check(&programs))
}

fn main<'a>(trials: impl Iterator<Item = (Trial, &'a String)>) -> String {
    let (mut modules, mut arms) = (String::new(), String::new());
    for (trial, response) in trials {
        let module = trial.module();
        writeln!(modules, "mod {module};").unwrap();
        writeln!(arms, "        {module:?} => {module}::run({response:?}),").unwrap();
    }
    format!(
        "#![allow(warnings)]\nmod decoders;\n{modules}\nfn main() {{\n    match std::env::args().nth(1).unwrap().as_str() {{\n        \"decode\" => decoders::run(),\n{arms}        \
         other => panic!(\"{{other}}\"),\n    }}\n}}\n"
    )
}

/// The names of the files with errors, by a message of cargo.
fn files_with_errors(line: &str) -> Vec<String> {
    let message: Value = serde_json::from_str(line).unwrap();
    let message = &message["message"];
    if message["level"] != "error" {
        return Vec::new();
    }
    let spans = message["spans"].as_array().unwrap().iter().filter_map(|span| span["file_name"].as_str());
    spans.filter_map(|file| Some(file.rsplit(['/', '\\']).next()?.to_owned())).collect()
}

/// Returns whether cargo lets a program enable features of a crate.
fn has_features(generated: &Generated, features: &[String]) -> bool {
    if features.is_empty() {
        return true;
    }
    let folder = tempfile::tempdir().unwrap();
    let user = format!(
        "[package]\nname = \"user\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n\
         little = {{ path = \"little\", features = {features:?} }}\n"
    );
    for (package, manifest) in [("", user), ("little", generated.manifest())] {
        fs::create_dir_all(folder.path().join(package).join("src")).unwrap();
        fs::write(folder.path().join(package).join("Cargo.toml"), manifest).unwrap();
        fs::write(folder.path().join(package).join("src/lib.rs"), "").unwrap();
    }
    let lock = stripe_reporting_tests::project().join("Cargo.lock");
    fs::copy(lock, folder.path().join("Cargo.lock")).unwrap();
    // Unlike `cargo metadata`, this needs only the packages of this platform, which have been downloaded.
    let output = cargo(folder.path()).arg("tree").output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() || stderr.contains("does not have"), "{stderr}");
    output.status.success()
}

/// The level of a change by the programs for both sides.
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

fn is_judgement(report: &Report, judgements: &BTreeSet<String>) -> bool {
    let mut most_serious = report.changes.iter().filter(|change| Some(change.rule.level) == report.level());
    most_serious.all(|change| judgements.contains(change.rule.id))
}

#[test]
fn every_level_matches_what_programs_show_and_crates_decode_what_clients_accept() {
    let examples: Vec<&Example> = Example::all().iter().map(|(_, example)| example).collect();
    let ((printed, mut wrong), judgements) = (run(&examples), judgements());
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
        let [old, new] = example.responses();
        for [from, to] in [[0, 1], [1, 0]] {
            let report = diff(sides[from], sides[to]);
            if old != new && report.wire() == Some(Wire::Documentation) {
                wrong.push(format!("{}: responses differ, which is more than documentation", example.name()));
            }
            let shown = level(&printed, number, [from, to]);
            let is_right = match is_judgement(&report, &judgements) {
                true => report.level() >= Some(shown),
                false => report.level() == Some(shown),
            };
            if !is_right {
                let ids: Vec<_> = report.changes.iter().map(|change| change.rule.id).collect();
                wrong.push(format!(
                    "{} ({from} to {to}): {ids:?} is {shown} by its programs, not {:?}",
                    example.name(),
                    report.level()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// An example does not prove a rule if another change in it is more serious.
#[test]
fn every_rule_is_as_serious_as_its_example() {
    let levels: BTreeMap<&str, Level> = rules().map(|rule| (rule.id, rule.level)).collect();
    for (_, example) in Example::all() {
        for ids in [&example.forward, &example.backward] {
            let most = ids.iter().map(|id| levels[id.as_str()]).max();
            assert_eq!(most, Some(levels[ids[0].as_str()]), "{ids:?}: the first rule is not the most serious one");
        }
    }
}
