//! Regions: names, optionally with a polygon that places are tested against.

use crate::place::Position;
use geo::{Contains, MultiPolygon, Point};

/// A service region.
#[derive(Clone, Debug, PartialEq)]
pub struct Region {
    /// The caller's id, unique among regions.
    pub id: String,
    /// Its area in degrees, x = lon, y = lat; `None`: known by name only.
    pub area: Option<MultiPolygon<f64>>,
}

impl Region {
    /// Whether the area holds the position; a point on the border is outside. False without area.
    pub fn holds(&self, position: Position) -> bool {
        self.area.as_ref().is_some_and(|area| area.contains(&Point::new(position.lon, position.lat)))
    }
}
