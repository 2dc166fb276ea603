//! When a search ends, and who hears of its progress. The solver never reads a clock: time comes
//! in as a share of the caller's budget.

use crate::master::Limit;
use dispatch_data::units::Cost;
use std::sync::atomic::{AtomicBool, Ordering};

/// News of a running search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Iterations so far, all islands.
    pub iterations: u64,
    /// Price of the best plan so far.
    pub cost: Cost,
    /// Jobs it leaves out.
    pub unassigned: usize,
}

enum Budget<'a> {
    Iterations(u64),
    Share(Box<dyn Fn() -> f64 + Sync + 'a>),
}

/// A stop condition, with a way to cancel and to listen.
pub struct Stop<'a> {
    budget: Budget<'a>,
    seconds: Option<f64>,
    /// Says when even what cannot wait must end, where that is later than the budget.
    end: Option<Box<dyn Fn() -> bool + Sync + 'a>>,
    cancel: Option<&'a AtomicBool>,
    listener: Option<&'a (dyn Fn(Progress) + Sync)>,
}

impl<'a> Stop<'a> {
    /// After so many iterations, summed over the islands. Repeatable.
    pub fn iterations(total: u64) -> Self {
        Self { budget: Budget::Iterations(total), seconds: None, end: None, cancel: None, listener: None }
    }
    /// When `used` reaches 1: it tells which share of the caller's budget is spent, from 0 on.
    pub fn share(used: impl Fn() -> f64 + Sync + 'a) -> Self {
        Self { budget: Budget::Share(Box::new(used)), seconds: None, end: None, cancel: None, listener: None }
    }
    /// Says how many seconds the whole budget lasts on the caller's clock. Some parts of a search cannot
    /// look at their share while they work and must be told beforehand how long they may; without
    /// this they are left out. Changes nothing under [`Stop::iterations`].
    #[must_use]
    pub fn with_seconds(mut self, seconds: f64) -> Self {
        self.seconds = Some(seconds);
        self
    }
    /// The first plan may be built until `over`, however soon the budget is used up.
    #[must_use]
    pub(crate) fn with_end(mut self, over: impl Fn() -> bool + Sync + 'a) -> Self {
        self.end = Some(Box::new(over));
        self
    }
    /// Also when `flag` becomes true; the best plan so far is the answer.
    #[must_use]
    pub fn with_cancel(mut self, flag: &'a AtomicBool) -> Self {
        self.cancel = Some(flag);
        self
    }
    /// Calls `listener` now and then, from the thread that called `solve`'s islands.
    #[must_use]
    pub fn with_progress(mut self, listener: &'a (dyn Fn(Progress) + Sync)) -> Self {
        self.listener = Some(listener);
        self
    }
    /// Share of the budget used by one of `islands` islands after `done` of its own iterations.
    pub(crate) fn used(&self, islands: usize, island: usize, done: u64) -> f64 {
        if self.cancel.is_some_and(|flag| flag.load(Ordering::Relaxed)) {
            return 1.0;
        }
        match &self.budget {
            Budget::Iterations(total) => {
                let own = own_iterations(*total, islands, island);
                if own == 0 { 1.0 } else { done as f64 / own as f64 }
            }
            Budget::Share(used) => used(),
        }
    }
    /// Whether a clock's budget is used up or the flag is raised, before any iteration.
    pub(crate) fn is_spent(&self) -> bool {
        if self.cancel.is_some_and(|flag| flag.load(Ordering::Relaxed)) {
            return true;
        }
        match (&self.end, &self.budget) {
            (Some(over), _) => over(),
            (None, Budget::Share(used)) => used() >= 1.0,
            (None, Budget::Iterations(_)) => false,
        }
    }
    /// Iterations still open to an island; `None` under a clock.
    pub(crate) fn left(&self, islands: usize, island: usize, done: u64) -> Option<u64> {
        match &self.budget {
            Budget::Iterations(total) => Some(own_iterations(*total, islands, island).saturating_sub(done)),
            Budget::Share(_) => None,
        }
    }
    /// What a program may use that is given such a share of the budget: seconds under a clock, nodes (a
    /// fixed number) under iterations; `None` under a clock whose seconds nobody told.
    pub(crate) fn limit(&self, share: f64, most_seconds: f64, nodes: u32) -> Option<Limit> {
        match &self.budget {
            Budget::Iterations(_) => Some(Limit { seconds: None, nodes: Some(nodes) }),
            Budget::Share(_) => {
                let seconds = (self.seconds? * share).min(most_seconds);
                Some(Limit { seconds: Some(seconds), nodes: None })
            }
        }
    }
    /// Share of a clock's budget that is used up; `None` under an iteration stop.
    pub(crate) fn clock(&self) -> Option<f64> {
        match &self.budget {
            Budget::Iterations(_) => None,
            Budget::Share(used) => Some(used()),
        }
    }
    /// Iterations of the whole budget; `None` under a clock.
    pub(crate) fn total(&self) -> Option<u64> {
        match &self.budget {
            Budget::Iterations(total) => Some(*total),
            Budget::Share(_) => None,
        }
    }
    /// How long the whole budget lasts on the caller's clock, where it was said.
    pub(crate) fn seconds(&self) -> Option<f64> {
        self.seconds
    }
    /// The flag that ends the search when it is raised.
    pub(crate) fn cancel(&self) -> Option<&'a AtomicBool> {
        self.cancel
    }
    pub(crate) fn tell(&self, progress: Progress) {
        if let Some(listener) = self.listener {
            listener(progress);
        }
    }
}

/// An island's share of a total; the first ones take the rest.
fn own_iterations(total: u64, islands: usize, island: usize) -> u64 {
    let islands = islands.max(1) as u64;
    total / islands + u64::from((island as u64) < total % islands)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iterations_are_shared_out_without_loss() {
        let total: u64 = (0..3).map(|island| own_iterations(11, 3, island)).sum();
        assert_eq!(total, 11);
    }

    #[test]
    fn a_raised_flag_uses_up_the_budget() {
        let flag = AtomicBool::new(false);
        let stop = Stop::iterations(100).with_cancel(&flag);
        assert!(stop.used(1, 0, 10) < 1.0);
        flag.store(true, Ordering::Relaxed);
        assert!(stop.used(1, 0, 10) >= 1.0);
    }

    #[test]
    fn a_program_gets_seconds_under_a_clock_and_nodes_under_iterations() {
        let of = |stop: Stop<'_>| stop.limit(0.1, 5.0, 7);
        assert_eq!(of(Stop::iterations(1)), Some(Limit { seconds: None, nodes: Some(7) }));
        assert_eq!(of(Stop::share(|| 0.0)), None);
        assert_eq!(of(Stop::share(|| 0.0).with_seconds(20.0)), Some(Limit { seconds: Some(2.0), nodes: None }));
        assert_eq!(of(Stop::share(|| 0.0).with_seconds(600.0)), Some(Limit { seconds: Some(5.0), nodes: None }));
    }
}
