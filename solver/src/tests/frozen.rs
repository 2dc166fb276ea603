//! What is frozen stays, the day goes on from where the technician is, and the judge agrees.

use super::random_day::{Size, frozen_day};
use crate::instance::Instance;
use crate::solution::Solution;
use crate::{Params, Stop, refusals, schedule, solve};
use dispatch_data::bill::Bill;
use dispatch_data::judge::{Verdict, judge};
use dispatch_data::plan::{Plan, Unassigned};
use dispatch_data::problem::Problem;
use dispatch_data::travel::Travel;
use dispatch_data::units::Cost;

/// The judge's word on the day if nothing were added to what is frozen: what nobody can mend.
fn unavoidable(problem: &Problem, travel: &Travel) -> Verdict {
    let instance = Instance::new(problem, travel);
    let solution = Solution::empty(&instance);
    let out = |job| Unassigned { job, price: problem.drop_price(job), reasons: Vec::new(), relaxation: None };
    let plan = Plan {
        routes: schedule::routes(&solution),
        unassigned: solution.absent().iter().map(|job| out(*job)).collect(),
        ..Plan::default()
    };
    let verdict = judge(problem, travel, &plan);
    let bill = plan.routes.iter().map(|route| route.bill).sum::<Bill>();
    assert_eq!(Bill { unassigned: Cost::ZERO, ..verdict.bill }, bill, "{problem:?}");
    assert_eq!(verdict.bill.total(), solution.cost());
    verdict
}

fn check(seed: u64, size: Size, iterations: u64) -> usize {
    let (problem, travel) = frozen_day(seed, size);
    assert!(refusals(&problem).is_empty(), "seed {seed}");
    let broken = unavoidable(&problem, &travel).violations;
    let params = Params { seed, islands: 1, ..Params::default() };
    let plan = solve(&problem, &travel, &params, &Stop::iterations(iterations)).plan;
    let verdict = judge(&problem, &travel, &plan);
    let unseen: Vec<String> = verdict
        .violations
        .iter()
        .filter(|found| !broken.iter().any(|known| (known.rule, known.shift) == (found.rule, found.shift)))
        .map(|found| found.describe(&problem, dispatch_data::lang::Lang::En))
        .collect();
    assert!(unseen.is_empty(), "seed {seed}: {unseen:#?}\nfreeze {:?}\n{plan:#?}", problem.freeze);
    assert_eq!(verdict.bill, plan.bill, "seed {seed}\n{plan:#?}");
    assert!(verdict.claimed_bill_matches, "seed {seed}");
    usize::from(broken.is_empty())
}

#[test]
fn plans_of_small_frozen_days_are_clean_and_honestly_priced() {
    let clean: usize = (0..150).map(|seed| check(seed, Size { jobs: 8, technicians: 3 }, 60)).sum();
    assert!(clean > 100, "too few days were possible to mean anything: {clean}");
}

#[test]
fn plans_of_larger_frozen_days_are_clean_and_honestly_priced() {
    let clean: usize = (2000..2006).map(|seed| check(seed, Size { jobs: 40, technicians: 8 }, 200)).sum();
    assert!(clean > 2, "{clean}");
}
