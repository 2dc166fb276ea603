//! The states of a fastest trip, found by asking the hierarchy at every turn how far it still is.
//!
//! Exact distances to one target on demand (Strasser and Zeitz: CH-Potentials, 2021): nothing is
//! searched, the trip just goes where the rest is what it should be.

use crate::climb::{Climb, first_states};
use crate::cost::Cost;
use crate::hierarchy::Hierarchy;
use crate::ids::{RankIx, StateIx};
use crate::sweep::Roads;

/// Distances from any state's end to one target.
struct Potential<'a> {
    hierarchy: &'a Hierarchy,
    /// What is known of each state: the climb's label first, the distance itself once `known`.
    cost: Vec<Cost>,
    known: Vec<bool>,
    chain: Vec<RankIx>,
}

impl<'a> Potential<'a> {
    fn new(hierarchy: &'a Hierarchy, states: usize, ends: &[(StateIx, Cost)]) -> Self {
        let mut climb = Climb::new(states);
        for (state, rest) in ends {
            climb.seed(hierarchy.order.rank(*state), Cost::delay(0) - *rest);
        }
        climb.run(&hierarchy.topology, &hierarchy.ladder.down);
        let mut cost = vec![Cost::NEVER; states];
        for (rank, label) in &climb.reached {
            cost[rank.index()] = *label;
        }
        Self { hierarchy, cost, known: vec![false; states], chain: Vec::new() }
    }
    /// What remains to be paid from the end of a state's arc.
    fn of(&mut self, state: StateIx) -> Cost {
        let start = self.hierarchy.order.rank(state);
        // A distance is the label, or a step up and the distance there: settle the ancestors first.
        let mut next = Some(start);
        while let Some(rank) = next.filter(|rank| !self.known[rank.index()]) {
            self.chain.push(rank);
            next = self.hierarchy.topology.parent(rank);
        }
        while let Some(rank) = self.chain.pop() {
            let (heads, steps) = self.hierarchy.ladder.up.row(rank);
            let over = heads.iter().zip(steps).map(|(high, step)| *step + self.cost[high.index()]);
            self.cost[rank.index()] = over.fold(self.cost[rank.index()], Cost::min);
            self.known[rank.index()] = true;
        }
        self.cost[start.index()]
    }
}

/// A fastest trip: which of the starts it leaves by, its states from the first one after the start to
/// the last, and its cost.
pub(crate) struct Trip {
    pub(crate) start: StateIx,
    pub(crate) states: Vec<StateIx>,
    pub(crate) cost: Cost,
}

/// The fastest trip from the ends of the `starts`' arcs to one of `ends`; `None` when there is none.
pub(crate) fn descend(roads: Roads<'_>, starts: &[(StateIx, Cost)], ends: &[(StateIx, Cost)]) -> Option<Trip> {
    let Roads { turns, hierarchy } = roads;
    let mut rest = Potential::new(hierarchy, turns.len(), ends);
    let mut best: Option<(Cost, StateIx, StateIx)> = None;
    for start in starts {
        for (state, cost) in first_states(turns, std::slice::from_ref(start)) {
            let cost = cost + rest.of(state);
            if cost.is_reachable() && best.is_none_or(|(known, _, _)| cost < known) {
                best = Some((cost, start.0, state));
            }
        }
    }
    let (cost, start, first) = best?;
    let mut states = vec![first];
    let mut here = first;
    loop {
        let left = rest.of(here);
        if ends.iter().any(|(end, spared)| *end == here && Cost::delay(0) - *spared == left) {
            return Some(Trip { start, states, cost });
        }
        let onward = turns.after(here).iter().find(|(next, step)| *step + rest.of(*next) == left);
        here = onward?.0;
        states.push(here);
        if states.len() > turns.len() {
            return None; // no imported map has roads of no length, but a forged file may
        }
    }
}
