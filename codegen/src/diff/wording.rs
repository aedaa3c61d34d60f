//! Words that messages have in common.

use std::fmt::Display;

/// A name of a type, with its article.
pub(super) fn a(name: impl Display) -> String {
    let name = name.to_string();
    // `Update` begins with a vowel, `Usage` sounds as if it began with another letter.
    let spoken_with_y = ["Uni", "Ur", "Us", "Ut"].iter().any(|start| name.starts_with(start));
    let begins_with_a_vowel = name.starts_with(['A', 'E', 'I', 'O', 'U']) && !spoken_with_y;
    let article = if begins_with_a_vowel || ["f64", "i64"].contains(&name.as_str()) { "an" } else { "a" };
    format!("{article} `{name}`")
}

#[cfg(test)]
mod tests {
    use super::a;

    #[test]
    fn articles_are_as_they_are_spoken() {
        for name in ["i64", "f64", "Event", "Option<bool>", "UpdateRun"] {
            assert_eq!(a(name), format!("an `{name}`"));
        }
        for name in ["bool", "Run", "User", "Unit", "Box<Event>"] {
            assert_eq!(a(name), format!("a `{name}`"));
        }
    }
}
