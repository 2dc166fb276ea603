//! The shape of the hierarchy: which states are joined by shortcuts, whatever the speeds.
//!
//! Contracting the states in order joins the higher neighbours of each (Dibbelt, Strasser and Wagner:
//! Customizable Contraction Hierarchies, 2016). Weights are `metric`'s business.

use crate::ids::{RankIx, StateIx};
use crate::order::Order;
use crate::prepared::{Columns, Reader, lengths};
use crate::turns::TurnGraph;

/// All joins, in rows by their lower end. Ranks stand for states throughout.
#[derive(Debug)]
pub(crate) struct Topology {
    first: Vec<u32>,
    /// Higher end of each join, ascending within a row.
    head: Vec<RankIx>,
}

/// All joins in rows by their higher end; made when costs are worked out, kept by nobody.
pub(crate) struct Downwards {
    first: Vec<u32>,
    low: Vec<(RankIx, u32)>,
}

impl Downwards {
    /// The joins of a state downwards: lower end, ascending, and join.
    #[inline]
    pub(crate) fn row(&self, rank: RankIx) -> &[(RankIx, u32)] {
        &self.low[self.first[rank.index()] as usize..self.first[rank.index() + 1] as usize]
    }
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
        Self { first, head }
    }

    /// The rows by higher end.
    pub(crate) fn downwards(&self) -> Downwards {
        let count = self.len();
        let mut first = vec![0u32; count + 1];
        for high in &self.head {
            first[high.index() + 1] += 1;
        }
        for at in 1..first.len() {
            first[at] += first[at - 1];
        }
        let mut next = first.clone();
        let mut low = vec![(RankIx(0), 0); self.head.len()];
        for rank in 0..count {
            for join in self.first[rank]..self.first[rank + 1] {
                let high = self.head[join as usize].index();
                low[next[high] as usize] = (RankIx::at(rank), join);
                next[high] += 1;
            }
        }
        Downwards { first, low }
    }
    pub(crate) fn save(&self, columns: &mut Columns) {
        columns.u32s(self.first.iter().copied());
        columns.u32s(self.head.iter().map(|head| head.0));
    }
    pub(crate) fn load(columns: &mut Reader<'_>, states: usize) -> Result<Self, String> {
        let first = columns.rows(states)?;
        let head: Vec<RankIx> = columns.ids(states)?.into_iter().map(RankIx).collect();
        lengths(head.len() == first[states] as usize)?;
        upwards(&first, &head)?;
        Ok(Self { first, head })
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

/// Whether every row leads to higher states only, in ascending order.
pub(crate) fn upwards(first: &[u32], head: &[RankIx]) -> Result<(), String> {
    let sound = first.windows(2).enumerate().all(|(low, row)| {
        let row = &head[row[0] as usize..row[1] as usize];
        row.first().is_none_or(|high| high.index() > low) && row.windows(2).all(|pair| pair[0] < pair[1])
    });
    if sound { Ok(()) } else { Err("a join that does not lead upwards".to_owned()) }
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
