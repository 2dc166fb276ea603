//! A search with its budget: how long, on how many threads, from which seed.
//!
//! Under a limit of iterations the result depends on nothing but problem, seed and iterations, so
//! the number of islands is fixed then and threads only change how soon it is done.

use crate::clock::Clock;
use crate::progress::Bar;
use dispatch_data::problem::Problem;
use dispatch_data::travel::Travel;
use dispatch_solver::{Outcome, Params, Progress, Stop, solve};
use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;

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
    /// Whether jobs left out get their reasons.
    pub(crate) explains: bool,
}

impl Effort {
    fn params(self) -> Params {
        let defaults = Params::default();
        let islands = match self.limit {
            Limit::Seconds(..) => self.threads,
            Limit::Iterations(_) => defaults.islands,
        };
        let explained = if self.explains { defaults.explained } else { 0 };
        Params { seed: self.seed, islands, threads: self.threads, explained }
    }
    /// Searches, with a progress bar where one is given, until the limit or until `cancel` is raised.
    pub(crate) fn search(
        self,
        problem: &Problem,
        travel: &Travel,
        bar: Option<&Bar>,
        cancel: Option<&AtomicBool>,
    ) -> Outcome {
        let listener = |progress: Progress| {
            if let Some(bar) = bar {
                bar.show(self.share(progress.iterations), progress);
            }
        };
        let stop = match self.limit {
            Limit::Seconds(clock, seconds) => Stop::share(move || clock.share_of(seconds)).with_seconds(seconds),
            Limit::Iterations(total) => Stop::iterations(total),
        };
        let stop = match cancel {
            Some(flag) => stop.with_cancel(flag),
            None => stop,
        };
        let stop = if bar.is_some() { stop.with_progress(&listener) } else { stop };
        solve(problem, travel, &self.params(), &stop)
    }
    /// Share of the budget that is used after so many iterations.
    fn share(self, iterations: u64) -> f64 {
        match self.limit {
            Limit::Seconds(clock, seconds) => clock.share_of(seconds),
            Limit::Iterations(total) => iterations as f64 / total.max(1) as f64,
        }
    }
}

/// Lets reading and all that is not the search itself work on so many threads too. The first call counts.
pub(crate) fn keep_to(threads: usize) {
    // An error says that some pool stands already, which is the wish of an earlier call.
    let _ = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
}

/// The machine's cores, as far as this process may use them.
pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, NonZeroUsize::get)
}
