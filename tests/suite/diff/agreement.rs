//! Reports agree with the generated crates: for any two examples, which differ in several ways at once, and for descriptions with
//! random changes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{RngAlgorithm, RngSeed, TestCaseResult, TestRng, TestRunner};
use serde_yaml::Value;

use stripe_reporting_codegen::api::Api;
use stripe_reporting_codegen::diff::{Level, Report, Rule, Wire, diff};
use stripe_reporting_codegen::{Generated, Options, Source, generate};

use stripe_reporting_tests::Fixture;
use stripe_reporting_tests::little::edited;

use super::example::{Example, Side};
use super::rules::{judgements, reverses, wire_judgements};
use super::wire::{Contract, evidence};

struct Compared {
    name: String,
    sources: Vec<Source>,
    api: Api,
    contract: Contract,
    files: BTreeMap<String, String>,
    items: BTreeSet<String>,
    /// How requests are sent: methods, paths, encodings, versions, pagination.
    wire: BTreeMap<String, String>,
}

/// Reads and generates a description; `None` if it is invalid.
fn described(name: &str, sources: Vec<Source>) -> Option<Compared> {
    let generated = generate(&sources, &Options::new("little", "0.1.0", "../../runtime")).ok()?;
    Some(compared(name, sources, generated))
}

fn compared(name: &str, sources: Vec<Source>, generated: Generated) -> Compared {
    let files: BTreeMap<_, _> = generated.files.into_iter().map(|file| (file.path, file.text)).collect();
    let is_item = |line: &&str| !line.starts_with('#') || line.starts_with("#[");
    let (wire, items): (Vec<&str>, Vec<&str>) =
        files["api.txt"].lines().filter(is_item).partition(|line| line.starts_with("const <"));
    let items = items.into_iter().map(|line| line.replace("#[deprecated] ", "")).collect();
    let wire = wire.into_iter().map(on_the_wire).collect();
    let contract = Contract::read(&sources);
    Compared { name: name.to_owned(), sources, api: generated.api, contract, files, items, wire }
}

/// Splits a constant of an operation into name and value, without the names of path parameters, which are not sent.
fn on_the_wire(line: &str) -> (String, String) {
    let start = line.find("method: ").unwrap_or_else(|| line.find(" = ").unwrap());
    let (name, value) = line.split_at(start);
    let mut parts = value.split(['{', '}']);
    let first = parts.next().unwrap().to_owned();
    let value = parts.enumerate().fold(first, |text, (at, part)| if at % 2 == 0 { text + "{}" } else { text + part });
    (name.to_owned(), value)
}

fn little() -> Source {
    Source { name: "little.yaml".to_owned(), text: serde_yaml::to_string(&edited([])).unwrap() }
}

fn texts(sources: &[Source]) -> String {
    sources.iter().map(|source| source.text.as_str()).collect()
}

/// The little description, and the head of each example.
fn all() -> Vec<Compared> {
    let mut all = vec![described("little", vec![little()]).unwrap()];
    let mut seen = BTreeSet::new();
    for (_, example) in Example::all() {
        let sources = example.sources(Side::Head).to_vec();
        if seen.insert(texts(&sources)) {
            all.push(compared(example.name(), sources, example.generated(Side::Head).clone()));
        }
    }
    all
}

/// The sorted rules of a report, without their direction.
fn undirected<'a>(report: &Report, id: impl Fn(&'static Rule) -> &'a str) -> Vec<&'a str> {
    // For items that are used in both directions, the more serious rule may be the one for the other direction when swapped.
    let either =
        |id: &'a str| ["request-", "response-"].iter().find_map(|prefix| id.strip_prefix(prefix)).unwrap_or(id);
    let mut ids: Vec<_> = report.changes.iter().map(|change| either(id(change.rule))).collect();
    ids.sort_unstable();
    ids
}

/// Prefixes of rules about what items mean, which `api.txt` does not list.
const MEANINGS: [&str; 9] = [
    "false-for-absent-",
    "response-encoding-changed",
    "request-preset-changed",
    "wait-state-changed",
    "wait-fact-",
    "wait-retrieve-changed",
    "download-fact-",
    "error-status-",
    "event-subject-changed",
];

/// What the rules of the examples say.
struct Known {
    reverses: BTreeMap<String, String>,
    judgements: BTreeSet<String>,
    wire_judgements: BTreeSet<String>,
}

static KNOWN: LazyLock<Known> =
    LazyLock::new(|| Known { reverses: reverses(), judgements: judgements(), wire_judgements: wire_judgements() });

/// The contradictions between a report and the crates.
fn contradictions(base: &Compared, head: &Compared, report: &Report, back: &Report) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut check = |is_right: bool, what: String| {
        if !is_right {
            wrong.push(format!("{} -> {}: {what}: {:?}", base.name, head.name, undirected(report, |rule| rule.id)));
        }
    };
    if base.files != head.files && report.level().is_none() {
        let lines = |side: &Compared| side.files.values().flat_map(|text| text.lines().map(str::to_owned)).collect();
        let (old, new): (Vec<String>, Vec<String>) = (lines(base), lines(head));
        let first = old.iter().zip(&new).find(|(old, new)| old != new);
        check(false, format!("the crates differ, and nothing is reported: {first:?}"));
    }
    if let Some(removed) = base.items.difference(&head.items).next() {
        check(report.level() == Some(Level::Major), format!("`{removed}` is removed"));
    }
    if let Some(new) = head.items.difference(&base.items).next() {
        check(report.level() >= Some(Level::Minor), format!("`{new}` is added"));
    }
    if base.wire.iter().any(|(name, old)| head.wire.get(name).is_some_and(|new| new != old)) {
        check(report.wire() > Some(Wire::Documentation), "requests are sent differently".to_owned());
    }
    if base.items == head.items {
        let unfounded = report.changes.iter().map(|change| change.rule).find(|rule| {
            let is_meaning = MEANINGS.iter().any(|prefix| rule.id.starts_with(prefix));
            rule.level > Level::Patch && !KNOWN.judgements.contains(rule.id) && !is_meaning
        });
        check(unfounded.is_none(), format!("no item differs, which contradicts {:?}", unfounded.map(|rule| rule.id)));
    }
    for found in evidence(&base.contract, &head.contract, report).contradictions(report, &KNOWN.wire_judgements) {
        check(false, found);
    }
    let reversed = undirected(back, |rule| KNOWN.reverses[rule.id].as_str());
    check(undirected(report, |rule| rule.id) == reversed, format!("swapping the sides gives {reversed:?}"));
    wrong
}

/// Compares each description with one in `step` of those after it, in both directions.
fn compare_pairs(step: usize) {
    let all = all();
    let mut found = Vec::new();
    for (at, one) in all.iter().enumerate() {
        for other in all.iter().skip(at).step_by(step) {
            let (report, back) = (diff(&one.api, &other.api), diff(&other.api, &one.api));
            found.extend(contradictions(one, other, &report, &back));
            found.extend(contradictions(other, one, &back, &report));
        }
    }
    assert!(found.is_empty(), "{} contradictions:\n{}", found.len(), found[..found.len().min(40)].join("\n"));
}

#[test]
fn descriptions_differ_as_their_crates_do() {
    compare_pairs(8);
}

#[test]
#[ignore = "takes a minute"]
fn any_two_descriptions_differ_as_their_crates_do() {
    compare_pairs(1);
}

#[derive(Debug, Clone)]
enum Mutation {
    Remove,
    MoveToEnd,
    Rename,
    /// Replaces a value with one under the same key elsewhere.
    Transplant(prop::sample::Index),
    Set(&'static str),
}

fn mutation() -> impl Strategy<Value = (prop::sample::Index, Mutation)> {
    let keywords = "nullable: true|deprecated: true|x-secret: true|description: Something else.|default: 1|example: x|\
        format: unix-time|format: decimal|format: date-time|format: int64|type: string|type: integer|type: boolean|\
        x-rustName: Another|x-rustName: another|x-stripeEnum: {kind: open}|x-stripeEnum: {kind: closed}|\
        required: []|enum: [one, two]|operationId: Another|more: {type: string}|\
        more: {type: object, properties: {more: {type: boolean}}}|additionalProperties: true|\
        additionalProperties: {type: string, nullable: true}";
    let mutation = prop_oneof![
        3 => Just(Mutation::Remove),
        1 => Just(Mutation::MoveToEnd),
        1 => Just(Mutation::Rename),
        4 => any::<prop::sample::Index>().prop_map(Mutation::Transplant),
        4 => prop::sample::select(keywords.split('|').collect::<Vec<_>>()).prop_map(Mutation::Set),
    ];
    (any::<prop::sample::Index>(), mutation)
}

/// All values under a key.
fn under<'a>(value: &'a Value, key: &Value, found: &mut Vec<&'a Value>) {
    match value {
        Value::Mapping(mapping) => {
            found.extend(mapping.get(key));
            mapping.values().for_each(|value| under(value, key, found));
        }
        Value::Sequence(sequence) => sequence.iter().for_each(|value| under(value, key, found)),
        _ => {}
    }
}

/// The paths to all entries and items except prose, as positions.
fn paths_of(value: &Value) -> Vec<Vec<usize>> {
    let children: Vec<(usize, &Value)> = match value {
        Value::Mapping(mapping) => mapping.values().enumerate().collect(),
        Value::Sequence(sequence) => sequence.iter().enumerate().collect(),
        _ => Vec::new(),
    };
    let is_prose = |value: &Value| value.as_str().is_some_and(|text| text.contains(' '));
    let children = children.into_iter().filter(|(_, child)| !is_prose(child));
    children
        .flat_map(|(at, child)| {
            let further = paths_of(child).into_iter().map(move |path| [&[at], path.as_slice()].concat());
            std::iter::once(vec![at]).chain(further)
        })
        .collect()
}

fn mutate(whole: &Value, at: &mut Value, path: &[usize], mutation: &Mutation) {
    let Some((step, rest)) = path.split_first() else { return };
    match at {
        Value::Mapping(mapping) => {
            let key = mapping.keys().nth(*step).unwrap().clone();
            if !rest.is_empty() {
                return mutate(whole, &mut mapping[&key], rest, mutation);
            }
            match mutation {
                Mutation::Remove => drop(mapping.shift_remove(&key)),
                Mutation::MoveToEnd => {
                    let value = mapping.shift_remove(&key).unwrap();
                    mapping.insert(key, value);
                }
                Mutation::Rename => {
                    let value = mapping.shift_remove(&key).unwrap();
                    mapping.insert(format!("{}_2", key.as_str().unwrap_or("key")).into(), value);
                }
                Mutation::Transplant(from) => {
                    let mut found = Vec::new();
                    under(whole, &key, &mut found);
                    mapping[&key] = (*from.get(&found)).clone();
                }
                Mutation::Set(text) => {
                    let Value::Mapping(more) = serde_yaml::from_str(text).unwrap() else { return };
                    mapping.extend(more);
                }
            }
        }
        Value::Sequence(sequence) if rest.is_empty() => match mutation {
            Mutation::MoveToEnd => sequence[*step..].rotate_left(1),
            _ => drop(sequence.remove(*step)),
        },
        Value::Sequence(sequence) => mutate(whole, &mut sequence[*step], rest, mutation),
        _ => {}
    }
}

/// Returns the little description and a random change of it, if that is valid.
pub(crate) fn mutated(seed: u64) -> Option<(Vec<Source>, Vec<Source>)> {
    let mut random = TestRunner::new_with_rng(
        ProptestConfig::default(),
        TestRng::from_seed(RngAlgorithm::ChaCha, &[u8::try_from(seed % 256).unwrap(); 32]),
    );
    let base = little();
    let mut value: Value = serde_yaml::from_str(&base.text).unwrap();
    for _ in 0..4 {
        let (at, mutation) = mutation().new_tree(&mut random).unwrap().current();
        let (whole, paths) = (value.clone(), paths_of(&value));
        let mut next = value.clone();
        mutate(&whole, &mut next, at.get::<Vec<usize>>(&paths), &mutation);
        let text = serde_yaml::to_string(&next).unwrap();
        if described("mutated", vec![Source { name: base.name.clone(), text }]).is_some() {
            value = next;
        }
    }
    let head = Source { name: base.name.clone(), text: serde_yaml::to_string(&value).unwrap() };
    (head.text != serde_yaml::to_string(&serde_yaml::from_str::<Value>(&base.text).unwrap()).unwrap())
        .then(|| (vec![base], vec![head]))
}

/// The descriptions that are mutated.
static DESCRIPTIONS: LazyLock<Vec<Compared>> = LazyLock::new(|| {
    // Mutations drop comments and layout, so the originals do, too.
    let plain = |Source { name, text }: Source| {
        let value: Value = serde_yaml::from_str(&text).unwrap();
        Source { name, text: serde_yaml::to_string(&value).unwrap() }
    };
    let fixtures = Fixture::all("dialect").into_iter();
    let fixtures = fixtures.map(|Fixture { name, text }| vec![Source { name: format!("{name}.yaml"), text }]);
    let little = (0..4).map(|_| vec![little()]);
    let own = stripe_reporting_tests::description().unwrap();
    let described = |sources: Vec<Source>| {
        let name = sources.iter().map(|source| source.name.as_str()).collect::<Vec<_>>().join(" ");
        let sources = sources.into_iter().map(plain).collect();
        described(&name, sources).unwrap_or_else(|| panic!("{name} is invalid"))
    };
    fixtures.chain(little).chain([own]).map(described).collect()
});

/// Compares mutated descriptions with their originals.
fn compare_mutated(count: u64, seed: u64) {
    let mutations =
        (any::<prop::sample::Index>(), any::<prop::sample::Index>(), prop::collection::vec(mutation(), 1..4));
    let config = ProptestConfig {
        max_global_rejects: u32::MAX,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(seed),
        ..ProptestConfig::default()
    };
    let mut runner = TestRunner::new(config);
    let mut found = Vec::new();
    let mut valid = 0;
    while valid < count {
        let tree = mutations.new_tree(&mut runner).unwrap();
        match runner
            .run_one(tree, |(base, file, mutations)| compare_with_mutated(base.get(&DESCRIPTIONS), file, &mutations))
        {
            Ok(is_valid) => valid += u64::from(is_valid),
            Err(error) => {
                valid += 1;
                found.push(error.to_string());
            }
        }
    }
    assert!(found.is_empty(), "{} of {count} mutations:\n{}", found.len(), found.join("\n"));
}

fn compare_with_mutated(
    base: &Compared,
    file: prop::sample::Index,
    mutations: &[(prop::sample::Index, Mutation)],
) -> TestCaseResult {
    let mut sources = base.sources.clone();
    let text = &mut file.get_mut(&mut sources).text;
    let mut value: Value = serde_yaml::from_str(text).unwrap();
    for (at, mutation) in mutations {
        let (whole, paths) = (value.clone(), paths_of(&value));
        mutate(&whole, &mut value, at.get::<Vec<usize>>(&paths), mutation);
    }
    *text = serde_yaml::to_string(&value).unwrap();
    let head = described("mutated", sources);
    prop_assume!(head.is_some(), "the description is invalid");
    let head = head.unwrap();
    let (report, back) = (diff(&base.api, &head.api), diff(&head.api, &base.api));
    let found = contradictions(base, &head, &report, &back);
    prop_assert!(
        found.is_empty(),
        "{}\n{}",
        found.join("\n"),
        changed_lines(&texts(&base.sources), &texts(&head.sources))
    );
    Ok(())
}

#[test]
fn mutated_descriptions_differ_as_their_crates_do() {
    compare_mutated(200, 2026);
}

#[test]
#[ignore = "takes minutes; `MUTATIONS` is their number, `SEED` the first seed"]
fn many_mutated_descriptions_differ_as_their_crates_do() {
    let setting = |name: &str, default: u64| std::env::var(name).map_or(default, |value| value.parse().unwrap());
    compare_mutated(setting("MUTATIONS", 3_000), setting("SEED", 2026));
}

/// Returns the lines that one text has more often than the other.
fn changed_lines(base: &str, head: &str) -> String {
    let surplus = |sign: char, one: &str, other: &str| {
        let mut others: Vec<&str> = other.lines().collect();
        let mut lines = String::new();
        for line in one.lines() {
            match others.iter().position(|other| *other == line) {
                Some(at) => drop(others.swap_remove(at)),
                None => lines.push_str(&format!("{sign}{line}\n")),
            }
        }
        lines
    };
    surplus('-', base, head) + &surplus('+', head, base)
}
