//! On days of up to seven jobs the search finds what trying every plan finds.

use super::random_day::{Size, random_day};
use crate::instance::{Instance, NodeKind};
use crate::supply::{self, Leftover, Supply};
use crate::walk::{self, RouteNode};
use crate::{Params, Stop, solve};
use dispatch_data::ids::{JobIx, ShiftIx};
use dispatch_data::units::Cost;

/// The cheapest plan without any collection, by trying every order on every shift.
fn brute_force(instance: &Instance<'_>) -> Cost {
    let mut routes: Vec<Vec<RouteNode>> = vec![Vec::new(); instance.shifts.len()];
    let mut best = Cost(i64::MAX);
    extend(instance, &mut routes, 0, &mut best);
    best
}

fn extend(instance: &Instance<'_>, routes: &mut Vec<Vec<RouteNode>>, job: usize, best: &mut Cost) {
    if job == instance.jobs {
        if let Some(cost) = price(instance, routes) {
            *best = (*best).min(cost);
        }
        return;
    }
    extend(instance, routes, job + 1, best);
    for shift in 0..routes.len() {
        if !instance.eligible.get(shift, job) {
            continue;
        }
        for at in 0..=routes[shift].len() {
            routes[shift].insert(at, RouteNode::new(Instance::job_node(JobIx::from(job))));
            extend(instance, routes, job + 1, best);
            routes[shift].remove(at);
        }
    }
}

fn price(instance: &Instance<'_>, routes: &[Vec<RouteNode>]) -> Option<Cost> {
    let mut sum: Cost = instance.nodes[..instance.jobs].iter().map(|node| node.drop).sum();
    for (shift, stops) in routes.iter().enumerate() {
        let info = instance.shift(ShiftIx::from(shift));
        for (at, stop) in stops.iter().enumerate() {
            let NodeKind::Job(job) = instance.kind(stop.id) else { return None };
            sum -= instance.node(stop.id).drop;
            let after = instance.problem.job(job).pin.as_ref().and_then(|pin| pin.after);
            if after.is_some_and(|leader| stops[at..].iter().any(|stop| stop.id == Instance::job_node(leader))) {
                return None;
            }
        }
        let (mut supply, mut stops) = (Supply::default(), stops.clone());
        let left = Leftover { lots: &[], van_elsewhere: &|_| 0 };
        if !supply::settle(instance, info, &mut stops, &left, &mut supply) {
            return None;
        }
        let load_fits = info.capacity.iter().enumerate().all(|(dimension, most)| {
            let load =
                |stop: &RouteNode| instance.problem.jobs[stop.id.0 as usize].load.get(dimension).copied().unwrap_or(0);
            stops.iter().map(load).sum::<i64>() <= *most
        });
        sum += walk::day(instance, info, &stops).filter(|_| load_fits)?.total();
    }
    Some(sum)
}

#[test]
fn days_of_five_jobs_and_two_technicians_are_solved_to_the_optimum() {
    (0..60).for_each(|seed| solved_to_the_optimum(seed, Size { jobs: 5, technicians: 2 }));
}

#[test]
fn days_of_seven_jobs_and_one_technician_are_solved_to_the_optimum() {
    (100..112).for_each(|seed| solved_to_the_optimum(seed, Size { jobs: 7, technicians: 1 }));
}

fn solved_to_the_optimum(seed: u64, size: Size) {
    let (problem, travel) = random_day(seed, size);
    let mut draft = problem.into_draft();
    // Without sites and parts the brute force above is complete.
    draft.sites.clear();
    draft.lots.clear();
    for job in &mut draft.jobs {
        job.parts.clear();
    }
    let problem = draft.check().unwrap();
    let best = brute_force(&Instance::new(&problem, &travel));
    let params = Params { seed, islands: 1, ..Params::default() };
    let found = solve(&problem, &travel, &params, &Stop::iterations(3_000)).plan.bill.total();
    assert!(found >= best, "seed {seed}: {found} is cheaper than the optimum {best}");
    assert_eq!(found, best, "seed {seed}: the optimum was not found");
}
