//! The shape of the hierarchy: which states are joined by shortcuts, whatever the speeds.
//!
//! Contracting the states in order joins the higher neighbours of each (Dibbelt, Strasser and Wagner:
//! Customizable Contraction Hierarchies, 2016). Weights are `metric`'s business.

use crate::ids::{RankIx, StateIx};
use crate::order::Order;
use crate::turns::TurnGraph;

/// All joins, in rows by their lower end. Ranks stand for states throughout.
#[derive(Debug)]
pub(crate) struct Topology {
    first: Vec<u32>,
    /// Higher end of each join, ascending within a row.
    head: Vec<RankIx>,
    /// Rows by the higher end: `(lower end, join)`, ascending by the lower end.
    first_low: Vec<u32>,
    low: Vec<(RankIx, u32)>,
}

impl Topology {
    /// Joins what the order demands.
    pub(crate) fn build(turns: &TurnGraph, order: &Order) -> Self {
        let count = order.len();
        let mut above: Vec<Vec<RankIx>> = vec![Vec::new(); count];
        for state in 0..count {
            let from = order.rank(StateIx::at(state));
            for (next, _) in turns.after(StateIx::at(state)) {
                let to = order.rank(*next);
                if from != to {
                    above[from.min(to).index()].push(from.max(to));
                }
            }
        }
        let mut first = Vec::with_capacity(count + 1);
        let mut head = Vec::new();
        let mut merged = Vec::new();
        for rank in 0..count {
            let mut row = std::mem::take(&mut above[rank]);
            row.sort_unstable();
            row.dedup();
            first.push(head.len() as u32);
            head.extend_from_slice(&row);
            if let [parent, rest @ ..] = row.as_slice() {
                // The parent takes the rest over; it sorts all it got when its own turn comes, but
                // merging now keeps the lists free of repetitions.
                let have = &mut above[parent.index()];
                if have.is_empty() {
                    have.extend_from_slice(rest);
                } else {
                    have.sort_unstable();
                    merged.clear();
                    merge(have, rest, &mut merged);
                    std::mem::swap(have, &mut merged);
                }
            }
        }
        first.push(head.len() as u32);
        let mut first_low = vec![0u32; count + 1];
        for high in &head {
            first_low[high.index() + 1] += 1;
        }
        for at in 1..first_low.len() {
            first_low[at] += first_low[at - 1];
        }
        let mut next = first_low.clone();
        let mut low = vec![(RankIx(0), 0); head.len()];
        for rank in 0..count {
            for join in first[rank]..first[rank + 1] {
                let high = head[join as usize].index();
                low[next[high] as usize] = (RankIx::at(rank), join);
                next[high] += 1;
            }
        }
        Self { first, head, first_low, low }
    }
    /// Number of states.
    pub(crate) fn len(&self) -> usize {
        self.first.len() - 1
    }
    /// Number of joins.
    pub(crate) fn joins(&self) -> usize {
        self.head.len()
    }
    /// The joins of a state upwards, as positions in the list of all joins.
    #[inline]
    pub(crate) fn up(&self, rank: RankIx) -> std::ops::Range<usize> {
        self.first[rank.index()] as usize..self.first[rank.index() + 1] as usize
    }
    /// The higher end of a join.
    #[inline]
    pub(crate) fn head(&self, join: usize) -> RankIx {
        self.head[join]
    }
    /// The joins of a state downwards: lower end and join.
    #[inline]
    pub(crate) fn down(&self, rank: RankIx) -> &[(RankIx, u32)] {
        &self.low[self.first_low[rank.index()] as usize..self.first_low[rank.index() + 1] as usize]
    }
    /// The lowest higher neighbour: the next state on the way to the top that can have a label.
    #[inline]
    pub(crate) fn parent(&self, rank: RankIx) -> Option<RankIx> {
        self.up(rank).next().map(|join| self.head[join])
    }
    /// The join between two states, if there is one.
    pub(crate) fn join(&self, low: RankIx, high: RankIx) -> Option<usize> {
        let row = self.up(low);
        self.head[row.clone()].binary_search(&high).ok().map(|at| row.start + at)
    }
}

/// Both sorted lists in one, without repetitions.
fn merge(a: &[RankIx], b: &[RankIx], out: &mut Vec<RankIx>) {
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        let value = match (a.get(i), b.get(j)) {
            (Some(x), Some(y)) => *x.min(y),
            (Some(x), None) | (None, Some(x)) => *x,
            (None, None) => return,
        };
        while a.get(i) == Some(&value) {
            i += 1;
        }
        while b.get(j) == Some(&value) {
            j += 1;
        }
        out.push(value);
    }
}
