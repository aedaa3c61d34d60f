//! Names: ordinary ones, and those that Rust, serde, rustdoc or a file system has another use for.

use std::collections::HashSet;

use super::Writer;

/// A value, and the name for Rust that it needs, if it needs one.
pub(super) type Named = (&'static str, Option<&'static str>);

// The names of each list are separated by `|`. Behind `=` is the name that a value needs.

/// Names of properties and parameters.
const FIELDS: &str = "\
    amount|currency|created|reason|state|total|kind|note|owner|parent|period|region|score|source|target|title|\
    version|weight|expires_at|livemode|country|balance";

/// Names of properties and parameters that are written with care.
const HARD_FIELDS: &str = "\
    type|self|Self|crate|super|async|await|match|ref|move|gen|union|dyn|raw|new|with|as_str|decode|to_http|parse|\
    subject|value|values|other|object_id|id_|runtime|serde|std|core|r#in|3d_secure|2fa|camelCase|UPPER|PascalCase|\
    kebab-case|with space|ünïcode|日本|größe|a.b|x$y|@at|имя|_private|__dunder__|trailing_|error|result|option|vec|\
    string|box|i64|usize|json|http|url|data|has_more|metadata|expand|limit|default|clone|into|from|iter|len|debug|\
    config|client|request|is_default|from_date|to_date|as_of|into_account|add|sub|not|next|eq|from_str|drop|\
    a_name_that_is_far_longer_than_any_that_a_person_would_choose_to_write_down_but_machines_do_so_all_the_time";

/// Names of component schemas.
const TYPES: &str = "\
    invoice|payout|refund|mandate|coupon|reader|topup|dispute|quote_line|tax_rate|shipping.rate|billing.meter|\
    issuing.card|radar.rule|climate.order|treasury.entry";

/// Names of component schemas that are written with care.
const HARD_TYPES: &str = "\
    self|Self|crate|type|mod|option|result|string|vec|box|error|value|values|request|response|operation|client|list|\
    page|timestamp|currency|secret|config|runtime|serde|http|std|event|wait|download|v1|v2|api|lib|main|test|3d|\
    some|none|ok|err|default|clone|debug|hash|copy|send|sync|iterator|from|into|as_ref|object|json|url|a~b|a/b|a b|\
    kebab-case|camelCase|UPPER|日本|ünïcode|i64|f64|str|bool|generation|expandable|range_query|request_id|private|\
    wire|prelude|webhook|deeply.nested.module.path.of.a.type|self.type|type.self|core.std|reporting.async|x.3d.y";

/// Values of enums, with the name that those have which make none.
const VALUES: &str = "\
    active|pending|canceled|past_due|on-line|3ds|a.b|self|Self=Itself|none|some|ok|option|new\nline|true|null|1|1.0|\
    |\"=Quote|*=Any|→=Arrow|back\\slash|back`tick|日本|größe|UPPER|upper=Lower|with space|{}=Braces|type|values|\
    unrecognized=Unlisted|turned \u{202e} round|VALUES=All";

/// Values of strings that may have any.
const KNOWN_VALUES: &str = "\
    balance.summary.1|Europe/Amsterdam|UTC|new|3d|usd|*=ANY|+01:00|-01:00=MINUS_ONE|日本|self|VALUES|\"=QUOTE|\
    back`tick";

/// Names that `x-rustName` gives to types.
const GIVEN: &str = "Renamed|Ünicode|R2D2|X|Vec2|Client2|Overridden|HTTPThing";

/// Names of modules.
const PACKAGES: &str = "|Reporting|billing|type.self|3d|v1|v1.sigma|tests.Mod|std|core.serde|A.B.C";

/// Segments of paths.
const SEGMENTS: &str = "reports|runs|type|self|a~b|with-dash|with.dot|3d|UPPER|_";

/// Splits a list into its values.
pub(super) fn named(list: &'static str) -> Vec<Named> {
    list.split('|')
        .map(|value| value.split_once('=').map_or((value, None), |(value, name)| (value, Some(name))))
        .collect()
}

/// A name by which the dialect compares names: letters and digits, whatever their case.
pub(super) fn folded(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl Writer {
    /// Picks one of a list.
    pub(super) fn word(&mut self, list: &'static str) -> &'static str {
        self.pick(&list.split('|').collect::<Vec<_>>())
    }

    fn name(&mut self, ordinary: &'static str, hard: &'static str) -> &'static str {
        let names = if self.chance(35) { hard } else { ordinary };
        self.word(names)
    }

    /// Returns names for the fields of one object, with an `x-rustName` for those that are equal in Rust.
    pub(super) fn field_names(&mut self, count: usize, taken: &[&str]) -> Vec<Field> {
        let mut seen: HashSet<String> = taken.iter().map(|name| folded(name)).collect();
        let mut wires: HashSet<String> = taken.iter().map(|name| (*name).to_owned()).collect();
        let mut fields = Vec::new();
        while fields.len() < count {
            let mut wire = self.name(FIELDS, HARD_FIELDS).to_owned();
            if self.chance(5) {
                wire = wire.to_uppercase();
            }
            if !wires.insert(wire.clone()) {
                continue;
            }
            let rust = if !seen.insert(folded(&wire)) || self.chance(5) { Some(self.given_field()) } else { None };
            fields.push(Field { wire, rust });
        }
        fields
    }

    pub(super) fn given_field(&mut self) -> String {
        self.rust_names += 1;
        let number = self.rust_names;
        let name = self.word("given|_given|ünïcode|r2d2|runtime|x");
        format!("{name}_{number}")
    }

    /// A name for a component that no other has.
    pub(super) fn type_name(&mut self) -> String {
        loop {
            let name = self.name(TYPES, HARD_TYPES).to_owned();
            if self.type_names.insert(folded(&name)) {
                return name;
            }
        }
    }

    /// A name for `x-rustName` of a type.
    pub(super) fn given_type(&mut self) -> String {
        let name = self.word(GIVEN).to_owned();
        if self.type_names.insert(folded(&name)) {
            return name;
        }
        self.rust_names += 1;
        format!("{name}{}", self.rust_names)
    }

    pub(super) fn package(&mut self) -> &'static str {
        self.word(PACKAGES)
    }

    pub(super) fn segment(&mut self) -> &'static str {
        self.word(SEGMENTS)
    }

    /// Values of an enum, each with the name that it needs.
    pub(super) fn enum_values(&mut self) -> Vec<Named> {
        let count = self.rng.usize(1..5);
        self.distinct(VALUES, count)
    }

    /// Values of a string that may have others.
    pub(super) fn known_values(&mut self) -> Vec<Named> {
        let count = self.rng.usize(1..4);
        self.distinct(KNOWN_VALUES, count)
    }

    fn distinct(&mut self, values: &'static str, count: usize) -> Vec<Named> {
        let mut values = named(values);
        self.rng.shuffle(&mut values);
        values.truncate(count);
        values
    }
}

/// The name of a property or a parameter.
#[derive(Clone)]
pub(super) struct Field {
    pub(super) wire: String,
    /// `x-rustName`, if it needs one.
    pub(super) rust: Option<String>,
}
