//! Many sources to many targets: climb from each source, then sweep once down over all that lies
//! above the targets, sixteen sources side by side.
//!
//! This is restricted PHAST (Delling, Goldberg and Werneck 2011). The sixteen lanes are plain arrays;
//! the compiler turns their loops into vector instructions.

use crate::climb::{Climb, first_states};
use crate::cost::Cost;
use crate::hierarchy::Hierarchy;
use crate::ids::{EdgeIx, RankIx, StateIx};
use crate::metric::Ladder;
use crate::snap::Snapped;
use crate::trip;
use crate::turns::TurnGraph;
use dispatch_data::travel::Leg;
use rayon::prelude::*;

/// Sources swept together.
const LANES: usize = 16;
type Lanes = [f64; LANES];
const FAR: u32 = u32::MAX;

/// All that lies above some targets, highest first.
struct Above {
    /// Position of each state in the sweep.
    place_of: Vec<u32>,
    first: Vec<u32>,
    high: Vec<u32>,
    cost: Vec<f64>,
}

impl Above {
    fn build(ladder: &Ladder, states: usize, targets: impl Iterator<Item = RankIx>) -> Self {
        let mut place_of = vec![FAR; states];
        let mut found: Vec<RankIx> = Vec::new();
        let mut visit = |rank: RankIx, found: &mut Vec<RankIx>| {
            if place_of[rank.index()] == FAR {
                place_of[rank.index()] = 0;
                found.push(rank);
            }
        };
        targets.for_each(|rank| visit(rank, &mut found));
        let mut at = 0;
        while at < found.len() {
            for high in ladder.down.row(found[at]).0 {
                visit(*high, &mut found);
            }
            at += 1;
        }
        found.sort_unstable_by(|a, b| b.cmp(a));
        for (place, rank) in found.iter().enumerate() {
            place_of[rank.index()] = place as u32;
        }
        let mut above = Self { place_of, first: vec![0], high: Vec::new(), cost: Vec::new() };
        for rank in &found {
            let (heads, costs) = ladder.down.row(*rank);
            above.high.extend(heads.iter().map(|high| above.place_of[high.index()]));
            above.cost.extend(costs.iter().map(|cost| cost.0));
            above.first.push(above.high.len() as u32);
        }
        above
    }
    fn len(&self) -> usize {
        self.first.len() - 1
    }
    /// One sweep from the top down over all lanes.
    fn sweep(&self, labels: &mut [Lanes]) {
        for at in 0..self.len() {
            let (above, rest) = labels.split_at_mut(at);
            let label = &mut rest[0];
            let row = self.first[at] as usize..self.first[at + 1] as usize;
            for (high, cost) in self.high[row.clone()].iter().zip(&self.cost[row]) {
                let from = &above[*high as usize];
                for lane in 0..LANES {
                    let reached = from[lane] + cost;
                    label[lane] = if reached < label[lane] { reached } else { label[lane] };
                }
            }
        }
    }
}

/// Scratch memory of one thread.
struct Scratch {
    climb: Climb,
    labels: Vec<Lanes>,
    /// Trips that stay on one road: target, lane, cost; sorted.
    stays: Vec<(usize, usize, f64)>,
}

/// A network's parts that a sweep reads.
#[derive(Clone, Copy)]
pub(crate) struct Roads<'a> {
    pub(crate) turns: &'a TurnGraph,
    pub(crate) hierarchy: &'a Hierarchy,
}

/// Seconds and metres from every source to every target, row by row.
pub(crate) fn many_to_many(roads: Roads<'_>, sources: &[Snapped], targets: &[Snapped]) -> Vec<Leg> {
    let Roads { turns, hierarchy } = roads;
    let rank = |state: StateIx| hierarchy.order.rank(state);
    let ends: Vec<Vec<(StateIx, Cost)>> = targets.iter().map(|target| trip::ends(turns, target)).collect();
    let above = Above::build(&hierarchy.ladder, turns.len(), ends.iter().flatten().map(|(state, _)| rank(*state)));
    // Places in the sweep of each target's ends, flat: `(place, rest)` in rows.
    let mut first_end = vec![0usize];
    let mut flat: Vec<(u32, f64)> = Vec::with_capacity(targets.len() * 2);
    for ends in &ends {
        flat.extend(ends.iter().map(|(state, rest)| (above.place_of[rank(*state).index()], rest.0)));
        first_end.push(flat.len());
    }
    let mut on_edge: Vec<(EdgeIx, usize)> = targets.iter().enumerate().map(|(at, place)| (place.edge, at)).collect();
    on_edge.sort_unstable();
    let mut legs = vec![Leg::UNREACHABLE; sources.len() * targets.len()];
    if legs.is_empty() {
        return legs;
    }
    legs.par_chunks_mut(LANES * targets.len()).zip(sources.par_chunks(LANES)).for_each_init(
        || Scratch {
            climb: Climb::new(turns.len()),
            labels: vec![[f64::INFINITY; LANES]; above.len()],
            stays: Vec::new(),
        },
        |scratch, (rows, sources)| {
            scratch.labels.fill([f64::INFINITY; LANES]);
            scratch.stays.clear();
            for (lane, source) in sources.iter().enumerate() {
                for (state, cost) in first_states(turns, &trip::starts(turns, source)) {
                    scratch.climb.seed(rank(state), cost);
                }
                scratch.climb.run(&hierarchy.topology, &hierarchy.ladder.up);
                let start = on_edge.partition_point(|(edge, _)| *edge < source.edge);
                for (_, target) in on_edge[start..].iter().take_while(|(edge, _)| *edge == source.edge) {
                    let direct = trip::direct(turns, source, &targets[*target]);
                    scratch.stays.extend(direct.map(|(_, cost)| (*target, lane, cost.0)));
                }
                for (rank, cost) in &scratch.climb.reached {
                    if let Some(labels) = scratch.labels.get_mut(above.place_of[rank.index()] as usize) {
                        labels[lane] = cost.0;
                    }
                }
            }
            above.sweep(&mut scratch.labels);
            scratch.stays.sort_unstable_by_key(|(target, lane, _)| (*target, *lane));
            let mut stays = scratch.stays.iter().peekable();
            for target in 0..targets.len() {
                let mut best = [f64::INFINITY; LANES];
                for (place, rest) in &flat[first_end[target]..first_end[target + 1]] {
                    let labels = &scratch.labels[*place as usize];
                    for lane in 0..LANES {
                        let reached = labels[lane] - rest;
                        best[lane] = if reached < best[lane] { reached } else { best[lane] };
                    }
                }
                while let Some((_, lane, cost)) = stays.next_if(|(at, _, _)| *at == target) {
                    best[*lane] = best[*lane].min(*cost);
                }
                for (row, cost) in rows.chunks_mut(targets.len()).zip(best) {
                    row[target] = Cost(cost).leg();
                }
            }
        },
    );
    legs
}
