//! Local search: takes a plan to where none of its moves makes it cheaper.
//!
//! Moves are splices ([`splice`]): a stretch of one day changes places with a stretch of another, either
//! of which may be empty (relocate, or-opt, exchange, cross) or reach to the evening (2-opt*); a stretch
//! moves within its day or is turned around. Beside them whoever is left out comes in by ejection chains
//! ([`ejection`]), and collections come, go, move and change sites ([`collections`]). Only what stands
//! near one another in place and time is spliced, and only days that changed since it was tried (stamps).
//! Every move is weighed first ([`crate::route::Route::least_change`]) and then made for good or undone,
//! by the plan's own price. No chance, no clock: it ends by itself or when told to.

mod collections;
mod ejection;
mod splice;

use crate::insertion::{Finder, limit};
use crate::instance::{Instance, NodeKind};
use crate::solution::{Solution, node_of};
use dispatch_data::ids::{JobIx, ShiftIx};
use dispatch_data::units::Cost;

/// With at most this many jobs each is put elsewhere whenever anything has changed, not only its own day.
const FEW: usize = 150;
/// Jobs between two looks whether the time is up.
const LOOK: usize = 16;

/// What a local search remembers.
struct LocalSearch {
    finder: Finder,
    /// Version of the newest route when the splices of each job were last tried.
    tried: Vec<u64>,
    /// The same for chains that bring each job in.
    tried_in: Vec<u64>,
    /// Moves that were made.
    gains: u64,
    /// How many there were when each job was last put elsewhere.
    tried_alone: Vec<u64>,
}

/// Improves a plan until no move makes it cheaper or `spent` says that the time is up. The plan is never
/// dearer after, by true prices. Shifts that are closed stay as they are.
pub(crate) fn improve(solution: &mut Solution<'_>, spent: &dyn Fn() -> bool) {
    LocalSearch::new(solution.instance).run(solution, 0, spent);
}

/// The same for a plan that is good already: whoever is left out comes first, and the jobs from `first` on, so
/// that what one cut short has not come to is the next one's.
pub(crate) fn polish(solution: &mut Solution<'_>, first: usize, spent: &dyn Fn() -> bool) {
    let mut search = LocalSearch::new(solution.instance);
    search.bring_in(solution, spent);
    search.run(solution, first, spent);
}

impl LocalSearch {
    fn new(instance: &Instance<'_>) -> Self {
        Self {
            finder: Finder::default(),
            tried: vec![0; instance.jobs],
            tried_in: vec![0; instance.jobs],
            gains: 0,
            tried_alone: vec![u64::MAX; instance.jobs],
        }
    }

    fn run(&mut self, solution: &mut Solution<'_>, first: usize, spent: &dyn Fn() -> bool) {
        let jobs = solution.instance.jobs;
        loop {
            let before = self.gains;
            for count in 0..jobs {
                if count % LOOK == LOOK - 1 && spent() {
                    return;
                }
                self.improve_around(solution, JobIx::from((first + count) % jobs));
            }
            self.collect_better(solution, spent);
            self.bring_in(solution, spent);
            if self.gains == before || spent() {
                return;
            }
        }
    }

    /// All moves of one job.
    fn improve_around(&mut self, solution: &mut Solution<'_>, job: JobIx) {
        let Some(shift) = solution.shift_of(job) else { return };
        if !solution.is_open(shift) || solution.instance.node(node_of(job)).ordered {
            return;
        }
        let gains = self.gains;
        let since = self.tried[job.index()];
        let before = std::mem::replace(&mut self.tried_alone[job.index()], gains);
        let alone = if solution.instance.jobs <= FEW { before != gains } else { solution.version_of(shift) > since };
        if alone {
            self.gains += u64::from(self.reinsert(solution, job));
        }
        self.tried[job.index()] = solution.latest_version();
        self.gains += splice::try_all(solution, job, since);
    }

    /// Takes a job out and puts it where it weighs least, with a collection if need be.
    fn reinsert(&mut self, solution: &mut Solution<'_>, job: JobIx) -> bool {
        let before = solution.cost();
        solution.begin();
        solution.remove(&[job]);
        let limit = limit(solution.instance, job);
        if let Some(found) = self.finder.best(solution, job, limit, || false) {
            solution.insert(job, found);
        }
        keep_if_cheaper(solution, before)
    }
}

/// Undoes all since [`Solution::begin`] unless it made the plan cheaper. Whether it did.
fn keep_if_cheaper(solution: &mut Solution<'_>, before: Cost) -> bool {
    let cheaper = solution.cost() < before;
    if !cheaper {
        solution.undo();
    }
    cheaper
}

/// Whether a day holds a collection.
fn collects(solution: &Solution<'_>, shift: ShiftIx) -> bool {
    let stops = &solution.route(shift).stops;
    stops.iter().any(|stop| matches!(solution.instance.kind(stop.id), NodeKind::Collection(_)))
}
