//! Places on earth and the datums they may be given in.
//!
//! Inside the engine every position is WGS-84; the conversions of Chinese map datums have a file
//! of their own.

/// A position in degrees, WGS-84.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Position {
    /// Degrees north, −90 to 90.
    pub lat: f64,
    /// Degrees east, −180 to 180.
    pub lon: f64,
}

/// Mean radius of the earth in metres (IUGG).
pub const EARTH_RADIUS: f64 = 6_371_008.8;

impl Position {
    /// Great-circle distance in metres (haversine formula).
    ///
    /// ```
    /// use dispatch_data::place::Position;
    /// let vaduz = Position { lat: 47.141, lon: 9.521 };
    /// let schaan = Position { lat: 47.165, lon: 9.509 };
    /// assert!((vaduz.meters_to(schaan) - 2820.0).abs() < 30.0);
    /// ```
    pub fn meters_to(self, other: Self) -> f64 {
        let (phi, psi) = (self.lat.to_radians(), other.lat.to_radians());
        let (dlat, dlon) = (psi - phi, (other.lon - self.lon).to_radians());
        let h = (dlat / 2.0).sin().powi(2) + phi.cos() * psi.cos() * (dlon / 2.0).sin().powi(2);
        2.0 * EARTH_RADIUS * h.sqrt().min(1.0).asin()
    }
}

/// A position as a point of the globe of radius 1: for many distances from or to each, which then need
/// one root and one arc sine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GlobePoint([f64; 3]);

impl From<Position> for GlobePoint {
    fn from(Position { lat, lon }: Position) -> Self {
        let ((sin_lat, cos_lat), (sin_lon, cos_lon)) = (lat.to_radians().sin_cos(), lon.to_radians().sin_cos());
        Self([cos_lat * cos_lon, cos_lat * sin_lon, sin_lat])
    }
}

impl GlobePoint {
    /// Great-circle distance in metres, over the chord; the same both ways to the last bit, and the same as
    /// [`Position::meters_to`] to some nanometres.
    #[inline]
    pub fn meters_to(self, other: Self) -> f64 {
        let [x, y, z] = [0, 1, 2].map(|axis| self.0[axis] - other.0[axis]);
        2.0 * EARTH_RADIUS * ((x * x + y * y + z * z).sqrt() / 2.0).min(1.0).asin()
    }
}

/// A place of the problem: somewhere a technician can be. Two jobs at the same id, index or
/// coordinates share one place, and so pay their set-up once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Place {
    /// The caller's name of it, where given.
    pub id: Option<String>,
    /// Where it is; absent when travel comes from given matrices alone.
    pub position: Option<Position>,
    /// Row and column in the given matrices, where travel comes from them.
    pub matrix_index: Option<u32>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_of_the_globe_are_as_far_from_each_other_as_positions() {
        let mut number = 7_u64;
        let mut below = |most: f64| {
            number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (number >> 11) as f64 / (1_u64 << 53) as f64 * most
        };
        for spread in [1e-6, 1e-3, 0.1, 5.0, 80.0] {
            for _ in 0..500 {
                let one = Position { lat: below(160.0) - 80.0, lon: below(360.0) - 180.0 };
                let two =
                    Position { lat: (one.lat + below(spread)).min(90.0), lon: one.lon + below(spread) - spread / 2.0 };
                let plain = one.meters_to(two);
                let (here, there) = (GlobePoint::from(one), GlobePoint::from(two));
                assert!((here.meters_to(there) - plain).abs() < 1e-8 + 1e-12 * plain, "{one:?} {two:?}");
                assert_eq!(here.meters_to(there), there.meters_to(here));
                assert_eq!(here.meters_to(here), 0.0);
            }
        }
    }
}
