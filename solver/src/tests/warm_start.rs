//! A search that begins from a plan never gives back a dearer one.

use super::random_day::{Size, random_day, rng};
use crate::{Params, Stop, solve, solve_from};
use dispatch_data::judge::judge;
use dispatch_data::plan::Plan;
use dispatch_data::problem::Problem;
use dispatch_data::travel::Travel;
use dispatch_data::units::{Cost, Duration, Rate};
use rand::RngExt;

fn params(seed: u64) -> Params {
    Params { seed, islands: 1, ..Params::default() }
}

/// A plan of the first so many jobs only, timed worse than it need be: every route that can leave
/// later without any visit starting later still does so, and what is idle at the end is stated later.
fn accepted(seed: u64, problem: &Problem, travel: &Travel) -> Plan {
    let plan = solve(problem, travel, &params(seed), &Stop::iterations(5)).plan;
    let mut rng = rng(seed);
    let mut worse = plan.clone();
    for route in &mut worse.routes {
        // Waiting at the last stop before going home is never forbidden but by hours and limits.
        if route.stops.len() > 1 && rng.random_bool(0.5) && route.breaks.is_empty() {
            let wait = Duration(rng.random_range(0..1200));
            route.return_departure += wait;
            route.end += wait;
        }
    }
    let verdict = judge(problem, travel, &worse);
    if verdict.is_clean() { worse } else { plan }
}

#[test]
fn the_answer_is_never_dearer_than_the_accepted_plan_whatever_the_budget() {
    for seed in 0..60 {
        let (problem, travel) = random_day(seed, Size { jobs: 10, technicians: 3 });
        let accepted = accepted(seed, &problem, &travel);
        let before = judge(&problem, &travel, &accepted);
        assert!(before.is_clean(), "seed {seed}");
        for iterations in [0, 1, 7, 60] {
            let after = solve_from(&problem, &travel, Some(&accepted), &params(seed), &Stop::iterations(iterations));
            let verdict = judge(&problem, &travel, &after.plan);
            assert!(verdict.is_clean(), "seed {seed}: {:?}", verdict.violations);
            assert_eq!(verdict.bill, after.plan.bill, "seed {seed}");
            assert!(verdict.claimed_bill_matches, "seed {seed}");
            assert!(verdict.bill.total() <= before.bill.total(), "seed {seed}, {iterations} iterations");
        }
    }
}

/// Promised starts may be later than this search would time them, and a price on them makes the
/// stated times the cheapest: the plan in force is given back as it is rather than made worse.
#[test]
fn a_plan_that_keeps_its_promises_is_not_made_to_break_them() {
    for seed in 0..60 {
        let (problem, travel) = random_day(seed, Size { jobs: 10, technicians: 3 });
        let accepted = accepted(seed, &problem, &travel);
        let mut draft = problem.into_draft();
        draft.current = Some(accepted.clone());
        draft.objective.moved_technician = Cost(5_000);
        draft.objective.moved_start = Rate(7_000);
        let problem = draft.check().unwrap();
        let before = judge(&problem, &travel, &accepted);
        assert_eq!(before.bill.moved, Cost::ZERO);
        for iterations in [0, 40] {
            let after = solve(&problem, &travel, &params(seed), &Stop::iterations(iterations)).plan;
            let verdict = judge(&problem, &travel, &after);
            assert!(verdict.is_clean(), "seed {seed}: {:?}", verdict.violations);
            assert_eq!(verdict.bill, after.bill, "seed {seed}\n{after:#?}");
            assert!(verdict.bill.total() <= before.bill.total(), "seed {seed}, {iterations} iterations");
        }
    }
}

#[test]
fn a_high_price_on_promises_keeps_every_visit_where_and_when_it_was() {
    let mut kept = 0;
    for seed in 0..40 {
        let (problem, travel) = random_day(seed, Size { jobs: 10, technicians: 3 });
        let first = solve(&problem, &travel, &params(seed), &Stop::iterations(5)).plan;
        let mut draft = problem.into_draft();
        draft.current = Some(first.clone());
        draft.objective.moved_technician = Cost(100_000_000);
        draft.objective.moved_start = Rate(100_000_000);
        let problem = draft.check().unwrap();
        let second = solve(&problem, &travel, &params(seed), &Stop::iterations(100)).plan;
        for route in &first.routes {
            for stop in &route.stops {
                let dispatch_data::plan::Activity::Visit { job, .. } = stop.activity else { continue };
                let now = second.routes.iter().find_map(|route| {
                    let is_it = |stop: &&dispatch_data::plan::Stop| {
                        matches!(stop.activity, dispatch_data::plan::Activity::Visit { job: own, .. } if own == job)
                    };
                    route.stops.iter().find(is_it).map(|stop| (problem.shift(route.shift).technician, stop.start))
                });
                // Giving a visit up altogether breaks no promise of who and when; moving it does.
                if let Some(now) = now {
                    assert_eq!(now, (problem.shift(route.shift).technician, stop.start), "seed {seed}, job {job:?}");
                    kept += 1;
                }
            }
        }
    }
    assert!(kept > 100, "{kept}");
}

#[test]
fn of_a_route_that_breaks_a_rule_now_only_what_must_go_goes() {
    let mut repaired = 0;
    for seed in 0..80 {
        let (problem, travel) = random_day(seed, Size { jobs: 10, technicians: 2 });
        let first = solve(&problem, &travel, &params(seed), &Stop::iterations(40)).plan;
        let Some(longest) = first.routes.iter().max_by_key(|route| route.jobs().count()) else { continue };
        let visits = longest.jobs().count();
        if visits < 3 {
            continue;
        }
        let mut draft = problem.into_draft();
        draft.shifts[longest.shift.index()].max_jobs = Some(visits as u32 - 1);
        draft.current = Some(first.clone());
        let problem = draft.check().unwrap();
        let second = solve(&problem, &travel, &params(seed), &Stop::iterations(0)).plan;
        let verdict = judge(&problem, &travel, &second);
        assert!(verdict.is_clean(), "seed {seed}: {:?}", verdict.violations);
        let planned = |plan: &Plan| plan.routes.iter().map(|route| route.jobs().count()).sum::<usize>();
        assert!(planned(&second) + 1 >= planned(&first), "seed {seed}: {} of {}", planned(&second), planned(&first));
        repaired += 1;
    }
    assert!(repaired > 20, "{repaired}");
}
