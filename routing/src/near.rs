//! The places reached soonest from one of them: Dijkstra's search outwards over the turn graph, until so many
//! have been met.
//!
//! Where places lie close, it looks at few more roads than those between them, which no hierarchy would make
//! fewer; a search from every place looks at all roads about as often as places are asked for, however many
//! places there are. At worst, where too few can be reached, it looks at all roads. Costs are those of the
//! matrix. No cache here.

use crate::cost::Cost;
use crate::ids::{ArcIx, StateIx};
use crate::snap::Snapped;
use crate::trip;
use crate::turns::TurnGraph;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Places by the arcs on which they can be reached.
pub(crate) struct Standing {
    /// `first[a]..first[a + 1]` are the entries of arc `a`.
    first: Vec<u32>,
    /// The place, and what is driven of the arc to reach it.
    entries: Vec<(u32, Cost)>,
}

impl Standing {
    pub(crate) fn new(turns: &TurnGraph, arcs: usize, places: &[Snapped]) -> Self {
        let mut first = vec![0u32; arcs + 1];
        let stops = || places.iter().zip(0u32..).flat_map(|(place, at)| place.arcs().map(move |stop| (at, stop)));
        for (_, (arc, _)) in stops() {
            first[arc.index() + 1] += 1;
        }
        for arc in 0..arcs {
            first[arc + 1] += first[arc];
        }
        let mut next = first.clone();
        let mut entries = vec![(0, Cost::NEVER); first[arcs] as usize];
        for (at, (arc, share)) in stops() {
            let slot = &mut next[arc.index()];
            entries[*slot as usize] = (at, turns.part(arc, 0.0, share));
            *slot += 1;
        }
        Self { first, entries }
    }
    fn on(&self, arc: ArcIx) -> &[(u32, Cost)] {
        &self.entries[self.first[arc.index()] as usize..self.first[arc.index() + 1] as usize]
    }
}

/// What the search comes upon next.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Next {
    /// The beginning of a state's arc.
    State(StateIx),
    Place(u32),
}

/// Scratch memory of a search; one for each thread.
pub(crate) struct Outward {
    /// What it costs to the *beginning* of each state's arc, the turn into it included.
    label: Vec<Cost>,
    /// Which of these are set.
    touched: Vec<StateIx>,
    met: Vec<bool>,
    queue: BinaryHeap<Reverse<(u64, Next)>>,
}

impl Outward {
    pub(crate) fn new(states: usize, places: usize) -> Self {
        let (label, met) = (vec![Cost::NEVER; states], vec![false; places]);
        Self { label, touched: Vec::new(), met, queue: BinaryHeap::new() }
    }

    /// The `count` places soonest reached from the place `from`, itself left out, by seconds and then by
    /// their order in `places`; fewer where fewer can be reached.
    pub(crate) fn nearest(
        &mut self,
        turns: &TurnGraph,
        standing: &Standing,
        places: &[Snapped],
        from: u32,
        count: usize,
    ) -> Vec<(u32, Cost)> {
        let Some(last) = count.checked_sub(1) else { return Vec::new() };
        let start = &places[from as usize];
        self.met[from as usize] = true;
        let mut found: Vec<(u32, Cost)> = Vec::with_capacity(count.min(places.len()));
        for (state, ahead) in trip::starts(turns, start) {
            self.turn(turns, state, ahead);
        }
        for (arc, _) in start.arcs() {
            for (place, _) in standing.on(arc).iter().filter(|(place, _)| *place != from) {
                if let Some((_, cost)) = trip::direct(turns, start, &places[*place as usize]) {
                    self.queue.push(Reverse((cost.key(), Next::Place(*place))));
                }
            }
        }
        while let Some(Reverse((key, next))) = self.queue.pop() {
            let cost = Cost::of_key(key);
            if !cost.is_open() {
                break; // whatever is left lies behind closed roads
            }
            // As many as wanted, and whatever comes now takes longer than the last of them.
            if found.get(last).is_some_and(|(_, last)| cost.leg().seconds > last.leg().seconds) {
                break;
            }
            match next {
                Next::State(state) if self.label[state.index()] == cost => {
                    let arc = turns.arc_of(state);
                    for (place, part) in standing.on(arc).iter().filter(|(place, _)| !self.met[*place as usize]) {
                        self.queue.push(Reverse(((cost + *part).key(), Next::Place(*place))));
                    }
                    self.turn(turns, state, cost + turns.drive(arc));
                }
                Next::Place(place) if !std::mem::replace(&mut self.met[place as usize], true) => {
                    found.push((place, cost));
                }
                // Reached more cheaply before.
                Next::State(_) | Next::Place(_) => {}
            }
        }
        self.queue.clear();
        self.touched.drain(..).for_each(|state| self.label[state.index()] = Cost::NEVER);
        self.met[from as usize] = false;
        found.iter().for_each(|(place, _)| self.met[*place as usize] = false);
        found.sort_unstable_by_key(|(place, cost)| (cost.leg().seconds, *place));
        found.truncate(count);
        found
    }

    /// Takes every turn at the end of a state's arc, which costs `cost` to reach.
    fn turn(&mut self, turns: &TurnGraph, state: StateIx, cost: Cost) {
        for (next, step) in turns.after(state) {
            let reached = cost + (*step - turns.drive(turns.arc_of(*next)));
            let label = &mut self.label[next.index()];
            if reached < *label {
                if !label.is_reachable() {
                    self.touched.push(*next);
                }
                *label = reached;
                self.queue.push(Reverse((reached.key(), Next::State(*next))));
            }
        }
    }
}
