//! Random problem → solve → the judge finds nothing, and reckons the same price term by term.

use super::random_day::{Size, random_day};
use crate::{Params, Stop, solve};
use dispatch_data::judge::judge;

fn check(seed: u64, size: Size, iterations: u64) {
    let (problem, travel) = random_day(seed, size);
    let params = Params { seed, islands: 1, ..Params::default() };
    let plan = solve(&problem, &travel, &params, &Stop::iterations(iterations)).plan;
    let verdict = judge(&problem, &travel, &plan);
    let broken: Vec<String> = verdict.violations.iter().map(|v| v.describe(&problem)).collect();
    assert!(broken.is_empty(), "seed {seed}: {broken:#?}\n{plan:#?}");
    assert_eq!(verdict.bill, plan.bill, "seed {seed}\n{plan:#?}");
}

#[test]
fn plans_of_small_random_days_are_clean_and_honestly_priced() {
    for seed in 0..400 {
        check(seed, Size { jobs: 8, technicians: 3 }, 60);
    }
}

#[test]
fn plans_of_larger_random_days_are_clean_and_honestly_priced() {
    for seed in 1000..1020 {
        check(seed, Size { jobs: 40, technicians: 8 }, 300);
    }
}

#[test]
fn a_current_plan_is_never_made_worse() {
    for seed in 0..40 {
        let (problem, travel) = random_day(seed, Size { jobs: 10, technicians: 3 });
        let params = Params { seed, islands: 1, ..Params::default() };
        let first = solve(&problem, &travel, &params, &Stop::iterations(80)).plan;
        let mut draft = problem.into_draft();
        draft.current = Some(first.clone());
        draft.objective.moved_technician = dispatch_data::units::Cost(500);
        draft.objective.moved_start = dispatch_data::units::Rate(300);
        let again = draft.check().unwrap();
        let second = solve(&again, &travel, &params, &Stop::iterations(80)).plan;
        let verdict = judge(&again, &travel, &second);
        assert!(verdict.is_clean(), "seed {seed}: {:?}", verdict.violations);
        assert_eq!(verdict.bill, second.bill, "seed {seed}");
        assert!(second.bill.total() <= first.bill.total(), "seed {seed}");
    }
}
