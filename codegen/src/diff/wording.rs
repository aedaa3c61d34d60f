//! Words that messages have in common.

use std::fmt::Display;

/// A name of a type, with its article.
pub(super) fn a(name: impl Display) -> String {
    let name = name.to_string();
    let sounds_like_a_vowel = name.starts_with(['A', 'E', 'I', 'O']) || name.starts_with("i64");
    let article = if sounds_like_a_vowel { "an" } else { "a" };
    format!("{article} `{name}`")
}

#[cfg(test)]
mod tests {
    use super::a;

    #[test]
    fn articles_are_as_they_are_spoken() {
        assert_eq!([a("i64"), a("Event"), a("Option<bool>")], ["an `i64`", "an `Event`", "an `Option<bool>`"]);
        assert_eq!([a("f64"), a("User"), a("Box<Event>")], ["a `f64`", "a `User`", "a `Box<Event>`"]);
    }
}
