//! Examples of changes: two descriptions, one near them that is not such a change, and programs that use what changes.

use serde::Deserialize;
use serde_yaml::Value;
use stripe_reporting_codegen::api::Api;
use stripe_reporting_codegen::{Source, read, render_human};
use stripe_reporting_tests::Fixture;
use stripe_reporting_tests::little::{edited, merge};

/// A change of the little description.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Example {
    /// The rules that the change is by; the first one is what it is an example of.
    pub(crate) forward: Vec<String>,
    /// The rules that it is by when the sides are swapped.
    pub(crate) backward: Vec<String>,
    /// What differs from the little description on both sides.
    #[serde(default)]
    start: Vec<Value>,
    /// What changes.
    edit: Vec<Value>,
    /// What changes in a description that is not an example of the first rules.
    near: Vec<Value>,
    /// A program for the base.
    pub(crate) before: String,
    /// A program for the head, if it needs another one.
    pub(crate) after: Option<String>,
    /// The crate's features that the programs ask for.
    #[serde(default)]
    features: Features,
    /// How the answer that programs read differs from the usual one.
    #[serde(default)]
    answer: Answers,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Features {
    before: Vec<String>,
    after: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Answers {
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

/// A run as the little API answers with it.
const ANSWER: &str = r#"{
    "object": "run", "id": "run_1", "status": "failed", "origin": "api", "amount": 5, "created": 1700000000,
    "failure_code": "broken", "failure_text": "It broke.", "parent": "run_0", "options": {"compress": true},
    "file": {"url": "https://files.stripe.com/1", "size": 3, "kind": "csv"}, "links": {"first": "1", "second": "2"}
}"#;

impl Example {
    /// All examples by the file that they are in, which is called after the topic.
    pub(crate) fn all() -> Vec<(String, Self)> {
        let files = Fixture::all("diff").into_iter().filter(|file| !file.name.starts_with('_'));
        files
            .flat_map(|file| Self::in_file(&file).into_iter().map(move |example| (file.name.clone(), example)))
            .collect()
    }

    fn in_file(file: &Fixture) -> Vec<Self> {
        serde_yaml::from_str(&file.text).unwrap_or_else(|error| panic!("{}: {error}", file.name))
    }

    /// What it is called in messages.
    pub(crate) fn name(&self) -> &str {
        &self.forward[0]
    }

    pub(crate) fn source(&self, side: Side) -> Source {
        let edits = match side {
            Side::Base => &[][..],
            Side::Head => &self.edit,
            Side::Near => &self.near,
        };
        Source { name: "little.yaml".to_owned(), text: edited(self.start.iter().chain(edits)) }
    }

    pub(crate) fn api(&self, side: Side) -> Api {
        let source = self.source(side);
        read(std::slice::from_ref(&source)).unwrap_or_else(|diagnostics| {
            panic!("{}, {side:?}:\n{}", self.name(), render_human(&diagnostics, &[source]))
        })
    }

    /// The program that uses the item as the base has it, and the one for the head.
    pub(crate) fn programs(&self) -> [&str; 2] {
        [&self.before, self.after.as_ref().unwrap_or(&self.before)]
    }

    /// The features that each of the programs asks for.
    pub(crate) fn features(&self) -> [&[String]; 2] {
        [&self.features.before, &self.features.after]
    }

    /// What Stripe answers by each of the two descriptions, saying the same.
    pub(crate) fn answers(&self) -> [String; 2] {
        [&self.answer.base, &self.answer.head].map(|edits| {
            let mut answer: Value = serde_yaml::from_str(ANSWER).unwrap();
            edits.iter().for_each(|edit| merge(&mut answer, edit));
            serde_json::to_string(&answer).unwrap()
        })
    }
}
