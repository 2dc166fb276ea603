//! Tags of a way → may it be used, in which direction, how fast.

use super::{Access, Direction, Profile, speed, zones};
use crate::class::RoadClass;
use crate::tags::Tags;

/// A way as the profile sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Road {
    pub(crate) class: RoadClass,
    /// km/h along the way as drawn; `None` when closed in that direction.
    pub(crate) forward: Option<f64>,
    /// km/h against it.
    pub(crate) backward: Option<f64>,
    /// Seconds for the whole way, where a ferry says so; replaces the speeds.
    pub(crate) duration: Option<f64>,
    pub(crate) roundabout: bool,
    /// Only for those who have business here.
    pub(crate) restricted: bool,
    pub(crate) toll: bool,
}

impl Profile {
    /// What the way with these tags is to this traveller; `None` when it is no road for them.
    pub(crate) fn road(&self, tags: &Tags<'_>) -> Option<Road> {
        let class = class(tags)?;
        let plain = self.speeds[class.index()]?;
        if self.bars.iter().any(|bar| bar.matches(tags)) || !self.fits(tags) {
            return None;
        }
        let (ahead, back) = self.oneway(tags, class);
        let mut restricted = false;
        let mut speed = |open: bool, direction| {
            let access = self.access(tags, direction);
            let welcome = match access {
                Access::Refused => false,
                Access::Unsaid => !self.invited.contains(&class),
                Access::Allowed | Access::Restricted => true,
            };
            restricted |= access == Access::Restricted;
            (open && welcome).then(|| self.speed(tags, class, plain, direction, access == Access::Restricted))
        };
        let forward = speed(ahead, Direction::Forward);
        let backward = speed(back, Direction::Backward);
        if forward.is_none() && backward.is_none() {
            return None;
        }
        let duration = (class == RoadClass::Ferry).then(|| tags.get("duration").and_then(speed::duration)).flatten();
        Some(Road {
            class,
            forward,
            backward,
            duration,
            roundabout: is_roundabout(tags),
            restricted,
            toll: tags.is("toll", "yes"),
        })
    }

    fn access(&self, tags: &Tags<'_>, direction: Direction) -> Access {
        for key in self.keys.iter().rev() {
            for key in [key.one(direction), key.both.as_str()] {
                if let Some(value) = tags.get(key) {
                    // Of several values the kindest holds: `private;delivery` lets deliveries in.
                    let said = value.split(';').map(|part| self.access_of(part.trim()));
                    let said = said.filter(|access| *access != Access::Unsaid).min_by_key(|access| *access as u8);
                    if let Some(access) = said {
                        return access;
                    }
                }
            }
        }
        Access::Unsaid
    }

    /// Whether the way may be driven (along, against) its drawing.
    fn oneway(&self, tags: &Tags<'_>, class: RoadClass) -> (bool, bool) {
        if !self.oneways {
            return (true, true);
        }
        let own = self.keys.iter().rev().find_map(|key| tags.get(&format!("oneway:{}", key.both)));
        let implied = is_roundabout(tags) || matches!(class, RoadClass::Motorway | RoadClass::MotorwayLink);
        let direction = match own.or_else(|| tags.get("oneway")) {
            Some("yes" | "true" | "1") => (true, false),
            Some("-1" | "reverse") => (false, true),
            Some("no" | "false" | "0" | "alternating") => (true, true),
            Some("reversible") => (false, false),
            _ if implied => (true, false),
            _ => (true, true),
        };
        let against = own.is_none() && self.contraflows.iter().any(|matcher| matcher.matches(tags));
        if against { (true, true) } else { direction }
    }

    fn speed(&self, tags: &Tags<'_>, class: RoadClass, plain: f64, direction: Direction, restricted: bool) -> f64 {
        let signed = self
            .limits
            .iter()
            .rev()
            .flat_map(|key| [key.one(direction), key.both.as_str()])
            .filter_map(|key| tags.get(key).and_then(speed::limit))
            .next();
        let zoned = || {
            let zone = |key| tags.get(key).filter(|value| value.contains(':')).and_then(speed::limit);
            if self.limits.is_empty() {
                return None;
            }
            zone("zone:maxspeed").or_else(|| zone("maxspeed:type")).or_else(|| zone("source:maxspeed"))
        };
        let usual = match signed.or_else(zoned) {
            Some(limit) => limit * self.limit_share,
            None => plain.min(self.statutory(class)),
        };
        let cap = self.caps.iter().filter(|(matcher, _)| matcher.matches(tags)).map(|(_, cap)| *cap);
        let usual = cap.fold(usual, f64::min);
        // Without a limit of its own a profile's plain speed is all it can make.
        let usual = if self.limits.is_empty() { usual.min(plain) } else { usual };
        let usual = if restricted { usual.min(self.restricted_speed) } else { usual };
        usual.max(1.0)
    }

    /// The share one makes of the country's limit for a road without a sign.
    fn statutory(&self, class: RoadClass) -> f64 {
        let zone = match class {
            RoadClass::Motorway => "motorway",
            RoadClass::Trunk => "trunk",
            RoadClass::Residential | RoadClass::LivingStreet | RoadClass::Service => "urban",
            _ => "rural",
        };
        let limit = self.country.as_ref().filter(|_| !self.limits.is_empty()).and_then(|code| zones::limit(code, zone));
        limit.flatten().map_or(f64::INFINITY, |limit| limit * self.limit_share)
    }

    /// Whether the vehicle's size and weight pass the signs.
    fn fits(&self, tags: &Tags<'_>) -> bool {
        self.sizes.iter().all(|(key, size)| tags.get(key).and_then(measure).is_none_or(|limit| limit >= *size))
    }
}

/// Metres or tonnes: `3.5`, `3,5`, `3.5 t`, `3500 kg`, `12'6"`, `11 ft`.
fn measure(value: &str) -> Option<f64> {
    let value = value.trim().replace(',', ".");
    if let Some((feet, inches)) = value.split_once('\'') {
        let inches = inches.trim().trim_end_matches('"');
        let inches = if inches.is_empty() { 0.0 } else { inches.parse().ok()? };
        return feet.trim().parse::<f64>().ok().map(|feet| (feet * 12.0 + inches) * 0.0254);
    }
    let digits = value.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(value.len());
    let number: f64 = value[..digits].parse().ok()?;
    match value[digits..].trim() {
        "" | "m" | "t" => Some(number),
        "kg" => Some(number / 1000.0),
        "ft" => Some(number * 0.3048),
        "cm" => Some(number / 100.0),
        _ => None,
    }
}

fn is_roundabout(tags: &Tags<'_>) -> bool {
    matches!(tags.get("junction"), Some("roundabout" | "circular"))
}

fn class(tags: &Tags<'_>) -> Option<RoadClass> {
    match tags.get("highway") {
        Some(kind) => RoadClass::from_name(kind).filter(|class| *class != RoadClass::Ferry),
        None => (tags.is("route", "ferry") || tags.is("ferry", "yes")).then_some(RoadClass::Ferry),
    }
}

#[cfg(test)]
#[path = "road_tests.rs"]
mod tests;
