//! Random problem → solve → the judge finds nothing, and reckons the same price term by term.

use super::random_day::{Size, random_day};
use crate::{Params, Stop, solve};
use dispatch_data::judge::judge;
use dispatch_data::problem::{Break, Deadline, Window};
use dispatch_data::units::{Cost, Duration, Rate, Time};
use rand::RngExt;

fn check(seed: u64, size: Size, iterations: u64) {
    let (problem, travel) = random_day(seed, size);
    let params = Params { seed, islands: 1, ..Params::default() };
    let plan = solve(&problem, &travel, &params, &Stop::iterations(iterations)).plan;
    let verdict = judge(&problem, &travel, &plan);
    let broken: Vec<String> =
        verdict.violations.iter().map(|v| v.describe(&problem, dispatch_data::lang::Lang::En)).collect();
    assert!(broken.is_empty(), "seed {seed}: {broken:#?}\n{plan:#?}");
    assert_eq!(verdict.bill, plan.bill, "seed {seed}\n{plan:#?}");
}

#[test]
fn plans_of_small_random_days_are_clean_and_honestly_priced() {
    for seed in 0..400 {
        check(seed, Size { jobs: 8, technicians: 3 }, 60);
    }
}

/// The departure may be late only as long as no promise gets later: not even where a later arrival
/// would slip past the opening of a break and let the break fall into the leg.
#[test]
fn a_later_departure_never_breaks_a_promise_of_arrival() {
    for seed in 5000..5400 {
        let (problem, travel) = random_day(seed, Size { jobs: 3, technicians: 1 });
        let mut draft = problem.into_draft();
        let mut rng = super::random_day::rng(seed);
        for shift in &mut draft.shifts {
            let open = shift.start + Duration(rng.random_range(1800..7200));
            let window = Window { open, close: open + Duration(rng.random_range(600..7200)) };
            shift.breaks = vec![Break { window, duration: Duration(1800), paid: false }];
            shift.latest_end = shift.latest_end.max(window.close + Duration(5000));
            shift.max_jobs = None;
        }
        for job in &mut draft.jobs {
            let due = Time(rng.random_range(7 * 3600..13 * 3600));
            job.sla.arrive = Some(Deadline { due, late_price: Rate(6000), limit: None });
            job.unassigned_price = Cost(1_000_000);
        }
        let Ok(problem) = draft.check() else { continue };
        let plan = solve(&problem, &travel, &Params { islands: 1, ..Params::default() }, &Stop::iterations(20)).plan;
        let verdict = judge(&problem, &travel, &plan);
        assert!(verdict.is_clean(), "seed {seed}: {:?}", verdict.violations);
        assert_eq!(verdict.bill, plan.bill, "seed {seed}\n{plan:#?}");
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
        draft.objective.moved_technician = Cost(500);
        draft.objective.moved_start = Rate(300);
        let again = draft.check().unwrap();
        let second = solve(&again, &travel, &params, &Stop::iterations(80)).plan;
        let verdict = judge(&again, &travel, &second);
        assert!(verdict.is_clean(), "seed {seed}: {:?}", verdict.violations);
        assert_eq!(verdict.bill, second.bill, "seed {seed}");
        assert!(second.bill.total() <= first.bill.total(), "seed {seed}");
    }
}
