//! The whole search: instance, first plan, islands, and the plan with its bill and reasons.

use crate::construct::construct;
use crate::instance::Instance;
use crate::island::{self, Found};
use crate::params::Params;
use crate::reasons;
use crate::schedule;
use crate::solution::Solution;
use crate::stop::{Progress, Stop};
use dispatch_data::bill::Bill;
use dispatch_data::plan::Plan;
use dispatch_data::problem::Problem;
use dispatch_data::travel::Travel;
use rayon::prelude::*;

/// What a search gives back.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The best plan found.
    pub plan: Plan,
}

/// The best plan found until `stop`. Never fails: what cannot be served is unassigned, with reasons.
///
/// The same problem, travel, seed, number of islands and iteration stop give the same plan on any
/// number of threads. Ask [`crate::refusals`] first: jobs with features it names are left out.
pub fn solve(problem: &Problem, travel: &Travel, params: &Params, stop: &Stop<'_>) -> Outcome {
    let instance = Instance::new(problem, travel);
    let mut first = construct(&instance, &|| stop.is_spent());
    let mut start = Vec::new();
    first.snapshot_into(&mut start);
    stop.tell(Progress { iterations: 0, cost: first.cost(), unassigned: first.absent().len() });
    let islands = params.islands.max(1);
    let one = |island: usize| island::search(&instance, &start, params.seed, island, islands, stop);
    let found: Vec<Found> = if islands == 1 {
        vec![one(0)]
    } else {
        let threads = if params.threads == 0 { islands } else { params.threads };
        match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
            Ok(pool) => pool.install(|| (0..islands).into_par_iter().map(one).collect()),
            Err(_) => (0..islands).map(one).collect(),
        }
    };
    let iterations = found.iter().map(|found| found.iterations).sum();
    // The first of equals, so that the answer does not hang on who finished first.
    let best = found.into_iter().min_by_key(|found| found.cost);
    let best = best.map_or(start, |best| best.stops);
    let solution = Solution::from_snapshot(&instance, &best);
    Outcome { plan: plan(&solution, params, iterations) }
}

fn plan(solution: &Solution<'_>, params: &Params, iterations: u64) -> Plan {
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
