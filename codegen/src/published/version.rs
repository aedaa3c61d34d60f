//! Versions of published descriptions, and which of several is the nearest.

use jiff::civil::Date;

/// A version, `2026-09-30.preview`, as far as it can be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The text.
    pub text: String,
    pub(super) date: Option<Date>,
    /// The name of the release, after the date.
    release: String,
}

impl Version {
    /// Reads a version. Copies of Stripe's files may have a damaged one: a date as JavaScript prints it.
    pub(super) fn new(text: &str) -> Self {
        let (start, rest) = text.split_at_checked(DATE).unwrap_or((text, ""));
        let (date, release) = match start.parse() {
            Ok(date) => (Some(date), rest.strip_prefix('.').unwrap_or_default()),
            Err(_) => (damaged(text), ""),
        };
        Self { text: text.to_owned(), date, release: release.to_owned() }
    }

    /// Returns whether it may lack what another one has: it is dated before, or the other one is a preview.
    pub(super) fn may_lack(&self, other: &Self) -> bool {
        let is_before = matches!((self.date, other.date), (Some(date), Some(other)) if date < other);
        is_before || other.is_preview() && !self.is_preview()
    }

    fn is_preview(&self) -> bool {
        self.release.ends_with("preview")
    }

    /// Returns how far it is from another one, the nearest first: a preview is nearer to a preview than to any other version.
    pub(super) fn distance(&self, other: &Self) -> impl Ord + use<> {
        let days = self.date.zip(other.date).map(|(one, other)| (one - other).get_days().unsigned_abs());
        let is_unknown = days.is_none();
        (self.text != other.text, self.is_preview() != other.is_preview(), is_unknown, days, self.date < other.date)
    }
}

/// The length of a date, `2026-09-30`.
const DATE: usize = 10;

/// Reads the date in `Wed Oct 15 2025 13:53:19 GMT+0000 (Coordinated Universal Time)`.
fn damaged(text: &str) -> Option<Date> {
    let words: Vec<&str> = text.split(' ').take(4).collect();
    Date::strptime("%a %b %d %Y", words.join(" ")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_dates_are_read() {
        let version = Version::new("Wed Oct 15 2025 13:53:19 GMT+0000 (Coordinated Universal Time)");
        assert_eq!(version.date, Some(jiff::civil::date(2025, 10, 15)));
        for text in ["", "2026-13-01", "latest", "é", "Wed"] {
            assert_eq!(Version::new(text).date, None, "{text}");
        }
    }

    #[test]
    fn previews_are_nearest_to_previews() {
        let near = |text: &str, given: &[&str]| {
            let wanted = Version::new(text);
            let nearest = given.iter().min_by_key(|given| Version::new(given).distance(&wanted));
            nearest.unwrap().to_string()
        };
        let all = ["2026-08-26.preview", "2026-10-28.dahlia", "2026-09-30.dahlia"];
        assert_eq!(near("2026-09-30.preview", &all), "2026-08-26.preview");
        assert_eq!(near("2026-10-01.dahlia", &all), "2026-09-30.dahlia");
        assert_eq!(near("2026-09-30.preview", &["2026-09-30.preview", "2026-10-01.preview"]), "2026-09-30.preview");
        assert_eq!(near("2026-09-30", &["latest", "2020-01-01"]), "2020-01-01");
    }
}
