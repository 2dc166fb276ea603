//! Which part of a plan is recombined at once: some neighbouring routes with their jobs, the absent
//! jobs nearby, and shifts that could take them. The rest stands still.

use crate::insertion::FEW_SHIFTS;
use crate::instance::NodeKind;
use crate::solution::Solution;
use dispatch_data::ids::{JobIx, ShiftIx};

/// A plan of at most this many jobs is recombined as a whole.
pub(crate) const WHOLE: usize = 150;
/// Visits at which a part of a larger plan is full.
const PART: usize = 120;
/// Empty shifts of one class that are offered at most.
const SPARE: usize = 8;

/// Turns after which the cuts begin at the same shift again, nearly.
const TURNS: usize = 7;

/// Jobs and shifts whose routes may change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Scope {
    /// Ascending.
    pub(crate) jobs: Vec<JobIx>,
    /// Ascending.
    pub(crate) shifts: Vec<ShiftIx>,
}

/// Scopes that together hold every used route of a plan once; one scope for a small plan. Another `turn`
/// cuts a large plan elsewhere.
pub(crate) fn scopes(solution: &Solution<'_>, turn: usize) -> Vec<Scope> {
    let instance = solution.instance;
    if instance.jobs <= WHOLE {
        let jobs = (0..instance.jobs).map(JobIx::from).collect();
        return vec![Scope { jobs, shifts: (0..instance.shifts.len()).map(ShiftIx::from).collect() }];
    }
    let mut taken = vec![false; instance.shifts.len()];
    let mut placed = vec![false; instance.jobs];
    let mut scopes = Vec::new();
    let shifts = instance.shifts.len();
    for shift in (0..shifts).map(|shift| (shift + turn * shifts / TURNS) % shifts) {
        if !taken[shift] && !solution.routes[shift].is_empty() {
            scopes.push(around(solution, ShiftIx::from(shift), &mut taken, &mut placed));
        }
    }
    scopes
}

/// The route of a shift and the nearest routes that are not taken yet, until the scope is full.
fn around(solution: &Solution<'_>, seed: ShiftIx, taken: &mut [bool], placed: &mut [bool]) -> Scope {
    let instance = solution.instance;
    let mut scope = Scope::default();
    let mut queue = vec![seed];
    taken[seed.index()] = true;
    let (mut next, mut visits, mut absent) = (0, 0, 0);
    while let Some(shift) = queue.get(next).copied() {
        next += 1;
        scope.shifts.push(shift);
        let first = scope.jobs.len();
        for stop in &solution.route(shift).stops {
            if let NodeKind::Job(job) = instance.kind(stop.id) {
                placed[job.index()] = true;
                scope.jobs.push(job);
            }
        }
        // Nearest first, over all jobs of the route.
        let own = scope.jobs[first..].to_vec();
        visits += own.len();
        let most = own.iter().map(|job| instance.neighbours[job.index()].len()).max().unwrap_or(0);
        for rank in 0..most {
            for job in &own {
                let Some(near) = instance.neighbours[job.index()].get(rank).copied() else { continue };
                match solution.shift_of(near) {
                    Some(other) => {
                        let full = visits + waiting(solution, &queue[next..]) >= PART;
                        if !taken[other.index()] && !full {
                            taken[other.index()] = true;
                            queue.push(other);
                        }
                    }
                    None => {
                        if !placed[near.index()] && absent < WHOLE - PART {
                            absent += 1;
                            placed[near.index()] = true;
                            scope.jobs.push(near);
                        }
                    }
                }
            }
        }
    }
    spare_shifts(solution, &mut scope);
    scope.jobs.sort_unstable();
    scope.shifts.sort_unstable();
    scope
}

/// Jobs on the routes that are still to come.
fn waiting(solution: &Solution<'_>, shifts: &[ShiftIx]) -> usize {
    shifts.iter().map(|shift| solution.route(*shift).stops.len()).sum()
}

/// Empty shifts like those of the scope, and empty ones near its jobs.
fn spare_shifts(solution: &Solution<'_>, scope: &mut Scope) {
    let instance = solution.instance;
    let own = scope.shifts.iter();
    let near = scope.jobs.iter().flat_map(|job| &instance.near_shifts[job.index()]);
    let mut classes: Vec<usize> = if instance.shifts.len() <= FEW_SHIFTS {
        (0..instance.class_members.len()).collect()
    } else {
        own.chain(near).map(|shift| instance.shift(*shift).class).collect()
    };
    classes.sort_unstable();
    classes.dedup();
    for class in classes {
        let members = instance.class_members[class].iter().copied();
        let empty = members.filter(|shift| solution.route(*shift).is_empty()).take(SPARE);
        scope.shifts.extend(empty);
    }
}
