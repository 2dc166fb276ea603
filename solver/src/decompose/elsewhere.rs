//! Parts that other machines solve: what is told of them, and what comes back. How it gets there and
//! who works there is the caller's.
//!
//! An [`Errand`] names technicians, jobs and lots by their numbers in the whole problem, so whoever has the
//! same problem and travel can do it; [`run_errand`] does. Under an iteration budget the answer does not hang
//! on who that is.

use crate::decompose::{Cut, Part, Piece, Whole};
use crate::params::Params;
use crate::solve;
use crate::stop::Stop;
use dispatch_data::finding::Finding;
use dispatch_data::plan::{Plan, PlannedRoute};

/// How long a part may be searched.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Budget {
    /// So many iterations: repeatable.
    Iterations(u64),
    /// So many seconds of the clock of who does it.
    Seconds(f64),
}

/// A part to be solved by somebody else.
#[derive(Clone, Debug)]
pub struct Errand {
    /// The part.
    pub part: Part,
    /// The routes that its technicians have now, in the numbers of the whole.
    pub start: Plan,
    /// How long it may take.
    pub budget: Budget,
    /// Seed of all randomness.
    pub seed: u64,
    /// For how many jobs left out reasons are looked for.
    pub explained: usize,
}

/// Whoever solves parts beside the threads of this process.
pub trait Elsewhere: Sync {
    /// How many parts would be taken at once now.
    fn hands(&self) -> usize;
    /// Has a part solved and waits for it: its routes and what is left out, in the numbers of the whole.
    /// `None` where nobody did; it is solved here then. Called from several threads.
    fn solve(&self, errand: &Errand) -> Option<Plan>;
}

/// Does an errand, on as many threads as `params` says; its seed and explanations are the errand's.
///
/// # Errors
/// What is wrong with the part as a problem of its own: nothing, as long as it is one of this problem.
pub fn run_errand(whole: &Whole<'_>, errand: &Errand, params: &Params, stop: &Stop<'_>) -> Result<Plan, Vec<Finding>> {
    let Errand { part, start: _, budget: _, seed, explained } = errand;
    let params = Params { seed: *seed, explained: *explained, ..params.clone() };
    let (Piece { technicians: _, jobs: _, routes, unassigned }, iterations) = solved(whole, part, &params, stop)?;
    Ok(Plan { routes, unassigned, seed: *seed, iterations, ..Plan::default() })
}

/// A part solved by the ordinary search.
pub(super) fn solved(
    whole: &Whole<'_>,
    part: &Part,
    params: &Params,
    stop: &Stop<'_>,
) -> Result<(Piece, u64), Vec<Finding>> {
    let cut = Cut::new(whole, part)?;
    let start = Some(cut.start()).filter(|start| !start.routes.is_empty());
    let plan = solve::in_one_piece(cut.problem(), cut.travel(), start, params, stop).plan;
    let iterations = plan.iterations;
    Ok((cut.back(plan), iterations))
}

/// The piece that came back for a part, if it is one: routes of the part's technicians with the part's jobs
/// and none of them twice, which a machine with another problem or program would not give.
pub(super) fn piece(whole: &Whole<'_>, part: &Part, plan: Plan) -> Option<(Piece, u64)> {
    let jobs = whole.jobs_of(part);
    let mut open: Vec<bool> = vec![true; jobs.len()];
    let mut first_time = |job| {
        let at = jobs.binary_search(&job).ok()?;
        std::mem::replace(&mut open[at], false).then_some(())
    };
    let problem = whole.problem;
    for route in &plan.routes {
        let technician = problem.shifts.get(route.shift.index())?.technician;
        part.technicians.binary_search(&technician).ok()?;
        route.jobs().try_for_each(&mut first_time)?;
    }
    plan.unassigned.iter().map(|left| left.job).try_for_each(&mut first_time)?;
    let mut shifts: Vec<_> = plan.routes.iter().map(|route| route.shift).collect();
    shifts.sort_unstable();
    shifts.dedup();
    if shifts.len() < plan.routes.len() {
        return None;
    }
    let Plan { routes, unassigned, iterations, .. } = plan;
    Some((Piece { technicians: part.technicians.clone(), jobs, routes, unassigned }, iterations))
}

/// The errand of a part.
pub(super) fn errand(whole: &Whole<'_>, part: &Part, params: &Params, budget: Budget) -> Errand {
    let shifts = part.technicians.iter().flat_map(|technician| whole.problem.technician(*technician).shift_indices());
    let routes: Vec<PlannedRoute> = shifts.filter_map(|shift| whole.routes[shift.index()].clone()).collect();
    let start = Plan { routes, ..Plan::default() };
    Errand { part: part.clone(), start, budget, seed: params.seed, explained: params.explained }
}
