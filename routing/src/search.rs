//! Dijkstra's algorithm on the turn-expanded graph: the plain kernel, exact by construction, for tests.
//!
//! A [`Search`] owns its scratch memory: one for each thread. Labels are costs to the *end* of a
//! state's arc.

use crate::cost::Cost;
use crate::ids::StateIx;
use crate::turns::TurnGraph;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Scratch memory of one search.
pub(crate) struct Search<'a> {
    turns: &'a TurnGraph,
    label: Vec<Cost>,
    /// The round in which a label was written.
    written: Vec<u32>,
    round: u32,
    queue: BinaryHeap<Reverse<(u64, StateIx)>>,
}

impl<'a> Search<'a> {
    pub(crate) fn new(turns: &'a TurnGraph) -> Self {
        let count = turns.len();
        Self { turns, label: vec![Cost::NEVER; count], written: vec![0; count], round: 0, queue: BinaryHeap::new() }
    }

    /// Searches from the ends of the `starts`' arcs until all of the `wanted` states (`count` of
    /// them) have their final label.
    ///
    /// The starts have no label of their own: one of them gets one only by driving round to it.
    pub(crate) fn run(&mut self, starts: &[(StateIx, Cost)], wanted: &[bool], count: usize) {
        self.round = self.round.wrapping_add(1);
        if self.round == 0 {
            self.written.fill(0);
            self.round = 1;
        }
        self.queue.clear();
        let mut left = count;
        for &(state, cost) in starts {
            self.relax(state, cost);
        }
        while let Some(Reverse((key, state))) = self.queue.pop() {
            if left == 0 {
                return;
            }
            let cost = self.label[state.index()];
            if cost.key() != key {
                continue; // a better label has been settled since
            }
            if wanted[state.index()] {
                left -= 1;
                if left == 0 {
                    return;
                }
            }
            self.relax(state, cost);
        }
    }

    fn relax(&mut self, state: StateIx, cost: Cost) {
        for &(next, step) in self.turns.after(state) {
            let reached = cost + step;
            let at = next.index();
            if self.written[at] != self.round || reached < self.label[at] {
                self.written[at] = self.round;
                self.label[at] = reached;
                self.queue.push(Reverse((reached.key(), next)));
            }
        }
    }

    /// The label of a state after [`Search::run`].
    pub(crate) fn cost(&self, state: StateIx) -> Cost {
        if self.written[state.index()] == self.round { self.label[state.index()] } else { Cost::NEVER }
    }
}
