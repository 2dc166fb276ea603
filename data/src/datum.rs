//! Map datums: positions as map providers deliver them, brought to WGS-84.
//!
//! Maps of China are published in GCJ-02, a wavy shift of up to several hundred metres against
//! WGS-84, and Baidu's in BD-09, a second shift on top. Both are known only as formulas from
//! WGS-84 outwards; the way back is found by iteration. No other datum and no map projection here.

use crate::place::Position;
use std::f64::consts::PI;

/// The datum in which a position is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Datum {
    /// The world's own; GPS. Used everywhere inside the engine.
    #[default]
    Wgs84,
    /// The obfuscated datum of Chinese maps.
    Gcj02,
    /// Baidu's, on top of GCJ-02.
    Bd09,
}

impl Datum {
    /// Every datum.
    pub const ALL: &[Self] = &[Self::Wgs84, Self::Gcj02, Self::Bd09];

    /// Its name in the wire format.
    pub fn key(self) -> &'static str {
        match self {
            Self::Wgs84 => "wgs84",
            Self::Gcj02 => "gcj02",
            Self::Bd09 => "bd09",
        }
    }
    /// The datum of a name, in any case.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|datum| datum.key().eq_ignore_ascii_case(key))
    }
    /// The position in WGS-84, exact to less than a centimetre on the way there and back. Positions
    /// outside the rectangle in which Chinese maps are shifted stay as they are.
    ///
    /// ```
    /// use dispatch_data::{datum::Datum, place::Position};
    /// let on_the_map = Position { lat: 39.915, lon: 116.404 };
    /// let on_earth = Datum::Gcj02.to_wgs84(on_the_map);
    /// assert!((500.0..600.0).contains(&on_the_map.meters_to(on_earth)));
    /// ```
    pub fn to_wgs84(self, given: Position) -> Position {
        match self {
            Self::Wgs84 => given,
            Self::Gcj02 | Self::Bd09 if !is_shifted(given) => given,
            Self::Gcj02 => solved(given, gcj02),
            Self::Bd09 => solved(given, |position| bd09(gcj02(position))),
        }
    }
    /// The position of a WGS-84 position in this datum.
    pub fn from_wgs84(self, position: Position) -> Position {
        match self {
            Self::Wgs84 => position,
            Self::Gcj02 | Self::Bd09 if !is_shifted(position) => position,
            Self::Gcj02 => gcj02(position),
            Self::Bd09 => bd09(gcj02(position)),
        }
    }
}

/// The rectangle around China in which the shift is applied, neighbours included.
fn is_shifted(position: Position) -> bool {
    (0.8293..=55.8271).contains(&position.lat) && (72.004..=137.8347).contains(&position.lon)
}

/// The position that `shift` moves to `target`: fixed-point iteration. The shifts change by less
/// than a part in ten over their own length, so every round gains more than a digit.
fn solved(target: Position, shift: impl Fn(Position) -> Position) -> Position {
    let mut guess = target;
    for _ in 0..30 {
        let moved = shift(guess);
        let (lat, lon) = (target.lat - moved.lat, target.lon - moved.lon);
        guess = Position { lat: guess.lat + lat, lon: guess.lon + lon };
        if lat.abs().max(lon.abs()) < 1e-10 {
            break;
        }
    }
    guess
}

/// Krasovsky 1940, the ellipsoid of the shift: long half-axis in metres …
const HALF_AXIS: f64 = 6_378_245.0;
/// … and squared eccentricity.
const ECCENTRICITY_SQUARED: f64 = 0.006_693_421_622_965_943;

/// WGS-84 to GCJ-02: metres of shift as sums of waves over the place relative to 35° N 105° E,
/// turned into degrees on the ellipsoid.
fn gcj02(position: Position) -> Position {
    let (x, y) = (position.lon - 105.0, position.lat - 35.0);
    let root = x.abs().sqrt();
    // The rows of waves: each is (amplitude, wave length in degrees) of sin(2π · place / length).
    let waves = |place: f64, rows: [(f64, f64); 2]| -> f64 {
        rows.iter().map(|(height, length)| height * (2.0 * PI * place / length).sin()).sum::<f64>() * 2.0 / 3.0
    };
    let fine = waves(x, [(20.0, 1.0 / 3.0), (20.0, 1.0)]);
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * root
        + fine
        + waves(y, [(20.0, 2.0), (40.0, 6.0)])
        + waves(y, [(160.0, 24.0), (320.0, 60.0)]);
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * root
        + fine
        + waves(x, [(20.0, 2.0), (40.0, 6.0)])
        + waves(x, [(150.0, 24.0), (300.0, 60.0)]);
    let phi = position.lat.to_radians();
    let squash = 1.0 - ECCENTRICITY_SQUARED * phi.sin().powi(2);
    let meridian = HALF_AXIS * (1.0 - ECCENTRICITY_SQUARED) / squash.powf(1.5);
    let parallel = HALF_AXIS / squash.sqrt() * phi.cos();
    Position { lat: position.lat + (north / meridian).to_degrees(), lon: position.lon + (east / parallel).to_degrees() }
}

/// GCJ-02 to BD-09: a turn and a stretch about the origin of degrees, both with a small wave, and
/// a fixed step.
fn bd09(position: Position) -> Position {
    const WAVE: f64 = PI * 3000.0 / 180.0;
    let (x, y) = (position.lon, position.lat);
    let radius = x.hypot(y) + 0.000_02 * (y * WAVE).sin();
    let angle = y.atan2(x) + 0.000_003 * (x * WAVE).cos();
    Position { lat: radius * angle.sin() + 0.006, lon: radius * angle.cos() + 0.0065 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lat: f64, lon: f64) -> Position {
        Position { lat, lon }
    }
    fn close(a: Position, b: Position) {
        assert!(a.meters_to(b) < 0.01, "{a:?} and {b:?} are {} m apart", a.meters_to(b));
    }

    #[test]
    fn known_points_of_beijing_shift_as_published() {
        let given = at(39.915, 116.404);
        close(Datum::Gcj02.from_wgs84(given), at(39.916_404_281_501_64, 116.410_244_499_169_38));
        close(bd09(given), at(39.921_336_993_510_21, 116.410_369_493_710_29));
    }

    #[test]
    fn there_and_back_is_less_than_a_centimetre() {
        for lat in [18.25, 22.54, 30.66, 31.23, 39.9, 45.75, 53.4] {
            for lon in [75.99, 87.62, 104.06, 105.0, 113.26, 121.47, 134.7] {
                for datum in Datum::ALL {
                    let there = datum.from_wgs84(at(lat, lon));
                    close(datum.to_wgs84(there), at(lat, lon));
                    if *datum != Datum::Wgs84 {
                        assert!((50.0..2000.0).contains(&there.meters_to(at(lat, lon))), "{datum:?} {lat} {lon}");
                    }
                }
            }
        }
    }

    #[test]
    fn outside_china_nothing_moves() {
        for place in [at(47.141, 9.521), at(-33.9, 151.2), at(40.7, -74.0), at(-6.2, 106.8)] {
            for datum in Datum::ALL {
                assert_eq!(datum.to_wgs84(place), place);
                assert_eq!(datum.from_wgs84(place), place);
            }
        }
    }

    #[test]
    fn a_datum_has_one_name() {
        for datum in Datum::ALL {
            assert_eq!(Datum::from_key(datum.key()), Some(*datum));
        }
        assert_eq!(Datum::from_key("GCJ02"), Some(Datum::Gcj02));
        assert_eq!(Datum::from_key("etrs89"), None);
    }
}
