//! Ejection chains: a job that is left out takes the place of another, which finds one elsewhere, or takes
//! the place of a third one.

use super::{LocalSearch, keep_if_cheaper};
use crate::insertion::limit;
use crate::solution::{Insertion, Solution, node_of};
use dispatch_data::ids::{JobIx, ShiftIx};

/// Jobs left out that are tried in one pass, the dearest first.
const MOST: usize = 200;
/// Days near a job in which it might take another's place.
const DAYS: usize = 8;
/// Visits of a long day that might make room: those nearest.
const VISITS: usize = 12;
/// Ways in after which a third job is looked for.
const DEEPER: usize = 4;

/// A way in: one job takes the place of another.
#[derive(Clone, Copy, Debug)]
struct Way {
    weight: i64,
    shift: ShiftIx,
    out: JobIx,
}

impl LocalSearch {
    /// Tries to bring in jobs that are left out.
    pub(super) fn bring_in(&mut self, solution: &mut Solution<'_>, spent: &dyn Fn() -> bool) {
        let instance = solution.instance;
        let mut absent: Vec<JobIx> = solution.absent().iter().copied().filter(|job| solution.may_place(*job)).collect();
        absent.sort_unstable_by_key(|job| (-instance.node(node_of(*job)).drop.0, *job));
        for job in absent.into_iter().take(MOST) {
            if spent() {
                break;
            }
            let ordered = instance.node(node_of(job)).ordered;
            if solution.shift_of(job).is_none() && !ordered {
                self.gains += u64::from(self.chain(solution, job));
            }
        }
    }

    fn chain(&mut self, solution: &mut Solution<'_>, job: JobIx) -> bool {
        let since = std::mem::replace(&mut self.tried_in[job.index()], solution.latest_version());
        let mut ways = Vec::new();
        for (shift, out) in places_near(solution, job) {
            if solution.version_of(shift) <= since {
                continue;
            }
            let before = solution.cost();
            let Some(weight) = self.swap_in(solution, job, shift, out) else { continue };
            self.put_back(solution, out);
            if keep_if_cheaper(solution, before) {
                return true;
            }
            ways.push(Way { weight, shift, out });
        }
        ways.sort_by_key(|way| way.weight);
        for way in ways.into_iter().take(DEEPER) {
            for (shift, third) in places_near(solution, way.out) {
                let before = solution.cost();
                if third == job || shift == way.shift || self.swap_in(solution, job, way.shift, way.out).is_none() {
                    continue;
                }
                if self.swap_more(solution, way.out, shift, third).is_some() {
                    self.put_back(solution, third);
                }
                if keep_if_cheaper(solution, before) {
                    return true;
                }
            }
        }
        false
    }

    /// Takes `out` from a day and puts `job` there, as a change that can be undone. What that weighs; `None`,
    /// and nothing changed, where it does not fit.
    fn swap_in(&mut self, solution: &mut Solution<'_>, job: JobIx, shift: ShiftIx, out: JobIx) -> Option<i64> {
        solution.begin();
        let weight = self.swap_more(solution, job, shift, out);
        if weight.is_none() {
            solution.undo();
        }
        weight
    }

    /// The same as one more step of a change.
    fn swap_more(&mut self, solution: &mut Solution<'_>, job: JobIx, shift: ShiftIx, out: JobIx) -> Option<i64> {
        let before = solution.route(shift).cost;
        solution.remove(&[out]);
        let found: Insertion = self.finder.best_on(solution, shift, job, limit(solution.instance, job))?;
        solution.insert(job, found).then(|| (solution.route(shift).cost - before).0)
    }

    fn put_back(&mut self, solution: &mut Solution<'_>, job: JobIx) {
        let limit = limit(solution.instance, job);
        if let Some(found) = self.finder.best(solution, job, limit, || false) {
            solution.insert(job, found);
        }
    }
}

/// Days near a job that may take it, each with visits that might make room.
fn places_near(solution: &Solution<'_>, job: JobIx) -> Vec<(ShiftIx, JobIx)> {
    let instance = solution.instance;
    let mut shifts: Vec<ShiftIx> = Vec::new();
    let mut places = Vec::new();
    for near in &instance.neighbours[job.index()] {
        let Some(shift) = solution.shift_of(*near) else { continue };
        let open = solution.is_open(shift) && instance.eligible.get(shift.index(), job.index());
        if !open || shifts.contains(&shift) {
            continue;
        }
        shifts.push(shift);
        let ordered = |job: &JobIx| instance.node(node_of(*job)).ordered;
        if solution.route(shift).stops.len() <= VISITS {
            places.extend(solution.jobs_on(shift).filter(|other| !ordered(other)).map(|other| (shift, other)));
        } else {
            let beside = instance.neighbours[job.index()].iter().copied();
            let own = beside.filter(|other| solution.shift_of(*other) == Some(shift) && !ordered(other));
            places.extend(own.take(VISITS).map(|other| (shift, other)));
        }
        if shifts.len() == DAYS {
            break;
        }
    }
    places
}
