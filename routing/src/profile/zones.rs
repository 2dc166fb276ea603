//! Statutory speed limits by country and zone, from `profiles/zones.txt`.

/// The countries whose limits are known, as two capital letters.
pub(super) fn countries() -> impl Iterator<Item = &'static str> {
    include_str!("../../profiles/zones.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.get(..2))
}

/// The limit of a zone in km/h, `Some(None)` where the country sets none; `None` when unknown.
pub(super) fn limit(country: &str, zone: &str) -> Option<Option<f64>> {
    let zone = match zone {
        "urban" | "nsl_restricted" => "urban",
        "rural" | "nsl_single" | "school" => "rural",
        "trunk" | "nsl_dual" | "express" | "expressway" => "trunk",
        "motorway" => "motorway",
        _ => return None,
    };
    let line = include_str!("../../profiles/zones.txt")
        .lines()
        .find(|line| line.get(..2) == Some(country) && line.as_bytes().get(2) == Some(&b' '))?;
    let mut words = line.split(' ').skip(1);
    while let (Some(name), Some(value)) = (words.next(), words.next()) {
        if name == zone {
            return Some(value.parse().ok());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_has_four_zones_in_order_of_the_alphabet() {
        let mut last = "";
        for line in include_str!("../../profiles/zones.txt").lines().filter(|line| !line.starts_with('#')) {
            let words: Vec<&str> = line.split(' ').collect();
            assert_eq!(words.len(), 9, "{line}");
            assert!(words[0] > last, "{line}");
            last = words[0];
            for zone in ["urban", "rural", "trunk", "motorway"] {
                let limit = limit(words[0], zone).expect("listed");
                assert!(limit.is_none_or(|speed| (30.0..=140.0).contains(&speed)), "{line}");
            }
        }
    }
}
