//! A point of the map in whole units, and distances and bearings between points.

use dispatch_data::place::{EARTH_RADIUS, Position};

/// A position in units of 10⁻⁷ degrees (about a centimetre), as the map file keeps it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Spot {
    pub(crate) lat: i32,
    pub(crate) lon: i32,
}

const UNITS: f64 = 1e7;

impl Spot {
    pub(crate) fn position(self) -> Position {
        Position { lat: f64::from(self.lat) / UNITS, lon: f64::from(self.lon) / UNITS }
    }
    pub(crate) fn from_position(position: Position) -> Self {
        Self { lat: (position.lat * UNITS).round() as i32, lon: (position.lon * UNITS).round() as i32 }
    }
    /// Great-circle distance in metres.
    pub(crate) fn meters_to(self, other: Self) -> f64 {
        self.position().meters_to(other.position())
    }
    /// Direction towards `other` in degrees clockwise from north, −180 to 180 (flat-earth, for
    /// neighbouring points).
    pub(crate) fn bearing_to(self, other: Self) -> f64 {
        let (from, to) = (self.position(), other.position());
        let mut east = to.lon - from.lon;
        if east.abs() > 180.0 {
            east -= 360.0 * east.signum();
        }
        let east = east * ((from.lat + to.lat) / 2.0).to_radians().cos();
        east.atan2(to.lat - from.lat).to_degrees()
    }
}

/// A position on the sphere in metres from the earth's centre.
pub(crate) fn on_sphere(position: Position) -> [f64; 3] {
    let (lat, lon) = (position.lat.to_radians(), position.lon.to_radians());
    [EARTH_RADIUS * lat.cos() * lon.cos(), EARTH_RADIUS * lat.cos() * lon.sin(), EARTH_RADIUS * lat.sin()]
}

/// The point at `share` (0 to 1) of the short straight line between two spots.
pub(crate) fn between(a: Spot, b: Spot, share: f64) -> Position {
    let (a, b) = (a.position(), b.position());
    let mut east = b.lon - a.lon;
    if east.abs() > 180.0 {
        east -= 360.0 * east.signum();
    }
    let mut lon = a.lon + east * share;
    if lon.abs() > 180.0 {
        lon -= 360.0 * lon.signum();
    }
    Position { lat: a.lat + (b.lat - a.lat) * share, lon }
}

/// How far the direction changes from bearing `before` to bearing `after`: degrees, −180 to 180,
/// positive to the right.
pub(crate) fn turn_angle(before: f64, after: f64) -> f64 {
    let mut angle = after - before;
    if angle > 180.0 {
        angle -= 360.0;
    }
    if angle <= -180.0 {
        angle += 360.0;
    }
    angle
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn east_is_ninety_degrees_also_across_the_date_line() {
        let west = Spot { lat: -170_000_000, lon: 1_799_999_000 };
        let east = Spot { lat: -170_000_000, lon: -1_799_999_000 };
        assert!((west.bearing_to(east) - 90.0).abs() < 1e-6);
        assert!((between(west, east, 0.75).lon + 179.99995).abs() < 1e-9);
    }

    #[test]
    fn a_right_turn_is_positive() {
        assert_eq!(turn_angle(0.0, 90.0), 90.0);
        assert_eq!(turn_angle(170.0, -100.0), 90.0);
        assert_eq!(turn_angle(-170.0, 100.0), -90.0);
        assert_eq!(turn_angle(90.0, -90.0), 180.0);
    }
}
