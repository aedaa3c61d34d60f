//! Suggests names that are similar to an unknown one.

/// The greatest length of a compared word: the time grows with the product of the lengths.
const LONGEST: usize = 100;

/// The most candidates that are compared: a description may have as many errors as it has names.
const MOST: usize = 500;

/// The most names in a message.
const LISTED: usize = 20;

/// Returns the candidate nearest to `word`, if it is similar.
pub(crate) fn nearest<C: AsRef<str>>(word: &str, candidates: impl IntoIterator<Item = C>) -> Option<String> {
    if word.len() > LONGEST {
        return None;
    }
    let length = word.chars().count();
    let limit = (length / 3).max(1);
    let word = word.to_lowercase();
    let close = |candidate: C| {
        let candidate = candidate.as_ref();
        let is_near = candidate.len() <= LONGEST && candidate.chars().count().abs_diff(length) <= limit;
        let distance = is_near.then(|| distance(&word, &candidate.to_lowercase()));
        distance.filter(|distance| *distance <= limit).map(|distance| (distance, candidate.to_owned()))
    };
    candidates.into_iter().take(MOST).filter_map(close).min().map(|(_, candidate)| candidate)
}

/// Returns the help that suggests the candidate nearest to `word`, if one is similar.
pub(crate) fn did_you_mean<C: AsRef<str>>(word: &str, candidates: impl IntoIterator<Item = C>) -> Option<String> {
    nearest(word, candidates).map(|near| format!("did you mean `{near}`?"))
}

/// Returns the distance of two words, without comparing their common prefix, which is most of a `$ref`.
fn distance(one: &str, other: &str) -> usize {
    let common = one.char_indices().zip(other.chars()).find(|((_, a), b)| a != b).map(|((at, _), _)| at);
    let common = common.unwrap_or(one.len().min(other.len()));
    strsim::osa_distance(one.get(common..).unwrap_or_default(), other.get(common..).unwrap_or_default())
}

/// Lists names, up to a limit.
pub(crate) fn listed<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let mut names = names.into_iter();
    let mut listed = names.by_ref().take(LISTED).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if names.next().is_some() {
        listed.push_str(" and others");
    }
    listed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_is_found() {
        let known = || ["thing", "think", "other"].map(str::to_owned);
        assert_eq!(nearest("Thinf", known()).as_deref(), Some("thing"));
        assert_eq!(nearest("tihnk", known()).as_deref(), Some("think"));
        assert_eq!(nearest("far", known()), None);
        assert_eq!(nearest("", known()), None);
    }

    #[test]
    fn a_common_prefix_does_not_change_the_distance() {
        for (one, other) in
            [("", ""), ("a", ""), ("abc", "abc"), ("abcd", "abdc"), ("aab", "aba"), ("é1", "é2"), ("ab", "aab")]
        {
            assert_eq!(distance(one, other), strsim::osa_distance(one, other), "{one} {other}");
        }
    }

    #[test]
    fn the_number_of_candidates_is_bounded() {
        let names = || (0..).map(|number: u64| format!("name{number}"));
        assert_eq!(nearest("nome1", names()).as_deref(), Some("name1"));
        assert_eq!(nearest(&"a".repeat(1 << 20), names()), None);
        let endless = names().map(|name| &*name.leak());
        assert!(listed(endless).ends_with("`name19` and others"));
    }
}
