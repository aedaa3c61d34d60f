//! The same descriptions give the same bytes, whatever the order of keys and files, and their folder.

use serde_json::Value;
use stripe_reporting_codegen::{File, Options, Source, generate, read, render_human};
use stripe_reporting_tests::Fixture;

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

/// A description as JSON whose objects keep the order of the text.
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

    /// Reverses the order of keys wherever it has no meaning: everywhere but among properties.
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

/// Returns the project's description with another version and one more file.
fn grown() -> Vec<Source> {
    let mut sources = description();
    let versions: Vec<_> =
        read(&sources).unwrap().descriptions.into_iter().map(|description| description.version).collect();
    for source in &mut sources {
        for version in &versions {
            source.text = source.text.replace(&format!("version: {version}"), "version: 2099-12-31.preview");
        }
    }
    let more = Fixture::all("dialect").into_iter().find(|fixture| fixture.name == "download").unwrap();
    sources.push(Source { name: "spec/download.yaml".to_owned(), text: more.text });
    sources
}

#[test]
fn twice_the_same() {
    for sources in [description(), grown()] {
        assert_same(&files(&sources), &files(&sources));
    }
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
    let project = stripe_reporting_tests::project();
    for sources in [description(), grown()] {
        let described: String = sources.iter().map(|source| source.text.as_str()).collect();
        let text: String = files(&sources).into_iter().map(|file| file.text).collect();
        for foreign in [project.to_str().unwrap(), "rustfmt ", "prettyplease", "/home/", "/root"] {
            assert!(!text.contains(foreign) || described.contains(foreign), "{foreign}");
        }
        let times: Vec<_> = times(&text).filter(|time| !described.contains(time)).collect();
        assert!(times.is_empty(), "{times:?}");
    }
}

/// Returns the words of a text that start with a date, or with a time of day.
fn times(text: &str) -> impl Iterator<Item = &str> {
    let shape = |word: &str| word.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect::<String>();
    text.split(|c: char| !c.is_ascii_alphanumeric() && !"-:.".contains(c))
        .filter(move |word| ["0000-00-00", "00:00"].iter().any(|time| shape(word).starts_with(time)))
}
