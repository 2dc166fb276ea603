//! Costs for the joins of a hierarchy, and which joins a fastest way can use at all.
//!
//! Customisation and perfect witnesses after Dibbelt, Strasser and Wagner (2016): lower triangles
//! from the bottom up give every join its cost, then triangles from the top down find the joins that
//! some other way beats; those are left out of the [`Ladder`]. Sums of costs are exact, so the ladder
//! yields the very numbers of a plain search.

use crate::cost::Cost;
use crate::ids::{RankIx, StateIx};
use crate::order::Order;
use crate::prepared::{Columns, Reader, lengths};
use crate::topology::{Topology, upwards};
use crate::turns::TurnGraph;

/// Costs of a join in both directions, side by side because every triangle asks for both.
#[derive(Clone, Copy)]
struct Join {
    /// From the lower end to the higher.
    up: Cost,
    /// From the higher end to the lower.
    down: Cost,
}

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
    fn save(&self, columns: &mut Columns) {
        columns.u32s(self.first.iter().copied());
        columns.u32s(self.high.iter().map(|high| high.0));
        columns.f64s(self.cost.iter().map(|cost| cost.0));
    }
    fn load(columns: &mut Reader<'_>, states: usize) -> Result<Self, String> {
        let first = columns.rows(states)?;
        let high: Vec<RankIx> = columns.ids(states)?.into_iter().map(RankIx).collect();
        let cost = columns.costs()?;
        lengths(high.len() == first[states] as usize && cost.len() == high.len())?;
        upwards(&first, &high)?;
        Ok(Self { first, high, cost })
    }
}

impl Ladder {
    pub(crate) fn save(&self, columns: &mut Columns) {
        self.up.save(columns);
        self.down.save(columns);
    }
    pub(crate) fn load(columns: &mut Reader<'_>, states: usize) -> Result<Self, String> {
        Ok(Self { up: Rungs::load(columns, states)?, down: Rungs::load(columns, states)? })
    }
    /// The ladder of the turn graph's own costs.
    pub(crate) fn build(turns: &TurnGraph, order: &Order, topology: &Topology) -> Self {
        let mut joins = own_costs(turns, order, topology);
        customize(topology, &mut joins);
        let useful = perfect(topology, &mut joins);
        let rungs = |direction: u8, cost: fn(&Join) -> Cost| {
            let count = useful.iter().filter(|useful| **useful & direction != 0).count();
            let mut first = Vec::with_capacity(topology.len() + 1);
            let (mut high, mut costs) = (Vec::with_capacity(count), Vec::with_capacity(count));
            for rank in 0..topology.len() {
                first.push(high.len() as u32);
                for join in topology.up(RankIx::at(rank)).filter(|join| useful[*join] & direction != 0) {
                    high.push(topology.head(join));
                    costs.push(cost(&joins[join]));
                }
            }
            first.push(high.len() as u32);
            Rungs { first, high, cost: costs }
        };
        Self { up: rungs(UP, |join| join.up), down: rungs(DOWN, |join| join.down) }
    }
}

/// Every turn on the join between its states.
fn own_costs(turns: &TurnGraph, order: &Order, topology: &Topology) -> Vec<Join> {
    let mut joins = vec![Join { up: Cost::NEVER, down: Cost::NEVER }; topology.joins()];
    for state in 0..turns.len() {
        let from = order.rank(StateIx::at(state));
        for &(next, cost) in turns.after(StateIx::at(state)) {
            let to = order.rank(next);
            // A turn of a state into itself (a loop of one street) is never on a fastest way.
            let Some(join) = topology.join(from.min(to), from.max(to)) else { continue };
            let side = if from < to { &mut joins[join].up } else { &mut joins[join].down };
            *side = side.min(cost);
        }
    }
    joins
}

/// From the bottom up: a way down and up again through a lower state may beat a join.
fn customize(topology: &Topology, joins: &mut [Join]) {
    const NONE: u32 = u32::MAX;
    let downwards = topology.downwards();
    let mut join_to = vec![NONE; topology.len()];
    for rank in 0..topology.len() {
        let middle = RankIx::at(rank);
        for join in topology.up(middle) {
            join_to[topology.head(join).index()] = join as u32;
        }
        for &(low, to_middle) in downwards.row(middle) {
            let Join { up: climb, down: descend } = joins[to_middle as usize];
            if !climb.is_reachable() && !descend.is_reachable() {
                continue;
            }
            // The row is sorted: what follows the join to `middle` leads higher than it.
            for join in to_middle as usize + 1..topology.up(low).end {
                let side = joins[join];
                let target = &mut joins[join_to[topology.head(join).index()] as usize];
                target.up = target.up.min(descend + side.up);
                target.down = target.down.min(side.down + climb);
            }
        }
        for join in topology.up(middle) {
            join_to[topology.head(join).index()] = NONE;
        }
    }
}

/// From the top down: the true cost between the ends of every join; which directions of each kept the
/// cost they had, so that no other way beats them.
fn perfect(topology: &Topology, joins: &mut [Join]) -> Vec<u8> {
    let mut useful = vec![0u8; joins.len()];
    let mut row: Vec<Join> = Vec::new();
    for rank in (0..topology.len()).rev() {
        let range = topology.up(RankIx::at(rank));
        row.clear();
        row.extend_from_slice(&joins[range.clone()]);
        for middle in 0..row.len() {
            // All higher neighbours but the middle itself are neighbours of the middle too: walk both
            // rows in step.
            let mut across = topology.up(topology.head(range.start + middle));
            for high in middle + 1..row.len() {
                let target = topology.head(range.start + high);
                let Some(across) = across.find(|join| topology.head(*join) == target) else { break };
                let Join { up: climb, down: descend } = joins[across];
                row[middle].up = row[middle].up.min(row[high].up + descend);
                row[high].up = row[high].up.min(row[middle].up + climb);
                row[middle].down = row[middle].down.min(climb + row[high].down);
                row[high].down = row[high].down.min(descend + row[middle].down);
            }
        }
        for (join, perfect) in range.zip(&row) {
            let basic = std::mem::replace(&mut joins[join], *perfect);
            let keeps = |basic: Cost, perfect: Cost| basic.is_reachable() && basic == perfect;
            let up = if keeps(basic.up, perfect.up) { UP } else { 0 };
            let down = if keeps(basic.down, perfect.down) { DOWN } else { 0 };
            useful[join] = up | down;
        }
    }
    useful
}
