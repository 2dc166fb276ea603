//! The legs of a planned route and their way on the map.
//!
//! Knows no roads: a [`Geometry`] from outside does; without one a leg is a straight line.

use crate::ids::{PlaceIx, ProfileIx, ShiftIx};
use crate::place::Position;
use crate::plan::PlannedRoute;
use crate::problem::Problem;
use crate::units::Time;

/// One leg of a planned route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RouteLeg {
    /// Whose route.
    pub shift: ShiftIx,
    /// How that technician travels.
    pub profile: ProfileIx,
    /// Position among the legs; the leg towards stop `k` is leg `k`, the last one leads home.
    pub number: usize,
    /// From here …
    pub from: PlaceIx,
    /// … to there; never the same place.
    pub to: PlaceIx,
    /// Left at this moment.
    pub departure: Time,
}

/// Gives the way of a leg as positions from its begin to its end; an empty list means that the way
/// is not known, and a straight line is drawn.
pub type Geometry<'a> = dyn Fn(&RouteLeg) -> Vec<Position> + 'a;

/// A geometry without roads.
pub fn straight(_: &RouteLeg) -> Vec<Position> {
    Vec::new()
}

/// The legs of a route that lead somewhere else, in order.
pub fn legs(problem: &Problem, route: &PlannedRoute) -> Vec<RouteLeg> {
    let shift = problem.shift(route.shift);
    let mut here = shift.start_place;
    let stops = route.stops.iter().map(|stop| (stop.place, stop.departure));
    let home = shift.end_place.map(|place| (place, route.return_departure));
    let mut legs = Vec::new();
    for (number, (to, departure)) in stops.chain(home).enumerate() {
        if to != here {
            let profile = problem.profile_of(route.shift);
            legs.push(RouteLeg { shift: route.shift, profile, number, from: here, to, departure });
        }
        here = to;
    }
    legs
}

/// The way of a whole route, leg after leg, without repeated positions where two legs meet. Legs
/// between places without position are left out.
pub fn path(problem: &Problem, route: &PlannedRoute, geometry: &Geometry<'_>) -> Vec<Position> {
    let mut path: Vec<Position> = Vec::new();
    for leg in legs(problem, route) {
        let mut way = geometry(&leg);
        if way.is_empty() {
            let ends =
                [leg.from, leg.to].map(|place| problem.places.get(place.index()).and_then(|place| place.position));
            way.extend(ends.into_iter().flatten());
        }
        for position in way {
            if path.last() != Some(&position) {
                path.push(position);
            }
        }
    }
    path
}
