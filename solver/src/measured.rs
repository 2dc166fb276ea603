//! Doors for benches to parts of the search that are not public. Not for other callers.

use crate::construct::construct;
use crate::instance::Instance;
use crate::island::Island;
use crate::master::{self, Limit};
use crate::pool::{Keys, Pool};
use crate::solution::Solution;
use crate::stop::Stop;
use dispatch_data::units::Cost;
use std::sync::Arc;

/// Two searches that have gone on for a while, ready to be recombined.
pub struct Recombination<'a> {
    islands: Vec<Island<'a>>,
}

impl<'a> Recombination<'a> {
    /// Searches for so many iterations on each of two islands.
    pub fn prepared(instance: &'a Instance<'a>, iterations: u64) -> Self {
        let mut start = Vec::new();
        construct(instance, None, &|| false).snapshot_into(&mut start);
        let keys = Arc::new(Keys::new(instance));
        let islands = (0..2)
            .map(|index| {
                let pool = Pool::new(Arc::clone(&keys), 4_000);
                let mut island = Island::new(instance, &start, 1, index, 2, pool);
                island.run(&Stop::iterations(2 * iterations), 1.0, u64::MAX);
                island
            })
            .collect();
        Self { islands }
    }

    /// Routes in the pools.
    pub fn routes(&self) -> usize {
        self.islands.iter().map(|island| island.pool().entries().len()).sum()
    }

    /// Recombines the routes of both from the best plan, and gives back by how much it became cheaper.
    pub fn run(&self, instance: &'a Instance<'a>) -> Cost {
        let Some((_, best)) = self.islands.iter().map(Island::best).min_by_key(|(cost, _)| *cost) else {
            return Cost::ZERO;
        };
        let mut solution = Solution::from_snapshot(instance, best);
        let pools: Vec<&Pool> = self.islands.iter().map(Island::pool).collect();
        master::recombine(&mut solution, &pools, Limit { seconds: None, nodes: Some(100) }, 0)
    }
}
