//! Rust names from wire names. No other module makes a Rust name.
//!
//! A name is derived by case conversion alone. Where that yields no name, or one that is taken, the description gives one with
//! `x-rustName`. The wire name always stays beside it.

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};

use crate::api::Name;

/// The kind of item that a name is for, which decides its case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NameKind {
    /// A type or an enum's variant.
    UpperCamel,
    /// A field, a method or a module.
    Snake,
    /// A constant.
    Shouty,
}

/// Keywords of every edition, and the reserved ones; `union`, `raw` and the like may be used as names.
const KEYWORDS: &[&str] = &[
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super",
    "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Names that generated files and the runtime's macros use without a path: the prelude, and a few imports.
const USED_TYPES: &[&str] = &[
    "AsRef",
    "AsMut",
    "BTreeMap",
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Deserialize",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "Err",
    "ExactSizeIterator",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Hash",
    "Into",
    "IntoIterator",
    "Iterator",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Result",
    "Send",
    "Serialize",
    "Sized",
    "Some",
    "String",
    "Sync",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "Unpin",
    "VALUES",
    "Vec",
];

/// Methods of generated types besides those that the description names.
const USED_METHODS: &[&str] = &["as_str", "decode", "new", "to_http", "with"];

/// Derives the Rust name of a wire name; returns `None` without a letter or a digit.
pub(super) fn derive(kind: NameKind, wire: &str) -> Option<Name> {
    let cased = match kind {
        NameKind::UpperCamel => wire.to_upper_camel_case(),
        NameKind::Snake => wire.to_snake_case(),
        NameKind::Shouty => wire.to_shouty_snake_case(),
    };
    let mut name: String = cased.chars().filter(|c| *c == '_' || unicode_continue(*c)).collect();
    if !name.chars().any(char::is_alphanumeric) {
        return None;
    }
    if !name.starts_with(unicode_start) {
        // Clippy refuses variables without a letter in their names.
        let needs_letter = kind == NameKind::Snake && !name.contains(char::is_alphabetic);
        name.insert(0, if needs_letter { 'n' } else { '_' });
    }
    Some(Name::from_valid(freed(name)))
}

/// Returns the name that `x-rustName` gives, or `None` when it is not a Rust identifier of the right case.
pub(super) fn given(kind: NameKind, name: &str) -> Option<Name> {
    let valid =
        name.starts_with(|c| c == '_' || unicode_start(c)) && name.chars().all(|c| c == '_' || unicode_continue(c));
    let cased = match kind {
        NameKind::UpperCamel => !name.contains('_') && name.starts_with(char::is_uppercase),
        NameKind::Snake => {
            let is_plain = !name.contains(char::is_uppercase) && !name.trim_matches('_').contains("__");
            is_plain && name.contains(char::is_alphabetic)
        }
        NameKind::Shouty => !name.contains(char::is_lowercase),
    };
    (valid && cased && name.chars().any(char::is_alphanumeric) && freed(name.to_owned()) == name)
        .then(|| Name::from_valid(name.to_owned()))
}

/// Returns a name of the crate's own, known to be valid.
pub(super) fn fixed(name: &'static str) -> Name {
    Name::from_valid(name.to_owned())
}

/// Appends words to the name of a type.
pub(super) fn extend(name: &Name, words: &Name) -> Name {
    Name::from_valid(freed(format!("{}{}", name.as_str().trim_end_matches('_'), words.as_str().trim_matches('_'))))
}

/// Returns the name of the variant for values that are not listed.
pub(super) fn unrecognized() -> Name {
    fixed("Unrecognized")
}

/// Returns the name of the file of a type. Appends underscores while it is taken.
pub(super) fn file(of: &Name, is_taken: impl Fn(&Name) -> bool) -> Name {
    // Rust loads no file for a module whose name is not ASCII.
    let ascii = |c: char| if c.is_ascii() { c.to_string() } else { format!("u{:x}", u32::from(c)) };
    let mut stem: String = of.as_str().to_snake_case().chars().map(ascii).collect();
    // A name that starts with a digit has lost its underscore.
    if !stem.starts_with(unicode_start) {
        stem.insert(0, '_');
    }
    let mut name = Name::from_valid(if stem == "_" { "__".to_owned() } else { freed(stem) });
    while is_taken(&name) {
        name = Name::from_valid(format!("{name}_"));
    }
    name
}

/// Appends an underscore to a name that generated code uses for something else.
fn freed(mut name: String) -> String {
    if [KEYWORDS, USED_TYPES, USED_METHODS].iter().any(|taken| taken.contains(&name.as_str())) {
        name.push('_');
    }
    name
}

/// Whether a letter can start an identifier: ASCII, and a subset of Unicode's XID_Start.
fn unicode_start(c: char) -> bool {
    c.is_ascii_alphabetic() || (!c.is_ascii() && is_identifier(&c.to_string()))
}

fn unicode_continue(c: char) -> bool {
    c.is_ascii_alphanumeric() || (!c.is_ascii() && is_identifier(&format!("a{c}")))
}

fn is_identifier(text: &str) -> bool {
    syn::parse_str::<proc_macro2::Ident>(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(kind: NameKind, wire: &str) -> String {
        derive(kind, wire).map(|name| name.as_str().to_owned()).unwrap_or_default()
    }

    #[test]
    fn case_follows_the_kind() {
        assert_eq!(name(NameKind::UpperCamel, "v2.data.reporting.query_run.created"), "V2DataReportingQueryRunCreated");
        assert_eq!(name(NameKind::Snake, "includeSubAccounts"), "include_sub_accounts");
        assert_eq!(name(NameKind::Shouty, "balance.summary.1"), "BALANCE_SUMMARY_1");
    }

    #[test]
    fn reserved_names_get_an_underscore() {
        for (kind, wire, expected) in [
            (NameKind::Snake, "type", "type_"),
            (NameKind::Snake, "self", "self_"),
            (NameKind::UpperCamel, "self", "Self_"),
            (NameKind::UpperCamel, "option", "Option_"),
            (NameKind::Snake, "new", "new_"),
            (NameKind::UpperCamel, "3d_secure", "_3dSecure"),
            (NameKind::Snake, "3d_secure", "_3d_secure"),
            (NameKind::Snake, "1", "n1"),
            (NameKind::Snake, "1_2", "n1_2"),
            (NameKind::Shouty, "1", "_1"),
        ] {
            assert_eq!(name(kind, wire), expected, "{wire}");
        }
    }

    #[test]
    fn a_wire_name_without_letters_has_no_rust_name() {
        for wire in ["", "*", "_", "___", "→", "\u{0}", "🦀"] {
            assert_eq!(derive(NameKind::UpperCamel, wire), None, "{wire:?}");
            assert_eq!(derive(NameKind::Snake, wire), None, "{wire:?}");
        }
    }

    #[test]
    fn every_derived_name_is_an_identifier() {
        for wire in ["a b", "naïve", "日本", "a\u{301}", "ǅ", "1", "a--b", "Ünïcode_ß", "x²", "٣"] {
            for kind in [NameKind::UpperCamel, NameKind::Snake, NameKind::Shouty] {
                if let Some(name) = derive(kind, wire) {
                    assert!(is_identifier(name.as_str()), "{wire} became {name}");
                }
            }
        }
    }

    #[test]
    fn every_file_can_be_a_module() {
        for (wire, expected) in [("report_run", "report_run"), ("3d", "_3d"), ("mod", "mod_"), ("日本", "u65e5u672c")]
        {
            assert_eq!(file(&derive(NameKind::UpperCamel, wire).unwrap(), |_| false).as_str(), expected);
        }
        let file = file(&fixed("File"), |name| name.as_str().len() < 6);
        assert_eq!(file.as_str(), "file__");
    }

    #[test]
    fn a_given_name_must_have_the_right_case() {
        assert!(given(NameKind::UpperCamel, "RunResult").is_some());
        for wrong in ["runResult", "Run_Result", "", "1", "Self", "a b", "Option"] {
            assert_eq!(given(NameKind::UpperCamel, wrong), None, "{wrong}");
        }
        assert!(given(NameKind::Snake, "rust_type").is_some());
        assert!(given(NameKind::Snake, "__rust_type__").is_some());
        for wrong in ["type", "rustType", "rust__type", "_1"] {
            assert_eq!(given(NameKind::Snake, wrong), None, "{wrong}");
        }
    }
}
