//! The first half of every query: from a trip's beginning up the hierarchy.

use crate::cost::Cost;
use crate::ids::{RankIx, StateIx};
use crate::metric::Rungs;
use crate::topology::Topology;
use crate::turns::TurnGraph;

/// Scratch memory of climbs; one for each thread.
pub(crate) struct Climb {
    label: Vec<Cost>,
    /// The states climbed, ascending.
    pub(crate) reached: Vec<(RankIx, Cost)>,
    feet: Vec<RankIx>,
    kept: Vec<(RankIx, Cost)>,
}

impl Climb {
    pub(crate) fn new(states: usize) -> Self {
        Self { label: vec![Cost::NEVER; states], reached: Vec::new(), feet: Vec::new(), kept: Vec::new() }
    }

    /// Lowers the label of a state from which the next climb begins.
    pub(crate) fn seed(&mut self, rank: RankIx, cost: Cost) {
        if self.label[rank.index()].0 == f64::INFINITY {
            self.feet.push(rank);
        }
        self.label[rank.index()] = self.label[rank.index()].min(cost);
    }

    /// Climbs from the seeds along `rungs`; leaves every state that has a label, and it, in `reached`.
    pub(crate) fn run(&mut self, topology: &Topology, rungs: &Rungs) {
        self.reached.clear();
        // Whatever a state reaches upwards are its ancestors: walk up from all seeds in step, always
        // the lowest first, until they have become one line and that has ended.
        while let Some(&low) = self.feet.iter().min() {
            let cost = std::mem::replace(&mut self.label[low.index()], Cost::NEVER);
            if cost.is_reachable() {
                self.reached.push((low, cost));
                let (heads, costs) = rungs.row(low);
                for (high, step) in heads.iter().zip(costs) {
                    let label = &mut self.label[high.index()];
                    *label = label.min(cost + *step);
                }
            }
            let parent = topology.parent(low);
            self.feet.retain(|foot| *foot != low);
            if let Some(parent) = parent.filter(|parent| !self.feet.contains(parent)) {
                self.feet.push(parent);
            }
        }
    }
    /// Drops from `reached` what a way from above beats: no fastest way has its top there. `back`
    /// are the rungs of the other direction.
    pub(crate) fn settle(&mut self, back: &Rungs) {
        for (rank, cost) in &self.reached {
            self.label[rank.index()] = *cost;
        }
        for at in (0..self.reached.len()).rev() {
            let (rank, cost) = self.reached[at];
            let (heads, costs) = back.row(rank);
            let best =
                heads.iter().zip(costs).fold(cost, |best, (high, step)| best.min(self.label[high.index()] + *step));
            self.label[rank.index()] = best;
        }
        let label = &self.label;
        self.kept.clear();
        self.kept.extend(self.reached.iter().copied().filter(|(rank, cost)| label[rank.index()] == *cost));
        for (rank, _) in &self.reached {
            self.label[rank.index()] = Cost::NEVER;
        }
        std::mem::swap(&mut self.reached, &mut self.kept);
    }
}

/// The states that follow a trip's beginning, each with the cost to its end.
pub(crate) fn first_states<'a>(
    turns: &'a TurnGraph,
    starts: &'a [(StateIx, Cost)],
) -> impl Iterator<Item = (StateIx, Cost)> + 'a {
    starts.iter().flat_map(|(state, ahead)| turns.after(*state).iter().map(|(next, step)| (*next, *ahead + *step)))
}
