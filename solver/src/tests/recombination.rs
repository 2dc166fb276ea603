//! Searches long enough for their islands to meet.

use super::random_day::{Size, random_day};
use crate::{Params, Stop, solve};
use dispatch_data::judge::judge;

/// Enough for recombinations, on few jobs so that it stays quick.
const ITERATIONS: u64 = 6_000;

#[test]
fn recombined_plans_are_clean_and_honestly_priced() {
    for seed in 0..6 {
        let (problem, travel) = random_day(seed, Size { jobs: 16, technicians: 5 });
        let plan = solve(&problem, &travel, &Params { seed, ..Params::default() }, &Stop::iterations(ITERATIONS)).plan;
        let verdict = judge(&problem, &travel, &plan);
        assert!(verdict.is_clean(), "seed {seed}: {:?}", verdict.violations);
        assert_eq!(verdict.bill, plan.bill, "seed {seed}");
    }
}

#[test]
fn the_same_seed_and_iterations_give_the_same_plan_on_any_number_of_threads() {
    for seed in [3, 11] {
        let (problem, travel) = random_day(seed, Size { jobs: 14, technicians: 4 });
        let on = |threads: usize| {
            let params = Params { seed, islands: 3, threads, ..Params::default() };
            solve(&problem, &travel, &params, &Stop::iterations(ITERATIONS)).plan
        };
        let one = on(1);
        assert_eq!(on(2), one, "seed {seed}, two threads");
        assert_eq!(on(4), one, "seed {seed}, four threads");
    }
}

#[test]
fn a_search_under_a_clock_recombines_within_its_budget() {
    let (problem, travel) = random_day(5, Size { jobs: 30, technicians: 8 });
    // A clock that only runs when it is looked at.
    let looks = std::sync::atomic::AtomicU64::new(0);
    let used = || looks.fetch_add(1, std::sync::atomic::Ordering::Relaxed) as f64 / 60.0;
    let params = Params { islands: 2, threads: 1, ..Params::default() };
    let plan = solve(&problem, &travel, &params, &Stop::share(used).with_seconds(10.0)).plan;
    let verdict = judge(&problem, &travel, &plan);
    assert!(verdict.is_clean(), "{:?}", verdict.violations);
    assert_eq!(verdict.bill, plan.bill);
}
