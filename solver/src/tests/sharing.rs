//! Hands on one plan: what they put together is a plan of its own right, the same on any number of threads.

use super::random_day::{Size, random_day};
use crate::construct::construct;
use crate::instance::Instance;
use crate::solution::Solution;
use crate::{Params, Stop, solve};
use dispatch_data::judge::judge;
use dispatch_data::plan::Plan;
use dispatch_data::problem::Problem;
use dispatch_data::travel::Travel;

const SIZE: Size = Size { jobs: 40, technicians: 14 };
const ISLANDS: usize = 3;

/// Whether three islands share the plan of a day.
fn is_shared(problem: &Problem, travel: &Travel) -> bool {
    let instance = Instance::new(problem, travel);
    let first = construct(&instance, None, &|| false);
    instance.boundless && first.routes.iter().filter(|route| !route.is_empty()).count() >= 4 * ISLANDS
}

fn planned(problem: &Problem, travel: &Travel, seed: u64, threads: usize) -> Plan {
    let params = Params { seed, islands: ISLANDS, threads, ..Params::default() };
    // More than a turn of each hand, and few enough for the jobs that they stay together.
    solve(problem, travel, &params, &Stop::iterations(4_000)).plan
}

#[test]
fn what_hands_put_together_is_clean_honestly_priced_and_the_same_on_any_number_of_threads() {
    let mut shared = 0;
    for seed in 0..40 {
        let (problem, travel) = random_day(seed, SIZE);
        if !is_shared(&problem, &travel) || shared == 6 {
            continue;
        }
        shared += 1;
        let plan = planned(&problem, &travel, seed, 1);
        let verdict = judge(&problem, &travel, &plan);
        assert!(verdict.is_clean(), "seed {seed}: {:?}", verdict.violations);
        assert_eq!(verdict.bill, plan.bill, "seed {seed}");
        assert_eq!(planned(&problem, &travel, seed, 3), plan, "seed {seed}, three threads");
    }
    assert!(shared >= 3, "too few days that are shared: {shared}");
}

#[test]
fn routes_taken_over_make_the_same_plan() {
    let mut asked = 0;
    for seed in 0..60 {
        let (problem, travel) = random_day(seed, Size { jobs: 14, technicians: 5 });
        let instance = Instance::new(&problem, &travel);
        if !instance.boundless {
            continue;
        }
        let one = construct(&instance, None, &|| false);
        let mut other = Solution::empty(&instance);
        let changed = one.changed_since(other.versions());
        other.take_routes(&one, &changed);
        let mut absent = (one.absent().to_vec(), other.absent().to_vec());
        absent.0.sort();
        absent.1.sort();
        assert_eq!(absent.0, absent.1, "seed {seed}");
        assert_eq!((other.cost(), other.recounted()), (one.cost(), one.cost()), "seed {seed}");
        let stops = |solution: &Solution<'_>| solution.routes.iter().map(|r| r.stops.clone()).collect::<Vec<_>>();
        assert_eq!(stops(&one), stops(&other), "seed {seed}");
        // And back to nothing.
        other.take_routes(&Solution::empty(&instance), &changed);
        assert_eq!(other.cost(), Solution::empty(&instance).cost(), "seed {seed}");
        asked += usize::from(!changed.is_empty());
    }
    assert!(asked > 10, "{asked}");
}

#[test]
fn a_closed_shift_stays_as_it_is_and_a_barred_job_out() {
    let (problem, travel) = random_day(3, Size { jobs: 20, technicians: 6 });
    let instance = Instance::new(&problem, &travel);
    let mut solution = construct(&instance, None, &|| false);
    let hands: Vec<usize> = (0..instance.shifts.len()).map(|shift| shift % 2).collect();
    solution.keep_to(0, &hands, &vec![1; instance.jobs]);
    let closed = |solution: &Solution<'_>| -> Vec<_> {
        let theirs = solution.routes.iter().filter(|route| hands[route.shift.index()] == 1);
        theirs.map(|route| route.stops.clone()).collect()
    };
    let (before, out) = (closed(&solution), solution.absent().to_vec());
    let mut rng = super::random_day::rng(1);
    let (mut ruin, mut recreate) =
        (crate::ruin::Ruin::new(&instance), crate::recreate::Recreate::new(&instance, &mut rng));
    for _ in 0..200 {
        solution.begin();
        ruin.choose(&solution, &mut rng);
        solution.remove(&ruin.removed);
        recreate.mend(&mut solution, &ruin.removed, ruin.seed, f64::INFINITY, &mut rng);
    }
    assert_eq!(before, closed(&solution));
    assert!(out.iter().all(|job| solution.shift_of(*job).is_none()));
}
