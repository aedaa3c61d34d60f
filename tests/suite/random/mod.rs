//! Random valid descriptions: each gives a crate that compiles without a warning, always the same, and equal to itself.

mod cases;
mod crates;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use stripe_reporting_codegen::dialect::Pair;
use stripe_reporting_codegen::keywords;

use self::cases::{Case, cases};
use crate::workspace::Workspace;

/// How many descriptions a test run compiles.
const COUNT: usize = 220;

/// How many of a hundred pairs of place and keyword must be among them.
const COVERED: usize = 95;

/// How many crates the descriptions of one kind are joined to, so that all cores are used.
const CRATES: usize = 2;

#[test]
fn random_descriptions_give_crates_that_compile() {
    let cases = cases(0, COUNT);
    let mut workspace = Workspace::new("random");
    check(&mut workspace, &cases, &[&["check"]]);
    let covered = covered(&cases);
    let missing = missing(&covered);
    assert!(missing.len() * 100 <= (100 - COVERED) * keywords().len(), "not covered: {missing:#?}");
}

/// Runs until the time is over: `cargo xtask random` sets the seed, the number of descriptions and the seconds.
#[test]
#[ignore = "takes as long as one likes"]
fn random_descriptions_have_no_lints_and_their_examples_run() {
    let setting = |name: &str, default: u64| std::env::var(name).map_or(default, |value| value.parse().unwrap());
    let (mut seed, count) = (setting("RANDOM_SEED", 0), setting("RANDOM_COUNT", u64::MAX));
    let time = Duration::from_secs(setting("RANDOM_SECONDS", 600));
    let start = Instant::now();
    let (mut done, mut covered) = (0, BTreeSet::new());
    let mut workspace = Workspace::new("random-long");
    while done < count && start.elapsed() < time {
        let size = (count - done).min(40);
        let cases = cases(seed, usize::try_from(size).unwrap());
        check(&mut workspace, &cases, &[&["clippy"], &["doc", "--no-deps"], &["test", "--doc"]]);
        covered.extend(self::covered(&cases));
        done += size;
        seed = cases.iter().map(|case| case.seed).max().unwrap_or(seed) + 1;
        let (all, missing) = (keywords().len(), missing(&covered).len());
        println!("{done} descriptions, {} of {all} pairs of place and keyword, next seed {seed}", all - missing);
    }
    missing(&covered).iter().for_each(|(place, keyword)| println!("not covered: `{keyword}` of {place}"));
}

/// Joins crates, and runs cargo on what they are joined to.
fn check(workspace: &mut Workspace, cases: &[Case], commands: &[&[&str]]) {
    let groups = cases.chunk_by(|one, other| crates::lints(one) == crates::lints(other));
    let groups = groups.flat_map(|group| group.chunks(group.len().div_ceil(CRATES)));
    let joined: Vec<(String, &[Case])> =
        groups.enumerate().map(|(index, cases)| (format!("random_{index}"), cases)).collect();
    for (name, cases) in &joined {
        crates::join(workspace, name, cases);
    }
    for command in commands {
        let output = workspace.cargo(&[command, &["--workspace", "--features", "examples"][..]].concat());
        let said = [output.stderr, output.stdout].map(|said| String::from_utf8_lossy(&said).into_owned()).concat();
        let blamed =
            || -> String { joined.iter().map(|(name, cases)| crates::blamed(workspace, name, cases, &said)).collect() };
        assert!(output.status.success(), "{}cargo {command:?}:\n{said}", blamed());
    }
}

fn covered(cases: &[Case]) -> BTreeSet<Pair> {
    cases.iter().flat_map(|case| case.keywords.clone()).collect()
}

fn missing(covered: &BTreeSet<Pair>) -> Vec<Pair> {
    let all = keywords().into_iter().map(|keyword| (keyword.place, keyword.keyword));
    all.filter(|pair| !covered.contains(pair)).collect()
}
