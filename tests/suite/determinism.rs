//! The same descriptions give the same bytes: whatever the order of what has no order, wherever they lie.

use serde_json::Value;
use stripe_reporting_codegen::{File, Options, Source, generate, render_human};

fn files(sources: &[Source]) -> Vec<File> {
    match generate(sources, &Options::new("stripe-reporting", "0.1.0", "../runtime")) {
        Ok(generated) => generated.files,
        Err(diagnostics) => panic!("{}", render_human(&diagnostics, sources)),
    }
}

fn description() -> Vec<Source> {
    stripe_reporting_tests::description().unwrap()
}

/// Fails with the first difference, which is easier to read than two crates.
fn assert_same(one: &[File], other: &[File]) {
    for (one, other) in one.iter().zip(other) {
        assert_eq!(one.path, other.path);
        for (number, (line, other_line)) in one.text.lines().zip(other.text.lines()).enumerate() {
            assert_eq!(line, other_line, "{}:{}", one.path, number + 1);
        }
    }
    assert!(one == other);
}

/// A description as JSON whose objects keep the order that they have in the text.
enum Json {
    Object(Vec<(String, Json)>),
    Array(Vec<Json>),
    Plain(Value),
}

impl Json {
    fn of(source: &Source) -> Self {
        Self::convert(&serde_yaml::from_str(&source.text).unwrap())
    }

    fn convert(yaml: &serde_yaml::Value) -> Self {
        match yaml {
            serde_yaml::Value::Mapping(mapping) => {
                // Statuses are numbers to YAML.
                let key = |key: &serde_yaml::Value| {
                    key.as_str().map_or_else(|| key.as_u64().unwrap().to_string(), str::to_owned)
                };
                Self::Object(mapping.iter().map(|(name, value)| (key(name), Self::convert(value))).collect())
            }
            serde_yaml::Value::Sequence(items) => Self::Array(items.iter().map(Self::convert).collect()),
            other => Self::Plain(serde_json::to_value(other).unwrap()),
        }
    }

    /// Turns the order of keys around wherever it has no meaning: everywhere but among properties.
    fn reversed(self, properties: bool) -> Self {
        match self {
            Self::Object(mut entries) => {
                if !properties {
                    entries.reverse();
                }
                let reversed = |(key, value): (String, Self)| {
                    let inside = !properties && key == "properties";
                    (key, value.reversed(inside))
                };
                Self::Object(entries.into_iter().map(reversed).collect())
            }
            Self::Array(items) => Self::Array(items.into_iter().map(|item| item.reversed(false)).collect()),
            plain @ Self::Plain(_) => plain,
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Object(entries) => {
                let entries =
                    entries.iter().map(|(key, value)| format!("{}: {}", Value::from(key.as_str()), value.text()));
                format!("{{{}}}", entries.collect::<Vec<_>>().join(",\n"))
            }
            Self::Array(items) => format!("[{}]", items.iter().map(Self::text).collect::<Vec<_>>().join(", ")),
            Self::Plain(value) => value.to_string(),
        }
    }
}

#[test]
fn twice_the_same() {
    assert_same(&files(&description()), &files(&description()));
}

#[test]
fn the_order_of_keys_does_not_show() {
    let plain = description();
    let text = |source: &Source| Json::of(source).reversed(false).text();
    let reversed: Vec<_> = plain.iter().map(|source| Source { text: text(source), ..source.clone() }).collect();
    assert_ne!(plain, reversed);
    assert_same(&files(&plain), &files(&reversed));
}

#[test]
fn json_gives_what_yaml_gives() {
    let text = |source: &Source| Json::of(source).text();
    let json: Vec<_> = description().iter().map(|source| Source { text: text(source), ..source.clone() }).collect();
    assert_same(&files(&description()), &files(&json));
}

#[test]
fn the_folder_of_the_description_does_not_show() {
    let elsewhere: Vec<_> = description()
        .into_iter()
        .map(|source| Source { name: source.name.replace("spec/", "/home/somebody/else where/"), ..source })
        .collect();
    assert_same(&files(&description()), &files(&elsewhere));
}

#[test]
fn line_ends_do_not_show() {
    let windows: Vec<_> =
        description().into_iter().map(|source| Source { text: source.text.replace('\n', "\r\n"), ..source }).collect();
    assert_same(&files(&description()), &files(&windows));
}

#[test]
fn nothing_of_the_machine_shows() {
    let text: String = files(&description()).into_iter().map(|file| file.text).collect();
    let project = stripe_reporting_tests::project();
    assert!(!text.contains(project.to_str().unwrap()));
    for year in ["2027", "rustfmt ", "prettyplease", "/home/", "/root"] {
        assert!(!text.contains(year), "{year}");
    }
}
