//! The whole search: instance, first plan, islands, and the plan with its bill and reasons.

use crate::construct::construct;
use crate::decompose::{self, InParts};
use crate::instance::Instance;
use crate::island::Island;
use crate::params::Params;
use crate::pool::{Keys, Pool};
use crate::reasons;
use crate::schedule;
use crate::solution::Solution;
use crate::stop::{Progress, Stop};
use crate::team::Team;
use crate::warm;
use dispatch_data::bill::Bill;
use dispatch_data::plan::Plan;
use dispatch_data::problem::Problem;
use dispatch_data::travel::Travel;
use std::sync::Arc;

/// Routes that the pools of all islands keep for each job of the problem, and the bounds of their sum.
const ROUTES_PER_JOB: usize = 100;
const FEWEST_ROUTES: usize = 8_000;
const MOST_ROUTES: usize = 400_000;

/// What a search gives back.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The best plan found.
    pub plan: Plan,
}

/// The best plan found until `stop`, begun from the problem's current plan where it has one. Never
/// fails: what cannot be served is unassigned, with reasons.
///
/// The same problem, travel, seed, number of islands and iteration stop give the same plan on any
/// number of threads. Ask [`crate::refusals`] first: jobs with features it names are left out.
pub fn solve(problem: &Problem, travel: &Travel, params: &Params, stop: &Stop<'_>) -> Outcome {
    solve_from(problem, travel, problem.current.as_ref(), params, stop)
}

/// The same, begun from a plan, whether or not it is the one in force: what of it keeps the rules is
/// kept at first, and where it breaks none the answer is never dearer than it, however early the stop.
pub fn solve_from(
    problem: &Problem,
    travel: &Travel,
    accepted: Option<&Plan>,
    params: &Params,
    stop: &Stop<'_>,
) -> Outcome {
    solve_with(problem, travel, accepted, params, stop, InParts::default())
}

/// The same, with a word on when very large problems are cut into parts, and who else solves some of those.
pub fn solve_with(
    problem: &Problem,
    travel: &Travel,
    accepted: Option<&Plan>,
    params: &Params,
    stop: &Stop<'_>,
    parts: InParts<'_>,
) -> Outcome {
    if decompose::pays(problem, params, stop, parts) {
        return decompose::search(problem, travel, accepted, params, stop, parts.elsewhere);
    }
    in_one_piece(problem, travel, accepted, params, stop)
}

/// The same without looking whether the problem would better be cut into parts.
pub(crate) fn in_one_piece(
    problem: &Problem,
    travel: &Travel,
    accepted: Option<&Plan>,
    params: &Params,
    stop: &Stop<'_>,
) -> Outcome {
    let threads = if params.threads == 0 { params.islands.max(1) } else { params.threads };
    let work = || search(problem, travel, accepted, params, stop);
    match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
        Ok(pool) => pool.install(work),
        Err(_) => work(),
    }
}

fn search(problem: &Problem, travel: &Travel, accepted: Option<&Plan>, params: &Params, stop: &Stop<'_>) -> Outcome {
    let instance = Instance::new(problem, travel);
    let mut first = construct(&instance, accepted, &|| stop.is_spent());
    let mut start = Vec::new();
    first.snapshot_into(&mut start);
    stop.tell(Progress { iterations: 0, cost: first.cost(), unassigned: first.absent().len() });
    let islands = params.islands.max(1);
    let keys = Arc::new(Keys::new(&instance));
    let bound = (instance.jobs * ROUTES_PER_JOB).clamp(FEWEST_ROUTES, MOST_ROUTES) / islands;
    let all: Vec<Island<'_>> = (0..islands)
        .map(|index| {
            let pool = Pool::new(Arc::clone(&keys), bound);
            let island = Island::new(&instance, &start, params.seed, index, islands, pool);
            if accepted.is_some() { island.warm() } else { island }
        })
        .collect();
    let mut team = Team::new(&instance, all, params.seed);
    team.search(stop, accepted.is_none());
    let (best, iterations) = team.found();
    let mut solution = Solution::from_snapshot(&instance, &best);
    let found = plan(&mut solution, params, iterations);
    Outcome {
        plan: match accepted {
            Some(accepted) => warm::no_worse(problem, travel, accepted, found, |accepted| {
                reasons::unassigned(&mut Solution::from_plan(&instance, accepted), params.explained)
            }),
            None => found,
        },
    }
}

fn plan(solution: &mut Solution<'_>, params: &Params, iterations: u64) -> Plan {
    let routes = schedule::routes(solution);
    let unassigned = reasons::unassigned(solution, params.explained);
    let mut bill: Bill = routes.iter().map(|route| route.bill).sum();
    bill.unassigned = unassigned.iter().map(|left| left.price).sum();
    Plan {
        routes,
        unassigned,
        bill,
        travel_fingerprint: solution.instance.travel.fingerprint(),
        bound: None,
        seed: params.seed,
        iterations,
    }
}
