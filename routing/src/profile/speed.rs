//! Values of `maxspeed` and `duration` tags.

use super::zones;

/// Speed where a sign lifts every limit, km/h.
const UNLIMITED: f64 = 140.0;
const WALK: f64 = 7.0;

/// A speed limit in km/h: plain numbers, `mph` and `knots`, `walk`, `none`, zones such as
/// `DE:urban` or `FR:30`; of several values the lowest. `None` when the value says no speed.
pub(super) fn limit(value: &str) -> Option<f64> {
    value.split([';', ',', '|']).filter_map(|part| one_limit(part.trim())).reduce(f64::min)
}

fn one_limit(value: &str) -> Option<f64> {
    match value {
        "none" | "unlimited" => return Some(UNLIMITED),
        "walk" | "walking" => return Some(WALK),
        _ => {}
    }
    if let Some((country, zone)) = value.split_once(':') {
        return zone_limit(country, zone);
    }
    let digits = value.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(value.len());
    let number: f64 = value[..digits].parse().ok()?;
    let factor = match value[digits..].trim() {
        "" | "km/h" | "kmh" | "kph" => 1.0,
        "mph" => 1.609_344,
        "knots" => 1.852,
        _ => return None,
    };
    let speed = number * factor;
    (1.0..=400.0).contains(&speed).then_some(speed)
}

fn zone_limit(country: &str, zone: &str) -> Option<f64> {
    let zone = zone.strip_prefix("zone").unwrap_or(zone).trim_start_matches([':', '_']);
    if let Ok(speed) = zone.parse::<f64>() {
        return (1.0..=400.0).contains(&speed).then_some(speed);
    }
    match zone {
        "walk" | "living_street" => Some(WALK),
        "bicycle_road" => Some(30.0),
        _ => zones::limit(country, zone).map(|limit| limit.unwrap_or(UNLIMITED)),
    }
}

/// Seconds of a `duration` value: `MM`, `HH:MM`, `HH:MM:SS` or ISO 8601 `PT1H20M`.
pub(super) fn duration(value: &str) -> Option<f64> {
    let seconds = if let Some(iso) = value.strip_prefix("PT") {
        let (mut total, mut number) = (0.0, String::new());
        for c in iso.chars() {
            let unit = match c {
                'H' => 3600.0,
                'M' => 60.0,
                'S' => 1.0,
                _ => {
                    number.push(c);
                    continue;
                }
            };
            total += number.parse::<f64>().ok()? * unit;
            number.clear();
        }
        if number.is_empty() { total } else { return None }
    } else {
        let parts: Vec<f64> = value.split(':').map(|part| part.trim().parse().ok()).collect::<Option<_>>()?;
        match parts.as_slice() {
            [minutes] => minutes * 60.0,
            [hours, minutes] => hours * 3600.0 + minutes * 60.0,
            [hours, minutes, seconds] => hours * 3600.0 + minutes * 60.0 + seconds,
            _ => return None,
        }
    };
    (seconds > 0.0 && seconds <= 7.0 * 86_400.0).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_has_a_unit_a_zone_or_a_name() {
        let cases: &[(&str, Option<f64>)] = &[
            ("50", Some(50.0)),
            ("30 mph", Some(48.28032)),
            ("30mph", Some(48.28032)),
            ("5 knots", Some(9.26)),
            ("walk", Some(7.0)),
            ("none", Some(140.0)),
            ("DE:urban", Some(50.0)),
            ("DE:motorway", Some(140.0)),
            ("CN:rural", Some(70.0)),
            ("FR:zone30", Some(30.0)),
            ("DE:zone:30", Some(30.0)),
            ("IT:20", Some(20.0)),
            ("80;60", Some(60.0)),
            ("signals", None),
            ("fast", None),
            ("", None),
            ("0", None),
            ("99999999999", None),
            ("ZZ:urban", None),
        ];
        for (value, expected) in cases {
            assert_eq!(limit(value), *expected, "{value:?}");
        }
    }

    #[test]
    fn a_duration_is_a_clock_or_iso() {
        let cases: &[(&str, Option<f64>)] = &[
            ("20", Some(1200.0)),
            ("01:30", Some(5400.0)),
            ("00:10:30", Some(630.0)),
            ("PT1H20M", Some(4800.0)),
            ("PT45S", Some(45.0)),
            ("PT45", None),
            ("soon", None),
            ("-5", None),
            ("1:2:3:4", None),
        ];
        for (value, expected) in cases {
            assert_eq!(duration(value), *expected, "{value:?}");
        }
    }
}
