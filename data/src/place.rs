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
