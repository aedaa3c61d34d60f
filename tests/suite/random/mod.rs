//! Random valid descriptions: the crate of each is the same every time, does not differ from itself, and compiles without a warning.
//! `cargo test` compiles those that add a pair of place and keyword.

mod cases;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use stripe_reporting_codegen::dialect::Pair;
use stripe_reporting_codegen::keywords;

use self::cases::{Case, cases};
use crate::workspace::{Generated, Workspace};

/// How many descriptions the test generates crates from.
const COUNT: usize = 220;

/// The percentage of the pairs of place and keyword that must be among them.
const COVERED: usize = 95;

#[test]
fn random_descriptions_give_crates_that_compile() {
    let (cases, crates) = cases(0, COUNT);
    let covered = covered(&cases);
    let (cases, crates) = with_new_pairs(cases, crates);
    check(&mut Workspace::new("random"), &cases, &crates, &[&["check"]]);
    let missing = missing(&covered);
    assert!(missing.len() * 100 <= (100 - COVERED) * keywords().len(), "not covered: {missing:#?}");
}

/// Returns cases that have all pairs of place and keyword of the given ones, and few lines of code: the others add little but time.
fn with_new_pairs(cases: Vec<Case>, crates: Vec<Generated>) -> (Vec<Case>, Vec<Generated>) {
    let with_lines = |(case, generated): (Case, Generated)| (generated.lines(), case, generated);
    let mut rest: Vec<_> = cases.into_iter().zip(crates).map(with_lines).collect();
    let (mut chosen, mut seen) = (Vec::new(), BTreeSet::<Pair>::new());
    loop {
        let new = |case: &Case| case.keywords.difference(&seen).count();
        // The most new pairs per line; compared without fractions.
        let best = rest.iter().enumerate().max_by_key(|(_, (lines, case, _))| new(case) * 1_000_000 / lines);
        match best {
            Some((index, (_, case, _))) if new(case) > 0 => {
                seen.extend(case.keywords.iter().cloned());
                let (_, case, generated) = rest.swap_remove(index);
                chosen.push((case, generated));
            }
            _ => return chosen.into_iter().unzip(),
        }
    }
}

/// Runs until its time is over. `cargo xtask random` sets the seed, the number of descriptions and the seconds.
#[test]
#[ignore = "takes ten minutes"]
fn random_descriptions_have_no_lints_and_their_examples_run() {
    let setting = |name: &str, default: u64| std::env::var(name).map_or(default, |value| value.parse().unwrap());
    let (mut seed, count) = (setting("RANDOM_SEED", 0), setting("RANDOM_COUNT", u64::MAX));
    let time = Duration::from_secs(setting("RANDOM_SECONDS", 600));
    let start = Instant::now();
    let (mut done, mut covered) = (0, BTreeSet::new());
    while done < count && start.elapsed() < time {
        let size = (count - done).min(40);
        let (cases, crates) = cases(seed, usize::try_from(size).unwrap());
        check(
            &mut Workspace::new("random-long"),
            &cases,
            &crates,
            &[&["clippy"], &["doc", "--no-deps"], &["test", "--doc"]],
        );
        covered.extend(self::covered(&cases));
        done += size;
        seed = cases.iter().map(|case| case.seed).max().unwrap_or(seed) + 1;
        let (all, missing) = (keywords().len(), missing(&covered).len());
        println!("{done} descriptions, {} of {all} pairs of place and keyword, next seed {seed}", all - missing);
    }
    missing(&covered).iter().for_each(|(place, keyword)| println!("not covered: `{keyword}` of {place}"));
}

/// Joins the crates to packages, and runs cargo on these.
fn check(workspace: &mut Workspace, cases: &[Case], crates: &[Generated], commands: &[&[&str]]) {
    let packages = workspace.join("random", crates);
    let modules = packages.iter().zip(crates).map(|(package, Generated { name, .. })| format!("{package}/src/{name}/"));
    let modules: Vec<String> = modules.collect();
    for command in commands {
        let output = workspace.cargo(&[command, &["--workspace", "--features", "examples"][..]].concat());
        let printed = [output.stderr, output.stdout].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
        // The descriptions that cargo's messages are about.
        let blamed = cases.iter().zip(&modules).filter(|(_, module)| printed.contains(module.as_str()));
        let blamed = blamed.map(|(case, module)| {
            let path = workspace.folder.join(module).join("description.yaml");
            std::fs::write(&path, &case.text).unwrap();
            format!("seed {}: {}\n", case.seed, path.display())
        });
        assert!(output.status.success(), "{}cargo {command:?}:\n{printed}", blamed.collect::<String>());
    }
}

fn covered(cases: &[Case]) -> BTreeSet<Pair> {
    cases.iter().flat_map(|case| case.keywords.clone()).collect()
}

fn missing(covered: &BTreeSet<Pair>) -> Vec<Pair> {
    let all = keywords().into_iter().map(|keyword| (keyword.place, keyword.keyword));
    all.filter(|pair| !covered.contains(pair)).collect()
}
