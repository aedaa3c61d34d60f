//! Points in time as RFC 3339 writes them.

/// Returns the seconds since 1970 of a point in time; `None` for other text.
pub(crate) fn seconds(text: &str) -> Option<i64> {
    let (date, time) = text.split_once('T')?;
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let zone_at = time.find(['Z', '+', '-'])?;
    let (time, zone) = time.split_at_checked(zone_at)?;
    let (time, fraction) = time.split_once('.').map_or((time, "0"), |(time, fraction)| (time, fraction));
    let [hour, minute, second] = numbers(time, ':', [2, 2, 2])?;
    let offset = match zone.strip_prefix(['+', '-']) {
        None => (zone == "Z").then_some(0)?,
        Some(offset) => {
            let [hours, minutes] = numbers(offset, ':', [2, 2])?;
            let seconds = (hours * 60 + minutes) * 60;
            (hours < 24 && minutes < 60).then_some(if zone.starts_with('-') { -seconds } else { seconds })?
        }
    };
    let is_fraction = (1..=9).contains(&fraction.len()) && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let is_valid = (1..=12).contains(&month)
        && (1..=days_in(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second < 60
        && is_fraction;
    let seconds = ((days_before(year, month) + day - 1) * 24 + hour) * 3600 + minute * 60 + second;
    is_valid.then_some(seconds - offset)
}

/// Numbers of these lengths with a separator between them.
fn numbers<const N: usize>(text: &str, separator: char, lengths: [usize; N]) -> Option<[i64; N]> {
    let parts: [&str; N] = text.split(separator).collect::<Vec<_>>().try_into().ok()?;
    let fit = |(part, length): (&&str, usize)| part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit());
    if !parts.iter().zip(lengths).all(fit) {
        return None;
    }
    let numbers: Vec<i64> = parts.iter().filter_map(|part| part.parse().ok()).collect();
    numbers.try_into().ok()
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The days from 1970 to the start of a month.
fn days_before(year: i64, month: i64) -> i64 {
    let before =
        |year: i64| year * 365 + (year + 3).div_euclid(4) - (year + 99).div_euclid(100) + (year + 399).div_euclid(400);
    before(year) - before(1970) + (1..month).map(|month| days_in(year, month)).sum::<i64>()
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn points_in_time_are_read() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", 0),
            ("1969-12-31T23:59:59Z", -1),
            ("2000-02-29T00:00:00Z", 951_782_400),
            ("2000-03-01T00:00:00.000Z", 951_868_800),
            ("2025-08-18T12:30:45.123456789Z", 1_755_520_245),
            ("2025-08-18T12:30:45+02:30", 1_755_511_245),
            ("2025-08-18T12:30:45-02:30", 1_755_529_245),
            ("2100-03-01T00:00:00+00:00", 4_107_542_400),
        ] {
            assert_eq!(seconds(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn other_text_is_none() {
        for text in [
            "",
            "now",
            "2025-08-18",
            "2025-08-18 12:30:45Z",
            "2025-08-18T12:30:45",
            "2025-8-18T12:30:45Z",
            "2025-02-29T12:30:45Z",
            "2025-13-01T12:30:45Z",
            "2025-08-18T24:30:45Z",
            "2025-08-18T12:60:45Z",
            "2025-08-18T12:30:60Z",
            "2025-08-18T12:30:45.Z",
            "2025-08-18T12:30:45.1234567890Z",
            "2025-08-18T12:30:45ZZ",
            "2025-08-18T12:30:45+24:00",
            "2025-08-18T12:30:45+2:00",
            "+025-08-18T12:30:45Z",
        ] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}
