//! An island: one search with its own solution and randomness, annealing from hot to cold.
//!
//! Ruin, mend, accept or undo. The temperature follows the share of the budget used, between two
//! multiples of what a visit's road costs on average. Owns no clock: [`Stop`] tells the share.

use crate::instance::{FIXED_POINT, Instance};
use crate::leniency::Leniency;
use crate::recreate::Recreate;
use crate::ruin::Ruin;
use crate::solution::Solution;
use crate::stop::{Progress, Stop};
use crate::walk::RouteNode;
use dispatch_data::units::Cost;
use rand::{RngExt, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Iterations between two looks at the stop condition.
const CHUNK: u64 = 64;
/// Chunks between two reports.
const REPORT: u64 = 32;
/// Start temperature as a multiple of the mean road price of a visit, where there is time enough.
const HOT: f64 = 8.0;
/// Least start temperature, and end temperature.
const LUKEWARM: f64 = 0.3;
const COLD: f64 = 0.1;
/// Iterations per job for each multiple of start temperature: a short search must start cooler.
const ITERATIONS_PER_HEAT: f64 = 250.0;

/// The start temperature that suits the iterations to be expected, judged by those done so far.
fn hottest(jobs: usize, done: u64, used: f64) -> f64 {
    if used <= 0.0 {
        return LUKEWARM;
    }
    let expected = done as f64 / used;
    (expected / jobs as f64 / ITERATIONS_PER_HEAT).clamp(LUKEWARM, HOT)
}

/// The best of an island.
pub(crate) struct Found {
    pub(crate) cost: Cost,
    pub(crate) stops: Vec<Vec<RouteNode>>,
    pub(crate) iterations: u64,
}

/// The generator of an island: streams of one seed never overlap.
pub(crate) fn generator(seed: u64, island: usize) -> Xoshiro256PlusPlus {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    for _ in 0..island {
        rng.jump();
    }
    rng
}

/// Searches from `start` until the stop says so.
pub(crate) fn search(
    instance: &Instance<'_>,
    start: &[Vec<RouteNode>],
    seed: u64,
    island: usize,
    islands: usize,
    stop: &Stop<'_>,
) -> Found {
    let mut rng = generator(seed, island);
    let mut solution = Solution::from_snapshot(instance, start);
    let mut best = Vec::new();
    solution.snapshot_into(&mut best);
    let mut best_cost = solution.cost();
    let mut ruin = Ruin::default();
    let mut recreate = Recreate::new(instance, &mut rng);
    let mut fewest = solution.absent().len();
    let scale = mean_road_price(instance, &solution);
    let mut leniency = Leniency::new(instance, scale);
    let mut done = 0;
    let mut chunks = 0_u64;
    loop {
        let used = stop.used(islands, island, done);
        if used >= 1.0 || instance.jobs == 0 || instance.shifts.is_empty() {
            break;
        }
        let chunk = stop.left(islands, island, done).map_or(CHUNK, |left| left.min(CHUNK));
        let hot = hottest(instance.jobs, done, used);
        let temperature = scale * hot * (COLD / hot).powf(used);
        for _ in 0..chunk {
            let before = solution.lenient_cost();
            solution.begin();
            ruin.strings(&solution, &mut rng);
            solution.remove(&ruin.removed);
            recreate.mend(&mut solution, &ruin.removed, ruin.seed, &mut rng);
            reseat(&mut solution);
            let after = solution.lenient_cost();
            let chance: f64 = rng.random_range(f64::MIN_POSITIVE..1.0);
            if (after.0 - before.0) as f64 >= -temperature * chance.ln() {
                solution.undo();
            } else if solution.cost() < best_cost {
                best_cost = solution.cost();
                fewest = solution.absent().len();
                solution.snapshot_into(&mut best);
            }
            leniency.after_step(&mut solution, fewest);
        }
        #[cfg(debug_assertions)]
        assert_eq!(solution.cost(), solution.recounted(), "running price against recounted");
        done += chunk;
        chunks += 1;
        if island == 0 && chunks.is_multiple_of(REPORT) {
            stop.tell(Progress { iterations: done * islands as u64, cost: best_cost, unassigned: fewest });
        }
    }
    Found { cost: best_cost, stops: best, iterations: done }
}

/// Collections of changed routes go to where they cost least now.
fn reseat(solution: &mut Solution<'_>) {
    if solution.instance.problem.sites.is_empty() {
        return;
    }
    let touched: Vec<_> = solution.touched().collect();
    for shift in touched {
        solution.reseat_collections(shift);
    }
}

/// What the road costs per visit, in cents: the scale of the annealing.
fn mean_road_price(instance: &Instance<'_>, solution: &Solution<'_>) -> f64 {
    let (mut sum, mut visits) = (0.0, 0);
    for route in solution.routes.iter().filter(|route| !route.is_empty()) {
        let price = instance.shift(route.shift).price;
        let (seconds, meters) = route.road();
        sum += price.weigh(seconds.0, meters.0, seconds.0) as f64 / f64::from(1 << FIXED_POINT);
        visits += route.stops.len() + 1;
    }
    if visits == 0 { 1.0 } else { (sum / visits as f64).max(0.001) }
}
