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
use triangle::{DOWN, Join, UP};

/// Families below this size are not worth sharing between cores.
const SHARED: usize = 2000;

/// Which directions of a join can be on a fastest way.
const RISES: u8 = 1;
const FALLS: u8 = 2;

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
    /// Room for `total` joins of `count` states.
    fn room(count: usize, total: u32) -> Self {
        let (high, cost) = (vec![RankIx(0); total as usize], vec![Cost::NEVER; total as usize]);
        Self { first: vec![total; count + 1], high, cost }
    }
    /// One share for each piece of so many states and so many joins.
    fn shares(&mut self, sizes: impl Iterator<Item = (usize, u32)>) -> Vec<Share<'_>> {
        let (mut firsts, mut highs, mut costs) = (&mut self.first[..], &mut self.high[..], &mut self.cost[..]);
        let mut start = 0;
        let share = |(states, kept): (usize, u32)| {
            let (first, high, cost);
            (first, firsts) = std::mem::take(&mut firsts).split_at_mut(states);
            (high, highs) = std::mem::take(&mut highs).split_at_mut(kept as usize);
            (cost, costs) = std::mem::take(&mut costs).split_at_mut(kept as usize);
            start += kept;
            Share { start: start - kept, first, high, cost, at: 0 }
        };
        sizes.map(share).collect()
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

/// A piece of some rungs while it is written.
struct Share<'a> {
    start: u32,
    first: &'a mut [u32],
    high: &'a mut [RankIx],
    cost: &'a mut [Cost],
    at: usize,
}

impl Share<'_> {
    fn begin(&mut self, row: usize) {
        self.first[row] = self.start + self.at as u32;
    }
    /// Written always and counted when useful: no branch to guess wrong.
    #[inline]
    fn put(&mut self, high: RankIx, cost: f64, useful: bool) {
        if let (Some(slot), Some(of_cost)) = (self.high.get_mut(self.at), self.cost.get_mut(self.at)) {
            (*slot, *of_cost) = (high, Cost(cost));
            self.at += usize::from(useful);
        }
    }
}

impl Ladder {
    /// The joins useful in each direction, with their costs.
    fn keep(topology: &Topology, joins: &[Join], useful: &[u8]) -> Self {
        const PIECE: usize = 4096;
        let count = topology.len();
        let pieces: Vec<_> = (0..count).step_by(PIECE).map(|at| at..(at + PIECE).min(count)).collect();
        let kept = |ranks: &Range<usize>| {
            let useful = &useful[topology.joins_of(ranks)];
            let of = |direction: u8| useful.iter().map(|useful| u32::from(useful & direction != 0)).sum::<u32>();
            (of(RISES), of(FALLS))
        };
        let kept: Vec<(u32, u32)> = pieces.par_iter().map(kept).collect();
        let (rising, falling) = kept.iter().fold((0, 0), |total, kept| (total.0 + kept.0, total.1 + kept.1));
        let (mut up, mut down) = rayon::join(|| Rungs::room(count, rising), || Rungs::room(count, falling));
        let sizes = || pieces.iter().map(Range::len).zip(&kept);
        let ups = up.shares(sizes().map(|(states, kept)| (states, kept.0)));
        let downs = down.shares(sizes().map(|(states, kept)| (states, kept.1)));
        pieces.par_iter().zip(ups).zip(downs).for_each(|((ranks, mut up), mut down)| {
            for (row, rank) in ranks.clone().enumerate() {
                up.begin(row);
                down.begin(row);
                let rank = RankIx::at(rank);
                let range = topology.up(rank);
                let known = joins[range.clone()].iter().zip(&useful[range]);
                for (high, (join, useful)) in topology.row(rank).iter().zip(known) {
                    up.put(*high, join[UP], useful & RISES != 0);
                    down.put(*high, join[DOWN], useful & FALLS != 0);
                }
            }
        });
        Self { up, down }
    }
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
        Self::keep(topology, &joins, &useful)
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

    #[test]
    fn every_neighbour_of_a_state_has_its_place_with_the_parent() {
        for seed in 720..730 {
            let Some(Town { network, .. }) = town(seed, 9, 12) else { continue };
            let topology = &network.hierarchy.topology;
            for rank in (0..topology.len()).map(RankIx::at) {
                let Some(parent) = topology.parent(rank) else { continue };
                let of_parent: Vec<RankIx> = topology.row(parent).iter().rev().copied().chain([parent]).collect();
                let places = topology.places(rank).expect("no forged file");
                let highs: Vec<RankIx> = places.iter().map(|place| of_parent[*place as usize]).collect();
                assert!(highs.iter().eq(topology.row(rank).iter().rev()), "seed {seed}, {rank:?}");
            }
        }
    }
}
