//! Near misses: what somebody may have meant.

/// Beyond this length two words are not compared: the time it takes grows with the product of their lengths.
const LONGEST: usize = 100;

/// The candidate nearest to `word`, if one is near enough to have been meant.
pub(crate) fn nearest(word: &str, candidates: impl IntoIterator<Item = String>) -> Option<String> {
    let close = |candidate: String| {
        if word.len() > LONGEST || candidate.len() > LONGEST {
            return None;
        }
        let distance = strsim::damerau_levenshtein(&word.to_lowercase(), &candidate.to_lowercase());
        (distance <= (word.chars().count() / 3).max(1)).then_some((distance, candidate))
    };
    candidates.into_iter().filter_map(close).min().map(|(_, candidate)| candidate)
}
