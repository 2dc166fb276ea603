//! When a search ends, and who hears of its progress. The solver never reads a clock: time comes
//! in as a share of the caller's budget.

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
    cancel: Option<&'a AtomicBool>,
    listener: Option<&'a (dyn Fn(Progress) + Sync)>,
}

impl<'a> Stop<'a> {
    /// After so many iterations, summed over the islands. Repeatable.
    pub fn iterations(total: u64) -> Self {
        Self { budget: Budget::Iterations(total), cancel: None, listener: None }
    }
    /// When `used` reaches 1: it tells which share of the caller's budget is spent, from 0 on.
    pub fn share(used: impl Fn() -> f64 + Sync + 'a) -> Self {
        Self { budget: Budget::Share(Box::new(used)), cancel: None, listener: None }
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
        self.cancel.is_some_and(|flag| flag.load(Ordering::Relaxed))
            || matches!(&self.budget, Budget::Share(used) if used() >= 1.0)
    }
    /// Iterations still open to an island; `None` under a clock.
    pub(crate) fn left(&self, islands: usize, island: usize, done: u64) -> Option<u64> {
        match &self.budget {
            Budget::Iterations(total) => Some(own_iterations(*total, islands, island).saturating_sub(done)),
            Budget::Share(_) => None,
        }
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
}
