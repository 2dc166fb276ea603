//! The legs of a planned route and their way on the map.
//!
//! Knows no roads: a [`Geometry`] from outside does; without one a leg is a straight line.

use crate::ids::{PlaceIx, ProfileIx, ShiftIx};
use crate::place::Position;
use crate::plan::PlannedRoute;
use crate::problem::Problem;
use crate::travel::Leg;
use crate::units::{Duration, Meters, Time};

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
    /// Left at this moment …
    pub departure: Time,
    /// … and reached at this one, after any break on the way.
    pub arrival: Time,
    /// Seconds on the road, breaks not counted.
    pub travel: Duration,
    /// Length of the way.
    pub distance: Meters,
}

/// The way of a leg on the map.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Way {
    /// From its begin to its end; none where the way is not known, and a straight line is drawn.
    pub points: Vec<Position>,
    /// Seconds and metres of the way from its begin to each of these points, as many as these.
    pub so_far: Vec<Leg>,
}

/// Gives the way of a leg.
pub type Geometry<'a> = dyn Fn(&RouteLeg) -> Way + 'a;

/// A geometry without roads.
pub fn straight(_: &RouteLeg) -> Way {
    Way::default()
}

/// The legs of a route that lead somewhere else, in order.
pub fn legs(problem: &Problem, route: &PlannedRoute) -> Vec<RouteLeg> {
    let shift = problem.shift(route.shift);
    let mut here = shift.start_place;
    let stops = route.stops.iter().map(|stop| (stop.place, stop.departure, stop.arrival, stop.travel, stop.distance));
    let home = shift.end_place.map(|place| {
        // Breaks on the way home delay the arrival; one that is taken there does not.
        let departure = route.return_departure;
        let direct = Time(departure.0 + route.return_travel.0);
        let arrival = route.breaks.iter().filter(|taken| taken.start > departure).fold(direct, |arrival, taken| {
            let pause = if taken.start < arrival { taken.end.0 - taken.start.0 } else { 0 };
            Time(arrival.0 + pause)
        });
        (place, departure, arrival, route.return_travel, route.return_distance)
    });
    let mut legs = Vec::new();
    for (number, (to, departure, arrival, travel, distance)) in stops.chain(home).enumerate() {
        if to != here {
            let profile = problem.profile_of(route.shift);
            let shift = route.shift;
            legs.push(RouteLeg { shift, profile, number, from: here, to, departure, arrival, travel, distance });
        }
        here = to;
    }
    legs
}

/// The way of a whole route, leg after leg, without repeated positions where two legs meet. Legs
/// between places without position are left out.
pub fn path(problem: &Problem, route: &PlannedRoute, geometry: &Geometry<'_>) -> Vec<Position> {
    course(problem, route, geometry).points
}

/// The way of a whole route with where and when each point of it is passed.
pub(crate) struct Course {
    pub(crate) points: Vec<Position>,
    /// When each point is reached. A leg's own way tells how its time is spread; what the plan takes longer or
    /// shorter (another hour's pace, a break on the way) is spread in the same shares.
    pub(crate) times: Vec<Time>,
    /// Metres from the start of the route to each point.
    pub(crate) meters: Vec<i64>,
    /// The legs, each with the positions of its first and last point.
    pub(crate) legs: Vec<(RouteLeg, usize, usize)>,
}

impl Course {
    /// Where the route is at a moment, and how many metres from its start; none while it stands still.
    pub(crate) fn at(&self, time: Time) -> Option<(Position, i64)> {
        let on_the_way = |(leg, ..): &&(RouteLeg, usize, usize)| leg.departure < time && time < leg.arrival;
        let (leg, first, last) = self.legs.iter().find(on_the_way)?;
        let ahead = (first + 1..=*last).find(|at| time <= self.times[*at])?;
        let before = ahead - 1;
        // The first point of a leg is the last one of the leg before, passed when that one ended.
        let passed = if before == *first { leg.departure } else { self.times[before] };
        let share = (time.0 - passed.0) as f64 / (self.times[ahead].0 - passed.0).max(1) as f64;
        let (a, b) = (self.points[before], self.points[ahead]);
        let along = |a: f64, b: f64| a + (b - a) * share;
        let meters = along(self.meters[before] as f64, self.meters[ahead] as f64).round() as i64;
        Some((Position { lat: along(a.lat, b.lat), lon: along(a.lon, b.lon) }, meters))
    }
}

/// As [`path`], with times and distances.
pub(crate) fn course(problem: &Problem, route: &PlannedRoute, geometry: &Geometry<'_>) -> Course {
    let mut course = Course { points: Vec::new(), times: Vec::new(), meters: Vec::new(), legs: Vec::new() };
    let mut driven = 0;
    for leg in legs(problem, route) {
        let Way { mut points, mut so_far } = geometry(&leg);
        if points.is_empty() {
            let ends =
                [leg.from, leg.to].map(|place| problem.places.get(place.index()).and_then(|place| place.position));
            points.extend(ends.into_iter().flatten());
            so_far.clear();
        }
        let whole = so_far.last().copied().unwrap_or_default();
        // As share of the leg; by the number of points where the way does not tell.
        let share = |at: usize, of: fn(Leg) -> u32| match so_far.get(at) {
            Some(here) if of(whole) > 0 => f64::from(of(*here)) / f64::from(of(whole)),
            Some(_) | None => at as f64 / (points.len().max(2) - 1) as f64,
        };
        let lasting = (leg.arrival.0 - leg.departure.0) as f64;
        let mut first = None;
        for (at, position) in points.iter().enumerate() {
            if course.points.last() != Some(position) {
                course.points.push(*position);
                let passed = (share(at, |leg| leg.seconds) * lasting).round() as i64;
                course.times.push(Time(leg.departure.0 + passed));
                course.meters.push(driven + (share(at, |leg| leg.meters) * leg.distance.0 as f64).round() as i64);
            }
            first = first.or(course.points.len().checked_sub(1));
        }
        driven += leg.distance.0;
        if let (Some(first), Some(last)) = (first, course.points.len().checked_sub(1)) {
            course.legs.push((leg, first, last));
        }
    }
    course
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::sample;

    #[test]
    fn a_moment_on_the_road_has_a_place_on_the_way_by_the_time_of_its_points() {
        let (problem, plan) = sample::day();
        let route = &plan.routes[0];
        // Every leg over a point near its beginning that takes half of its time.
        let bent = |leg: &RouteLeg| {
            let [from, to] = [leg.from, leg.to].map(|place| problem.places[place.index()].position.unwrap());
            let early =
                Position { lat: from.lat + 0.1 * (to.lat - from.lat), lon: from.lon + 0.1 * (to.lon - from.lon) };
            let so_far = [(0, 0), (300, 100), (600, 1000)].map(|(seconds, meters)| Leg { seconds, meters });
            Way { points: vec![from, early, to], so_far: so_far.to_vec() }
        };
        let course = course(&problem, route, &bent);
        let (mut driven, mut last) = (0, 0);
        for leg in legs(&problem, route) {
            let way = bent(&leg).points;
            let lasting = leg.arrival.0 - leg.departure.0;
            let near = |(a, b): (Position, Position)| a.meters_to(b) < 0.02 * way[0].meters_to(way[2]);
            let (half, meters) = course.at(Time(leg.departure.0 + lasting / 2)).unwrap();
            assert!(near((half, way[1])), "{half:?}, {way:?}");
            assert!((meters - driven - leg.distance.0 / 10).abs() <= leg.distance.0 / 100 + 1, "{meters} m");
            let (quarter, before) = course.at(Time(leg.departure.0 + lasting / 4)).unwrap();
            assert!(near((quarter, way[0])) || quarter.meters_to(way[0]) < way[1].meters_to(way[0]));
            assert!(last <= before && before <= meters, "{last}, {before}, {meters}");
            assert_eq!(course.at(leg.departure), None, "still at the door");
            assert_eq!(course.at(leg.arrival), None, "there already");
            driven += leg.distance.0;
            last = meters;
        }
        assert!(driven > 0);
        assert_eq!(course.at(route.stops[0].start), None);
    }
}
