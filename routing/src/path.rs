//! One trip with its geometry, times and distances along it, for maps.

use crate::cost::Cost;
use crate::descent::{self, Trip};
use crate::graph::{Arc, RoadGraph};
use crate::ids::{ArcIx, StateIx};
use crate::snap::Snapped;
use crate::spot::Spot;
use crate::sweep::Roads;
use crate::trip;
use crate::turns::TurnGraph;
use dispatch_data::place::Position;
use dispatch_data::travel::Leg;

/// A way over the roads from one place to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// Travel time in seconds, the same as in the matrix.
    pub seconds: u32,
    /// Length in metres, the same as in the matrix.
    pub meters: u32,
    /// Whether any of it costs a toll.
    pub toll: bool,
    /// The line driven, from the first place's point of its road to the last's; at least two points.
    pub points: Vec<Position>,
    /// Seconds and metres from the start to each of the points, each rounded once; as many as these. The last ones
    /// are those of the whole way. A turn's seconds have passed at the first point behind it.
    pub so_far: Vec<Leg>,
}

impl Path {
    /// The line as an encoded polyline of five decimals (Google's published format).
    pub fn polyline(&self) -> String {
        crate::polyline::encode(&self.points)
    }
}

/// The fastest trip, or `None` when there is none, or none but through closed roads.
pub(crate) fn fastest(graph: &RoadGraph, roads: Roads<'_>, from: &Snapped, to: &Snapped) -> Option<Path> {
    let turns = roads.turns;
    let mut line = Line {
        graph,
        turns,
        toll: false,
        points: vec![from.position],
        so_far: vec![Cost::delay(0)],
        gone: Cost::delay(0),
    };
    let direct = trip::direct(turns, from, to);
    let trip = descent::descend(roads, &trip::starts(turns, from), &trip::ends(turns, to));
    let cost = match (direct, trip) {
        (None, None) => return None,
        (Some((arc, cost)), trip) if trip.as_ref().is_none_or(|trip| cost <= trip.cost) => {
            line.part(arc, share_of(from, arc), share_of(to, arc));
            cost
        }
        (_, trip) => {
            let Trip { start, states, cost } = trip?;
            let first = turns.arc_of(start);
            line.part(first, share_of(from, first), 1.0);
            let last = states.len().checked_sub(1)?;
            let mut here = start;
            for (at, state) in states.iter().enumerate() {
                let arc = turns.arc_of(*state);
                line.turn(here, *state)?;
                line.part(arc, 0.0, if at == last { share_of(to, arc) } else { 1.0 });
                here = *state;
            }
            cost
        }
    };
    let leg = cost.leg();
    if !leg.is_reachable() {
        return None;
    }
    let toll = line.toll;
    let (points, so_far) = line.end(to.position, cost);
    Some(Path { seconds: leg.seconds, meters: leg.meters, toll, points, so_far })
}

/// How much of `arc` lies behind the place.
fn share_of(place: &Snapped, arc: ArcIx) -> f64 {
    place.arcs().find(|(other, _)| *other == arc).map_or(0.0, |(_, share)| share)
}

struct Line<'a> {
    graph: &'a RoadGraph,
    turns: &'a TurnGraph,
    toll: bool,
    points: Vec<Position>,
    /// What it cost to come to each of the points.
    so_far: Vec<Cost>,
    /// What it cost to come to the beginning of the next arc.
    gone: Cost,
}

impl Line<'_> {
    /// Turns from a state into the next; `None` for a turn that there is not.
    fn turn(&mut self, from: StateIx, to: StateIx) -> Option<()> {
        let (_, step) = self.turns.after(from).iter().find(|(next, _)| *next == to)?;
        self.gone = self.gone + (*step - self.turns.drive(self.turns.arc_of(to)));
        Some(())
    }
    /// Adds the points of an arc that lie strictly between two shares of it; its ends where whole.
    fn part(&mut self, arc: ArcIx, from: f64, to: f64) {
        let Arc { edge, forward, .. } = *self.graph.arc(arc);
        self.toll |= self.graph.edge(edge).toll;
        let drawn = self.graph.points(edge).iter().copied().zip(self.graph.shares(edge));
        let mut points: Vec<(Spot, f64)> = drawn.collect();
        if !forward {
            points.reverse();
            points.iter_mut().for_each(|(_, share)| *share = 1.0 - *share);
        }
        for (spot, here) in points {
            let after_start = from == 0.0 || here > from;
            let before_end = to == 1.0 || here < to;
            if after_start && before_end {
                self.add(spot.position(), self.gone + self.turns.part(arc, from, here.max(from)));
            }
        }
        self.gone = self.gone + self.turns.part(arc, from, to);
    }
    /// Where two arcs meet, the time before the turn is the point's.
    fn add(&mut self, point: Position, cost: Cost) {
        if self.points.last() != Some(&point) {
            self.points.push(point);
            self.so_far.push(cost);
        }
    }
    /// The line with its last point, which is reached at `cost`.
    fn end(mut self, last: Position, cost: Cost) -> (Vec<Position>, Vec<Leg>) {
        if self.points.len() == 1 || self.points.last() != Some(&last) {
            self.points.push(last);
            self.so_far.push(cost);
        }
        if let Some(end) = self.so_far.last_mut() {
            *end = cost;
        }
        (self.points, self.so_far.into_iter().map(Cost::leg).collect())
    }
}
