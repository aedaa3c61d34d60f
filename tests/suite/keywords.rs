//! No keyword is silently ignored: at every place of the grammar, it has an effect, its change is an error, or `spec/README.md` lists
//! it as ignored. At every other place it is an error.
//!
//! A new keyword needs values in [`VALUES`], and its places marks in `tests/fixtures/places`, whose files are small: each value is
//! tried by reading a whole file.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::LazyLock;
use std::thread;

use serde_yaml::{Mapping, Value};
use stripe_reporting_codegen::diff::diff;
use stripe_reporting_codegen::{Diagnostics, Generated, Options, Source, generate, keywords, read};
use stripe_reporting_tests::{Fixture, project};

/// The key that marks a place in the fixtures.
const HERE: &str = "here";

/// The values that keywords are given, one after the other, with the default of `style` and `explode`, which is accepted as well.
/// Keywords that are not listed are removed instead.
const VALUES: &[(&str, &[&str])] = &[
    ("openapi", &["3.1.0"]),
    ("version", &["2027-01-01.preview"]),
    ("contact license", &["{name: MIT}"]),
    ("url termsOfService", &["https://example.com/v1"]),
    ("tags", &["[one]"]),
    ("security x-stripeErrors x-stripeDocsSamples", &["[{}]"]),
    ("securitySchemes examples x-wait.failure", &["{}"]),
    ("operationId", &["GetOthers"]),
    ("externalDocs", &["{url: 'https://example.com', description: Another page}"]),
    (
        "deprecated required nullable readOnly writeOnly exclusiveMinimum exclusiveMaximum uniqueItems \
         x-stripeResource.has_collection_class x-stripeBypassValidation x-secret x-falseMeansAbsent \
         x-stripeLessCommon x-stripeNotPublic",
        &["true"],
    ),
    (
        "name x-resourceId x-stripeEvent.type x-events.snapshot.type x-events.thin.type x-stripeError.code x-stripeError.type x-knownValues.value \
         x-stableId",
        &["another"],
    ),
    ("in", &["query", "path"]),
    ("style", &["deepObject", "form"]),
    ("explode", &["false", "true"]),
    ("example", &["text", "2", "{name: text}"]),
    ("encoding", &["{name: {style: deepObject, explode: true}}"]),
    ("type", &["string", "boolean"]),
    ("default x-preset", &["text", "2"]),
    ("format", &["date-time", "unix-time", "double"]),
    ("enum", &["[one]", "[three, four]"]),
    ("pattern", &["^a"]),
    ("minLength minimum minItems minProperties", &["1"]),
    ("maxLength maximum maxItems maxProperties", &["50"]),
    ("multipleOf", &["2"]),
    ("additionalProperties", &["true", "{type: boolean}"]),
    ("x-stripeResource", &["{class_name: Another, in_package: v2.more}"]),
    (
        "x-stripeResource.class_name x-stripeResource.in_package x-stripeEnum.values.x-rustName \
         x-events.snapshot.x-rustName x-events.thin.x-rustName",
        &["Another"],
    ),
    ("x-stripeOperations", &["[{method_name: create, operation: post, path: /v1/things}]"]),
    ("x-stripeOperations.method_name", &["fetch"]),
    ("x-stripeOperations.method_type", &["list"]),
    ("x-stripeOperations.method_on", &["service"]),
    ("x-stripeOperations.operation", &["post"]),
    ("x-stripeOperations.path", &["/v1/nothing"]),
    ("x-stripeEnum", &["{kind: open, values: [{value: one, description: Another.}]}"]),
    ("x-stripeEnum.kind", &["closed"]),
    ("x-stripeEnum.values", &["[{value: running, description: Another.}]"]),
    (
        "x-stripeEnum.values.value x-wait.canceledAt x-download.size x-download.expiresAt x-download.columns",
        &["nothing"],
    ),
    (
        "title summary description x-stripeEnum.values.description x-knownValues.description \
         x-events.snapshot.description x-events.thin.description",
        &["Another."],
    ),
    ("x-stripeEvent", &["{type: another}"]),
    ("x-stripeEvent.kind", &["thin"]),
    ("x-events", &["{snapshot: [{type: another}]}", "{thin: [{type: another}]}"]),
    ("x-events.snapshot x-events.thin", &["[{type: another}]"]),
    ("x-stripeError", &["{code: another, httpStatusCode: 400}"]),
    ("x-stripeError.httpStatusCode", &["400"]),
    ("x-stripeProperty", &["{referenced_resource: thing}", "{referenced_resource: v2.thing}"]),
    ("x-stripeProperty.referenced_resource", &["thing"]),
    ("x-stripeParam", &["{referenced_resource: whole}"]),
    ("x-stripeParam.referenced_resource", &["whole"]),
    ("x-expansionResources", &["{oneOf: [{$ref: '#/components/schemas/thing'}]}"]),
    ("x-expansionResources.oneOf", &["[{$ref: '#/components/schemas/thing'}]"]),
    ("x-expansionResources.oneOf.$ref", &["#/components/schemas/thing"]),
    ("x-rustName", &["Another", "another"]),
    ("x-replacedBy", &["whole", "PostNames"]),
    ("x-sameIdsAs", &["whole", "thing"]),
    ("x-wait", &["{status: status, running: [], succeeded: [], failed: []}"]),
    ("x-wait.status", &["code"]),
    ("x-wait.running x-wait.succeeded x-wait.failed x-wait.canceled", &["[]"]),
    ("x-wait.failure.code x-download.url", &["message"]),
    ("x-wait.failure.message x-download.contentType", &["other_message"]),
    ("x-download", &["{url: address, access: api-key}"]),
    ("x-rows", &["{columns: columns, rows: lines, nextPage: message, page: page}"]),
    ("x-rows.nextPage", &["other_message"]),
    ("x-rows.include", &["columns"]),
    ("x-download.access", &["api-key"]),
    ("x-knownValues", &["[another]"]),
    ("x-knownValues.name", &["ANOTHER"]),
    ("x-eventEnvelope", &["thin", "snapshot"]),
    ("x-expandableFields x-stripeMostCommon", &["[name]"]),
    (
        "x-deviation",
        &["[{at: enum/a, published: missing, reason: A reason., since: 2026-09-30.preview, source: A page.}]"],
    ),
];

/// The values of [`VALUES`] by keyword.
static GIVEN: LazyLock<BTreeMap<&str, Vec<Value>>> = LazyLock::new(|| {
    let parsed = |text: &&str| serde_yaml::from_str(text).unwrap_or_else(|_| Value::from(*text));
    let given = |(names, values): &'static (&str, &[&str])| {
        let values: Vec<Value> = values.iter().map(parsed).collect();
        names.split(' ').map(move |name| (name, values.clone()))
    };
    VALUES.iter().flat_map(given).collect()
});

/// Keywords that change the place itself.
const MAKE_PLACES: &[&str] =
    &["type", "oneOf", "anyOf", "x-stripeEnum", "x-stripeBypassValidation", "x-stripeEvent", "x-stripeError"];

/// Keywords that repeat another: they may be left out, and another value is an error.
const REDUNDANT: &[(&str, &str)] = &[
    ("a parameter", "style"),
    ("a parameter", "explode"),
    ("the schema of an error", "properties"),
    ("the body of an error", "properties"),
];

/// A fixture without its marks, and its result.
struct Base {
    file: String,
    value: Value,
    generated: Generated,
}

impl Base {
    /// Returns whether a changed fixture describes the same crate.
    fn is(&self, changed: &Generated) -> bool {
        diff(&self.generated.api, &changed.api).changes.is_empty() && self.generated.files == changed.files
    }
}

/// A marked place in a fixture.
struct Spot {
    base: usize,
    way: Vec<Value>,
    place: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Error,
    Nothing,
    Effect,
}

#[test]
fn every_keyword_has_an_effect_or_is_an_error_or_is_listed_as_ignored() {
    let (bases, spots) = bases();
    let known: BTreeMap<(String, String), bool> =
        keywords().into_iter().map(|keyword| ((keyword.place.to_owned(), keyword.keyword), keyword.ignored)).collect();
    let keywords: BTreeSet<&str> = known.keys().map(|(_, keyword)| keyword.as_str()).collect();
    let mut wrong = Vec::new();
    let table = table_of_the_readme(&known);
    for ((place, keyword), is_ignored) in &known {
        let is_listed = table.iter().any(|(places, keywords)| places.contains(place) && keywords.contains(keyword));
        if *is_ignored != is_listed {
            wrong.push(format!("spec/README.md and the grammar disagree whether `{keyword}` is ignored on {place}"));
        }
    }

    let workers = thread::available_parallelism().map_or(2, Into::into);
    let tried: Vec<Tried> = thread::scope(|scope| {
        let (bases, spots, keywords, known) = (&bases, &spots, &keywords, &known);
        let worker = move |number: usize| {
            let own = spots.iter().skip(number).step_by(workers);
            own.flat_map(|spot| tries(&bases[spot.base], spot, keywords, known)).collect::<Vec<_>>()
        };
        let running: Vec<_> = (0..workers).map(|number| scope.spawn(move || worker(number))).collect();
        running.into_iter().flat_map(|running| running.join().unwrap()).collect()
    });

    let mut best: BTreeMap<(&str, &str), Outcome> = BTreeMap::new();
    for Tried { place, keyword, outcome, shown } in &tried {
        let found = best.entry((place, keyword)).or_insert(*outcome);
        *found = (*found).max(*outcome);
        match (known.get(&(place.clone(), keyword.clone())), outcome) {
            (Some(false), Outcome::Nothing) if REDUNDANT.contains(&(place, keyword)) => {}
            (Some(false), Outcome::Nothing) => wrong.push(format!("{shown}: no effect, no error, and not ignored")),
            (Some(true), Outcome::Effect) => wrong.push(format!("{shown}: has an effect, though it is ignored")),
            (None, Outcome::Nothing | Outcome::Effect) => wrong.push(format!("{shown}: not an error")),
            _ => {}
        }
    }
    for ((place, keyword), is_ignored) in &known {
        match best.get(&(place.as_str(), keyword.as_str())) {
            None => wrong.push(format!("no fixture has {place}, for `{keyword}`")),
            Some(Outcome::Error) if *is_ignored => {
                wrong.push(format!("`{keyword}` on {place} is an error, and not ignored"))
            }
            Some(_) => {}
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), tried.len(), wrong.join("\n"));
}

/// A change and its outcome.
struct Tried {
    place: String,
    keyword: String,
    outcome: Outcome,
    shown: String,
}

/// Sets or removes each keyword at a place: one by one where they have an effect, together elsewhere.
fn tries(base: &Base, spot: &Spot, keywords: &BTreeSet<&str>, known: &BTreeMap<(String, String), bool>) -> Vec<Tried> {
    let mut tried = Vec::new();
    let (mut ignored, mut refused) = (Vec::new(), Vec::new());
    let mut unchanged = base.value.clone();
    for keyword in keywords {
        let is_ignored = known.get(&(spot.place.clone(), (*keyword).to_owned()));
        for value in values(object(&mut unchanged, spot), keyword) {
            let mut changed = base.value.clone();
            if !set(object(&mut changed, spot), keyword, value.as_ref()) {
                continue;
            }
            let text = value.map_or("(removed)".to_owned(), |value| serde_yaml::to_string(&value).unwrap());
            let way: Vec<_> = spot.way.iter().map(shown).collect();
            let shown = format!("{} {}: `{keyword}: {}`", base.file, way.join("/"), text.trim());
            let (place, keyword) = (spot.place.clone(), (*keyword).to_owned());
            let mut one = Tried { place, keyword, outcome: Outcome::Error, shown };
            match is_ignored {
                Some(false) => {
                    one.outcome = outcome(base, serde_yaml::to_string(&changed).unwrap());
                    let is_shown = one.outcome == Outcome::Effect;
                    tried.push(one);
                    if is_shown {
                        break;
                    }
                }
                Some(true) => {
                    ignored.push(one);
                    break;
                }
                None if !one.keyword.contains('.') && !MAKE_PLACES.contains(&one.keyword.as_str()) => {
                    refused.push(one);
                    break;
                }
                None => {}
            }
        }
    }
    tried.extend(with_effect(base, spot, ignored));
    tried.extend(without_errors(base, spot, refused));
    tried
}

/// Sets all keywords that are ignored at a place. Those that conflict with each other, or that belong to other types, are tried alone.
fn with_effect(base: &Base, spot: &Spot, mut ignored: Vec<Tried>) -> Vec<Tried> {
    let mut alone = Vec::new();
    while !ignored.is_empty() {
        let (text, pointers) = with_all(base, spot, &ignored);
        let errors = match generated(&base.file, text) {
            Ok(generated) => {
                let together = if base.is(&generated) { Outcome::Nothing } else { Outcome::Effect };
                ignored.iter_mut().for_each(|one| one.outcome = together);
                break;
            }
            Err(errors) => errors,
        };
        let is_wrong = |one: &Tried| errors.iter().any(|found| is_under(found, &pointers[&one.keyword]));
        let (wrong, right): (Vec<_>, Vec<_>) = ignored.into_iter().partition(is_wrong);
        ignored = right;
        if wrong.is_empty() {
            break;
        }
        alone.extend(wrong);
    }
    for mut one in alone {
        let (text, _) = with_all(base, spot, std::slice::from_ref(&one));
        one.outcome = outcome(base, text);
        ignored.extend((one.outcome != Outcome::Error).then_some(one));
    }
    ignored
}

/// Sets all keywords that a place does not have, and returns those without an error of their own. An error may hide others, so this
/// is repeated with the rest, and the last ones are tried alone.
fn without_errors(base: &Base, spot: &Spot, mut refused: Vec<Tried>) -> Vec<Tried> {
    while !refused.is_empty() {
        let (text, pointers) = with_all(base, spot, &refused);
        let errors = read(&[Source { name: base.file.clone(), text }])
            .map_or_else(|found| pointers_of(&found), |_| BTreeSet::new());
        let before = refused.len();
        refused.retain(|one| !errors.iter().any(|found| is_under(found, &pointers[&one.keyword])));
        if refused.len() == before {
            for one in &mut refused {
                let (text, _) = with_all(base, spot, std::slice::from_ref(one));
                one.outcome = outcome(base, text);
            }
            return refused;
        }
    }
    refused
}

/// Returns a fixture with keywords set at a place, and the pointer of each.
fn with_all(base: &Base, spot: &Spot, tried: &[Tried]) -> (String, BTreeMap<String, String>) {
    let escaped = |step: &Value| format!("/{}", shown(step).replace('~', "~0").replace('/', "~1"));
    let way: String = spot.way.iter().map(escaped).collect();
    let (mut changed, mut pointers) = (base.value.clone(), BTreeMap::new());
    for one in tried {
        let object = object(&mut changed, spot);
        let value = values(object, &one.keyword).remove(0);
        set(object, &one.keyword, value.as_ref());
        pointers.insert(one.keyword.clone(), format!("{way}/{}", one.keyword.split('.').next().unwrap()));
    }
    (serde_yaml::to_string(&changed).unwrap(), pointers)
}

fn is_under(found: &str, at: &str) -> bool {
    found.strip_prefix(at).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn pointers_of(errors: &Diagnostics) -> BTreeSet<String> {
    errors.iter().map(|error| error.pointer.to_string()).collect()
}

/// Returns the values that a keyword is given in an object; `None` removes it.
fn values(object: &Mapping, keyword: &str) -> Vec<Option<Value>> {
    if let (Some(Value::Mapping(properties)), "required") = (object.get("properties"), keyword) {
        let first = properties.keys().next().map(|name| vec![name.clone()].into());
        return vec![first.filter(|first| object.get("required") != Some(first))];
    }
    GIVEN.get(keyword).map_or(vec![None], |values| values.iter().cloned().map(Some).collect())
}

fn outcome(base: &Base, text: String) -> Outcome {
    let Ok(api) = read(&[Source { name: base.file.clone(), text: text.clone() }]) else { return Outcome::Error };
    // Most changes are seen without generating.
    let has_effect =
        !diff(&base.generated.api, &api).changes.is_empty() || !base.is(&generated(&base.file, text).unwrap());
    if has_effect { Outcome::Effect } else { Outcome::Nothing }
}

/// Generates from a description, or returns the pointers of its errors.
fn generated(file: &str, text: String) -> Result<Generated, BTreeSet<String>> {
    let source = Source { name: file.to_owned(), text };
    generate(&[source], &Options::new("places", "0.1.0", "../runtime")).map_err(|found| pointers_of(&found))
}

/// Sets a keyword or a member of an extension; returns whether that changes the text.
fn set(object: &mut Mapping, keyword: &str, new: Option<&Value>) -> bool {
    let (first, rest) = match keyword.split_once('.') {
        Some((first, rest)) => (first, Some(rest)),
        None => (keyword, None),
    };
    let Some(rest) = rest else {
        if object.get(first) == new {
            return false;
        }
        match new {
            Some(new) => drop(object.insert(first.into(), new.clone())),
            None => drop(object.shift_remove(first)),
        }
        return true;
    };
    let inside = match object.get_mut(first) {
        Some(Value::Sequence(entries)) => entries.first_mut(),
        other => other,
    };
    inside.and_then(Value::as_mapping_mut).is_some_and(|inside| set(inside, rest, new))
}

/// Returns the object at a marked place.
fn object<'v>(value: &'v mut Value, spot: &Spot) -> &'v mut Mapping {
    let found = spot.way.iter().fold(value, |value, step| match value {
        Value::Sequence(entries) => &mut entries[usize::try_from(step.as_u64().unwrap()).unwrap()],
        other => &mut other[step],
    });
    found.as_mapping_mut().unwrap()
}

fn shown(step: &Value) -> String {
    step.as_str().map_or_else(|| step.as_u64().unwrap().to_string(), str::to_owned)
}

fn bases() -> (Vec<Base>, Vec<Spot>) {
    let (mut bases, mut spots) = (Vec::new(), Vec::new());
    for (base, fixture) in Fixture::all("places").into_iter().enumerate() {
        let mut value = serde_yaml::from_str(&fixture.text).unwrap();
        take_marks(&mut value, &mut Vec::new(), &mut |way, place| {
            spots.push(Spot { base, way: way.to_vec(), place: place.to_owned() });
        });
        let file = format!("{}.yaml", fixture.name);
        let generated = generated(&file, serde_yaml::to_string(&value).unwrap()).unwrap();
        bases.push(Base { file, value, generated });
    }
    (bases, spots)
}

fn take_marks(value: &mut Value, way: &mut Vec<Value>, found: &mut impl FnMut(&[Value], &str)) {
    match value {
        Value::Mapping(mapping) => {
            if let Some(place) = mapping.shift_remove(HERE) {
                found(way, place.as_str().unwrap());
            }
            for (key, value) in mapping {
                way.push(key.clone());
                take_marks(value, way, found);
                way.pop();
            }
        }
        Value::Sequence(entries) => {
            for (index, value) in entries.iter_mut().enumerate() {
                way.push(index.into());
                take_marks(value, way, found);
                way.pop();
            }
        }
        _ => {}
    }
}

/// Returns the rows of the table of ignored keywords in `spec/README.md`: their places and keywords.
fn table_of_the_readme(known: &BTreeMap<(String, String), bool>) -> Vec<(BTreeSet<String>, BTreeSet<String>)> {
    let readme = fs::read_to_string(project().join("spec/README.md")).unwrap();
    let chapter = readme.split("\n## Ignored keywords\n").nth(1).unwrap().split("\n## ").next().unwrap();
    let schemas = known.keys().filter(|(_, keyword)| keyword == "title").map(|(place, _)| place.clone());
    let schemas: BTreeSet<String> = schemas.filter(|place| place != "`info`").collect();
    let all: BTreeSet<String> = known.keys().map(|(place, _)| place.clone()).collect();
    let places = |named: &str| match named.strip_prefix("any schema but ") {
        Some(exception) => schemas.iter().filter(|place| *place != exception).cloned().collect(),
        None if named == "any schema" => schemas.clone(),
        None if named == "anything" => all.clone(),
        None => {
            assert!(all.contains(named), "spec/README.md: unknown place {named}");
            BTreeSet::from([named.to_owned()])
        }
    };
    let row = |row: &str| {
        let (on, keywords) = row.trim_matches(['|', ' ']).split_once(" | ").unwrap();
        let on: BTreeSet<String> = on.split("; ").flat_map(places).collect();
        let keywords: BTreeSet<String> = keywords.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        for keyword in &keywords {
            let exists = on.iter().any(|place| known.contains_key(&(place.clone(), keyword.clone())));
            assert!(exists, "spec/README.md: `{keyword}` is not in the grammar of {on:?}");
        }
        (on, keywords)
    };
    let rows: Vec<_> = chapter.lines().filter(|line| line.starts_with("| ")).skip(2).map(row).collect();
    assert!(!rows.is_empty());
    rows
}
