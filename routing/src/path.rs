//! One trip with its geometry, for maps.

use crate::cost::Cost;
use crate::graph::RoadGraph;
use crate::ids::ArcIx;
use crate::search::Search;
use crate::snap::Snapped;
use crate::spot::Spot;
use crate::trip;
use crate::turns::TurnGraph;
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
pub(crate) fn fastest(graph: &RoadGraph, turns: &TurnGraph, from: &Snapped, to: &Snapped) -> Option<Path> {
    let (starts, ends) = (trip::starts(turns, from), trip::ends(turns, to));
    let mut wanted = vec![false; turns.len()];
    for (state, _) in &ends {
        wanted[state.index()] = true;
    }
    let mut search = Search::new(turns);
    search.run(&starts, &wanted, ends.len());
    let mut best: Option<(Cost, Option<_>)> = trip::direct(turns, from, to).map(|(_, cost)| (cost, None));
    for &(state, rest) in &ends {
        let cost = search.cost(state) - rest;
        if cost.is_reachable() && best.is_none_or(|(known, _)| cost < known) {
            best = Some((cost, Some(state)));
        }
    }
    let (cost, last) = best?;
    let mut line = Line { graph, toll: false, points: vec![from.position] };
    match last {
        None => {
            let (arc, _) = trip::direct(turns, from, to)?;
            line.part(arc, share_of(from, arc), share_of(to, arc));
        }
        Some(last) => {
            let way = search.way(last);
            let first = *way.first()?;
            // Which of the start's arcs the way left by: the one whose turn makes the first label.
            let (start, _) = starts.iter().find(|(state, cost)| {
                let turn = turns.after(*state).iter().filter(|(next, _)| *next == first);
                turn.into_iter().any(|(_, step)| *cost + *step == search.cost(first))
            })?;
            let start = turns.arc_of(*start);
            line.part(start, share_of(from, start), 1.0);
            for state in &way[..way.len() - 1] {
                line.part(turns.arc_of(*state), 0.0, 1.0);
            }
            let end = turns.arc_of(last);
            line.part(end, 0.0, share_of(to, end));
        }
    }
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
