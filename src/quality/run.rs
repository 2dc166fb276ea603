//! One instance, solved once and measured.

use super::sets::Instance;
use crate::clock::{Clock, ProcessClock};
use crate::failure::Failure;
use crate::input;
use crate::search::{Effort, Limit};
use dispatch_data::import;
use dispatch_data::judge;
use dispatch_data::literature::{self, Evaluation};
use std::sync::atomic::AtomicBool;

/// The last part of a limit is kept for judging and writing: this share of it, at most …
const RESERVE_SHARE: f64 = 0.05;
/// … so many seconds, or half of what reading took where that is more: judging and measuring look at
/// the same pairs of places again.
const RESERVE_SECONDS: f64 = 0.1;
/// Never more than this share of the limit.
const MOST_RESERVE: f64 = 0.1;

/// What a search may use of so many seconds on a clock that has run since before the reading.
pub(crate) fn searching(clock: Clock, seconds: f64) -> Limit {
    let reserve = (seconds * RESERVE_SHARE).min(RESERVE_SECONDS).max(clock.seconds() / 2.0);
    Limit::Seconds(clock, seconds - reserve.min(seconds * MOST_RESERVE))
}

/// What a run is given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Task {
    /// So many seconds, reading included.
    Seconds(f64),
    /// So many iterations in all.
    Iterations(u64),
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Run {
    /// In the set's convention.
    pub(crate) value: f64,
    /// How many nobody serves.
    pub(crate) unserved: usize,
    /// Clean by the judge, its price as claimed, and allowed by the rules of its file.
    pub(crate) feasible: bool,
    /// Iterations over all islands.
    pub(crate) iterations: u64,
    /// Seconds from before the reading to after the measuring.
    pub(crate) wall: f64,
    /// Seconds of all cores together over the same time; none where the system does not tell.
    pub(crate) cpu: Option<f64>,
}

/// Reads, solves, judges and measures.
pub(crate) fn run(
    instance: &Instance,
    task: Task,
    threads: usize,
    seed: u64,
    cancel: &AtomicBool,
) -> Result<Run, Failure> {
    let (clock, cpu) = (Clock::start(), ProcessClock::start());
    let wrong = |found| Failure::input(input::name(&instance.path), found);
    let imported = import::import(instance.format, &input::text(&instance.path)?).map_err(wrong)?;
    input::solvable(&instance.path, &imported.problem)?;
    let limit = match task {
        Task::Seconds(seconds) => searching(clock, seconds),
        Task::Iterations(total) => Limit::Iterations(total),
    };
    let effort = Effort { limit, threads, seed, explains: false };
    let plan = effort.search(&imported.problem, &imported.travel, None, Some(cancel)).plan;
    let verdict = judge::judge(&imported.problem, &imported.travel, &plan);
    let judged = verdict.is_clean() && verdict.claimed_bill_matches;
    let measured = literature::evaluate_plan(&imported, &plan);
    let feasible = judged && measured.as_ref().is_some_and(Evaluation::is_feasible);
    let Evaluation { value, unserved, .. } = measured.unwrap_or_default();
    Ok(Run {
        value,
        unserved,
        feasible,
        iterations: plan.iterations,
        wall: clock.seconds(),
        cpu: cpu.map(ProcessClock::seconds),
    })
}
