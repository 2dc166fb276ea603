//! The turn-expanded graph: which arc may follow which, and what the turn costs.
//!
//! Its vertices are states: an arc just driven, together with the beginning of a turn restriction
//! if one has been entered (`restrictions` makes those). Nothing here knows tags or map ids.

use crate::class::RoadClass;
use crate::cost::Cost;
use crate::graph::RoadGraph;
use crate::ids::{ArcIx, StateIx};
use crate::prepared::{Columns, Reader, lengths};
use crate::profile::TurnRules;
use crate::restrictions::Automaton;
use crate::spot::turn_angle;
use crate::traffic::Traffic;
use crate::uneven::Uneven;
use rayon::prelude::*;

/// Turns in rows by the state they leave.
#[derive(Debug)]
pub(crate) struct TurnGraph {
    /// The arc of each state; state `k` below the number of arcs is arc `k`.
    arc_of: Vec<ArcIx>,
    /// States beyond the arcs, sorted by their arc.
    extra: Vec<(ArcIx, StateIx)>,
    first: Vec<u32>,
    /// What driving each arc costs, at the speeds of the hour.
    drive: Vec<Cost>,
    /// The arcs that take different time from stretch to stretch.
    uneven: Uneven,
    /// The state after the turn, and the turn's cost together with driving that state's arc.
    turns: Vec<(StateIx, Cost)>,
}

impl TurnGraph {
    /// All allowed turns of a graph.
    pub(crate) fn build(graph: &RoadGraph, rules: &TurnRules, automaton: &Automaton) -> Self {
        let arcs = graph.arcs.len();
        let (arc_of, extra) = states(arcs, automaton.extra_arcs());
        let bearings: Vec<(f64, f64)> = (0..arcs).map(|arc| graph.bearings(ArcIx::at(arc))).collect();
        let degrees = degrees(graph);
        let mut first = Vec::with_capacity(arc_of.len() + 1);
        let mut turns = Vec::with_capacity(arc_of.len() * 3);
        for (state, &arc) in arc_of.iter().enumerate() {
            first.push(turns.len() as u32);
            let head = graph.arc(arc).head;
            let node = graph.nodes[head.index()];
            let back = graph.reverse(arc);
            let dead_end = node.blocked || graph.out(head).all(|next| Some(next) == back);
            for next in graph.out(head) {
                let turns_back = Some(next) == back;
                if turns_back != dead_end {
                    continue;
                }
                let Some(target) = automaton.follow(StateIx::at(state), arc, next) else { continue };
                let mut seconds = 0.0;
                if turns_back {
                    seconds += rules.u_turn;
                } else if degrees[head.index()] > 2 && !(is_round(graph, arc) && is_round(graph, next)) {
                    seconds += swing(rules, turn_angle(bearings[arc.index()].1, bearings[next.index()].0));
                }
                if boards(graph, arc, next) {
                    seconds += rules.board;
                }
                if enters(graph, arc, next) {
                    seconds += rules.enter;
                }
                let waiting = if turns_back { 0 } else { node.delay };
                let turn = Cost::delay((seconds * 100.0).round() as u32 + waiting);
                turns.push((target, turn + graph.arc(next).cost));
            }
        }
        first.push(turns.len() as u32);
        let drive = graph.arcs.iter().map(|arc| arc.cost).collect();
        Self { arc_of, extra, first, drive, uneven: Uneven::default(), turns }
    }
    /// The same turns at the speeds of `traffic`; turning and waiting at junctions take as long as ever.
    pub(crate) fn retimed(&self, graph: &RoadGraph, traffic: &Traffic) -> Self {
        let (drive, uneven) = traffic.drive(graph);
        self.with_costs(drive, uneven)
    }
    /// The same turns where driving the arcs costs `drive`, stretch by stretch where uneven.
    pub(crate) fn with_costs(&self, drive: Vec<Cost>, uneven: Uneven) -> Self {
        let change: Vec<Cost> =
            drive.par_iter().with_min_len(4096).zip(&self.drive).map(|(new, old)| *new - *old).collect();
        let retime = |(next, cost): &(StateIx, Cost)| {
            // Nearly all states are plainly their arcs.
            let arc = if next.index() < change.len() { next.index() } else { self.arc_of[next.index()].index() };
            (*next, *cost + change[arc])
        };
        let turns = self.turns.par_iter().with_min_len(4096).map(retime).collect();
        let Self { arc_of, extra, first, drive: _, uneven: _, turns: _ } = self;
        Self { arc_of: arc_of.clone(), extra: extra.clone(), first: first.clone(), drive, uneven, turns }
    }
    /// What driving an arc from end to end costs.
    #[inline]
    pub(crate) fn drive(&self, arc: ArcIx) -> Cost {
        self.drive[arc.index()]
    }
    /// What driving an arc from one share of it to a later one costs.
    pub(crate) fn part(&self, arc: ArcIx, from: f64, to: f64) -> Cost {
        let even = || self.drive(arc).share(to) - self.drive(arc).share(from);
        self.uneven.part(arc, from, to).unwrap_or_else(even)
    }
    /// Number of states.
    pub(crate) fn len(&self) -> usize {
        self.arc_of.len()
    }
    /// Number of turns.
    pub(crate) fn count(&self) -> usize {
        self.turns.len()
    }
    /// What it costs to take a turn, counted over all turns, and to drive the arc behind it.
    #[inline]
    pub(crate) fn cost(&self, turn: u32) -> Cost {
        self.turns[turn as usize].1
    }
    /// The states that may follow `state`, with what it costs to turn and drive them to their end.
    #[inline]
    pub(crate) fn after(&self, state: StateIx) -> &[(StateIx, Cost)] {
        &self.turns[self.first[state.index()] as usize..self.first[state.index() + 1] as usize]
    }
    /// The arc driven in a state.
    pub(crate) fn arc_of(&self, state: StateIx) -> ArcIx {
        self.arc_of[state.index()]
    }
    /// The state of an arc on which a trip begins: no restriction has been entered.
    pub(crate) fn fresh(&self, arc: ArcIx) -> StateIx {
        StateIx(arc.0)
    }
    /// All states in which an arc may be reached.
    pub(crate) fn states_of(&self, arc: ArcIx) -> impl Iterator<Item = StateIx> + '_ {
        let start = self.extra.partition_point(|(other, _)| *other < arc);
        let more = self.extra[start..].iter().take_while(move |(other, _)| *other == arc).map(|(_, state)| *state);
        std::iter::once(self.fresh(arc)).chain(more)
    }
}

/// The arc of each state, and the states beyond the arcs sorted by their arc.
fn states(arcs: usize, extra_arcs: impl Iterator<Item = ArcIx>) -> (Vec<ArcIx>, Vec<(ArcIx, StateIx)>) {
    let arc_of: Vec<ArcIx> = (0..arcs).map(ArcIx::at).chain(extra_arcs).collect();
    let mut extra: Vec<_> = (arcs..arc_of.len()).map(|state| (arc_of[state], StateIx::at(state))).collect();
    extra.sort_unstable();
    (arc_of, extra)
}

impl TurnGraph {
    /// Columns of the prepared file.
    pub(crate) const COLUMNS: usize = 5;
    pub(crate) fn save(&self, columns: &mut Columns) {
        let arcs = self.arc_of.len() - self.extra.len();
        columns.u32s(self.arc_of[arcs..].iter().map(|arc| arc.0));
        columns.u32s(self.first.iter().copied());
        columns.f64s(self.drive.iter().map(|cost| cost.0));
        columns.u32s(self.turns.iter().map(|(next, _)| next.0));
        columns.f64s(self.turns.iter().map(|(_, cost)| cost.0));
    }
    pub(crate) fn load(columns: &mut Reader, arcs: usize) -> Result<Self, String> {
        let (arc_of, extra) = states(arcs, columns.ids(arcs)?.into_iter().map(ArcIx));
        let first = columns.rows(arc_of.len())?;
        let (drive, next, cost) = (columns.costs()?, columns.ids(arc_of.len())?, columns.costs()?);
        lengths(drive.len() == arcs)?;
        let count = first[arc_of.len()] as usize;
        lengths(next.len() == count && cost.len() == count)?;
        let turns = next.into_iter().map(StateIx).zip(cost).collect();
        Ok(Self { arc_of, extra, first, drive, uneven: Uneven::default(), turns })
    }
}

/// How many edge ends meet at each node.
fn degrees(graph: &RoadGraph) -> Vec<u32> {
    let mut degrees = vec![0u32; graph.nodes.len()];
    for edge in &graph.edges {
        if let Some(arc) = edge.forward.or(edge.backward) {
            degrees[graph.arc(arc).tail.index()] += 1;
            degrees[graph.arc(arc).head.index()] += 1;
        }
    }
    degrees
}

fn is_round(graph: &RoadGraph, arc: ArcIx) -> bool {
    graph.edge(graph.arc(arc).edge).roundabout
}

fn boards(graph: &RoadGraph, from: ArcIx, to: ArcIx) -> bool {
    let is_ferry = |arc: ArcIx| graph.edge(graph.arc(arc).edge).class == RoadClass::Ferry;
    is_ferry(to) && !is_ferry(from)
}

fn enters(graph: &RoadGraph, from: ArcIx, to: ArcIx) -> bool {
    let is_restricted = |arc: ArcIx| graph.edge(graph.arc(arc).edge).restricted;
    is_restricted(to) && !is_restricted(from)
}

/// Seconds of a change of direction: nothing up to 35°, all of it from 130° on, linear between.
fn swing(rules: &TurnRules, angle: f64) -> f64 {
    const FREE: f64 = 35.0;
    const FULL: f64 = 130.0;
    let full = if angle > 0.0 { rules.right } else { rules.left };
    full * ((angle.abs() - FREE) / (FULL - FREE)).clamp(0.0, 1.0)
}
