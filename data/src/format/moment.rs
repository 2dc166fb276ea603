//! Instants, durations, times of day and dates as texts, both ways.
//!
//! Instants are RFC 3339 with offset, durations the part of ISO 8601 whose units have a fixed
//! length (weeks, days of 24 hours, hours, minutes, whole seconds).

use crate::lang::{Text, quoted};
use crate::problem::Horizon;
use crate::say;
use crate::units::Time;

/// Unix seconds of an RFC 3339 instant with offset; fractions are dropped (rounded down).
pub(crate) fn instant(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    if !(20..=40).contains(&bytes.len()) || !text.is_ascii() {
        return None;
    }
    let shape = |at: usize, pattern: &str| {
        bytes.len() >= at + pattern.len()
            && pattern.bytes().zip(&bytes[at..]).all(|(want, got)| match want {
                b'0' => got.is_ascii_digit(),
                b'T' => matches!(got, b'T' | b't'),
                want => want == *got,
            })
    };
    if !shape(0, "0000-00-00T00:00:00") {
        return None;
    }
    let mut at = 19;
    if bytes[at] == b'.' {
        let digits = bytes[at + 1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        if !(1..=9).contains(&digits) {
            return None;
        }
        at += 1 + digits;
    }
    let zulu = matches!(bytes.get(at..), Some(b"Z" | b"z"));
    let offset = bytes.len() == at + 6 && (shape(at, "+00:00") || shape(at, "-00:00"));
    if !zulu && !offset {
        return None;
    }
    let local: jiff::civil::DateTime = text[..19].to_ascii_uppercase().parse().ok()?;
    let epoch = jiff::civil::date(1970, 1, 1).at(0, 0, 0, 0);
    let two = |from: usize| text[from..from + 2].parse::<i64>().ok();
    let ahead = match bytes[at] {
        b'+' | b'-' => {
            let (hours, minutes) = (two(at + 1)?, two(at + 4)?);
            if hours > 23 || minutes > 59 {
                return None;
            }
            (hours * 3600 + minutes * 60) * if bytes[at] == b'+' { 1 } else { -1 }
        }
        _ => 0,
    };
    Some(local.duration_since(epoch).as_secs() - ahead)
}

/// Seconds of an ISO 8601 duration: `PT8H30M`, `P1DT12H`, `P2W`, and `-PT5M`.
pub(crate) fn duration(text: &str) -> Option<i64> {
    if text.len() > 40 {
        return None;
    }
    let (sign, body) = text.strip_prefix('-').map_or((1, text), |body| (-1, body));
    let body = body.strip_prefix('P')?;
    let (days, clock) = match body.split_once('T') {
        Some((_, "")) => return None,
        Some((days, clock)) => (days, clock),
        None if body.is_empty() => return None,
        None => (body, ""),
    };
    let days = units(days, &[('W', 604_800), ('D', 86_400)])?;
    let clock = units(clock, &[('H', 3600), ('M', 60), ('S', 1)])?;
    Some(sign * days.checked_add(clock)?)
}

/// The sum of numbers with unit letters, each unit at most once and in the given order.
fn units(text: &str, allowed: &[(char, i64)]) -> Option<i64> {
    let (mut sum, mut digits, mut next) = (0_i64, String::new(), 0);
    for c in text.chars() {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        let place = next + allowed[next..].iter().position(|unit| unit.0 == c)?;
        let count: i64 = digits.parse().ok()?;
        sum = sum.checked_add(count.checked_mul(allowed[place].1)?)?;
        digits.clear();
        next = place + 1;
    }
    digits.is_empty().then_some(sum)
}

/// What to write instead of a text that is no duration, where that can be guessed.
pub(crate) fn duration_hint(text: &str) -> Option<Text> {
    let plain = text.trim();
    if let Ok(seconds) = plain.parse::<i64>() {
        return Some(say!("did you mean {}?", quoted(duration_text(seconds))));
    }
    let guess = match plain.to_ascii_uppercase() {
        upper if upper.contains('Y') || (upper.starts_with('P') && !upper.contains('T') && upper.ends_with('M')) => {
            return Some(say!("years and months have no fixed length: give days (D) or weeks (W)"));
        }
        upper if upper.starts_with('P') => upper,
        upper => format!("PT{upper}"),
    };
    duration(&guess).map(|_| say!("did you mean {}?", quoted(&guess)))
}

/// A duration as ISO 8601: whole days as `P3D`, everything else in hours, minutes and seconds.
pub(crate) fn duration_text(seconds: i64) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    let total = seconds.unsigned_abs();
    if total > 0 && total.is_multiple_of(86_400) {
        return format!("{sign}P{}D", total / 86_400);
    }
    let (hours, minutes, rest) = (total / 3600, total / 60 % 60, total % 60);
    let mut text = format!("{sign}PT");
    for (count, unit) in [(hours, 'H'), (minutes, 'M'), (rest, 'S')] {
        if count > 0 || (unit == 'S' && total == 0) {
            text.push_str(&format!("{count}{unit}"));
        }
    }
    text
}

/// A moment as RFC 3339, with the offset the problem's zone has then.
pub(crate) fn instant_text(horizon: &Horizon, time: Time) -> String {
    let instant = horizon.timestamp(time);
    let offset = horizon.zone.to_offset(instant);
    // Zones of long ago had offsets of odd seconds, which RFC 3339 cannot say.
    if offset.seconds() % 60 == 0 { instant.display_with_offset(offset).to_string() } else { instant.to_string() }
}

/// Seconds since midnight of `HH:MM` or `HH:MM:SS`, up to `24:00`.
pub(crate) fn clock(text: &str) -> Option<i64> {
    let mut fields = text.split(':');
    let mut two = |most: i64| {
        let field = fields.next()?;
        let digits = field.len() == 2 && field.bytes().all(|byte| byte.is_ascii_digit());
        field.parse::<i64>().ok().filter(|value| digits && *value <= most)
    };
    let (hours, minutes) = (two(24)?, two(59)?);
    let seconds = if text.len() > 5 { two(59)? } else { 0 };
    let total = hours * 3600 + minutes * 60 + seconds;
    (fields.next().is_none() && total <= 86_400).then_some(total)
}

/// A date, `2026-12-25`.
pub(crate) fn date(text: &str) -> Option<jiff::civil::Date> {
    let plain = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    if plain { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_needs_its_offset() {
        assert_eq!(instant("1970-01-01T01:00:00+01:00"), Some(0));
        assert_eq!(instant("1970-01-01T00:00:10.9Z"), Some(10));
        assert_eq!(instant("1969-12-31T23:59:59.5Z"), Some(-1));
        assert_eq!(instant("2026-06-15t08:00:00-03:30"), Some(1_781_523_000));
        for wrong in [
            "1970-01-01T00:00:00",
            "1970-01-01 00:00:00Z",
            "1970-01-01",
            "1970-13-01T00:00:00Z",
            "1970-02-30T00:00:00Z",
            "1970-01-01T25:00:00Z",
            "1970-01-01T00:00:00.Z",
            "1970-01-01T00:00:00+0100",
            "1970-01-01T00:00:00+24:00",
            "1970-01-01T00:00:00+01:60",
            "1970-01-01T00:00:00Z[UTC]",
            "٢٠٢٦-01-01T00:00:00Z",
            "",
        ] {
            assert_eq!(instant(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_duration_has_units_of_fixed_length_only() {
        for (text, seconds) in
            [("PT0S", 0), ("PT8H", 28_800), ("P1DT1H", 90_000), ("P2W", 1_209_600), ("PT90M", 5400), ("-PT5M", -300)]
        {
            assert_eq!(duration(text), Some(seconds), "{text}");
        }
        for wrong in ["", "P", "PT", "8H", "P1M", "P1Y", "PT1.5H", "PT1M1H", "PT1H1H", "PTH", "PT99999999999999999999S"]
        {
            assert_eq!(duration(wrong), None, "{wrong}");
        }
        assert_eq!(duration_hint("8h").as_ref().map(Text::english), Some("did you mean \"PT8H\"?"));
        assert_eq!(duration_hint("3600").as_ref().map(Text::english), Some("did you mean \"PT1H\"?"));
        assert!(duration_hint("P1M").is_some_and(|hint| hint.english().contains("no fixed length")));
    }

    #[test]
    fn a_written_duration_reads_back() {
        for seconds in [0, 1, 59, 60, 3600, 3661, 86_399, 86_400, 90_000, 864_000, -300, -86_400] {
            assert_eq!(duration(&duration_text(seconds)), Some(seconds));
        }
    }

    #[test]
    fn a_time_of_day_ends_at_midnight() {
        assert_eq!(clock("08:30"), Some(30_600));
        assert_eq!(clock("24:00"), Some(86_400));
        assert_eq!(clock("08:30:15"), Some(30_615));
        for wrong in ["8:30", "24:01", "25:00", "08:60", "0830", "08:30:", "08:30:00:00", "+8:30", ""] {
            assert_eq!(clock(wrong), None, "{wrong}");
        }
    }
}
