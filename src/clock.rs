//! The wall clock. The only file of the workspace that reads it.
//!
//! The search is told what share of its time is used and never asks what time it is. No threads,
//! no waiting here.

use cpu_time::ProcessTime;
use std::time::Instant;

/// A clock that was started with the process, or close to it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    start: Instant,
}

impl Clock {
    /// Starts now.
    pub(crate) fn start() -> Self {
        Self { start: Instant::now() }
    }
    /// Seconds since the start.
    pub(crate) fn seconds(self) -> f64 {
        self.start.elapsed().as_secs_f64()
    }
    /// The share of `limit` seconds, counted from the start, that is used by now; 1 and more when
    /// the limit is reached. A limit of nothing is always reached.
    pub(crate) fn share_of(self, limit: f64) -> f64 {
        if limit > 0.0 { self.seconds() / limit } else { 1.0 }
    }
}

/// A clock of what the whole process has worked, on all its cores together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ProcessClock {
    start: ProcessTime,
}

impl ProcessClock {
    /// Starts now; none where the system does not tell.
    pub(crate) fn start() -> Option<Self> {
        ProcessTime::try_now().ok().map(|start| Self { start })
    }
    /// Seconds of work since the start.
    pub(crate) fn seconds(self) -> f64 {
        self.start.elapsed().as_secs_f64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_of_nothing_is_reached_at_once() {
        assert!(Clock::start().share_of(0.0) >= 1.0);
        assert!(Clock::start().share_of(3600.0) < 0.5);
    }
}
