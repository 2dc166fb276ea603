//! Doors for benches to parts of the search that are not public. Not for other callers.

use crate::construct::construct;
use crate::insertion::Finder;
use crate::instance::Instance;
use crate::island::Island;
use crate::master::{self, Limit};
use crate::pool::{Keys, Pool};
use crate::solution::Solution;
use crate::stop::Stop;
use crate::walk::RouteNode;
use dispatch_data::ids::{JobIx, ShiftIx};
use dispatch_data::units::Cost;
use std::ops::Range;
use std::sync::Arc;

/// Share of the budget at which a measured search is: cool, in its last annealing.
const LATE: f64 = 0.9;

/// An island after so many iterations of its own, one of `islands`.
fn searched<'a>(instance: &'a Instance<'a>, index: usize, islands: usize, iterations: u64) -> Island<'a> {
    let mut start = Vec::new();
    construct(instance, None, &|| false).snapshot_into(&mut start);
    let pool = Pool::new(Arc::new(Keys::new(instance)), 4_000);
    let mut island = Island::new(instance, &start, 1, index, islands, pool);
    island.run(&Stop::iterations(islands as u64 * iterations), 1.0, u64::MAX);
    island
}

/// Two searches that have gone on for a while, ready to be recombined.
pub struct Recombination<'a> {
    islands: Vec<Island<'a>>,
}

impl<'a> Recombination<'a> {
    /// Searches for so many iterations on each of two islands.
    pub fn prepared(instance: &'a Instance<'a>, iterations: u64) -> Self {
        Self { islands: (0..2).map(|index| searched(instance, index, 2, iterations)).collect() }
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

/// One search in its cool part, to go on with.
pub struct Searching<'a> {
    island: Island<'a>,
}

impl<'a> Searching<'a> {
    /// After so many iterations.
    pub fn prepared(instance: &'a Instance<'a>, iterations: u64) -> Self {
        Self { island: searched(instance, 0, 1, iterations) }
    }

    /// So many iterations more: ruin, mend, accept or undo. Gives back the price of the best plan so far.
    pub fn run(&mut self, iterations: u64) -> Cost {
        self.island.run(&Stop::share(|| LATE), 1.0, iterations);
        self.island.best().0
    }
}

/// One day of a plan with a stretch of it in reverse: what is to be priced.
struct Splice {
    shift: ShiftIx,
    cut: Range<usize>,
    put: Vec<RouteNode>,
}

/// A searched plan, and questions about it that change nothing.
pub struct Questions<'a> {
    solution: Solution<'a>,
    /// The same plan without some of its jobs.
    thinned: Solution<'a>,
    lost: Vec<JobIx>,
    splices: Vec<Splice>,
}

impl<'a> Questions<'a> {
    /// A plan after so many iterations, with a splice for every three stops in a row, and without every tenth
    /// of its jobs.
    pub fn prepared(instance: &'a Instance<'a>, iterations: u64) -> Self {
        const LENGTH: usize = 3;
        let island = searched(instance, 0, 1, iterations);
        let solution = Solution::from_snapshot(instance, island.best().1);
        let splices = solution
            .routes
            .iter()
            .flat_map(|route| {
                route.stops.windows(LENGTH).enumerate().map(|(at, stops)| Splice {
                    shift: route.shift,
                    cut: at..at + LENGTH,
                    put: stops.iter().rev().copied().collect(),
                })
            })
            .collect();
        let served = (0..instance.jobs).map(JobIx::from).filter(|job| solution.shift_of(*job).is_some());
        let lost: Vec<JobIx> = served.step_by(10).collect();
        let mut thinned = Solution::from_snapshot(instance, island.best().1);
        thinned.begin();
        thinned.remove(&lost);
        Self { solution, thinned, lost, splices }
    }

    /// How many splices are priced in one go.
    pub fn splices(&self) -> usize {
        self.splices.len()
    }

    /// The bill of every splice; gives back how many of them keep the rules of time.
    pub fn price_splices(&self) -> usize {
        let instance = self.solution.instance;
        let bill = |splice: &&Splice| {
            self.solution.route(splice.shift).bill_if(instance, splice.cut.clone(), &splice.put).is_some()
        };
        self.splices.iter().filter(bill).count()
    }

    /// How many jobs are looked for in one go.
    pub fn insertions(&self) -> usize {
        self.lost.len()
    }

    /// The lightest place of every job that was taken out, over all technicians and without memory of earlier
    /// answers; gives back how many have one.
    pub fn find_places(&self) -> usize {
        let mut finder = Finder::default();
        let place = |job: &&JobIx| finder.best(&self.thinned, **job, i64::MAX, || false).is_some();
        self.lost.iter().filter(place).count()
    }
}
