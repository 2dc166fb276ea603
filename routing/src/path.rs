//! One trip with its geometry, for maps.

use crate::descent::{self, Trip};
use crate::graph::RoadGraph;
use crate::ids::ArcIx;
use crate::snap::Snapped;
use crate::spot::Spot;
use crate::sweep::Roads;
use crate::trip;
use dispatch_data::place::Position;

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
}

impl Path {
    /// The line as an encoded polyline of five decimals (Google's published format).
    pub fn polyline(&self) -> String {
        crate::polyline::encode(&self.points)
    }
}

/// The fastest trip, or `None` when there is none.
pub(crate) fn fastest(graph: &RoadGraph, roads: Roads<'_>, from: &Snapped, to: &Snapped) -> Option<Path> {
    let turns = roads.turns;
    let mut line = Line { graph, toll: false, points: vec![from.position] };
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
            let start = turns.arc_of(start);
            line.part(start, share_of(from, start), 1.0);
            let (last, between) = states.split_last()?;
            for state in between {
                line.part(turns.arc_of(*state), 0.0, 1.0);
            }
            let end = turns.arc_of(*last);
            line.part(end, 0.0, share_of(to, end));
            cost
        }
    };
    line.points.push(to.position);
    let leg = cost.leg();
    line.points.dedup();
    if line.points.len() == 1 {
        line.points.push(to.position);
    }
    Some(Path { seconds: leg.seconds, meters: leg.meters, toll: line.toll, points: line.points })
}

/// How much of `arc` lies behind the place.
fn share_of(place: &Snapped, arc: ArcIx) -> f64 {
    place.arcs().find(|(other, _)| *other == arc).map_or(0.0, |(_, share)| share)
}

struct Line<'a> {
    graph: &'a RoadGraph,
    toll: bool,
    points: Vec<Position>,
}

impl Line<'_> {
    /// Adds the points of an arc that lie strictly between two shares of it; its ends where whole.
    fn part(&mut self, arc: ArcIx, from: f64, to: f64) {
        let arc = self.graph.arc(arc);
        let drawn = self.graph.points(arc.edge);
        self.toll |= self.graph.edge(arc.edge).toll;
        let points: Vec<Spot> = if arc.forward { drawn.to_vec() } else { drawn.iter().rev().copied().collect() };
        let whole: f64 = points.windows(2).map(|pair| pair[0].meters_to(pair[1])).sum();
        let mut gone = 0.0;
        for (at, spot) in points.iter().enumerate() {
            if at > 0 {
                gone += points[at - 1].meters_to(*spot);
            }
            let here = if whole > 0.0 { gone / whole } else { 0.0 };
            let after_start = from == 0.0 || here > from;
            let before_end = to == 1.0 || here < to;
            if after_start && before_end {
                self.points.push(spot.position());
            }
        }
    }
}
