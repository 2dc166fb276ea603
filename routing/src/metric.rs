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

/// Costs of each join in both directions.
#[derive(Clone)]
struct Joins {
    /// From the lower end to the higher.
    up: Vec<Cost>,
    /// From the higher end to the lower.
    down: Vec<Cost>,
}

/// The joins that matter under one metric, in rows by their lower end.
#[derive(Debug)]
pub(crate) struct Ladder {
    pub(crate) up: Rungs,
    /// Towards the lower end, still in rows by the lower end.
    pub(crate) down: Rungs,
}

/// Joins of one direction.
#[derive(Debug, Default)]
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
        let basic = joins.clone();
        perfect(topology, &mut joins);
        let rungs = |basic: &[Cost], perfect: &[Cost]| {
            let mut rungs = Rungs { first: vec![0], ..Rungs::default() };
            for rank in 0..topology.len() {
                for join in topology.up(RankIx::at(rank)) {
                    if basic[join].is_reachable() && basic[join] == perfect[join] {
                        rungs.high.push(topology.head(join));
                        rungs.cost.push(basic[join]);
                    }
                }
                rungs.first.push(rungs.high.len() as u32);
            }
            rungs
        };
        Self { up: rungs(&basic.up, &joins.up), down: rungs(&basic.down, &joins.down) }
    }
}

/// Every turn on the join between its states.
fn own_costs(turns: &TurnGraph, order: &Order, topology: &Topology) -> Joins {
    let count = topology.joins();
    let mut joins = Joins { up: vec![Cost::NEVER; count], down: vec![Cost::NEVER; count] };
    for state in 0..turns.len() {
        let from = order.rank(StateIx::at(state));
        for &(next, cost) in turns.after(StateIx::at(state)) {
            let to = order.rank(next);
            let side = if from < to { &mut joins.up } else { &mut joins.down };
            // A turn of a state into itself (a loop of one street) is never on a fastest way.
            if let Some(join) = topology.join(from.min(to), from.max(to)) {
                side[join] = side[join].min(cost);
            }
        }
    }
    joins
}

/// From the bottom up: a way down and up again through a lower state may beat a join.
fn customize(topology: &Topology, joins: &mut Joins) {
    const NONE: u32 = u32::MAX;
    let downwards = topology.downwards();
    let mut join_to = vec![NONE; topology.len()];
    for rank in 0..topology.len() {
        let middle = RankIx::at(rank);
        for join in topology.up(middle) {
            join_to[topology.head(join).index()] = join as u32;
        }
        for &(low, to_middle) in downwards.row(middle) {
            let (climb, descend) = (joins.up[to_middle as usize], joins.down[to_middle as usize]);
            // The row is sorted: what follows the join to `middle` leads higher than it.
            for join in to_middle as usize + 1..topology.up(low).end {
                let target = join_to[topology.head(join).index()] as usize;
                joins.up[target] = joins.up[target].min(descend + joins.up[join]);
                joins.down[target] = joins.down[target].min(joins.down[join] + climb);
            }
        }
        for join in topology.up(middle) {
            join_to[topology.head(join).index()] = NONE;
        }
    }
}

/// From the top down: the true cost between the ends of every join.
fn perfect(topology: &Topology, joins: &mut Joins) {
    for rank in (0..topology.len()).rev() {
        let row = topology.up(RankIx::at(rank));
        for to_middle in row.clone() {
            // All higher neighbours but the middle itself are neighbours of the middle too: walk both
            // rows in step.
            let mut across = topology.up(topology.head(to_middle));
            for to_high in to_middle + 1..row.end {
                let high = topology.head(to_high);
                let Some(across) = across.find(|join| topology.head(*join) == high) else { break };
                let (climb, descend) = (joins.up[across], joins.down[across]);
                joins.up[to_middle] = joins.up[to_middle].min(joins.up[to_high] + descend);
                joins.up[to_high] = joins.up[to_high].min(joins.up[to_middle] + climb);
                joins.down[to_middle] = joins.down[to_middle].min(climb + joins.down[to_high]);
                joins.down[to_high] = joins.down[to_high].min(descend + joins.down[to_middle]);
            }
        }
    }
}
