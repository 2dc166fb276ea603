//! A search with its budget: how long, on how many threads, from which seed.
//!
//! Under a limit of iterations the result depends on nothing but problem, seed and iterations, so
//! the number of islands is fixed then and threads only change how soon it is done.

use crate::clock::Clock;
use dispatch_data::problem::Problem;
use dispatch_data::travel::Travel;
use dispatch_solver::{Outcome, Params, Stop, solve};
use std::num::NonZeroUsize;

/// When a search stops.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Limit {
    /// When this many seconds have passed on the clock that comes with it.
    Seconds(Clock, f64),
    /// After this many iterations in all.
    Iterations(u64),
}

/// What is put into a search.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Effort {
    pub(crate) limit: Limit,
    pub(crate) threads: usize,
    pub(crate) seed: u64,
}

impl Effort {
    fn params(self) -> Params {
        let defaults = Params::default();
        let islands = match self.limit {
            Limit::Seconds(..) => self.threads,
            Limit::Iterations(_) => defaults.islands,
        };
        Params { seed: self.seed, islands, threads: self.threads, ..defaults }
    }
    /// Searches until the limit.
    pub(crate) fn search(self, problem: &Problem, travel: &Travel) -> Outcome {
        let stop = match self.limit {
            Limit::Seconds(clock, seconds) => Stop::share(move || clock.share_of(seconds)),
            Limit::Iterations(total) => Stop::iterations(total),
        };
        solve(problem, travel, &self.params(), &stop)
    }
}

/// The machine's cores, as far as this process may use them.
pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, NonZeroUsize::get)
}
