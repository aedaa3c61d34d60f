//! Examples of changes: two descriptions, a similar change that has other rules, and programs that use the changed item.

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, OnceLock};

use serde::Deserialize;
use serde_yaml::Value;
use stripe_reporting_codegen::api::Api;
use stripe_reporting_codegen::published::Curated;
use stripe_reporting_codegen::{Diagnostics, Generated, Options, Source, generate, read, render_human};
use stripe_reporting_tests::Fixture;
use stripe_reporting_tests::little::{edited, merge};

use super::wire::Contract;

/// A change of the little description.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Example {
    /// The rules of its changes; it is an example of the first.
    pub(crate) forward: Vec<String>,
    /// The rules when the sides are swapped.
    pub(crate) backward: Vec<String>,
    /// Edits of the little description for both sides.
    #[serde(default)]
    start: Vec<Value>,
    /// Edits for the head.
    edit: Vec<Value>,
    /// Edits of a similar change, which neither of the first rules matches.
    near: Vec<Value>,
    /// A program for the base.
    pub(crate) before: String,
    /// A program for the head, if it needs another one.
    pub(crate) after: Option<String>,
    /// The features of the crate that the programs enable.
    #[serde(default)]
    features: Features,
    /// Edits of the response that the programs read.
    #[serde(default)]
    response: Responses,
    /// The description of each side, once it has been used.
    #[serde(skip)]
    sides: [OnceLock<&'static Described>; 3],
}

/// A description, and what is read from it. Most examples have the same base, which is read once.
struct Described {
    sources: Vec<Source>,
    api: OnceLock<Api>,
    generated: OnceLock<Generated>,
    curated: OnceLock<Curated>,
    contract: OnceLock<Contract>,
}

impl Described {
    fn new(sources: Vec<Source>) -> &'static Self {
        static ALL: Mutex<BTreeMap<Vec<String>, &'static Described>> = Mutex::new(BTreeMap::new());
        let texts = sources.iter().map(|source| source.text.clone()).collect();
        let described = || Self {
            sources,
            api: OnceLock::new(),
            generated: OnceLock::new(),
            curated: OnceLock::new(),
            contract: OnceLock::new(),
        };
        ALL.lock().unwrap().entry(texts).or_insert_with(|| Box::leak(Box::new(described())))
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Features {
    before: Vec<String>,
    after: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Responses {
    base: Vec<Value>,
    head: Vec<Value>,
}

/// One of the three descriptions of an example.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Base,
    Head,
    Near,
}

/// A run as the little API returns it.
const RESPONSE: &str = r#"{
    "object": "run", "id": "run_1", "status": "failed", "origin": "api", "amount": 5, "created": 1700000000,
    "failure_code": "broken", "failure_text": "It broke.", "parent": "run_0", "options": {"compress": true},
    "file": {"url": "https://files.stripe.com/1", "size": 3, "kind": "csv"}, "links": {"first": "1", "second": "2"}
}"#;

impl Example {
    /// Returns all examples, each with the name of its file, which is that of the rule's file.
    pub(crate) fn all() -> &'static [(String, Self)] {
        static ALL: LazyLock<Vec<(String, Example)>> = LazyLock::new(|| {
            let files = Fixture::all("diff").into_iter().filter(|file| !file.name.starts_with('_'));
            files
                .flat_map(|file| Example::in_file(&file).into_iter().map(move |example| (file.name.clone(), example)))
                .collect()
        });
        &ALL
    }

    fn in_file(file: &Fixture) -> Vec<Self> {
        serde_yaml::from_str(&file.text).unwrap_or_else(|error| panic!("{}: {error}", file.name))
    }

    /// Its name in messages.
    pub(crate) fn name(&self) -> &str {
        &self.forward[0]
    }

    /// Returns the files of a side.
    pub(crate) fn sources(&self, side: Side) -> &'static [Source] {
        &self.described(side).sources
    }

    /// Edits the little description for a side; the files are that and what an edit has under `more`.
    fn described(&self, side: Side) -> &'static Described {
        self.sides[side as usize].get_or_init(|| {
            let edits = match side {
                Side::Base => &[][..],
                Side::Head => &self.edit,
                Side::Near => &self.near,
            };
            let mut little = edited(self.start.iter().chain(edits));
            let more = little.as_mapping_mut().unwrap().shift_remove("more").map(|more| ("more.yaml", more));
            let files = [("little.yaml", little)].into_iter().chain(more);
            let sources =
                files.map(|(name, file)| Source { name: name.to_owned(), text: serde_yaml::to_string(&file).unwrap() });
            Described::new(sources.collect())
        })
    }

    pub(crate) fn api(&self, side: Side) -> &'static Api {
        match side {
            Side::Near => self.described(side).api.get_or_init(|| self.valid(side, read(self.sources(side)))),
            Side::Base | Side::Head => &self.generated(side).api,
        }
    }

    /// Returns the crate `little` of a side.
    pub(crate) fn generated(&self, side: Side) -> &'static Generated {
        let options = || Options::new("little", "0.1.0", "../../runtime");
        self.described(side).generated.get_or_init(|| self.valid(side, generate(self.sources(side), &options())))
    }

    /// Returns the description as the curated side of drift.
    pub(crate) fn curated(&self, side: Side) -> &'static Curated {
        self.described(side).curated.get_or_init(|| self.valid(side, Curated::read(self.sources(side))))
    }

    /// Returns what the description says about bodies.
    pub(crate) fn contract(&self, side: Side) -> &'static Contract {
        self.described(side).contract.get_or_init(|| Contract::read(self.sources(side)))
    }

    fn valid<T>(&self, side: Side, read: Result<T, Diagnostics>) -> T {
        read.unwrap_or_else(|diagnostics| {
            panic!("{}, {side:?}:\n{}", self.name(), render_human(&diagnostics, self.sources(side)))
        })
    }

    /// The programs for base and head.
    pub(crate) fn programs(&self) -> [&str; 2] {
        [&self.before, self.after.as_ref().unwrap_or(&self.before)]
    }

    /// The features that the programs enable.
    pub(crate) fn features(&self) -> [&[String]; 2] {
        [&self.features.before, &self.features.after]
    }

    /// The same response as Stripe writes it by each of the two descriptions.
    pub(crate) fn responses(&self) -> [String; 2] {
        [&self.response.base, &self.response.head].map(|edits| {
            let mut response: Value = serde_yaml::from_str(RESPONSE).unwrap();
            edits.iter().for_each(|edit| merge(&mut response, edit));
            serde_json::to_string(&response).unwrap()
        })
    }
}
