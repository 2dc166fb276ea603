//! Costs for the joins of a hierarchy, and which joins a fastest way can use at all.
//!
//! Customisation and perfect witnesses after Dibbelt, Strasser and Wagner (2016): triangles from the
//! bottom up give every join its cost (`customize`), then triangles from the top down find the joins
//! that some other way beats (`perfect`); those are left out of the [`Ladder`]. Sums of costs are
//! exact, so the ladder yields the very numbers of a plain search. Both passes go through the families
//! of states, large ones side by side.

mod customize;
mod perfect;
mod triangle;

use crate::cost::Cost;
use crate::ids::RankIx;
use crate::prepared::{Columns, Reader, lengths};
use crate::topology::{Topology, upwards};
use crate::turns::TurnGraph;
use rayon::prelude::*;
use std::ops::Range;
use triangle::Join;

/// Families below this size are not worth sharing between cores.
const SHARED: usize = 2000;

/// Which directions of a join can be on a fastest way.
const UP: u8 = 1;
const DOWN: u8 = 2;

/// The joins that matter under one metric, in rows by their lower end.
#[derive(Debug)]
pub(crate) struct Ladder {
    pub(crate) up: Rungs,
    /// Towards the lower end, still in rows by the lower end.
    pub(crate) down: Rungs,
}

/// Joins of one direction.
#[derive(Debug)]
pub(crate) struct Rungs {
    first: Vec<u32>,
    high: Vec<RankIx>,
    cost: Vec<Cost>,
}

impl Rungs {
    /// The higher ends and costs of a row.
    #[inline]
    pub(crate) fn row(&self, low: RankIx) -> (&[RankIx], &[Cost]) {
        let row = self.first[low.index()] as usize..self.first[low.index() + 1] as usize;
        (&self.high[row.clone()], &self.cost[row])
    }
    pub(crate) fn len(&self) -> usize {
        self.high.len()
    }
    /// The joins useful in a direction, with its costs.
    fn keep(topology: &Topology, joins: &[Join], useful: &[u8], direction: u8, cost: fn(&Join) -> Cost) -> Self {
        const PIECE: usize = 8192;
        let count = topology.len();
        let pieces: Vec<_> = (0..count).step_by(PIECE).map(|at| at..(at + PIECE).min(count)).collect();
        let kept = |ranks: &Range<usize>| {
            let row = topology.joins_of(ranks);
            useful[row].iter().map(|useful| u32::from(*useful & direction != 0)).sum::<u32>()
        };
        let kept: Vec<u32> = pieces.par_iter().map(kept).collect();
        let total = kept.iter().sum::<u32>() as usize;
        let mut first = vec![0u32; count + 1];
        let (mut high, mut costs) = (vec![RankIx(0); total], vec![Cost::NEVER; total]);
        first[count] = total as u32;
        let mut shares = Vec::with_capacity(pieces.len());
        let (mut firsts, mut highs, mut all) = (&mut first[..count], &mut high[..], &mut costs[..]);
        let mut start = 0;
        for (ranks, kept) in pieces.into_iter().zip(kept) {
            let (own_first, own_high, own_costs);
            (own_first, firsts) = firsts.split_at_mut(ranks.len());
            (own_high, highs) = highs.split_at_mut(kept as usize);
            (own_costs, all) = all.split_at_mut(kept as usize);
            shares.push((ranks, start, own_first, own_high, own_costs));
            start += kept;
        }
        shares.into_par_iter().for_each(|(ranks, start, first, high, costs)| {
            let mut at = 0;
            for (rank, first) in ranks.zip(first) {
                *first = start + at as u32;
                for join in topology.up(RankIx::at(rank)) {
                    // Written always and counted when useful: no branch to guess wrong.
                    if let (Some(high), Some(slot)) = (high.get_mut(at), costs.get_mut(at)) {
                        (*high, *slot) = (topology.head(join), cost(&joins[join]));
                        at += usize::from(useful[join] & direction != 0);
                    }
                }
            }
        });
        Self { first, high, cost: costs }
    }
    fn save(&self, columns: &mut Columns) {
        columns.u32s(self.first.iter().copied());
        columns.u32s(self.high.iter().map(|high| high.0));
        columns.f64s(self.cost.iter().map(|cost| cost.0));
    }
    fn load(columns: &mut Reader, states: usize) -> Result<Self, String> {
        let first = columns.rows(states)?;
        let high: Vec<RankIx> = columns.ids(states)?.into_iter().map(RankIx).collect();
        let cost = columns.costs()?;
        lengths(high.len() == first[states] as usize && cost.len() == high.len())?;
        upwards(&first, &high)?;
        Ok(Self { first, high, cost })
    }
}

impl Ladder {
    /// Columns of the prepared file.
    pub(crate) const COLUMNS: usize = 6;
    pub(crate) fn save(&self, columns: &mut Columns) {
        self.up.save(columns);
        self.down.save(columns);
    }
    pub(crate) fn load(columns: &mut Reader, states: usize) -> Result<Self, String> {
        Ok(Self { up: Rungs::load(columns, states)?, down: Rungs::load(columns, states)? })
    }
    /// The ladder of the turn graph's own costs.
    pub(crate) fn build(turns: &TurnGraph, topology: &Topology) -> Self {
        let least = SHARED.max(topology.len() / 64);
        let joins = customize::customize(turns, topology, least);
        let useful = perfect::perfect(topology, &joins, least);
        let (up, down) = rayon::join(
            || Rungs::keep(topology, &joins, &useful, UP, |join| join.up),
            || Rungs::keep(topology, &joins, &useful, DOWN, |join| join.down),
        );
        Self { up, down }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::town::{Town, town};

    #[test]
    fn families_side_by_side_give_what_one_after_another_gives() {
        for seed in 700..720 {
            let Some(Town { network, .. }) = town(seed, 9, 12) else { continue };
            let topology = &network.hierarchy.topology;
            let alone = customize::customize(&network.turns, topology, usize::MAX);
            let useful = perfect::perfect(topology, &alone, usize::MAX);
            for least in [2, 5, 40] {
                let shared = customize::customize(&network.turns, topology, least);
                assert_eq!(shared, alone, "seed {seed}, families of {least}");
                assert_eq!(perfect::perfect(topology, &shared, least), useful, "seed {seed}, families of {least}");
            }
        }
    }
}
