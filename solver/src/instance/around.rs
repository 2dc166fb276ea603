//! The legs from and to one place, side by side in memory where there is room for that.
//!
//! Weighing a newcomer in every gap of a route asks for the legs to it and from it. Those from it are
//! a row of the table; those to it lie far apart, unless the table is kept the other way round too.

use dispatch_data::ids::PlaceIx;
use dispatch_data::travel::{Leg, TravelMatrix};

/// Places up to which a table that differs by direction is kept both ways round: 128 MB more.
const MOST_PLACES: usize = 4_000;

/// The tables in one piece where there is room, for a search that asks for legs all the time.
pub(super) fn in_one_piece(matrices: &[TravelMatrix]) -> Vec<TravelMatrix> {
    let whole = |matrix: &TravelMatrix| {
        if matrix.size() <= MOST_PLACES { matrix.in_one_piece() } else { matrix.clone() }
    };
    matrices.iter().map(whole).collect()
}

/// The tables the other way round, by travel class.
pub(super) fn reversed(matrices: &[TravelMatrix]) -> Vec<Option<TravelMatrix>> {
    let small = |matrix: &&TravelMatrix| matrix.size() <= MOST_PLACES;
    matrices.iter().map(|matrix| Some(matrix).filter(small).and_then(TravelMatrix::reversed)).collect()
}

/// The legs from and to one place.
#[derive(Clone, Copy)]
pub(crate) enum Around<'a> {
    /// Both in memory, by the other place.
    Rows { from: &'a [Leg], to: &'a [Leg] },
    /// To be asked for.
    Table { legs: &'a TravelMatrix, place: PlaceIx },
}

impl<'a> Around<'a> {
    #[inline]
    pub(super) fn new(legs: &'a TravelMatrix, reversed: Option<&'a TravelMatrix>, place: PlaceIx) -> Self {
        let rows = reversed.and_then(|reversed| Some((legs.dense_row(place)?, reversed.dense_row(place)?)));
        match rows {
            Some((from, to)) => Self::Rows { from, to },
            None => Self::Table { legs, place },
        }
    }
    /// From another place to this one.
    #[inline]
    pub(crate) fn there(self, before: PlaceIx) -> Leg {
        match self {
            Self::Rows { from: _, to } => to[before.index()],
            Self::Table { legs, place } => legs.leg(before, place),
        }
    }
    /// From this place to another one.
    #[inline]
    pub(crate) fn onward(self, next: PlaceIx) -> Leg {
        match self {
            Self::Rows { from, to: _ } => from[next.index()],
            Self::Table { legs, place } => legs.leg(place, next),
        }
    }
}
